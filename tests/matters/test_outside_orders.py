"""3.1.3: what a superior body sent down keeps its own limit, is objected to once, and reported back before it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock, clocks, outbox
from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Action, DeadlineKind, Kind, OrderState, Status
from shuoshi.organization.roles import Role
from tests.matters.outside import sent_down
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fresh, offered, running, told, who_may
from tests.support.village import Place, picture


def refused(code: str):
    return pytest.raises(Refused, match=rf"^{code}:")


def queued(town: Place, who: str, matter: Matter) -> bool:
    return matter in queries.in_queue(town.actor(who), "orders", clock.now())


def report(town: Place, matter: Matter, by: str = "刘敏") -> Matter:
    return town.run(by, terms.ReportBack(text="已经修好"), matter)


def test_its_limit_runs_from_the_day_it_came_in_the_days_it_counts(town: Place):
    came = local(clock.now()).date() - timedelta(days=2)
    matter = sent_down(town, days=7, working_days=False, received_on=came)
    running_ = matter.deadlines.get(kind=DeadlineKind.OUTSIDE_ORDER)
    assert local(running_.started_at).date() == came
    assert local(running_.due_at).date() >= came + timedelta(days=7)
    assert matter.order_due_at == running_.due_at == matter.outside_order.due_at
    assert matter.order_state == OrderState.OWED and matter.outside_number == "县转 12 号"
    assert list(verify()) == []


def test_the_units_limit_ends_no_later(town: Place):
    matter = sent_down(town, Status.ASSIGNED, days=3)
    completion = matter.deadlines.get(kind=DeadlineKind.COMPLETION)
    assert completion.due_at == matter.order_due_at and completion.basis == "outside_order"
    ordinary = town.matter_in(Status.ASSIGNED).deadlines.get(kind=DeadlineKind.COMPLETION)
    assert ordinary.due_at > completion.due_at
    matter = town.sign_for(matter)
    with refused("beyond_the_order"):
        town.run("孙丽", terms.RequestExtension(text="等货", plan="到货就装", days=1), matter)


def test_a_pause_does_not_carry_the_unit_past_it(town: Place):
    matter = town.stands_still(sent_down(town, Status.IN_HANDLING, days=4), Status.PAUSED)
    with clock.simulated(clock.now() + timedelta(days=1)):
        matter = town.run("孙丽", terms.Resume(text="拿来了"), matter)
        completion = matter.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
        assert matter.order_due_at is not None and completion.due_at <= matter.order_due_at


def test_it_is_never_screened_out_voided_or_merged_away(town: Place):
    matter = sent_down(town)
    for action in (Action.SCREEN_OUT, Action.VOID):
        with refused("not_an_outside_order"):
            town.run("王芳", sample(town, action, matter), matter)
    matter = town.accept(matter)
    with refused("not_ordered_by_a_superior"):
        town.run("刘敏", sample(town, Action.MERGE, matter), matter)


def test_nothing_ends_it_before_the_report_and_then_the_speakers_word_does(town: Place):
    matter = sent_down(town, Status.IN_FOLLOW_UP)
    assert outbox.waiting_for(town.actor("刘敏")).filter(about_id=matter.pk, kind="report_owed").exists()
    matter = town.follow_up(matter, 5)
    assert matter.status == Status.IN_FOLLOW_UP and queued(town, "刘敏", matter)
    matter = report(town, matter)
    assert (matter.status, matter.exit) == (Status.CLOSED, "SATISFIED")
    assert matter.outside_order.rated == "5", "as the speaker said it, not as the report says"
    assert matter.deadlines.get(kind=DeadlineKind.OUTSIDE_ORDER).outcome == "MET"
    assert not queued(town, "刘敏", matter)
    assert not outbox.waiting_for(town.actor("刘敏")).filter(about_id=matter.pk, kind="report_owed").exists()
    assert list(verify()) == []


def test_a_bad_rating_opens_a_round_whatever_is_owed_above(town: Place):
    matter = town.follow_up(sent_down(town, Status.IN_FOLLOW_UP), 1)
    assert matter.status == Status.ASSIGNED and DeadlineKind.OUTSIDE_ORDER in running(matter)
    matter = town.sign(town.prepare(town.sign_for(matter)))
    matter = report(town, matter)
    assert matter.outside_order.rated == "" and matter.status == Status.IN_FOLLOW_UP


def test_silence_waits_for_the_report_as_well(town: Place):
    matter = sent_down(town, Status.IN_FOLLOW_UP, days=60)
    later = clock.now() + timedelta(days=30)
    sweep_until(later)
    matter = fresh(matter)
    assert matter.status == Status.IN_FOLLOW_UP
    assert outbox.waiting_for(town.actor("刘敏")).filter(about_id=matter.pk, kind="report_owed").exists()
    with clock.simulated(later):
        matter = report(town, matter)
    assert (matter.status, matter.exit) == (Status.CLOSED, "UNRATED")


def test_a_withdrawal_waits_too(town: Place):
    matter = sent_down(town, Status.IN_HANDLING, days=60)
    matter = town.run(town.speaker(matter), terms.Withdraw(text="不用了"), matter)
    later = clock.now() + timedelta(days=8)
    sweep_until(later)
    assert fresh(matter).status == Status.IN_HANDLING
    with clock.simulated(later):
        assert report(town, fresh(matter)).exit == "WITHDRAWN"


def test_a_ruling_does_not_end_it_either(town: Place):
    matter = sent_down(town, Status.IN_HANDLING)
    with refused("something_to_report"):
        report(town, matter)
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    with refused("order_reported"):
        town.run("刘敏", terms.RuleExit(granted=True, text="说清了"), matter)
    matter = report(town, matter, by="马镇长")
    assert town.run("刘敏", terms.RuleExit(granted=True, text="说清了"), matter).status == Status.CLOSED


def test_reported_for_an_end_that_does_not_come_it_is_owed_again_by_its_date(town: Place):
    matter = sent_down(town, Status.IN_HANDLING)
    due = matter.order_due_at
    matter = report(town, town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter))
    matter = town.run("刘敏", terms.RuleExit(granted=False, text="再办一办"), matter)
    assert (matter.order_state, matter.order_due_at) == (OrderState.OWED, due)
    assert queued(town, "刘敏", matter) and DeadlineKind.OUTSIDE_ORDER in running(matter)
    matter = town.run(town.speaker(matter), terms.Withdraw(text="不用了"), matter)
    matter = report(town, matter)
    assert town.run(town.speaker(matter), terms.RevokeWithdrawal(), matter).order_state == OrderState.OWED
    assert list(verify()) == []


def ended_by_a_ruling(town: Place) -> Matter:
    """Reported back while the exit was asked for, closed by it, and nobody had a reply; then its review is asked."""
    town.person("县长", ("青禾县", Role.LEADER))
    matter = sent_down(town, Status.IN_HANDLING)
    matter = report(town, town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter))
    matter = town.run("刘敏", terms.RuleExit(granted=True, text="说清了"), matter)
    return town.run(town.speaker(matter), terms.RequestReview(text="没有说清"), matter)


def test_an_end_that_was_reported_stays_so_while_it_is_reviewed(town: Place):
    matter = ended_by_a_ruling(town)
    assert (matter.status, matter.order_state) == (Status.UNDER_REVIEW, OrderState.REPORTED)
    assert DeadlineKind.OUTSIDE_ORDER not in running(matter)
    given = terms.DecideReview(upheld=True, text="说清了", basis="条例", remedies="可以起诉")
    matter = town.run("县长", given, matter)
    assert (matter.status, matter.order_state) == (Status.CLOSED, OrderState.REPORTED)
    assert list(verify()) == []


def test_nobody_reviews_it_and_the_end_that_was_reported_stands(town: Place):
    matter = ended_by_a_ruling(town)
    for days in (35, 60):
        with clock.simulated(clock.now() + timedelta(days=days)):
            clocks.sweep(clock.now())
    matter = fresh(matter)
    assert (matter.status, matter.order_state) == (Status.CLOSED, OrderState.REPORTED)
    assert not matter.deadlines.filter(failed_looks__gt=0).exists()
    assert list(verify()) == []


def test_a_review_that_has_it_done_again_has_it_reported_anew(town: Place):
    matter = ended_by_a_ruling(town)
    matter = town.run("县长", terms.DecideReview(upheld=False, text="没有查", basis="条例"), matter)
    assert (matter.status, matter.order_state) == (Status.ACCEPTED, OrderState.OWED)
    assert DeadlineKind.OUTSIDE_ORDER in running(matter)


def test_clear_on_the_telephone_it_is_reported_all_the_same(town: Place):
    matter = sent_down(town)
    given = terms.AnswerOnTheSpot(kind=Kind.POLICY_ENQUIRY, title="怎么缴费", answer="在手机上缴", clear=True)
    matter = town.run("王芳", given, matter)
    assert matter.status == Status.IN_FOLLOW_UP


def test_an_objection_stops_nothing_and_another_writes_down_the_answer(town: Place):
    matter = sent_down(town, Status.IN_HANDLING)
    before = running(matter)
    matter = town.run("刘敏", sample(town, Action.OBJECT_TO_SUPERIOR, matter), matter)
    assert running(matter) == before and matter.order_state == OrderState.OBJECTED
    assert who_may(town, Action.RECORD_SUPERIOR_ANSWER, matter) == {"王芳", "赵红", "马镇长"}
    with refused("answer_not_shown"):
        town.run("王芳", terms.RecordSuperiorAnswer(withdrawn=True, number="1", text="收回"), matter)
    matter = town.run("王芳", sample(town, Action.RECORD_SUPERIOR_ANSWER, matter), matter)
    assert matter.order_state == OrderState.OWED
    assert Action.OBJECT_TO_SUPERIOR not in offered(town, "刘敏", matter), "once"


def test_taken_back_by_the_superior_the_speaker_reads_it_and_the_matter_goes_on(town: Place):
    matter = sent_down(town)
    matter = town.run("刘敏", sample(town, Action.OBJECT_TO_SUPERIOR, matter), matter)
    given = terms.RecordSuperiorAnswer(withdrawn=True, number="县信复 4 号", text="收回", files=(picture(),))
    matter = town.run("王芳", given, matter)
    assert matter.status == Status.REGISTERED and DeadlineKind.OUTSIDE_ORDER not in running(matter)
    told = promises.told(queries.tracking(town.speaker(matter), clock.now()))
    assert any("上级" in word.text for word in told.words)
    assert Action.SCREEN_OUT in offered(town, "王芳", matter)
    assert list(verify()) == []


def test_the_database_closes_nothing_that_is_owed(town: Place):
    matter = town.matter_in(Status.CLOSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(order_state=OrderState.OWED)


def test_handled_again_after_the_report_another_is_owed_no_earlier_than_the_unit_is_done(town: Place):
    matter = report(town, sent_down(town, Status.IN_FOLLOW_UP, days=1))
    assert matter.order_state == OrderState.REPORTED
    matter = town.follow_up(matter, 1)
    assert (matter.status, matter.order_state) == (Status.ASSIGNED, OrderState.OWED)
    clock_of = matter.deadlines.get(kind=DeadlineKind.OUTSIDE_ORDER, outcome="OPEN")
    unit = matter.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
    assert clock_of.due_at == matter.order_due_at == unit.due_at, "one day is over before the unit can be done"
    matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter))), 5)
    assert matter.status == Status.IN_FOLLOW_UP and queued(town, "刘敏", matter)
    assert report(town, matter).status == Status.CLOSED and list(verify()) == []


def test_a_reply_of_an_earlier_round_is_none_of_this_one(town: Place):
    matter = report(town, sent_down(town, Status.IN_FOLLOW_UP, days=30))
    matter = town.sign_for(town.follow_up(matter, 1))
    due = matter.order_due_at
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    matter = report(town, matter)
    matter = town.run("马镇长", terms.RuleExit(granted=False, text="再办一办"), matter)
    assert (matter.status, matter.order_state, matter.order_due_at) == (Status.IN_HANDLING, OrderState.OWED, due)
    assert DeadlineKind.OUTSIDE_ORDER in running(matter)
    assert list(verify()) == []


def test_number_and_limit_are_corrected_with_a_reason_and_the_leader_hears_it(town: Place):
    matter = sent_down(town, days=10)
    before = matter.order_due_at
    given = terms.OrderCorrected(number="县转 21 号", days=5)
    matter = town.run("王芳", terms.CorrectRegistration(reason="看错了", order=given), matter)
    assert matter.outside_number == matter.outside_order.number == "县转 21 号"
    assert before and matter.order_due_at and matter.order_due_at < before
    assert matter.outside_order.due_at == matter.order_due_at
    assert {one.outcome for one in matter.deadlines.filter(kind=DeadlineKind.OUTSIDE_ORDER)} == {"VOID", "OPEN"}
    said = matter.entries.get(action=Action.CORRECT_REGISTRATION)
    assert said.audience == "internal" and "县转 12 号" in said.text and "看错了" in said.text
    assert told(town, matter, "order_corrected") == {("受理中心", "leader"), ("青禾镇", "leader")}
    assert list(verify()) == []


def test_a_limit_that_was_missed_stays_missed_whatever_is_corrected(town: Place):
    matter = sent_down(town, days=1)
    with clock.simulated(clock.now() + timedelta(days=6)):
        given = terms.OrderCorrected(number="县转 12 号", days=60)
        matter = town.run("王芳", terms.CorrectRegistration(reason="看错了", order=given), matter)
        outcomes = set(matter.deadlines.filter(kind=DeadlineKind.OUTSIDE_ORDER).values_list("outcome", flat=True))
        assert outcomes == {"MISSED", "OPEN"}
