"""What a divided matter and its parts send each other: rows of the other that follow by rule. The rows are in `parts`.

The whole is what the speaker knows: one number, one code, one page, one call. A part is what a unit works on.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.answering import answered_by, answering, divided
from shuoshi.matters.models import Demand, Matter, Result
from shuoshi.matters.step import Step
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.transition import Told
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    DeadlineKind,
    ExcludedBecause,
    ResultState,
    Shared,
    Status,
    TakenUp,
)

WORKED_ON = frozenset({Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING})
HEARS = frozenset({Status.DIVIDED, Status.IN_FOLLOW_UP, Status.UNDER_REVIEW})  # a whole of who is kept from a part


def wanted(matter: Matter) -> list[Demand]:
    """What is still asked for, in its order."""
    found = list(matter.demands.filter(dropped=False, settled=False).order_by("ordinal"))
    for demand in found:
        demand.matter = matter
    return found


# ── from a part to the whole ───────────────────────────────────────────────────────────────────────────────────────


def answered(step: Step, result: Result) -> None:
    """A part is over with the signature of its head; with the last of them the whole is answered."""
    part = step.matter
    assert part.part_of is not None and part.lead_unit is not None
    step.move(Status.PART_OVER)
    step.say(Audience.INTERNAL, result.reply, result=result.ordinal, duty_overlap=result.duty_overlap)
    if part.part_of.parts_open == 1:
        step.send(part.part_of.pk, terms.GatherParts(part=part.part))
    else:
        unit = part.lead_unit.short_name
        step.send(part.part_of.pk, terms.TellWhole(what=Shared.ANSWERED, part=part.part, unit=unit))


def moved_later(step: Step) -> None:
    """A part was given more time; where that is later than what the speaker was promised, the promise moves with it."""
    part, limit = step.matter, step.clocks.get(DeadlineKind.COMPLETION)
    if part.part_of is None or limit is None or part.part_of.promised_by is None:
        return
    if limit.due_at > part.part_of.promised_by:
        until = limit.due_at.isoformat()
        step.send(part.part_of.pk, terms.TellWhole(what=Shared.LATER, part=part.part, until=until))


# ── from the whole to its parts ────────────────────────────────────────────────────────────────────────────────────


def pass_on(step: Step, what: Shared, text: str = "", *, files: tuple[FileGiven, ...] = ()) -> bool:
    """To whoever handles each part that is worked on; False where the matter is not divided."""
    if step.matter.status != Status.DIVIDED:
        return False
    for pk in _open(step.matter):
        step.send(pk, terms.TellPart(what=what, text=text, files=files))
    return True


def end_with_the_whole(step: Step) -> None:
    """It ends without a reply: what is still worked on ends with it."""
    if step.came_from != Status.DIVIDED:
        return
    for pk in _open(step.matter):
        step.send(pk, terms.EndPart())
    step.set(parts_open=0)


def keep_from_all_of_it(step: Step, why: ExcludedBecause, people: Iterable[UUID], units: Iterable[UUID]) -> None:
    """Who is kept from the whole or a part is kept from all the others: division is no way around it (5.3)."""
    matter = step.matter
    if step.row.action == Action.TELL_PART:
        return  # heard of it from the whole
    kept = terms.Kept(why=why, people=tuple(sorted(people, key=str)), units=tuple(units))
    if matter.part_of_id is not None:
        if matter.part_of is not None and matter.part_of.status in HEARS:
            step.send(matter.part_of_id, terms.TellWhole(what=Shared.KEPT, part=matter.part, kept=kept))
    elif divided(matter):
        for pk in matter.parts.order_by("part").values_list("pk", flat=True):
            step.send(pk, terms.TellPart(what=Shared.KEPT, kept=kept))


def return_reports(step: Step, parts: Iterable[int], reason: str) -> None:
    """These parts lie again with whoever handled them; the reply of the whole waits for them."""
    chosen = set(parts)
    answers = {part.part: part.pk for part in answering(step.matter)}
    if not chosen or chosen - set(answers):
        raise Refused("parts_missing", _("请选退回哪几个分项的报告。"))
    step.move(Status.DIVIDED)
    step.set(parts_open=len(chosen))
    for part in sorted(chosen):
        step.send(answers[part], terms.TakeUpPart(because=TakenUp.RETURNED, text=reason))


def rework(step: Step, words: str) -> None:
    """The parts whose demands are not settled are worked on once more, by the units that answered them (4.4.2)."""
    still = {demand.ordinal for demand in wanted(step.matter)}
    asked: dict[UUID, set[int]] = {}
    for ordinal, part in answered_by(step.matter).items():
        asked.setdefault(part.pk, set()).add(ordinal)
    again = {pk: ordinals - still for pk, ordinals in asked.items() if ordinals & still}
    step.move(Status.DIVIDED)
    step.set(parts_open=len(again))
    step.notify("rework", Told.REGISTRY)
    for pk, settled in again.items():
        given = terms.TakeUpPart(because=TakenUp.REWORK, text=words, settled=tuple(sorted(settled)))
        step.send(pk, given)


def last_result(part: Matter) -> Result:
    """The signed one that stands. Raises Refused where there is none yet."""
    result = part.results.filter(state=ResultState.SIGNED).order_by("-ordinal").first()
    if result is None:
        raise Refused("part_not_answered", _("还有分项没有答复。"))
    result.matter = part
    return result


def _open(matter: Matter) -> list[UUID]:
    return list(matter.parts.filter(status__in=WORKED_ON).order_by("part").values_list("pk", flat=True))
