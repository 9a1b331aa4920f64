"""1.3.1, 4.4.2: not accepted is looked at by somebody else; what ended is raised again and handled with dates of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import honest, promises
from shuoshi.matters.vocabulary import Action, DeadlineKind, Exit, Kind, RoundBecause, Status, Urgency
from shuoshi.organization.models import Post
from shuoshi.organization.profile import current
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fell_back, fresh, offered, running, told, who_may
from tests.support.village import Place

SAID = terms.Reopen(text="又坏了两盏，和上次一样")


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}:")


def object_to(town: Place, matter: Matter) -> Matter:
    return town.run(town.speaker(matter), terms.ObjectToScreening(text="没有人看过现场"), matter)


def reopened(town: Place, matter: Matter) -> Matter:
    return town.run(town.speaker(matter), SAID, matter)


# ── not accepted ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_else_decides_whether_it_is_accepted(town: Place):
    matter = object_to(town, town.matter_in(Status.SCREENED_OUT))
    assert (matter.status, running(matter)) == (Status.REGISTERED, {DeadlineKind.ACCEPT})
    assert who_may(town, Action.ACCEPT, matter) == {"刘敏"}, "王芳 screened it out"
    assert not {Action.SCREEN_OUT, Action.ANSWER_ON_THE_SPOT} & offered(town, "王芳", matter)
    assert told(town, matter, "objected")
    matter = town.run("刘敏", sample(town, Action.ACCEPT, matter), matter)
    assert matter.status == Status.ACCEPTED and list(verify()) == []


def test_it_is_objected_to_once(town: Place):
    matter = object_to(town, town.matter_in(Status.SCREENED_OUT))
    given = terms.ScreenOut(reason=current().screening_reasons[0].code, text="还是不归这里管")
    matter = town.run("刘敏", given, matter)
    with refused("not_objected_yet"):
        object_to(town, matter)


def test_in_a_registry_of_one_the_tier_above_looks(town: Place):
    matter = town.matter_in(Status.SCREENED_OUT)
    Post.objects.filter(person=town.persons["刘敏"]).update(until=clock.now())
    matter = object_to(town, matter)
    assert matter.tier_path == town.units["青禾县"].path
    assert ("tier_above", "nobody_else_to_accept") in fell_back(matter)
    assert Action.ACCEPT in offered(town, "县分办", matter)


def test_where_there_is_nobody_at_all_the_same_person_looks_and_it_is_told(town: Place):
    matter = town.matter_in(Status.SCREENED_OUT)
    for name in ("刘敏", "县分办"):
        Post.objects.filter(person=town.persons[name]).update(until=clock.now())
    matter = object_to(town, matter)
    assert ("accepts_again", "nobody_else_to_accept") in fell_back(matter)
    assert set(fell_back(matter)) <= set(honest.STANDS_IN)
    assert Action.ACCEPT in offered(town, "王芳", matter)


# ── raised again ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_given_out_anew_with_a_promise_that_counts_from_then(town: Place):
    matter = town.matter_in(Status.CLOSED)
    before = matter.deadlines.filter(kind=DeadlineKind.PROMISE).get().due_at
    with clock.simulated(clock.now() + timedelta(days=40)):
        matter = reopened(town, matter)
        assert (matter.status, matter.exit, matter.closed_at) == (Status.ACCEPTED, "", None)
        assert matter.round is not None and matter.round.because == RoundBecause.REOPENED
        assert running(matter) == {DeadlineKind.ASSIGN} and told(town, matter, "reopened")
        matter = town.assign(matter)
        promise = matter.deadlines.get(kind=DeadlineKind.PROMISE, outcome="OPEN")
        assert promise.due_at > before + timedelta(days=30) and promise.due_at == matter.promised_by
        matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter))), 5)
        assert (matter.status, matter.exit) == (Status.CLOSED, Exit.SATISFIED)
    assert list(verify()) == []


def test_the_statutory_limit_counts_from_then_too(town: Place):
    matter = town.matter_in(Status.CLOSED)
    with clock.simulated(clock.now() + timedelta(days=80)):
        matter = town.assign(reopened(town, matter))
        due = matter.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
        assert due.due_at > clock.now() + timedelta(days=4) and not due.basis.startswith("cap:")


def test_within_ninety_days_and_not_later(town: Place):
    matter = town.matter_in(Status.CLOSED)
    with clock.simulated(clock.now() + timedelta(days=95)), refused("within_reopening"):
        reopened(town, matter)


@pytest.mark.parametrize("way", ["unrated", "withdrawn", "explained", "answered"])
def test_whatever_way_it_ended_the_speaker_may_come_again(town: Place, way: str):
    matter = {
        "unrated": lambda: _silent(town),
        "withdrawn": lambda: _withdrawn(town),
        "explained": lambda: _explained(town),
        "answered": lambda: town.run(
            "王芳", sample(town, Action.ANSWER_ON_THE_SPOT, town.raise_matter()), town.raise_matter()
        ),
    }[way]()
    assert matter.status == Status.CLOSED
    matter = reopened(town, matter)
    assert matter.status == (Status.REGISTERED if way == "withdrawn" else Status.ACCEPTED)


def _silent(town: Place) -> Matter:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    sweep_until(clock.now() + timedelta(days=60))
    return fresh(matter)


def _withdrawn(town: Place) -> Matter:
    matter = town.raise_matter()
    town.run(town.speaker(matter), terms.Withdraw(text="不用办了"), matter)
    sweep_until(clock.now() + timedelta(days=10))
    return fresh(matter)


def _explained(town: Place) -> Matter:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    return town.run("刘敏", terms.RuleExit(granted=True, text="说清了"), matter)


def test_an_emergency_that_comes_back_counts_in_minutes_at_once(town: Place):
    matter = town.calm(town.raise_matter(by="王芳", urgency=Urgency.U2))
    matter = town.follow_up(town.sign(town.prepare(town.sign_for(town.assign(town.classify(town.accept(matter)))))), 5)
    matter = reopened(town, matter)
    assert {DeadlineKind.EMERGENCY, DeadlineKind.FIRST_CONTACT} <= running(matter)


def test_staff_write_it_down_for_somebody_known_and_never_for_their_own_work(town: Place):
    town.person("两头的人", ("城建办", Role.HANDLER), ("受理中心", Role.REGISTRAR))
    matter = town.matter_in(Status.CLOSED)
    assert who_may(town, Action.REOPEN, matter) == {"王芳", "刘敏", "赵红"}
    assert who_may(town, Action.OBJECT_TO_SCREENING, town.matter_in(Status.SCREENED_OUT)) == set()


def test_praise_and_what_was_void_ask_for_nothing(town: Place):
    matter = town.accept(town.raise_matter(), Kind.PRAISE)
    given = terms.AnswerOnTheSpot(kind=Kind.PRAISE, title="感谢", answer="转告了")
    matter = town.run("王芳", given, matter)
    assert matter.exit == Exit.PASSED_ON
    with refused("asked_for_something"):
        reopened(town, matter)


def test_every_demand_is_open_again_and_the_page_says_what_round_it_is(town: Place):
    matter = town.raise_matter(demands=("修好路灯", "写清楚谁管"))
    matter = town.sign(town.prepare(town.sign_for(town.assign(town.classify(town.accept(matter))))))
    matter = town.follow_up(matter, 5)
    matter = reopened(town, matter)
    assert not matter.demands.filter(settled=True).exists()
    matter = town.assign(matter)
    lines = [line.what for line in promises.lines(queries.tracking(town.speaker(matter), clock.now()))]
    assert any("再次提出" in line for line in lines)
    assert not any("不满意" in line and "第 2 轮" in line for line in lines)
