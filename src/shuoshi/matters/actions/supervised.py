"""Urged, and supervised: whoever watches over the work asks, whoever heads the unit answers (6.1.1)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.calendar import Limit, Unit
from shuoshi.kernel.clock import local
from shuoshi.matters import policies, terms
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard, long_overdue
from shuoshi.matters.models import Supervision
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import GIVEN, Action, Audience, DeadlineKind


@guard(_("今天已经催过了，明天再催。"))
def not_reminded_today(case: Case) -> bool:
    last = case.matter.reminded_at
    return last is None or local(last).date() < local(case.now).date()


@guard(_("已经有一份督办等着答复。"))
def no_order_open(case: Case) -> bool:
    return DeadlineKind.SUPERVISION not in case.clocks


@guard(_("没有等着答复的督办。"), hides=True)
def order_open(case: Case) -> bool:
    return DeadlineKind.SUPERVISION in case.clocks


@guard(_("只有超期较久、或者这件事上红牌多了才自动督办。"))
def by_hand_or_by_rule(case: Case) -> bool:
    if case.actor.kind is not ActorKind.SYSTEM or long_overdue(case):
        return True
    assigned, rules = case.matter.assignment, case.profile
    return assigned is not None and rules is not None and assigned.reds >= rules.cards.order_reds


def remind(step: Step, given: terms.Remind) -> None:
    """A word to handler and head; counted in the timeline, no clock moves."""
    step.set(reminded_at=step.now)
    step.say(Audience.INTERNAL, given.text)
    step.notify("reminded", Told.HANDLER, Told.HEAD)


def order_supervision(step: Step, given: object) -> None:
    """By hand, with what is wanted; by rule when it is overdue for long or late again (6.1.1)."""
    matter, asked = step.matter, given if isinstance(given, terms.OrderSupervision) else None
    limit = Limit(asked.days, Unit.WORKING_DAYS) if asked is not None and asked.days else None
    running = step.start(DeadlineKind.SUPERVISION, limit=limit)
    assert running is not None and matter.lead_unit is not None  # every version of the rules has this limit
    last = matter.supervisions.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    step.add(
        Supervision(
            matter=matter,
            round=matter.round,
            ordinal=last + 1,
            unit=matter.lead_unit,
            ordered_by_id=step.actor.person_id if asked is not None else None,
            ordered_at=step.now,
            text=asked.text if asked is not None else "",
            due_at=running.due_at,
        )
    )
    step.set(supervised=True)
    step.say(Audience.INTERNAL, asked.text if asked is not None else "", supervision=last + 1)
    step.notify("supervised", Told.HEAD, Told.HANDLER, Told.LEADER)


def answer_supervision(step: Step, given: terms.AnswerSupervision) -> None:
    """What became of it, why it is late, until when it is done."""
    order = step.matter.supervisions.filter(answered_at__isnull=True).latest("ordinal")
    order.matter = step.matter
    step.change(order, answered_by_id=step.actor.person_id, answered_at=step.now, answer=given.text)
    step.set(supervised=False)
    step.say(Audience.INTERNAL, given.text, supervision=order.ordinal)
    step.notify("supervision_answered", Told.DISPATCHER, Told.LEADER)


def let_go(step: Step) -> None:
    """The unit has the matter no longer, or has answered it: what it was ordered has no subject any more."""
    if step.matter.supervised:
        step.drop(DeadlineKind.SUPERVISION)
        step.set(supervised=False)


ROWS = (
    Transition(
        action=Action.REMIND,
        source=GIVEN,
        clause="6.1.1",
        allow=policies.supervises & ~policies.their_own_work,
        when=(not_reminded_today,),
        do=remind,
        notify=(Told.HANDLER, Told.HEAD),
        of_part=True,
    ),
    Transition(
        action=Action.ORDER_SUPERVISION,
        source=GIVEN,
        clause="6.1.1",
        allow=(policies.orders | policies.system) & ~policies.their_own_work,
        when=(no_order_open, by_hand_or_by_rule),
        do=order_supervision,
        start=(DeadlineKind.SUPERVISION,),
        notify=(Told.HEAD, Told.HANDLER, Told.LEADER),
        of_part=True,
    ),
    Transition(
        action=Action.ANSWER_SUPERVISION,
        source=GIVEN,
        clause="6.1.1",
        allow=policies.head | policies.handler,
        when=(order_open,),
        do=answer_supervision,
        stop=(DeadlineKind.SUPERVISION,),
        notify=(Told.DISPATCHER, Told.LEADER),
        of_part=True,
    ),
)
