"""4.4.2, 1.3.2: the tier above reviews an answer once, of a petition two tiers; what was reviewed to the end is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, papers, queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import PaperKind
from shuoshi.matters.queries import promises
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Bond, DeadlineKind, Exit, Kind, RoundBecause, Status, Way, WishShown
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import sweep_until
from tests.matters.to_the_end import somebody_moves_it
from tests.support.looking import fell_back, fresh, offered, running, who_may
from tests.support.village import Place

UPHELD = terms.DecideReview(upheld=True, text="三盏都换了，有照片", basis="照明维护办法", remedies="六个月内向法院起诉")
CHANGED = terms.DecideReview(upheld=False, text="现场只换了一盏", basis="照明维护办法第 5 条")


@pytest.fixture
def county(town: Place) -> Place:
    town.person("县长", ("青禾县", Role.LEADER))
    return town


def ask(town: Place, matter: Matter, by: str = "") -> Matter:
    actor = by or town.speaker(matter)
    shown = WishShown.SIGNED if by else None
    return town.run(actor, terms.RequestReview(text="只换了一盏", shown_by=shown, proof_ref="签字件 3"), matter)


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


def test_upheld_the_speaker_is_asked_once_more_and_nothing_counts_as_satisfied(county: Place):
    matter = county.matter_in(Status.CLOSED)
    assert matter.exit == Exit.SATISFIED
    rated = list(matter.ratings.values_list("result", flat=True))
    matter = county.run("县长", UPHELD, ask(county, matter))
    assert (matter.status, matter.exit) == (Status.IN_FOLLOW_UP, "")
    assert {"follow_up", "rating"} <= set(matter.deadlines.filter(outcome="OPEN").values_list("kind", flat=True))
    assert list(matter.ratings.values_list("result", flat=True)) == rated
    assert matter.involvements.filter(person=county.persons["县长"], bond=Bond.RULED).exists()
    said = promises.told(queries.tracking(county.speaker(matter), clock.now()))
    assert any("六个月内向法院起诉" in word.text for word in said.words)
    with refused("reviews_left"):
        ask(county, matter)
    matter = county.follow_up(matter, 1)
    assert matter.status == Status.ASSIGNED, "a bad rating still leads to rework"
    assert list(verify()) == []


def test_upheld_before_anybody_asked_how_it_went_it_is_still_asked(county: Place):
    matter = county.run("县长", UPHELD, ask(county, county.matter_in(Status.IN_FOLLOW_UP)))
    assert matter.status == Status.IN_FOLLOW_UP and Action.RATE in offered(county, county.speaker(matter), matter)
    assert Action.RECORD_FOLLOW_UP in offered(county, "赵红", matter)


def test_an_end_that_was_decided_stands_again(county: Place):
    matter = county.matter_in(Status.IN_HANDLING)
    exit_ = terms.RequestExit(exit=Exit.EXPLAINED, text="查过了", basis="条例", rights_notice="可以起诉")
    matter = county.run("刘敏", terms.RuleExit(granted=True, text="可以"), county.run("周建国", exit_, matter))
    matter = county.run("县长", UPHELD, ask(county, matter))
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.EXPLAINED)


def test_whoever_wrote_the_request_down_does_not_decide_on_it(town: Place):
    """A registrar who leads the town, and nobody above: not by the same hand (rule b)."""
    Post.objects.filter(person=town.persons["县分办"]).update(until=clock.now())
    town.person("兼任", ("受理中心", Role.REGISTRAR), ("青禾镇", Role.LEADER))
    matter = ask(town, town.matter_in(Status.IN_FOLLOW_UP), by="兼任")
    assert who_may(town, Action.DECIDE_REVIEW, matter) == {"马镇长"}


def test_staff_write_it_down_only_with_what_shows_the_wish(town: Place):
    with refused("wish_not_shown"):
        town.run("王芳", terms.RequestReview(text="他不同意"), town.matter_in(Status.IN_FOLLOW_UP))


def test_a_recusal_rids_the_matter_of_no_reviewer(county: Place):
    """The unit under review asks for it of whomever it likes; the only reviewer left rules, and still reviews."""
    Post.objects.filter(person=county.persons["县长"]).update(until=clock.now())
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    asked = terms.DeclareConflict(text="亲戚", person=county.persons["马镇长"])
    matter = county.run("周建国", asked, matter)
    assert who_may(county, Action.RULE_CONFLICT, matter) == {"县分办"}
    matter = county.run("县分办", terms.RuleConflict(granted=False, text="不是"), matter)
    assert matter.review_path == county.units["青禾县"].path
    assert who_may(county, Action.DECIDE_REVIEW, matter) == {"县分办"}, "not the tier that answered"


def test_who_rules_on_a_recusal_and_reviews_nothing_is_involved(county: Place):
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    asked = terms.DeclareConflict(text="亲戚", person=county.persons["孙丽"])
    matter = county.run(county.speaker(matter), asked, matter)
    matter = county.run("马镇长", terms.RuleConflict(granted=True, text="是"), matter)
    assert matter.involvements.filter(person=county.persons["马镇长"], bond=Bond.RULED).exists()


def nobody_is_left_to_review(county: Place) -> Matter:
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    for name in ("县分办", "县长", "马镇长"):
        matter = county.run(name, terms.DeclareConflict(text="亲戚"), matter)
    assert (matter.status, who_may(county, Action.DECIDE_REVIEW, matter)) == (Status.UNDER_REVIEW, set())
    return matter


def test_where_nobody_at_all_is_left_to_review_its_clock_ends_it(county: Place):
    matter = nobody_is_left_to_review(county)
    sweep_until(clock.now() + timedelta(days=10))
    assert not [key for key in running(matter) if key.startswith("ruling")]
    assert somebody_moves_it(county, fresh(matter)), "not its people, but its clock"
    sweep_until(clock.now() + timedelta(days=60))
    matter = fresh(matter)
    assert (matter.status, matter.exit) in {(Status.IN_FOLLOW_UP, ""), (Status.CLOSED, Exit.UNRATED)}
    assert matter.reviews.get().lapsed_at is not None and matter.reviews.get().upheld is None


def test_a_declaration_that_does_not_hold_gives_it_a_reviewer_again(county: Place):
    matter = nobody_is_left_to_review(county)
    matter = county.run("刘敏", terms.RuleConflict(granted=False, text="不是亲戚"), matter)
    assert matter.review_path == county.units["青禾县"].path
    assert who_may(county, Action.DECIDE_REVIEW, matter) == {"县分办"}


def test_reviewers_who_left_are_followed_by_others(county: Place):
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    Post.objects.filter(person__in=[county.persons[name] for name in ("县分办", "县长")]).update(until=clock.now())
    assert actions.rearrange(clock.now()) == 1
    assert who_may(county, Action.DECIDE_REVIEW, fresh(matter)) == {"马镇长"}


def test_where_nobody_follows_it_is_looked_for_once(county: Place):
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    names = ("县分办", "县长", "马镇长")
    Post.objects.filter(person__in=[county.persons[name] for name in names]).update(until=clock.now())
    assert actions.rearrange(clock.now()) == 1
    said = matter.entries.count()
    assert actions.rearrange(clock.now()) == 0 and matter.entries.count() == said
    assert matter.reviews.get().nobody_left


def test_a_recusal_asked_before_lapses_also_after_a_changed_decision(county: Place):
    matter = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    matter = county.run(
        county.speaker(matter), terms.DeclareConflict(text="亲戚", person=county.persons["孙丽"]), matter
    )
    matter = county.run("县长", CHANGED, matter)
    assert any(key.startswith("ruling") for key in running(matter))


def test_the_days_run_from_when_there_was_a_signed_answer(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    on = local(clock.now()).date()
    with clock.simulated(clock.now() + timedelta(days=35)):
        given = terms.SignResult(delivered_by=Way.CALL, delivered_on=on)
        matter = town.run("周建国", given, matter)
        assert Action.REQUEST_REVIEW in offered(town, town.speaker(matter), matter)


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


def petition(town: Place) -> Matter:
    """Answered by the town."""
    given = terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯", petition=True)
    matter = town.run("王芳", given, town.raise_matter())
    return town.sign(town.prepare(town.sign_for(town.assign(town.classify(matter)))))


def papers_named(matter: Matter) -> list[str]:
    """What the decisions of its reviews are called."""
    return [str(papers.content_of(matter, ref)["文种"]) for ref in papers.refs(matter) if ref.kind == PaperKind.REVIEW]


def finally_reviewed(town: Place) -> Matter:
    """A petition that a village answered: the town reviews it, then the county."""
    village, town_ = town.units["柳湾村"].path, town.units["青禾镇"].path
    matter = petition(town)
    Matter.objects.filter(pk=matter.pk).update(tier_path=village)  # this village has no registry of its own
    matter = ask(town, Matter.objects.get(pk=matter.pk))
    assert matter.review_path == town_
    matter = town.run("马镇长", UPHELD, matter)
    assert (matter.status, matter.finally_reviewed_at) == (Status.IN_FOLLOW_UP, None)
    matter = ask(town, matter)
    assert matter.review_path == town.units["青禾县"].path, "by another body"
    matter = town.run("县长", UPHELD, matter)
    Matter.objects.filter(pk=matter.pk).update(tier_path=town_)
    return Matter.objects.get(pk=matter.pk)


def test_a_petition_is_reviewed_twice_by_two_bodies_and_is_over(county: Place):
    matter = finally_reviewed(county)
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.REVIEW_FINAL)
    assert papers_named(matter) == ["信访事项复查意见书", "信访事项复核意见书"]


def test_a_review_that_nobody_decided_is_none_of_the_two(county: Place):
    matter = ask(county, petition(county))
    later = clock.now() + timedelta(days=50)
    sweep_until(later)
    matter = fresh(matter)
    assert matter.reviews.get().lapsed_at is not None
    with clock.simulated(later):
        matter = county.run("县长", UPHELD, ask(county, matter))
        assert (matter.status, matter.finally_reviewed_at) == (Status.IN_FOLLOW_UP, None), "one body, once"
        with refused("nobody_reviews"):
            ask(county, matter)
    assert list(verify()) == []


def test_the_same_body_twice_is_one(town: Place):
    """None stood above at first; later one did, and had to stay away: another leader of the same tier reviews it."""
    Post.objects.filter(person=town.persons["县分办"]).update(until=clock.now())
    matter = town.run("马镇长", UPHELD, ask(town, petition(town)))
    town.person("县长", ("青禾县", Role.LEADER))
    town.person("副镇长", ("青禾镇", Role.LEADER))
    matter = town.run("县长", terms.DeclareConflict(text="亲戚"), ask(town, matter))
    assert who_may(town, Action.DECIDE_REVIEW, matter) == {"副镇长"}
    matter = town.run("副镇长", UPHELD, matter)
    assert (matter.status, matter.finally_reviewed_at) == (Status.IN_FOLLOW_UP, None)
    assert papers_named(matter) == ["信访事项复查意见书"] * 2


def test_after_the_last_review_the_same_may_be_refused_once_more_by_somebody_else(county: Place):
    matter = finally_reviewed(county)
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
    sweep_until(clock.now() + timedelta(days=33))
    running = matter.deadlines.get(kind=DeadlineKind.REVIEW)
    assert running.outcome == "OPEN" and running.due_at < clock.now() + timedelta(days=33)
    with clock.simulated(clock.now() + timedelta(days=33)):
        county.run("县长", UPHELD, matter)
    running.refresh_from_db()
    assert running.outcome == "MISSED"


def test_nobody_decides_and_the_next_above_does_or_all_is_as_before(county: Place):
    matter = ask(county, county.matter_in(Status.CLOSED))
    Matter.objects.filter(pk=matter.pk).update(review_path=county.units["青禾镇"].path)  # as if a village had answered
    sweep_until(clock.now() + timedelta(days=41))
    matter = fresh(matter)
    assert (matter.status, matter.review_path) == (Status.UNDER_REVIEW, county.units["青禾县"].path)
    assert ("reviews_above", "nobody_decided") in fell_back(matter)
    assert [clock_.outcome for clock_ in matter.deadlines.filter(kind="review").order_by("due_at")] == [
        "MISSED",
        "OPEN",
    ]
    sweep_until(clock.now() + timedelta(days=95))
    matter = fresh(matter)
    assert (matter.status, matter.exit) in {(Status.IN_FOLLOW_UP, ""), (Status.CLOSED, Exit.UNRATED)}
    assert matter.reviews.get().lapsed_at is not None and matter.reviews.get().upheld is None
    assert not matter.deadlines.filter(kind="review", outcome="OPEN").exists()


def test_nobody_decided_and_the_speaker_may_ask_again_in_as_many_days(county: Place):
    """It is not said to have been reviewed: it was not."""
    matter = county.matter_in(Status.IN_HANDLING)
    exit_ = terms.RequestExit(exit=Exit.EXPLAINED, text="查过了", basis="条例", rights_notice="可以起诉")
    matter = county.run("刘敏", terms.RuleExit(granted=True, text="可以"), county.run("周建国", exit_, matter))
    matter = ask(county, matter)
    later = clock.now() + timedelta(days=60)
    sweep_until(later)
    matter = fresh(matter)
    assert (matter.status, matter.exit, matter.reviews.get().upheld) == (Status.CLOSED, Exit.EXPLAINED, None)
    with clock.simulated(later + timedelta(days=40)), refused("within_review"):
        ask(county, matter)
    with clock.simulated(later):
        assert Action.REQUEST_REVIEW in offered(county, county.speaker(matter), matter)
        matter = county.run("县长", UPHELD, ask(county, matter))
        with refused("reviews_left"):
            ask(county, matter)
    assert list(verify()) == []
