"""Led: a leader takes a matter on, writes on it, or confers with several units; the unit gives it back no more (7.1).

Who leads the handling is involved from then on: an end is ruled on by somebody else (1.3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import stopped
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.models import Deadline, Instruction, Matter
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    GIVEN,
    Action,
    Audience,
    Bond,
    DeadlineKind,
    RequestKind,
    Status,
)

_L = gettext_lazy
FARTHEST = timedelta(days=60)


@guard(_L("这件事已经由您包案。"))
def not_sponsored_by_me(case: Case) -> bool:
    return DeadlineKind.SPONSOR not in case.clocks or case.matter.sponsor_id != case.actor.whose


@guard(_L("退单还没有裁定，先裁定。"))
def return_ruled_on(case: Case) -> bool:
    """Nobody settles by the way whether a unit has to keep it."""
    return RequestKind.RETURN not in case.standing.pending


@guard(_L("没有等着报告的批示。"), hides=True)
def instruction_open(case: Case) -> bool:
    return any(clock.kind == DeadlineKind.INSTRUCTION for clock in case.clocks.values())


def sponsor(step: Step, given: terms.Sponsor) -> None:
    """A leader sees it through; whoever did so before hands it on by that."""
    due = _day(step, given.until)
    step.drop(DeadlineKind.SPONSOR)
    step.set(sponsor_id=step.actor.person_id)
    step.involve(step.actor.person_id, Bond.LED)
    step.start(DeadlineKind.SPONSOR, due_at=due, ordered=True)
    step.say(Audience.PUBLIC)
    step.say(Audience.INTERNAL, given.text, until=given.until.isoformat())
    step.notify("sponsored", Told.HANDLER, Told.HEAD, Told.DISPATCHER)


def review_sponsored(step: Step, given: terms.ReviewSponsored) -> None:
    """How far it got, and when the sponsor looks again."""
    due = _day(step, given.until)
    step.start(DeadlineKind.SPONSOR, due_at=due, ordered=True)
    step.say(Audience.INTERNAL, given.text, until=given.until.isoformat())


def instruct(step: Step, given: terms.Instruct) -> None:
    """The task and the day of its answer; what a leader gave to a unit it does not give back (4.2.2)."""
    matter = step.matter
    due = _day(step, given.until)
    assert matter.lead_unit is not None and matter.assignment is not None and matter.round is not None
    last = matter.instructions.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    step.add(
        Instruction(
            matter=matter,
            round=matter.round,
            ordinal=last + 1,
            unit=matter.lead_unit,
            given_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            given_at=step.now,
            text=given.text,
            due_at=due,
        )
    )
    step.change(matter.assignment, binding=True)
    step.involve(step.actor.person_id, Bond.LED)
    step.start(DeadlineKind.INSTRUCTION, about=str(last + 1), due_at=due, ordered=True)
    step.say(Audience.PUBLIC)
    step.say(Audience.INTERNAL, given.text, until=given.until.isoformat())
    step.notify("instructed", Told.HANDLER, Told.HEAD)


def answer_instruction(step: Step, given: terms.AnswerInstruction) -> None:
    """Of several the one whose answer is due first."""
    order = waiting(step.matter, step.clocks.values())[0]
    order.matter = step.matter
    step.change(order, answered_by_id=step.actor.person_id, answered_at=step.now, answer=given.text)
    step.settle(f"{DeadlineKind.INSTRUCTION}:{order.ordinal}")
    step.say(Audience.INTERNAL, given.text)
    step.notify("instruction_answered", Told.LEADER, Told.SPONSOR)


def waiting(matter: Matter, clocks: Iterable[Deadline]) -> list[Instruction]:
    """The instructions whose answer is owed, by the running clocks, the next due first; one statement."""
    owed = [clock.about for clock in clocks if clock.kind == DeadlineKind.INSTRUCTION]
    rows = matter.instructions.filter(ordinal__in=owed, answered_at__isnull=True).select_related("given_by")
    return list(rows.order_by("due_at", "ordinal"))


def confer(step: Step, given: terms.Confer) -> None:
    """Several units settled together who does what: whoever has it, or gets it, keeps it."""
    there = [at_hand.unit_for(step, pk) for pk in dict.fromkeys(given.units)]
    lead = step.matter.lead_unit
    if lead is not None and lead.pk not in given.units:
        raise Refused("lead_confers", _("主办单位%(unit)s要参加会商。") % {"unit": lead.short_name})
    if step.matter.assignment is not None:
        step.change(step.matter.assignment, binding=True)
    step.set(conferred_at=step.now)
    step.involve(step.actor.person_id, Bond.LED)
    step.say(Audience.PUBLIC)
    names = _("、").join(unit.short_name for unit in there)
    step.say(Audience.INTERNAL, given.text, unit=names)
    step.notify("conferred", Told.HANDLER, Told.HEAD, Told.DISPATCHER)


def let_go(step: Step) -> None:
    """The unit has the matter no longer, or has answered it: what was written to it has no subject any more."""
    for key in step.running(DeadlineKind.INSTRUCTION):
        step.drop(key)


def _day(step: Step, until: date) -> datetime:
    today = local(step.now).date()
    if not today < until <= today + FARTHEST:
        raise Refused("day_out_of_reach", _("日期最早明天，最晚六十天以内。"))
    return stopped.closing(step, until)


ROWS = (
    Transition(
        action=Action.SPONSOR,
        source=AT_WORK,
        clause="7.1",
        allow=policies.leads_it & ~policies.their_own_work,
        when=(not_sponsored_by_me,),
        do=sponsor,
        start=(DeadlineKind.SPONSOR,),
        notify=(Told.HANDLER, Told.HEAD, Told.DISPATCHER),
        resident=True,
    ),
    Transition(
        action=Action.REVIEW_SPONSORED,
        source=AT_WORK | {Status.UNDER_REVIEW},
        clause="7.1",
        allow=policies.sponsor,
        do=review_sponsored,
        start=(DeadlineKind.SPONSOR,),
        stop=(DeadlineKind.SPONSOR,),
    ),
    Transition(
        action=Action.INSTRUCT,
        source=GIVEN,
        clause="7.1",
        allow=policies.leads_it & ~policies.their_own_work,
        when=(return_ruled_on,),
        do=instruct,
        start=(DeadlineKind.INSTRUCTION,),
        notify=(Told.HANDLER, Told.HEAD),
        resident=True,
        turns=True,
        of_part=True,
    ),
    Transition(
        action=Action.ANSWER_INSTRUCTION,
        source=GIVEN,
        clause="7.1",
        allow=policies.head | policies.handler,
        when=(instruction_open,),
        do=answer_instruction,
        notify=(Told.LEADER, Told.SPONSOR),
        of_part=True,
    ),
    Transition(
        action=Action.CONFER,
        source=GIVEN | {Status.ACCEPTED},
        clause="4.2.2",
        allow=policies.dispatcher | policies.leads_it,
        when=(return_ruled_on,),
        do=confer,
        notify=(Told.HANDLER, Told.HEAD, Told.DISPATCHER),
        resident=True,
        turns=True,
    ),
)
