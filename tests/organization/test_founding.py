"""From an empty database to an institution that can be filled with people: rules, units, registry, ground."""

from __future__ import annotations

from datetime import time

import pytest

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.calendar import OfficeHours
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions, profile, queries
from shuoshi.organization.actions import Founding, InstitutionGiven
from shuoshi.organization.models import Area, Unit, UnitKind
from shuoshi.organization.profile.load import variants

pytestmark = pytest.mark.django_db

GIVEN = InstitutionGiven(name="柳湾村", short_name="柳湾村", code="LW", hotline="000-1", address="村口 1 号")


@pytest.mark.parametrize("name", variants())
def test_every_variant_founds_an_institution_with_a_registry_and_its_own_rules(name: str) -> None:
    institution = actions.found(Founding(name, GIVEN), actor=SYSTEM)
    assert profile.current().code == name
    assert institution.root is not None and institution.root.is_tier
    assert institution.root.level in {level.code for level in profile.current().levels}
    registry = queries.registry_of(institution.root)
    assert registry is not None and registry.parent == institution.root
    assert Area.objects.get().unit == institution.root
    assert institution.opened_at is None and not institution.demo
    assert list(verify()) == []


def test_the_tier_above_stands_over_the_institution_and_hours_hold_for_all_of_it() -> None:
    given = Founding("village", GIVEN, above="青禾镇", morning_from=time(9))
    root = actions.found(given, actor=SYSTEM).root
    assert root is not None and root.parent is not None
    assert (root.parent.name, root.parent.kind) == ("青禾镇", UnitKind.TOWN)
    registry = queries.registry_of(root)
    assert registry is not None
    assert queries.office_hours(registry) == OfficeHours.parse("09:00-12:00, 14:00-17:30")


def test_it_is_founded_once_and_whole_or_not_at_all() -> None:
    with pytest.raises(Refused, match="institution_code_odd"):
        actions.found(Founding("village", InstitutionGiven("村", "村", "小写", "1", "2")), actor=SYSTEM)
    assert not Unit.objects.exists()
    actions.found(Founding("village", GIVEN), actor=SYSTEM)
    with pytest.raises(Refused):
        actions.found(Founding("village", GIVEN), actor=SYSTEM)
    assert Unit.objects.filter(kind=UnitKind.REGISTRY).count() == 1
