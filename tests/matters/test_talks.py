"""6.1.1: a talk that a card asked for is written down by whoever leads: with whom, when, and what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.outbox import Notice, State
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions
from shuoshi.matters.models import Card, Talk
from tests.matters.refused_beside import the_day_after
from tests.support.looking import told
from tests.support.village import Place


@pytest.fixture
def asked(town: Place) -> Iterator[Card]:
    with the_day_after(town) as card:
        yield card


def _record(town: Place, who: str, card: Card, person: str = "周建国", days: int = 0) -> Talk:
    at = clock.now() + timedelta(days=days)
    return actions.record_talk(card.pk, town.persons[person], at, "本周内答复，以后每天看一次。", actor=town.actor(who))


def test_a_leader_writes_it_down_and_the_notice_is_done(town: Place, asked: Card):
    assert told(town, asked.matter, "talk_due")
    talk = _record(town, "马镇长", asked)
    assert (talk.person_id, talk.by_id) == (town.persons["周建国"], town.persons["马镇长"])
    due = Notice.objects.filter(about_id=asked.matter_id, kind="talk_due")
    assert not due.filter(state=State.PENDING).exists() and list(verify()) == []
    with pytest.raises(Refused) as again:
        _record(town, "马镇长", asked)
    assert again.value.code == "talk_recorded"


def test_nobody_talks_in_somebodys_place_with_themselves_or_with_those_above(town: Place, asked: Card):
    town.bind_factor("周建国")
    town.away("马镇长", "周建国")
    with pytest.raises(Refused) as own:
        _record(town, "周建国", asked)
    assert own.value.code == "talk_with_oneself" and not Talk.objects.exists()


def test_only_whoever_heads_the_unit_is_talked_with_after_the_card_and_before_now(town: Place, asked: Card):
    for person, days, code in (
        ("孙丽", 0, "not_the_head"),
        ("周建国", 1, "talk_at_no_time"),
        ("周建国", -400, "talk_at_no_time"),
    ):
        with pytest.raises(Refused) as refused:
            _record(town, "马镇长", asked, person, days)
        assert refused.value.code == code
