"""Units that help: each with a task, a date and an opinion of its own, without which the lead answers only with a reason.

Whoever gives an opinion is involved from then on (4.2.2, 1.3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import guards, notices, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import stopped
from shuoshi.matters.case import HANDLING, Case, headed, opinions_owed, units
from shuoshi.matters.guards import guard
from shuoshi.matters.models import CoUnit, Matter
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import GIVEN, Action, Audience, Bond, DeadlineKind, Status
from shuoshi.organization.models import Unit

_L = gettext_lazy


@guard(_L("没有等着答复的协办。"), hides=True)
def opinion_owed(case: Case) -> bool:
    return bool(opinions_owed(case))


@guard(_L("没有在走的办理期限，不能再请别的单位协办。"))
def work_has_a_limit(case: Case) -> bool:
    """An opinion is wanted before the lead answers; what is over is answered without."""
    clock = case.clocks.get(DeadlineKind.COMPLETION)
    return clock is not None and case.now < clock.due_at


def add_co_unit(step: Step, given: terms.AddCoUnit) -> None:
    """What is wanted of it, until when: no later than the lead's own limit."""
    matter = step.matter
    unit = at_hand.unit_for(step, given.unit)
    if unit.pk == matter.lead_unit_id:
        raise Refused("lead_helps_itself", _("主办单位不能请自己协办。"))
    if not at_hand.handling_for(step, unit):
        raise Refused("nobody_in_unit", _("%(unit)s现在没有能承办这件事的人。") % {"unit": unit.short_name})
    known = matter.co_units.filter(assignment=matter.assignment, unit=unit).first()
    running = f"{DeadlineKind.CO_OPINION}:{unit.pk.hex}" in step.clocks
    if running or (known is not None and known.answered_at is not None):
        raise Refused("asked_to_help_before", _("已经请过%(unit)s协办了。") % {"unit": unit.short_name})
    due = stopped.closing(step, given.until)
    last = step.clocks[DeadlineKind.COMPLETION].due_at
    if not step.now < due <= last:
        raise Refused("opinion_too_late", _("协办的期限要晚于现在，最晚到%(day)s。") % {"day": day(last)})
    columns = {"task": given.task, "asked_by_id": step.actor.person_id, "asked_at": step.now, "due_at": due}
    if known is None:
        step.add(CoUnit(matter=matter, assignment=matter.assignment, unit=unit, **columns))
    else:
        known.matter = matter
        step.change(known, **columns)
    step.start(DeadlineKind.CO_OPINION, about=unit.pk.hex, due_at=due, ordered=True)
    step.say(Audience.INTERNAL, given.task, unit=unit.short_name, until=given.until.isoformat())
    step.queue(notices.to_unit(matter, step.now, "help_asked", unit.pk))


def give_co_opinion(step: Step, given: terms.GiveCoOpinion) -> None:
    """In the name of the unit that was asked; of several the one this person stands in first."""
    mine = units(step.actor, HANDLING) | headed(step.actor)
    row = asked(step.matter, opinions_owed(step.case) & mine)[0]
    row.matter = step.matter
    step.change(row, answered_by_id=step.actor.person_id, answered_at=step.now, opinion=given.text)
    step.settle(f"{DeadlineKind.CO_OPINION}:{row.unit_id.hex}")
    step.involve(step.actor.person_id, Bond.HELPED)
    step.say(Audience.INTERNAL, given.text, files_given=given.files, unit=row.unit.short_name)
    step.notify("help_given", Told.HANDLER, Told.HEAD)


def asked(matter: Matter, owing: Iterable[UUID]) -> list[CoUnit]:
    """The rows of units that owe an opinion, the next due first; one statement."""
    rows = matter.co_units.filter(assignment=matter.assignment, unit__in=list(owing), answered_at__isnull=True)
    return list(rows.select_related("unit").order_by("due_at", "pk"))


def owing(step: Step) -> frozenset[UUID]:
    """The units whose opinions are still waited for in this step."""
    return opinions_owed(replace(step.case, clocks=step.clocks))


def owe_no_more(step: Step) -> None:
    """A unit that the matter is kept from now, or that has nobody left for it, owes nothing, and was not late."""
    for unit in Unit.objects.in_bulk(owing(step)).values():
        key = f"{DeadlineKind.CO_OPINION}:{unit.pk.hex}"
        closed = any(unit.path.startswith(path) for path in step.case.standing.excluded_units)
        if closed or not at_hand.handling_for(step, unit):
            clock = step.clocks.pop(key)
            step.change(clock, outcome=Outcome.VOID, settled_at=step.now, next_look_at=None)


def let_go(step: Step) -> None:
    """The assignment is over: what was not answered is owed no more, and what was late stays missed."""
    for key in step.running(DeadlineKind.CO_OPINION):
        step.drop(key)


ROWS = (
    Transition(
        action=Action.ADD_CO_UNIT,
        source=frozenset({Status.IN_HANDLING}),
        clause="4.2.2",
        allow=policies.handler | policies.head | policies.dispatcher,
        when=(work_has_a_limit, guards.no_result_waiting),
        do=add_co_unit,
        start=(DeadlineKind.CO_OPINION,),
        of_part=True,
    ),
    Transition(
        action=Action.GIVE_CO_OPINION,
        source=GIVEN,
        clause="4.2.2",
        allow=policies.asked_to_help,
        when=(opinion_owed,),
        do=give_co_opinion,
        notify=(Told.HANDLER, Told.HEAD),
        of_part=True,
    ),
)
