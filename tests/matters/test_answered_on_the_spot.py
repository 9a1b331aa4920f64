"""2.2.1: what is answered where it was said is answered by the registry, on the day it was said."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.kernel import clock
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import DeadlineKind, Kind, ResultState, Status
from shuoshi.organization.roles import Role
from tests.support.village import Place

ANSWER = terms.AnswerOnTheSpot(kind=Kind.INTEREST_CLAIM, title="路灯不亮", answer="已经报修。", category="B604")


def test_whoever_also_handles_for_a_department_answers_for_the_registry(town: Place):
    town.person("两岗", ("城建办", Role.HANDLER), ("受理中心", Role.REGISTRAR))
    matter = town.run("两岗", ANSWER, town.raise_matter(by="两岗"))
    assert matter.lead_unit == town.units["受理中心"]


def test_an_answer_before_eight_in_the_morning_is_delivered_on_that_day(town: Place):
    early = (clock.local(clock.now()) + timedelta(days=1)).replace(hour=7, minute=30)
    with clock.simulated(early):
        matter = town.run("王芳", ANSWER, town.raise_matter(by="王芳"))
    assert matter.results.get().delivered_on == early.date()


def test_an_answer_that_came_back_may_be_given_anew_by_somebody_else(town: Place):
    matter = town.run("王芳", ANSWER, town.raise_matter(by="何勇"))
    matter = town.run("王芳", terms.DeclareConflict(text="是亲戚"), matter)
    matter = town.run("刘敏", terms.ReturnReport(reason="没有修好"), matter)
    assert matter.status == Status.ACCEPTED
    matter = town.run("刘敏", ANSWER, matter)
    assert [(one.ordinal, one.state) for one in matter.results.order_by("ordinal")] == [
        (1, ResultState.RETURNED),
        (2, ResultState.SIGNED),
    ]


def test_a_rework_of_it_is_promised_no_day_that_has_long_passed(town: Place):
    matter = town.run("王芳", ANSWER, town.raise_matter(by="王芳"))
    with clock.simulated(clock.now() + timedelta(days=2)):
        matter = town.follow_up(matter, result=2)
        if matter.status == Status.ACCEPTED:
            matter = town.assign(matter)
        assert matter.round is not None and matter.round.ordinal == 2
        running = matter.deadlines.filter(outcome=Outcome.OPEN)
        assert not [row.kind for row in running if row.due_at < clock.now()]
        assert not running.filter(kind=DeadlineKind.PROMISE).exists()
