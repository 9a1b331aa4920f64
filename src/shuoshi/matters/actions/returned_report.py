"""A report that does not hold goes back: to its handler, or to whoever may still act (4.3.3)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import policies, terms
from shuoshi.matters.actions import merged, rulings, whole_and_parts
from shuoshi.matters.actions.keeping_away import take_up_again
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import GIVEN, Action, Audience, DeadlineKind, RequestKind, ResultState, Status

SIGNAL = 2  # so many reports of one matter that do not hold say something about how it is handled (5.1)
RUN_ON = (DeadlineKind.COMPLETION, DeadlineKind.PROMISE)


def return_report(step: Step, given: terms.ReturnReport) -> None:
    """The report does not hold: completion and promise run on from where they stood; counted (4.3.3).

    It lies again with whoever handled it, or with others, where they were to stay away meanwhile. An end asked for over
    this reply falls with it.
    """
    result = step.matter.results.filter(state=ResultState.SIGNED).order_by("-ordinal").first()
    if result is None:
        raise Refused("no_report", _("没有可以退回的报告。"))
    if result.signed_at is not None:
        merged.tell_of_the_return(step, result.signed_at)
    step.change(result, state=ResultState.RETURNED)
    rulings.let_fall(step, RequestKind.EXIT)
    assert step.matter.round is not None
    step.change(step.matter.round, replied_at=None)
    step.set(follow_up_by="", follow_up_path="")
    divided = step.matter.assignment_id is None  # then its units have the limits, in their parts
    for kind in (DeadlineKind.PROMISE,) if divided else RUN_ON:
        run_on(step, kind)
    returned = step.matter.results.filter(state=ResultState.RETURNED).count()
    if divided:
        whole_and_parts.return_reports(step, given.parts, given.reason)
    take_up_again(step)
    if step.matter.status in GIVEN:
        _begin_what_never_ran(step)
    step.say(Audience.PUBLIC, given.reason, result=result.ordinal, times=returned)
    step.notify("report_returned", Told.HEAD, Told.HANDLER)
    if returned >= SIGNAL:
        step.story.fact(signal="report_returned", times=returned)
        step.notify("report_returned_again", Told.LEADER)


def run_on(step: Step, kind: DeadlineKind) -> None:
    """A successor with the old end: what was late stays late."""
    last = (
        step.matter.deadlines.filter(kind=kind, round=step.matter.round, successor__isnull=True)
        .order_by("-started_at", "-id")
        .first()
    )
    if last is not None:
        step.start(kind, due_at=last.due_at, basis="report_returned", follows=last)


def _begin_what_never_ran(step: Step) -> None:
    """An answer on the spot had no limit and no promise: both begin with the work."""
    if DeadlineKind.COMPLETION not in step.clocks:
        step.start(DeadlineKind.COMPLETION)
    if step.matter.promised_by is None:
        promise = step.start(DeadlineKind.PROMISE)
        step.set(promised_by=promise.due_at if promise else None)


ROWS = (
    Transition(
        action=Action.RETURN_REPORT,
        source=frozenset({Status.IN_FOLLOW_UP}),
        target=Status.IN_HANDLING,
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.DIVIDED}),
        clause="4.3.3",
        allow=(policies.home_registrar | policies.leader_stands_in) & ~policies.involved,
        do=return_report,
        start=(DeadlineKind.COMPLETION, DeadlineKind.PROMISE, DeadlineKind.SIGN_FOR, DeadlineKind.ASSIGN),
        drop=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        notify=(Told.HEAD, Told.HANDLER),
        resident=True,
    ),
)
