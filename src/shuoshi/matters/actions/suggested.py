"""Suggestions: adopted, in part or not, each with its reason; and carried out by the day that was named (2.2.3)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from shuoshi.kernel.clock import INSTITUTION_ZONE, local
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, kind_guards, policies, terms
from shuoshi.matters.actions.performance import EVER_SINCE
from shuoshi.matters.models import Adoption
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, Adopted, Audience, DeadlineKind, Outcome, Status

IN_HAND = frozenset({Status.IN_HANDLING})
END_OF_DAY = time(17, 30)
FARTHEST = timedelta(days=365)
DONE = frozenset({Outcome.SOLVED, Outcome.PARTLY})


def adopt(step: Step, given: terms.Adopt) -> None:
    """What will be done and by when; whoever said it is thanked, and the day is watched, closed or not."""
    due = _day(step, given.until, today=True)
    row = _decide(step, given.extent, given.text, given.because, due)
    step.start(DeadlineKind.CARRIED_OUT, about=str(row.ordinal), due_at=due, ordered=True)
    words = "\n".join(part for part in (given.text, given.because) if part.strip())
    step.say(Audience.PUBLIC, words, extent=str(given.extent), until=given.until.isoformat())
    step.notify("suggestion_decided", Told.HEAD)


def decline_suggestion(step: Step, given: terms.DeclineSuggestion) -> None:
    """Not adopted, and why. Who is not content has it looked at once more by another person (4.4.2)."""
    _decide(step, Adopted.NOT, "", given.because, None)
    step.say(Audience.PUBLIC, given.because, extent=str(Adopted.NOT))
    step.notify("suggestion_decided", Told.HEAD)


def _decide(step: Step, extent: Adopted, text: str, because: str, due: datetime | None) -> Adoption:
    matter = step.matter
    assert matter.lead_unit is not None
    last = matter.adoptions.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    step.set(adoption=extent)
    return step.add(
        Adoption(
            matter=matter,
            round=matter.round,
            ordinal=last + 1,
            extent=extent,
            text=text,
            because=because,
            unit=matter.lead_unit,
            decided_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            decided_at=step.now,
            due_at=due,
        )
    )


def confirm_carried_out(step: Step, given: terms.ConfirmCarriedOut) -> None:
    """Done, with what shows it. Not done: the day that was promised is missed, and stays so; the next one is watched."""
    key = next(key for key, clock in step.clocks.items() if clock.kind == DeadlineKind.CARRIED_OUT)
    row = step.matter.adoptions.get(ordinal=int(step.clocks[key].about))
    row.matter = step.matter
    if given.done:
        step.change(row, carried_out_at=step.now, confirmed_by_id=step.actor.person_id)
        step.settle(key)
    else:
        assert given.until is not None
        due = _day(step, given.until)
        step.miss(key)
        step.change(row, due_at=due)
        step.start(DeadlineKind.CARRIED_OUT, about=str(row.ordinal), due_at=due, ordered=True)
    until = given.until.isoformat() if given.until and not given.done else None
    step.say(Audience.PUBLIC, given.text, files_given=given.files, carried_out=given.done, until=until)


def fits_the_decision(step: Step, given: terms.PrepareResult) -> None:
    """An answer says nothing else than what was decided: nothing done of what was declined, something of the rest."""
    if not step.matter.adoption:
        return
    done = any(point.outcome in DONE for point in given.points)
    if done == (step.matter.adoption == Adopted.NOT):
        label = Adopted(step.matter.adoption).label
        raise Refused("not_as_decided", _("这条建议定的是“%(what)s”，逐条的结果要和它一致。") % {"what": label})


def _day(step: Step, until: date, *, today: bool = False) -> datetime:
    now = local(step.now).date()
    due = datetime.combine(until, END_OF_DAY, INSTITUTION_ZONE)
    first = now if today and step.now < due else now + timedelta(days=1)
    if not first <= until <= now + FARTHEST:
        raise Refused("carried_out_of_reach", _("落实的日期不能已经过去，最晚一年以内。"))
    return due


ROWS = (
    Transition(
        action=Action.ADOPT,
        source=IN_HAND,
        clause="2.2.3",
        allow=policies.handler | policies.head,
        when=(kind_guards.a_suggestion, kind_guards.not_decided_yet, guards.no_result_waiting),
        do=adopt,
        start=(DeadlineKind.CARRIED_OUT,),
        notify=(Told.HEAD,),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.DECLINE_SUGGESTION,
        source=IN_HAND,
        clause="2.2.3",
        allow=policies.handler | policies.head,
        when=(kind_guards.a_suggestion, kind_guards.not_decided_yet, guards.no_result_waiting),
        do=decline_suggestion,
        notify=(Told.HEAD,),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.CONFIRM_CARRIED_OUT,
        source=EVER_SINCE,
        clause="2.2.3",
        allow=policies.handler | policies.head,
        when=(kind_guards.carrying_out,),
        do=confirm_carried_out,
        start=(DeadlineKind.CARRIED_OUT,),
        resident=True,
    ),
)
