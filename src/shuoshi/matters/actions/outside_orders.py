"""Orders of a superior body: objected to once, answered, reported back before anything ends (3.1.3).

The order's own limit runs on whatever is said about it, and a unit's limit ends no later than it does.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _

from shuoshi.kernel.calendar import Limit, Unit
from shuoshi.kernel.clock import INSTITUTION_ZONE, local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import limit as in_words
from shuoshi.matters import deadlines, outside_guards, outside_policies, terms
from shuoshi.matters.intake import OrderGiven
from shuoshi.matters.models import OutsideOrder
from shuoshi.matters.step import Step
from shuoshi.matters.terms import OrderCorrected
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    ORDER_OWED,
    Action,
    Audience,
    DeadlineKind,
    OrderState,
    RequestKind,
    RequestState,
    Status,
)

OPENS = time(8, 30)
LONGEST = 365  # days; what lies further away was mistyped
BEFORE_THE_ANSWER = frozenset({Status.REGISTERED, Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING})


def check(given: OrderGiven, now: datetime) -> None:
    """What an order must say. Raises Refused."""
    if not given.number.strip() or not given.sender.strip():
        raise Refused("order_incomplete", _("上级转来的件，要写清楚单号和哪个上级转来的。"))
    if not 0 < given.days <= LONGEST:
        raise Refused("order_limit", _("上级要求的期限，请写 1 到 365 天。"))
    if given.received_on > local(now).date():
        raise Refused("order_in_future", _("收到上级件的日期不能晚于今天。"))


def write(step: Step, given: OrderGiven) -> None:
    """The order of a matter that is being registered, and its clock: counted from the day on which it came."""
    matter = step.matter
    limit = Limit(given.days, Unit.WORKING_DAYS if given.working_days else Unit.CALENDAR_DAYS)
    received = min(step.now, datetime.combine(given.received_on, OPENS, INSTITUTION_ZONE))
    clock = step.start(DeadlineKind.OUTSIDE_ORDER, limit=limit, basis="outside_order", since=received)
    assert clock is not None
    step.add(
        OutsideOrder(
            matter=matter,
            number=given.number.strip(),
            sender=given.sender.strip(),
            received_at=received,
            limit=str(limit),
            due_at=clock.due_at,
            content=given.content,
        )
    )
    step.set(order_state=OrderState.OWED, order_due_at=clock.due_at)


def object_to_superior(step: Step, given: terms.ObjectToSuperior) -> None:
    """Why it is not ours, or cannot be done so; until the superior body answers the work and every clock go on."""
    step.change(
        _order(step),
        state=OrderState.OBJECTED,
        objected_by_id=step.actor.person_id,
        objected_at=step.now,
        objection=given.text,
    )
    step.set(order_state=OrderState.OBJECTED, order_objector_id=step.actor.person_id)
    step.say(Audience.INTERNAL, given.text)
    step.notify("objected_to_superior", Told.REGISTRY, Told.LEADER)


def record_superior_answer(step: Step, given: terms.RecordSuperiorAnswer) -> None:
    """Taken back: nothing is to be reported any more, and the speaker's matter is ours to end by its own rules.

    Written down by another than who objected, with the answer itself: nobody takes an order back in a superior's name.
    """
    if not given.files:
        raise Refused("answer_not_shown", _("要附上级的答复：文件或者网页的照片。"))
    state = OrderState.WITHDRAWN if given.withdrawn else OrderState.OWED
    step.change(
        _order(step),
        state=state,
        answered_by_id=step.actor.person_id,
        answered_at=step.now,
        answer_number=given.number.strip(),
        answer=given.text,
    )
    step.set(order_state=state)
    if given.withdrawn:
        step.drop(DeadlineKind.OUTSIDE_ORDER)
        step.set(order_due_at=None)
        step.say(Audience.PUBLIC)
    step.say(
        Audience.INTERNAL,
        given.text,
        files_given=given.files,
        number=given.number.strip(),
        order_withdrawn=given.withdrawn,
    )
    step.notify("superior_answered", Told.REGISTRY, Told.DISPATCHER, Told.HEAD)


def report_back(step: Step, given: terms.ReportBack) -> None:
    """What became of it. How satisfied the speaker is stands there as they said it, not as somebody writes it.

    What only waited for the report goes on by rule: the end by the speaker's word, by silence, by a withdrawal.
    """
    round_ = step.matter.round
    said = None
    if round_ is not None and round_.replied_at is not None:
        said = step.matter.ratings.filter(at__gte=round_.replied_at).order_by("-at", "-id").first()
    step.change(
        _order(step),
        state=OrderState.REPORTED,
        reported_by_id=step.actor.person_id,
        reported_at=step.now,
        report_number=given.number.strip(),
        report=given.text,
        rated=said.result if said is not None else "",
    )
    step.settle(DeadlineKind.OUTSIDE_ORDER)
    step.set(order_state=OrderState.REPORTED, order_due_at=None)
    step.story.fact(rated=said.result if said is not None else "")
    step.say(
        Audience.INTERNAL, given.text, files_given=given.files, **({"number": given.number} if given.number else {})
    )
    if said is not None and step.matter.status == Status.IN_FOLLOW_UP:
        said.matter = step.matter
        step.rating = said


def tell_that_it_is_owed(step: Step) -> None:
    """The speaker answered, or the time to is over: nothing keeps the matter open but the report."""
    if not outside_guards.order_reported(step.case):
        step.notify("report_owed", Told.REGISTRY, Told.DISPATCHER)


def correct(step: Step, given: OrderCorrected) -> str:
    """Number or limit were typed wrongly: the clock runs by what the order says, from the day on which it came.

    What was late by the wrong date stays late. Returns what stood there.
    """
    if step.matter.order_state not in ORDER_OWED:
        raise Refused("no_order_to_correct", _("没有等着报结的上级件，单号和期限不能更正。"))
    if not given.number.strip():
        raise Refused("order_incomplete", _("上级转来的件，要写清楚单号和哪个上级转来的。"))
    if not 0 < given.days <= LONGEST:
        raise Refused("order_limit", _("上级要求的期限，请写 1 到 365 天。"))
    order, limit = _order(step), Limit(given.days, Unit.WORKING_DAYS if given.working_days else Unit.CALENDAR_DAYS)
    was = _("上级件单号 %(number)s，期限 %(limit)s") % {
        "number": order.number,
        "limit": in_words(Limit.parse(order.limit)),
    }
    changed: dict[str, Any] = {"number": given.number.strip()}
    if str(limit) != order.limit:
        before = step.clocks[DeadlineKind.OUTSIDE_ORDER]
        step.drop(DeadlineKind.OUTSIDE_ORDER)
        clock = step.start(
            DeadlineKind.OUTSIDE_ORDER, limit=limit, basis="outside_order", since=order.received_at, follows=before
        )
        assert clock is not None
        changed |= {"limit": str(limit), "due_at": clock.due_at}
        step.set(order_due_at=clock.due_at)
    step.change(order, **changed)
    step.set(outside_number=given.number.strip())
    step.notify("order_corrected", Told.LEADER)
    return was


def owed_again(step: Step) -> None:
    """Reported for an end that did not come: the exit was refused, the withdrawal taken back, and this round has no answer.

    Then the report is owed once more, by the date it always had. Handled again after it was reported: what was said
    above is true no longer, and is said anew, in as many days as the order gave, and not before the unit is done.
    """
    matter = step.matter
    ended = matter.exit or matter.status == Status.UNDER_REVIEW  # of what had ended, as long as nothing else is decided
    if matter.order_state != OrderState.REPORTED or step.row.action == Action.REPORT_BACK or ended:
        return
    if matter.round is not None and matter.round.ordinal > 1 and matter.round.opened_at == step.now:
        _report_anew(step)
        return
    asked = matter.requests.filter(kind=RequestKind.EXIT, state=RequestState.PENDING)
    answered = matter.round is not None and matter.round.replied_at is not None
    if matter.withdrawal_asked_at is not None or answered or asked.exists():
        return
    order = _order(step)
    step.change(order, state=OrderState.OWED, reported_by_id=None, reported_at=None)
    step.set(order_state=OrderState.OWED, order_due_at=order.due_at)
    step.start(DeadlineKind.OUTSIDE_ORDER, due_at=order.due_at, ordered=True, since=order.received_at)
    step.story.fact(report_owed_again=True)
    tell_that_it_is_owed(step)


def _report_anew(step: Step) -> None:
    order, unit = _order(step), step.clocks.get(DeadlineKind.COMPLETION)
    kind, rule = DeadlineKind.OUTSIDE_ORDER, {"limit": Limit.parse(order.limit), "basis": "outside_order"}
    made = deadlines.made(step.matter, step.profile, kind, step.now, **rule)  # type: ignore[arg-type]  # limit and basis
    assert made is not None
    if unit is not None and unit.due_at > made.due_at:
        clock = step.start(kind, due_at=unit.due_at, ordered=True, basis="outside_order")
    else:
        clock = step.start(kind, **rule)  # type: ignore[arg-type]  # limit and basis
    assert clock is not None
    step.change(order, state=OrderState.OWED, reported_by_id=None, reported_at=None, due_at=clock.due_at)
    step.set(order_state=OrderState.OWED, order_due_at=clock.due_at)
    step.story.fact(report_owed_again=True)
    step.notify("report_owed_anew", Told.REGISTRY, Told.DISPATCHER)


def _order(step: Step) -> OutsideOrder:
    order = step.matter.outside_order
    order.matter = step.matter
    return order


ROWS = (
    Transition(
        action=Action.OBJECT_TO_SUPERIOR,
        source=BEFORE_THE_ANSWER,
        clause="3.1.3",
        allow=outside_policies.answers_the_superior,
        when=(
            outside_guards.outside_order_open,
            outside_guards.not_objected_to_superior,
            outside_guards.within_the_orders_limit,
        ),
        do=object_to_superior,
        notify=(Told.REGISTRY, Told.LEADER),
    ),
    Transition(
        action=Action.RECORD_SUPERIOR_ANSWER,
        source=AT_WORK | {Status.PAUSED, Status.PARKED, Status.UNDER_REVIEW},
        clause="3.1.3",
        allow=outside_policies.keeps_the_order & ~outside_policies.objected_to_superior,
        when=(outside_guards.objection_open,),
        do=record_superior_answer,
        notify=(Told.REGISTRY, Told.DISPATCHER, Told.HEAD),
        resident=True,
    ),
    Transition(
        action=Action.REPORT_BACK,
        source=AT_WORK | {Status.PAUSED, Status.PARKED, Status.UNDER_REVIEW},
        clause="3.1.3",
        allow=outside_policies.answers_the_superior,
        when=(
            outside_guards.outside_order_open,
            outside_guards.no_objection_open,
            outside_guards.something_to_report,
        ),
        do=report_back,
        stop=(DeadlineKind.OUTSIDE_ORDER,),
        then=(Action.CONFIRM_SATISFIED, Action.CLOSE_UNREACHED, Action.CLOSE_UNRATED, Action.CONFIRM_WITHDRAWN),
        turns=True,
    ),
)
