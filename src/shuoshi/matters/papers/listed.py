"""Which papers a matter has by now, in the order of the procedure."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from shuoshi.matters.models import Matter
from shuoshi.matters.papers import occasions
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.vocabulary import Kind, OrderState, ResultState

OF_A_PART = frozenset(  # what its unit is told, asks for and reports; the speaker's papers are those of the whole
    {
        PaperKind.ORDER,
        PaperKind.RETURN,
        PaperKind.EXTENSION,
        PaperKind.REMINDER,
        PaperKind.SUPERVISION,
        PaperKind.HAND_OVER,
        PaperKind.REPORT,
        PaperKind.REWORK,
    }
)


def refs(matter: Matter) -> list[Ref]:
    """The numbered papers this matter has by now. Nine statements, one more each of a dispute and of letters."""
    found = _refs(matter)
    return [one for one in found if one.kind in OF_A_PART] if matter.is_part else found


def _refs(matter: Matter) -> list[Ref]:
    counts = occasions.counted(matter)
    found = [Ref(PaperKind.REGISTRATION)]
    orders = matter.assignments.order_by("ordinal").values_list("ordinal", flat=True)
    found += [Ref(PaperKind.ORDER, ordinal) for ordinal in orders]
    found += _on_the_way(counts)
    if matter.hand_overs:
        letters = matter.outside_letters.order_by("ordinal").values_list("ordinal", flat=True)
        found += [Ref(PaperKind.HAND_OVER, ordinal) for ordinal in letters]
    signed = matter.results.filter(state__in=[ResultState.SIGNED, ResultState.RETURNED], signed_at__isnull=False)
    answers = list(signed.order_by("ordinal").values_list("ordinal", "round__ordinal", "round", "state"))
    for ordinal, round_, _round, _state in answers:
        found += [Ref(PaperKind.REPLY, ordinal, round_), Ref(PaperKind.REPORT, ordinal, round_)]
    if _answers_its_order(matter, {round_ for _n, _r, round_, state in answers if state == ResultState.SIGNED}):
        found.append(Ref(PaperKind.ORDER_ANSWER, 1))
    asked = matter.rounds.filter(follow_ups__isnull=False) | matter.rounds.filter(ratings__isnull=False)
    rounds = asked.order_by("ordinal").values_list("ordinal", flat=True).distinct()
    found += [Ref(PaperKind.FOLLOW_UP, ordinal) for ordinal in rounds]
    found += _afterwards(counts)
    if matter.kind != Kind.DISPUTE:
        return found
    agreed = matter.agreements.order_by("ordinal").values_list("ordinal", flat=True)
    return found + [Ref(PaperKind.AGREEMENT, ordinal) for ordinal in agreed]


def _answers_its_order(matter: Matter, signed: set[UUID]) -> bool:
    """Whether there is something to tell the superior body: an answer that stands, or what was reported; not when it took
    the order back. `signed`: rounds with an answer that was not sent back."""
    if matter.order_state in ("", OrderState.WITHDRAWN):
        return False
    stands = matter.round is not None and matter.round.replied_at is not None and matter.round_id in signed
    return stands or matter.order_state == OrderState.REPORTED


def ref(matter: Matter, name: str) -> Ref | None:
    """The paper an address names; None where the matter has no such paper."""
    return next((one for one in refs(matter) if one.name == name), None)


def _on_the_way(counts: occasions.Counts) -> Iterator[Ref]:
    """What was asked for and ruled on while it was handled, and what those who watch over it wrote."""
    for kind, times in (
        (PaperKind.RETURN, counts.returns),
        (PaperKind.EXTENSION, counts.extensions),
        (PaperKind.PARKING, counts.parkings),
        (PaperKind.ESCALATION, counts.rises),
        (PaperKind.REMINDER, counts.reminders),
    ):
        for ordinal in range(1, times + 1):
            yield Ref(kind, ordinal)
    for ordinal in counts.supervisions:
        yield Ref(PaperKind.SUPERVISION, ordinal)


def _afterwards(counts: occasions.Counts) -> Iterator[Ref]:
    """What followed from an answer that did not satisfy."""
    for ordinal, round_ in enumerate(counts.reworks, start=1):
        yield Ref(PaperKind.REWORK, ordinal, round_)
    for ordinal in counts.reviews:
        yield Ref(PaperKind.REVIEW, ordinal)
    for ordinal in range(1, counts.exits + 1):
        yield Ref(PaperKind.EXIT, ordinal)
