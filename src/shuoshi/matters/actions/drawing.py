"""Ends that nobody decides are looked at by a third person: which ones, nobody foresees, and who (1.3.1, separation d).

Every such end is counted for the unit that had it. A lot falls on a share of them; besides, of so many ends of a unit at
least one is drawn, so that an office with few is looked at as well. Whoever had anything to do with the matter is not asked.
"""

from __future__ import annotations

from shuoshi.matters import lots
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.models import Involvement, Sample
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told
from shuoshi.matters.vocabulary import Bond, DeadlineKind, Drawn, Exit, FollowUpBy, Naming, Status
from shuoshi.organization.models import Unit

STRANGER_STILL = (Bond.CALLED, Bond.SAMPLED)  # these do not make somebody one who knows the matter


def draw(step: Step) -> None:
    """Count the end this step brought, and say whether it is looked at; nothing for any other step.

    Not of a drill nor of somebody without a name, who cannot be asked; nor while an earlier end still waits to be.
    """
    matter = step.matter
    if matter.status != Status.CLOSED or step.came_from == Status.CLOSED or matter.exit not in step.profile.sampling.of:
        return
    if matter.drill or matter.naming == Naming.ANONYMOUS or DeadlineKind.SAMPLE in step.clocks:
        return
    unit = matter.lead_unit or matter.registry
    place = _last(unit) + 1
    drawn = _drawn(step, unit, place)
    by, path = _who_asks(step) if drawn else ("", "")
    step.add(
        Sample(
            matter=matter,
            round=matter.round,
            unit=unit,
            place=place,
            exit=Exit(matter.exit),
            at=step.now,
            drawn=drawn,
            asked_by=by,
        )
    )
    if path:
        step.set(sample_by=by, sample_path=path)
        step.start(DeadlineKind.SAMPLE)
        step.notify("to_sample", Told.SAMPLER)


def who_asks(step: Step) -> tuple[FollowUpBy, str, str]:
    """As after a reply, but nobody who registered it, called before, or wrote the withdrawal down."""
    known = Involvement.objects.filter(matter=step.matter).exclude(bond__in=STRANGER_STILL)
    return at_hand.follow_up_by(step, set(known.values_list("person_id", flat=True)))


def _who_asks(step: Step) -> tuple[str, str]:
    step.look_again()
    by, path, why = who_asks(step)
    if by == FollowUpBy.SPEAKER:
        step.fall_back("sampled_by_nobody", why)
    return by, path


def _last(unit: Unit) -> int:
    found = Sample.objects.filter(unit=unit).order_by("-place").values_list("place", flat=True).first()
    return found or 0


def _drawn(step: Step, unit: Unit, place: int) -> Drawn:
    rules, matter = step.profile.sampling, step.matter
    assert matter.round is not None
    if lots.falls_on(matter.id, matter.round.ordinal, rules.share):
        return Drawn.SHARE
    before, turn = lots.reached(unit.pk, place, rules.one_in)
    if not turn:
        return Drawn.NOT
    lot = Sample.objects.filter(unit=unit, place__gte=place - before).exclude(drawn=Drawn.NOT)
    return Drawn.NOT if lot.exists() else Drawn.TURN
