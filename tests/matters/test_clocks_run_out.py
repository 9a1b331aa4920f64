"""1.3.4: what happens when a clock's time comes and nobody did anything; simulated time, the real sweeper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Deadline, Matter, Request
from shuoshi.matters.vocabulary import DeadlineKind, Exit, RequestState, Status, Way
from tests.support.attempts import sample
from tests.support.village import Place


def sweep_until(moment) -> None:
    """Let time pass, looking at every clock in its order as the worker would."""
    with clock.simulated(clock.now()) as simulation:
        while True:
            due = (
                Deadline.objects.filter(next_look_at__isnull=False, next_look_at__lte=moment)
                .order_by("next_look_at")
                .values_list("next_look_at", flat=True)
                .first()
            )
            if due is None:
                return
            simulation.move_to(max(due, clock.now()))
            clocks.sweep(clock.now())


def later(days: int):
    return clock.now() + timedelta(days=days)


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_silence_after_the_reply_ends_unrated_and_never_satisfied(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    sweep_until(later(60))
    matter = fresh(matter)
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.UNRATED)
    assert matter.deadlines.get(kind=DeadlineKind.FOLLOW_UP).outcome == "MISSED"
    assert list(verify()) == []


def test_a_withdrawal_takes_effect_after_its_days_unless_it_is_revoked(town: Place):
    gone, kept = town.matter_in(Status.IN_HANDLING), town.matter_in(Status.IN_HANDLING)
    for matter in (gone, kept):
        town.run(town.speaker(matter), terms.Withdraw(text="不用办了"), matter)
    town.run(town.speaker(kept), terms.RevokeWithdrawal(), kept)
    sweep_until(later(10))
    assert (fresh(gone).status, fresh(gone).exit) == (Status.CLOSED, Exit.WITHDRAWN)
    assert fresh(kept).status == Status.IN_HANDLING


def test_a_ruling_nobody_gave_is_a_refusal_and_is_told(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    town.run("周建国", sample(town, "request_return", matter), matter)
    sweep_until(later(10))
    request = Request.objects.get(matter=matter)
    assert (request.state, request.decided_by) == (RequestState.REFUSED, None)
    assert fresh(matter).status == Status.ASSIGNED
    assert Notice.objects.filter(about_id=matter.pk, kind="ruling_missed").exists()
    assert matter.deadlines.get(kind=DeadlineKind.RULING).outcome == "MISSED"


def test_a_limit_is_warned_before_and_told_after(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(later(40))
    told = set(Notice.objects.filter(about_id=matter.pk).values_list("kind", flat=True))
    assert {"clock_warned", "clock_overdue"} <= told
    completion = matter.deadlines.get(kind=DeadlineKind.COMPLETION)
    assert (completion.outcome, completion.next_look_at) == ("OPEN", None)


@pytest.mark.parametrize("swept", [1, 2])
def test_sweeping_twice_tells_nobody_twice(town: Place, swept: int):
    matter = town.matter_in(Status.IN_HANDLING)
    due = matter.deadlines.get(kind=DeadlineKind.COMPLETION).due_at
    with clock.simulated(due + timedelta(minutes=1)):
        for _ in range(swept):
            clocks.sweep(clock.now())
    assert (
        Notice.objects.filter(about_id=matter.pk, kind="clock_overdue", facts_json__contains="completion").count() == 2
    )


def test_attempts_used_up_end_unreached(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    start = clock.local(clock.now())
    missed = terms.RecordFollowUp(way=Way.CALL, reached=False, text="无人接听")
    for day, hour in ((1, 12), (2, 19), (3, 10), (4, 13)):
        moment = (start + timedelta(days=day)).replace(hour=hour, minute=15)
        with clock.simulated(moment):
            if fresh(matter).status == Status.IN_FOLLOW_UP:
                town.run("赵红", missed, matter)
    assert (fresh(matter).status, fresh(matter).exit) == (Status.CLOSED, Exit.UNREACHABLE)
