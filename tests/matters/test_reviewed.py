"""4.4.2, 1.3.2: the tier above reviews an answer once, of a petition two tiers; what was reviewed to the end is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Bond, DeadlineKind, Exit, Kind, RoundBecause, Status
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.looking import fell_back, offered, who_may
from tests.support.village import Place

UPHELD = terms.DecideReview(upheld=True, text="三盏都换了，有照片", basis="照明维护办法", remedies="六个月内向法院起诉")
CHANGED = terms.DecideReview(upheld=False, text="现场只换了一盏", basis="照明维护办法第 5 条")


@pytest.fixture
def county(town: Place) -> Place:
    town.person("县长", ("青禾县", Role.LEADER))
    return town


def ask(town: Place, matter: Matter, by: str = "") -> Matter:
    actor = by or town.speaker(matter)
    return town.run(actor, terms.RequestReview(text="只换了一盏"), matter)


def refused(code: str):
    return pytest.raises(Refused, match=rf"^{code}:")


def test_whoever_had_nothing_to_do_with_it_decides_at_the_tier_above(county: Place):
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    assert (matter.status, matter.review_path) == (Status.UNDER_REVIEW, county.units["青禾县"].path)
    assert who_may(county, Action.DECIDE_REVIEW, matter) == {"县分办", "县长"}
    assert visible_to(county.actor("县长")).filter(pk=matter.pk).exists()
    told = outbox.waiting_for(county.actor("县长")).filter(about_id=matter.pk, kind="review_asked")
    assert told.exists()
    due = matter.deadlines.get(kind=DeadlineKind.REVIEW, outcome="OPEN").due_at
    assert timedelta(days=30) <= local(due).date() - local(clock.now()).date() <= timedelta(days=40)
    assert not matter.deadlines.filter(kind__in=["follow_up", "rating"], outcome="OPEN").exists()
    assert list(verify()) == []


def test_who_ruled_in_it_before_does_not_decide(county: Place):
    asked = terms.RequestEscalation(reason="powers", text="要执法")  # type: ignore[arg-type]
    matter = county.run("周建国", asked, county.matter_in(Status.IN_HANDLING))
    matter = county.run("县分办", terms.RuleEscalation(granted=False, text="镇里能办"), matter)
    matter = ask(county, county.sign(county.prepare(matter)))
    assert who_may(county, Action.DECIDE_REVIEW, matter) == {"县长"}


def test_upheld_it_is_over_and_the_rating_stays(county: Place):
    matter = county.matter_in(Status.CLOSED)
    rated = list(matter.ratings.values_list("result", flat=True))
    matter = county.run("县长", UPHELD, ask(county, matter))
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.REVIEW_FINAL)
    assert list(matter.ratings.values_list("result", flat=True)) == rated
    assert matter.involvements.filter(person=county.persons["县长"], bond=Bond.RULED).exists()
    said = promises.told(queries.tracking(county.speaker(matter), clock.now()))
    assert any("六个月内向法院起诉" in word.text for word in said.words)
    with refused("reviews_left"):
        ask(county, matter)
    assert list(verify()) == []


def test_changed_it_is_handled_again_with_a_date_of_its_own(county: Place):
    before = county.matter_in(Status.CLOSED)
    with clock.simulated(clock.now() + timedelta(days=9)):
        matter = county.run("县长", CHANGED, ask(county, before))
    assert (matter.status, matter.lead_unit, matter.exit) == (Status.ACCEPTED, None, "")
    assert matter.round is not None
    assert (matter.round.ordinal, matter.round.because) == (2, RoundBecause.REVIEWED)
    matter = county.assign(matter)
    assert matter.promised_by is not None and matter.promised_by != before.promised_by
    matter = county.sign(county.prepare(county.sign_for(matter)))
    assert Action.REQUEST_REVIEW in offered(county, county.speaker(matter), matter), "the new answer may be reviewed"
    assert list(verify()) == []


def test_a_petition_is_reviewed_twice_by_two_bodies(county: Place):
    """A village answers, the town reviews first, and it ends as it had; the county reviews it for good."""
    matter = county.run(
        "王芳", terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯", petition=True), county.raise_matter()
    )
    matter = county.sign(county.prepare(county.sign_for(county.assign(county.classify(matter)))))
    Matter.objects.filter(pk=matter.pk).update(tier_path=county.units["柳湾村"].path)
    matter = ask(county, Matter.objects.get(pk=matter.pk))
    assert matter.review_path == county.units["青禾镇"].path
    matter = county.run("马镇长", UPHELD, matter)
    assert (matter.exit, matter.finally_reviewed_at) == (Exit.UNRATED, None)
    matter = ask(county, matter)
    assert matter.review_path == county.units["青禾县"].path
    matter = county.run("县长", UPHELD, matter)
    assert matter.exit == Exit.REVIEW_FINAL


def test_after_the_last_review_the_same_may_be_refused_once_more_by_somebody_else(county: Place):
    matter = county.run("县长", UPHELD, ask(county, county.matter_in(Status.CLOSED)))
    matter = county.run(county.speaker(matter), terms.Reopen(text="还是那盏灯"), matter)
    assert matter.status == Status.REGISTERED, "it is always registered, and looked at first"
    matter = county.run("王芳", terms.ScreenOut(reason="FINALLY_REVIEWED", text="复核终结了"), matter)
    matter = county.run(county.speaker(matter), terms.ObjectToScreening(text="有新照片"), matter)
    assert "王芳" not in who_may(county, Action.ACCEPT, matter)


def test_the_reason_is_only_for_what_was_reviewed_to_the_end(county: Place):
    with refused("not_finally_reviewed"):
        county.run("王芳", terms.ScreenOut(reason="FINALLY_REVIEWED", text="说过了"), county.raise_matter())


def test_nobody_above_a_leader_here_decides_and_it_is_told(town: Place):
    Post.objects.filter(person=town.persons["县分办"]).update(until=clock.now())
    matter = ask(town, town.matter_in(Status.CLOSED))
    assert matter.review_path == town.units["青禾镇"].path
    assert who_may(town, Action.DECIDE_REVIEW, matter) == {"马镇长"}
    assert ("reviews_here", "nobody_above_reviews") in fell_back(matter)


def test_nobody_at_all_is_said(town: Place):
    Post.objects.filter(person__in=[town.persons[name] for name in ("县分办", "马镇长")]).update(until=clock.now())
    with refused("nobody_reviews"):
        ask(town, town.matter_in(Status.CLOSED))


def test_thirty_days_from_delivery_and_no_longer(town: Place):
    matter = town.matter_in(Status.CLOSED)
    with clock.simulated(clock.now() + timedelta(days=29)):
        assert Action.REQUEST_REVIEW in offered(town, town.speaker(matter), matter)
    with clock.simulated(clock.now() + timedelta(days=32)), refused("within_review"):
        ask(town, matter)


def test_the_registry_writes_it_down_but_never_the_unit(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    assert who_may(town, Action.REQUEST_REVIEW, matter) == {"王芳", "刘敏", "赵红"}


def test_whoever_must_stay_away_is_followed_by_the_next_above(county: Place):
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    for name in ("县分办", "县长"):
        matter = county.run(name, terms.DeclareConflict(text="亲戚"), matter)
    assert matter.status == Status.UNDER_REVIEW
    assert who_may(county, Action.DECIDE_REVIEW, matter) == {"马镇长"}, "nobody is left above"
    assert ("reviews_here", "nobody_above_reviews") in fell_back(matter)


def test_a_late_decision_stays_missed(county: Place):
    matter = ask(county, county.matter_in(Status.CLOSED))
    sweep_until(clock.now() + timedelta(days=45))
    running = matter.deadlines.get(kind=DeadlineKind.REVIEW)
    assert running.outcome == "OPEN" and running.due_at < clock.now() + timedelta(days=45)
    with clock.simulated(clock.now() + timedelta(days=45)):
        county.run("县长", UPHELD, matter)
    running.refresh_from_db()
    assert running.outcome == "MISSED"
