"""Drill 13: somebody of the staff tries numbers to learn who has a matter here: slowed down, told, nothing beyond scope."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from shuoshi.desk import callers
from shuoshi.kernel import clock, steady
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.throttle import PHONE_MISSES
from shuoshi.matters import queries
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(13)]


def try_many(town: Place, who: str, count: int) -> None:
    actor = town.actor(who)
    for n in range(count):
        assert not queries.earlier_of_phone(actor, f"1390000{n:04d}")


def test_who_tries_many_numbers_in_vain_waits_and_is_told_of(town: Place, caplog: pytest.LogCaptureFixture):
    town.raise_matter()
    actor = town.actor("王芳")
    with caplog.at_level(logging.WARNING):
        try_many(town, "王芳", PHONE_MISSES.free - 1)
        assert steady.Kind.PHONES_TRIED not in [alarm.kind for alarm in steady.alarms()]
        try_many(town, "王芳", 1)
    assert (steady.Kind.PHONES_TRIED, str(actor.account_id)) in [(a.kind, a.about) for a in steady.alarms()]
    assert "1390000" not in caplog.text
    with pytest.raises(Refused) as refused:
        queries.earlier_of_phone(actor, "13800000017")
    assert refused.value.code == "too_many_numbers"
    with pytest.raises(Refused):
        queries.search_matters(actor, "13800000017")
    assert not callers.aside(actor, callers.Typed(phone="13800000017")).asked, "the form itself goes on"
    assert queries.earlier_of_phone(town.actor("刘敏"), "13800000017"), "nobody else waits"


def test_after_the_hour_it_answers_again(town: Place):
    town.raise_matter()
    try_many(town, "王芳", PHONE_MISSES.free)
    with clock.simulated(clock.now() + timedelta(hours=1, minutes=1)):
        assert queries.earlier_of_phone(town.actor("王芳"), "13800000017")


def test_numbers_that_answer_cost_nothing(town: Place):
    town.raise_matter()
    actor = town.actor("王芳")
    for _ in range(PHONE_MISSES.free + 5):
        assert queries.earlier_of_phone(actor, "13800000017")


def test_a_number_outside_ones_scope_is_nobodys(town: Place):
    town.raise_matter()
    for who in ("孙丽", "李国强", "管理员", "钱监督"):
        actor = town.actor(who)
        assert not queries.earlier_of_phone(actor, "13800000017")
        assert not queries.search_matters(actor, "13800000017").page.rows


def test_the_number_of_somebody_in_sight_cannot_be_tried_out_at_the_registration(town: Place):
    """Who handles the matter sees 138****0017: ten thousand numbers, of which the form would confirm one."""
    matter = town.matter_in(Status.IN_HANDLING)
    actor, person = town.actor("孙丽"), matter.parties.get().person_id
    assert queries.gave_number(actor, person, "13800000017")
    for n in range(PHONE_MISSES.free):
        assert not queries.gave_number(actor, person, f"1381{n:03d}0017")
    assert not queries.gave_number(actor, person, "13800000017"), "right or wrong is not to be told any more"
    assert (steady.Kind.PHONES_TRIED, str(actor.account_id)) in [(a.kind, a.about) for a in steady.alarms()]
    assert queries.gave_number(town.actor("王芳"), person, "13800000017"), "nobody else waits"
