"""Asking each spokesperson of a group about the reply, and what counts when they disagree (4.4.1, 4.4.2).

Any valid word of dissatisfaction opens rework at once. It ends as satisfied only when everybody who still speaks for the
group said so themselves, of this very reply: who was satisfied with the one before is asked about the new one.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions import seats
from shuoshi.matters.models import Rating, Spokesperson
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import DeadlineKind, Heard, Satisfaction, Solved, Status

ANSWERED = frozenset({Heard.SATISFIED, Heard.DISSATISFIED})
ASKED_NO_MORE = ANSWERED | {Heard.DECLINED}


def whose_part(step: Step, chosen: UUID | None) -> Spokesperson | None:
    """Of whom a step is: whoever holds the code, else whom the registry chose; None where nobody speaks for others.

    Raises Refused where it must be said of whom, or they speak no longer.
    """
    if not step.matter.is_group:
        return None
    part = step.actor.part or chosen
    if part is None:
        raise Refused("which_spokesperson", _("请选是哪一位代表。"))
    found = seats.of(step.matter, part)
    if found is None:
        raise Refused("no_such_spokesperson", _("没有这位代表，或者他已经撤回，不再是代表。"))
    return found


def to_be_asked(step: Step, chosen: UUID | None) -> Spokesperson | None:
    """The one who is called now; nobody is asked again who answered, or would not say."""
    found = whose_part(step, chosen)
    if found is not None and found.heard in ASKED_NO_MORE:
        raise Refused("asked_before", _("这一位已经问过了，不再打扰；他自己还可以评价。"))
    return found


def ask_everybody(step: Step) -> None:
    """A reply went out, or is asked about once more: everybody owes a word on it."""
    if not step.matter.is_group:
        return
    held = seats.seated(step.matter)
    for row in held:
        if row.heard != Heard.OWED or row.attempts:
            step.change(row, heard=Heard.OWED, attempts=0)
    step.set(answers_owed=len(held))


def heard(step: Step, row: Spokesperson, what: Heard) -> None:
    """What one of them said, or that they were not reached; and what follows for the clocks."""
    step.change(row, heard=what)
    weigh(step)


def weigh(step: Step) -> None:
    """Whether anybody is left to be asked, and whether everybody is content."""
    held = seats.seated(step.matter)
    said = [Heard(row.heard) for row in held]
    step.set(answers_owed=sum(one != Heard.SATISFIED for one in said))
    if step.matter.status != Status.IN_FOLLOW_UP or Heard.OWED in said:
        return
    step.settle(DeadlineKind.FOLLOW_UP)
    if all(one in ANSWERED for one in said):
        step.drop(DeadlineKind.RATING)
    step.set(attempts_used_up=Heard.UNREACHED in said and Heard.DECLINED not in said)


def word_of(rating: Rating) -> Heard:
    """Satisfied as the table means it: result 3 or better, not unsolved, no rest that is still wanted."""
    wanted = rating.solved == Solved.PARTLY and bool(rating.rest_wanted)
    content = rating.result >= Satisfaction.FAIR and rating.solved != Solved.NO and not wanted
    return Heard.SATISFIED if content else Heard.DISSATISFIED


def last_word(step: Step) -> Rating | None:
    """Of this reply the word that decides what becomes of it: of a group one that was not content, where there is one."""
    assert step.matter.round is not None and step.matter.round.replied_at is not None
    said = list(step.matter.ratings.filter(at__gte=step.matter.round.replied_at).order_by("-at", "-id"))
    if step.matter.is_group:
        unhappy = set(step.matter.spokespersons.filter(heard=Heard.DISSATISFIED).values_list("pk", flat=True))
        said.sort(key=lambda one: one.spokesperson_id not in unhappy)  # stable: the latest of them first
    for rating in said[:1]:
        rating.matter = step.matter
        return rating
    return None


def key_of(part: UUID) -> str:
    """The clock of a withdrawal that ends one person's part."""
    return f"{DeadlineKind.WITHDRAWAL}:{part.hex}"


def leaving(clocks: Collection[str]) -> list[str]:
    """The clocks of all parts that are about to end: whatever becomes of the round, who withdrew withdraws."""
    return [key for key in clocks if key.startswith(f"{DeadlineKind.WITHDRAWAL}:")]
