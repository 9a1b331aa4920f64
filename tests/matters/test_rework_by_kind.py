"""4.4.2: claims are handled again until satisfied; enquiries and suggestions once more by another person, then above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import honest, promises
from shuoshi.matters.vocabulary import (
    AFTERWARDS,
    Action,
    Complexity,
    DeadlineKind,
    Exit,
    Kind,
    RequestKind,
    RequestState,
    Status,
)
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import later, sweep_until
from tests.support.attempts import sample
from tests.support.looking import fell_back, fresh, offered, running, who_may
from tests.support.village import Place

CATEGORY = {Kind.POLICY_ENQUIRY: "A105", Kind.SUGGESTION: "C101", Kind.INTEREST_CLAIM: "B604"}
ONCE = [Kind.POLICY_ENQUIRY, Kind.SUGGESTION]
WITHOUT_COUNTY = ("县分办",)


@dataclass
class Town:
    """The town with a second handler in 城建办; `answered_by` carries a matter through one round."""

    place: Place

    def given(self, kind: Kind) -> Matter:
        place = self.place
        return place.assign(place.classify(place.accept(place.raise_matter(), kind), CATEGORY[kind], kind))

    def answered_by(self, name: str, matter: Matter) -> Matter:
        place = self.place
        return place.sign(place.prepare(place.sign_for(matter, name), by=name))


@pytest.fixture
def manned(town: Place) -> Town:
    town.person("郑东", ("城建办", Role.HANDLER))
    return Town(town)


def without_tier_above(town: Place) -> None:
    for name in WITHOUT_COUNTY:
        Post.objects.filter(person=town.persons[name]).update(until=clock.now())


@pytest.mark.parametrize("kind", ONCE)
def test_who_answered_does_not_answer_again(manned: Town, kind: Kind):
    town = manned.place
    matter = town.follow_up(manned.answered_by("孙丽", manned.given(kind)), 1)
    assert matter.status == Status.ASSIGNED
    with pytest.raises(Refused) as refused:
        town.sign_for(matter, "孙丽")
    assert refused.value.code == "answered_last_round"
    assert manned.answered_by("郑东", matter).status == Status.IN_FOLLOW_UP


def test_a_claim_may_be_handled_again_by_the_same_person(manned: Town):
    matter = manned.place.follow_up(manned.answered_by("孙丽", manned.given(Kind.INTEREST_CLAIM)), 1)
    assert manned.place.sign_for(matter, "孙丽").status == Status.IN_HANDLING


def test_after_the_second_answer_it_goes_to_the_tier_above(manned: Town):
    town = manned.place
    matter = town.follow_up(manned.answered_by("孙丽", manned.given(Kind.POLICY_ENQUIRY)), 1)
    matter = town.follow_up(manned.answered_by("郑东", matter), 1)
    assert (matter.status, matter.tier_path) == (Status.ACCEPTED, town.units["青禾县"].path)


def test_a_unit_with_nobody_else_gives_it_back_to_whoever_assigns(town: Place):
    """周建国 signs and 孙丽 answered: another unit answers now."""
    Post.objects.filter(person=town.persons["周建国"]).update(role=Role.LEADER)
    matter = town.assign(town.classify(town.accept(town.raise_matter(), Kind.SUGGESTION), "C101", Kind.SUGGESTION))
    matter = town.sign(town.prepare(town.sign_for(matter)), by="马镇长")
    matter = town.follow_up(matter, 1)
    assert matter.status == Status.ACCEPTED
    with pytest.raises(Refused) as refused:
        town.assign(matter)
    assert refused.value.code == "nobody_in_unit"
    assert town.assign(matter, "水利站").status == Status.ASSIGNED


def test_where_nobody_else_handles_the_same_person_answers_again_and_the_event_says_why(town: Place):
    for name in ("周建国", "赵立新", "李国强", "陈书记", "县水务", "县分办"):
        Post.objects.filter(person=town.persons[name]).update(until=clock.now())
    matter = town.assign(town.classify(town.accept(town.raise_matter(), Kind.SUGGESTION), "C101", Kind.SUGGESTION))
    matter = town.sign(town.prepare(town.sign_for(matter)), by="马镇长")
    matter = town.follow_up(matter, 1)
    assert ("answers_again", "nobody_else_answers") in fell_back(matter)
    assert set(fell_back(matter)) <= set(honest.STANDS_IN), "the resident reads it in words"
    assert "仍由上一轮的人答" in "".join(honest.sentences(matter, [], honest.stood_in(matter)))
    assert town.sign_for(matter, "孙丽").status == Status.IN_HANDLING


def test_a_complex_one_is_answered_again_where_only_one_other_is_left_who_would_have_to_sign(town: Place):
    """周建国 could handle it, but then nobody would sign: a rule that leaves nobody gives way."""
    for name in ("马镇长", "赵立新", "李国强", "陈书记", "县水务", "县分办"):
        Post.objects.filter(person=town.persons[name]).update(until=clock.now())
    matter = town.accept(town.raise_matter(), Kind.SUGGESTION)
    matter = town.assign(town.classify(matter, "C101", Kind.SUGGESTION, Complexity.COMPLEX))
    matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter))), 1)
    assert ("answers_again", "nobody_else_answers") in fell_back(matter)
    assert town.sign_for(matter, "孙丽").status == Status.IN_HANDLING


# ── at the topmost tier ────────────────────────────────────────────────────────────────────────────────────────────


def referred(manned: Town, kind: Kind = Kind.SUGGESTION) -> Matter:
    """Answered twice by two persons, and no tier above: a leader has the word."""
    town = manned.place
    without_tier_above(town)
    matter = town.follow_up(manned.answered_by("孙丽", manned.given(kind)), 1)
    return town.follow_up(manned.answered_by("郑东", matter), 1)


@pytest.mark.parametrize("kind", ONCE)
def test_without_a_tier_above_a_leader_rules_whether_it_ends(manned: Town, kind: Kind):
    matter = referred(manned, kind)
    assert matter.status == Status.IN_FOLLOW_UP
    assert running(matter) - AFTERWARDS == {DeadlineKind.RULING}
    assert who_may(manned.place, Action.RULE_EXIT, matter) == {"马镇长"}
    request = matter.requests.get(kind=RequestKind.EXIT)
    assert (request.requester_id, request.exit) == (None, Exit.EXPLAINED)


def test_granted_it_ends_as_explained_and_the_rating_stays_what_it_was(manned: Town):
    matter = manned.place.run("马镇长", terms.RuleExit(granted=True, text="两次都说清了"), referred(manned))
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.EXPLAINED)
    assert [rating.result for rating in matter.ratings.order_by("at")] == ["1", "1"]


def test_refused_it_is_answered_once_more(manned: Town):
    matter = manned.place.run("马镇长", terms.RuleExit(granted=False, text="再研究一次"), referred(manned))
    assert (matter.status, matter.round.ordinal) == (Status.ASSIGNED, 3)
    assert {DeadlineKind.SIGN_FOR, DeadlineKind.COMPLETION} <= running(matter)


def test_silence_of_the_leader_is_a_refusal(manned: Town):
    matter = referred(manned)
    with clock.simulated(clock.now()):
        sweep_until(later(6))
    matter = fresh(matter)
    assert (matter.status, matter.round.ordinal) == (Status.ASSIGNED, 3)
    assert matter.requests.get(kind=RequestKind.EXIT).state == RequestState.REFUSED


def test_a_withdrawal_made_meanwhile_outlives_the_ruling(manned: Town):
    matter = referred(manned)
    matter = manned.place.run(manned.place.speaker(matter), terms.Withdraw(text="算了"), matter)
    matter = manned.place.run("马镇长", terms.RuleExit(granted=False, text="再办"), matter)
    assert matter.withdrawal_asked_at is not None
    assert DeadlineKind.WITHDRAWAL in running(matter)


def test_second_thoughts_after_the_end_reach_the_leader_too(manned: Town):
    town = manned.place
    without_tier_above(town)
    matter = town.follow_up(manned.answered_by("孙丽", manned.given(Kind.SUGGESTION)), 1)
    matter = town.follow_up(manned.answered_by("郑东", matter), 4)
    assert matter.exit == Exit.SATISFIED
    with clock.simulated(clock.now() + timedelta(days=2)):
        bad = terms.Answers(contacted=True, solved="NO", result="1", attitude="4")
        matter = town.run(town.speaker(matter), terms.Rate(answers=bad), matter)
    assert (matter.status, matter.exit, matter.closed_at) == (Status.IN_FOLLOW_UP, "", None)
    assert Action.RULE_EXIT in offered(town, "马镇长", matter)


def test_the_resident_reads_that_a_leader_has_the_word_now(manned: Town):
    matter = referred(manned)
    said = promises.words(queries.tracking(manned.place.speaker(matter), clock.now()))
    assert said[0].text.startswith("您还不满意，这里也没有上一级可以交。")


def test_a_rating_of_the_reply_before_opens_no_round(manned: Town):
    town = manned.place
    matter = town.run("王芳", terms.ReturnReport(reason="缺依据"), referred(manned))
    matter = town.sign(town.prepare(matter, by="郑东"))
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    matter = town.run("马镇长", terms.RuleExit(granted=False, text="先听说事人的"), matter)
    assert (matter.status, matter.round.ordinal) == (Status.IN_FOLLOW_UP, 2)
