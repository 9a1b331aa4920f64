"""The start guard: no office opens while a duty that never degrades has no holder and no tier above."""

from __future__ import annotations

import pytest

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import readiness
from shuoshi.organization import actions as organization
from shuoshi.organization.actions import InstitutionGiven
from shuoshi.organization.models import Institution, UnitKind
from shuoshi.organization.roles import Role
from tests.matters.offices import company_of_four, founded, village_of_five
from tests.support.village import Place

pytestmark = pytest.mark.django_db

GIVEN = InstitutionGiven(name="柳湾村", short_name="柳湾村", code="LW", hotline="000-1", address="村口 1 号")


def codes() -> set[str]:
    return {one.code for one in readiness.missing()}


def village(*people: tuple[str, tuple[tuple[str, Role], ...]]) -> Place:
    """A village set up and not open yet, with a registry and these people."""
    place = founded("柳湾村", UnitKind.VILLAGE)
    place.unit("村受理室", UnitKind.REGISTRY, "柳湾村")
    organization.set_up_institution(GIVEN, root_id=place.units["柳湾村"].pk, demo=False, actor=SYSTEM)
    for name, posts in people:
        place.person(name, *posts)
    return place


ALL_DUTIES = (
    ("村受理室", Role.REGISTRAR),
    ("村受理室", Role.DISPATCHER),
    ("村受理室", Role.FOLLOW_UP_AGENT),
    ("柳湾村", Role.DEPARTMENT_HEAD),
    ("柳湾村", Role.HANDLER),
)


def test_an_institution_without_a_registry_is_told_so_first() -> None:
    place = founded("柳湾村", UnitKind.VILLAGE)
    organization.set_up_institution(GIVEN, root_id=place.units["柳湾村"].pk, demo=False, actor=SYSTEM)
    assert codes() == {"registry"}


def test_an_empty_office_lacks_every_duty() -> None:
    village()
    assert codes() == {"registrar", "dispatcher", "handler", "follow_up", "ruling"}


def test_one_person_for_everything_is_not_an_office() -> None:
    village(("王强", ALL_DUTIES))
    assert codes() == {"follow_up", "ruling"}
    assert any("回访人，不能是承办人" in one.says for one in readiness.missing())


def test_a_second_person_who_asks_and_rules_makes_it_one() -> None:
    village(("王强", ALL_DUTIES), ("张书记", (("柳湾村", Role.LEADER), ("村受理室", Role.FOLLOW_UP_AGENT))))
    assert codes() == set()


def test_the_oversight_committee_or_the_tier_above_may_ask() -> None:
    place = village(("王强", ALL_DUTIES), ("张书记", (("柳湾村", Role.LEADER),)))
    assert codes() == {"follow_up"}
    place.unit("监委会", UnitKind.OVERSIGHT, "柳湾村")
    place.person("钱监督", ("监委会", Role.OVERSIGHT_MEMBER))
    assert codes() == set()


def test_somebody_who_handles_needs_somebody_who_signs() -> None:
    village(("孙丽", (("柳湾村", Role.HANDLER),)))
    assert "signer" in codes()


@pytest.mark.parametrize("office", [village_of_five, company_of_four])
def test_the_smallest_offices_that_live_through_a_month_are_ready(office) -> None:
    office()
    assert codes() == set()


def test_nothing_is_taken_in_before_the_beginning_and_the_beginning_waits_for_every_duty() -> None:
    place = village(("王强", ALL_DUTIES))
    place.area = organization.create_area("柳湾村", None, actor=SYSTEM)
    with pytest.raises(Refused, match="not_open"):
        place.raise_matter()
    with pytest.raises(Refused, match="not_ready"):
        readiness.begin(actor=SYSTEM)
    assert Institution.objects.get().opened_at is None
    place.person("张书记", ("柳湾村", Role.LEADER), ("村受理室", Role.FOLLOW_UP_AGENT))
    opened = readiness.begin(actor=SYSTEM)
    assert opened.opened_at is not None
    assert readiness.begin(actor=SYSTEM).opened_at == opened.opened_at, "once is for good"
    assert place.raise_matter().number.startswith("SS-LW-")
