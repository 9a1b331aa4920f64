"""A unit stands at a level the institution has named: that of its kind, or another that was chosen; nothing else."""

from __future__ import annotations

import pytest

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions, levels
from shuoshi.organization.actions import UnitGiven
from shuoshi.organization.models import UnitKind
from shuoshi.organization.profile.load import load, variant
from tests.organization.town import Town

pytestmark = pytest.mark.django_db


def founded(kind: UnitKind, code: str, level: str = "") -> str:
    given = UnitGiven(name=f"单位{code}", short_name=code, code=code, level=level)
    return actions.create_unit(given, kind, None, actor=SYSTEM).level


def test_a_unit_begins_at_the_level_of_its_kind(db: None) -> None:
    actions.publish_profile(load(), actor=SYSTEM)
    assert founded(UnitKind.COMMUNITY, "A") == founded(UnitKind.VILLAGE, "B") == "village"
    assert founded(UnitKind.TOWN, "C") == "town"
    assert founded(UnitKind.DEPARTMENT, "D") == ""
    assert founded(UnitKind.INSTITUTION, "E", "county") == "county"
    assert not list(verify())


def test_in_a_company_departments_and_teams_are_levels(db: None) -> None:
    actions.publish_profile(variant("enterprise"), actor=SYSTEM)
    assert list(levels.names().values()) == ["班组", "部门", "公司"]
    assert [founded(kind, kind[:3]) for kind in (UnitKind.TEAM, UnitKind.DEPARTMENT, UnitKind.COMPANY)] == [
        "team",
        "department",
        "company",
    ]
    assert founded(UnitKind.VILLAGE, "V") == ""


def test_before_there_are_rules_there_are_no_levels(db: None) -> None:
    assert levels.names() == {}
    assert founded(UnitKind.TOWN, "T") == ""


def test_another_level_is_chosen_among_the_named_ones_and_leaves_an_event(town: Town) -> None:
    actions.publish_profile(load(), actor=SYSTEM)
    before = Event.objects.count()
    given = UnitGiven(name=town.village.name, short_name=town.village.short_name, code=town.village.code)
    with pytest.raises(Refused, match="unit_level_unknown"):
        actions.edit_unit(town.village.pk, UnitGiven(**vars(given) | {"level": "galaxy"}), actor=SYSTEM)
    assert Event.objects.count() == before
    moved = actions.edit_unit(town.village.pk, UnitGiven(**vars(given) | {"level": "town"}), actor=SYSTEM)
    assert moved.level == "town" and Event.objects.count() == before + 1
