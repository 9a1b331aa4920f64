"""2.2.3: a suggestion is adopted, in part or not, each with its reason; what is adopted is carried out by its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Action, Adopted, DeadlineKind, Exit, Kind, Status
from shuoshi.organization.roles import Role
from tests.support.attempts import attempt, sample
from tests.support.looking import fresh, queues_with, running, told
from tests.support.village import Place


def suggestion(town: Place) -> Matter:
    matter = town.accept(town.raise_matter(content="建议中午留一个窗口。"), Kind.SUGGESTION)
    return town.sign_for(town.assign(town.classify(matter, "C101", Kind.SUGGESTION)))


def adopted(town: Place, days: int = 20) -> Matter:
    until = clock.local(clock.now()).date() + timedelta(days=days)
    return town.run(
        "孙丽", terms.Adopt(extent=Adopted.WHOLE, text="下月起中午留一个窗口", until=until), suggestion(town)
    )


def read(town: Place, matter: Matter) -> str:
    seen = queries.tracking(town.speaker(matter), clock.now())
    return "\n".join(one.text for one in promises.words(seen))


def test_nothing_is_answered_before_it_is_decided_on(town: Place):
    assert attempt(town, Action.PREPARE_RESULT, suggestion(town), town.actor("孙丽")) == (False, "decided_on")


def test_adopted_it_is_thanked_for_and_promised_by_a_day(town: Place):
    matter = adopted(town)
    assert "谢谢您" in read(town, matter)
    seen = queries.tracking(town.speaker(matter), clock.now())
    assert DeadlineKind.CARRIED_OUT in {promise.kind for promise in seen.promises}
    assert told(town, matter, "suggestion_decided") == {("城建办", Role.DEPARTMENT_HEAD)}


def test_in_part_says_why_not_the_rest():
    with pytest.raises(Refused):
        terms.Adopt(extent=Adopted.PART, text="先做一半", until=clock.now().date())


def test_what_was_declined_is_not_reported_as_done(town: Place):
    matter = suggestion(town)
    matter = town.run("孙丽", sample(town, Action.DECLINE_SUGGESTION, matter), matter)
    with pytest.raises(Refused) as said:
        town.prepare(matter)
    assert said.value.code == "not_as_decided"


def test_declined_and_not_content_another_person_decides_once_more(town: Place):
    """4.4.2: one reconsideration by another person."""
    town.person("郑东", ("城建办", Role.HANDLER))
    matter = suggestion(town)
    matter = town.run("孙丽", sample(town, Action.DECLINE_SUGGESTION, matter), matter)
    matter = town.sign(town.run("孙丽", sample(town, Action.PREPARE_RESULT, matter), matter))
    matter = town.follow_up(matter, 1)
    assert (matter.status, matter.adoption) == (Status.ASSIGNED, "")
    with pytest.raises(Refused) as said:
        town.sign_for(matter, "孙丽")
    assert said.value.code == "answered_last_round"
    matter = town.clear(town.sign_for(matter, "郑东"), by="郑东")
    assert list(matter.adoptions.order_by("ordinal").values_list("extent", flat=True)) == ["not", "whole"]


def test_the_day_outlives_the_end(town: Place):
    matter = town.follow_up(town.sign(town.prepare(adopted(town))), 5)
    assert matter.exit == Exit.SATISFIED
    assert running(matter) == {DeadlineKind.CARRIED_OUT}
    assert queues_with(town, "周建国", matter) == {"checks"}
    matter = town.run("周建国", sample(town, Action.CONFIRM_CARRIED_OUT, matter), matter)
    assert matter.deadlines.get(kind=DeadlineKind.CARRIED_OUT).outcome == Outcome.MET
    assert "落实了" in read(town, matter)


def test_put_off_the_day_that_was_promised_stays_missed(town: Place):
    matter = adopted(town, days=3)
    with clock.simulated(clock.now() + timedelta(days=1)):
        until = clock.local(clock.now()).date() + timedelta(days=20)
        given = terms.ConfirmCarriedOut(done=False, text="经费没有到", until=until)
        matter = town.run("孙丽", given, fresh(matter))
        outcomes = matter.deadlines.filter(kind=DeadlineKind.CARRIED_OUT).order_by("started_at")
        assert list(outcomes.values_list("outcome", flat=True)) == [Outcome.MISSED, Outcome.OPEN]


def test_done_is_shown():
    with pytest.raises(Refused) as said:
        terms.ConfirmCarriedOut(done=True, text="做了")
    assert said.value.code == "proof_missing"
