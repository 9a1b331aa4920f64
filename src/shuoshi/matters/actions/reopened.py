"""Once more: what was not accepted is looked at by somebody else, what ended is raised again (1.3.1, 4.4.2)."""

from __future__ import annotations

from uuid import UUID

from shuoshi.matters import again_guards, group_guards, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.keeping_away import lay_at, take_up_again
from shuoshi.matters.models import Round
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, RoundBecause, Status
from shuoshi.organization.roles import Role

ACCEPTING = (Role.REGISTRAR, Role.DISPATCHER)


def object_to_screening(step: Step, given: terms.ObjectToScreening) -> None:
    """Why it should be accepted all the same; somebody else decides, once."""
    assert step.matter.round is not None
    step.change(step.matter.round, ended_at=None)
    step.set(objected_at=step.now)
    _somebody_else_looks(step)
    step.start(DeadlineKind.ACCEPT)
    step.say(Audience.PUBLIC, given.text, files_given=given.files)
    step.notify("objected", Told.REGISTRY, Told.LEADER)


def _somebody_else_looks(step: Step) -> None:
    """Of this tier's registry, else of the one above; where there is nobody at all, the same person, and it is told."""
    screened = step.matter.screened_by_id or _who_screened(step)
    step.set(screened_by_id=screened)
    not_again = at_hand.kept_away(step) | {pk for pk in [screened] if pk}
    for tier in at_hand.upwards(step.matter.tier_path):
        if at_hand.serving(step, ACCEPTING, tier) - not_again:
            if tier != step.matter.tier_path:
                lay_at(step, tier)
                step.fall_back("tier_above", "nobody_else_to_accept")
            return
    step.set(screened_by_id=None)
    step.fall_back("accepts_again", "nobody_else_to_accept")


def _who_screened(step: Step) -> UUID | None:
    """Of a matter that an earlier release screened out, as the timeline says."""
    said = step.matter.entries.filter(action=Action.SCREEN_OUT).order_by("-at", "-id")
    return said.values_list("person_id", flat=True).first()


def reopen(step: Step, given: terms.Reopen) -> None:
    """Not solved after all, or back again, or new facts: a round with dates of its own, from this day on."""
    begin_anew(step, RoundBecause.REOPENED, given.text)
    assert step.matter.round is not None
    step.say(Audience.PUBLIC, given.text, files_given=given.files, round=step.matter.round.ordinal)
    step.notify("reopened", Told.DISPATCHER, Told.REGISTRY)


def begin_anew(step: Step, because: RoundBecause, words: str) -> None:
    """Back to whoever assigns, or to be accepted first: what never was, and what was reviewed to the end (4.4.2)."""
    matter = step.matter
    last = matter.rounds.order_by("-ordinal").values_list("ordinal", flat=True)[0]
    matter.round = step.add(
        Round(
            matter=matter,
            ordinal=last + 1,
            because=because,
            tier_path=matter.tier_path,
            opened_at=step.now,
            words=words,
        )
    )
    known = bool(matter.kind and matter.title)  # who withdrew at once was never accepted
    known = known and (matter.finally_reviewed_at is None or because != RoundBecause.REOPENED)
    step.set(
        round=matter.round,
        reopened_at=step.now,
        assignment=None,
        lead_unit=None,
        handler_id=None,
        exit="",
        closed_at=None,
        reconsidered_until=None,
        reopen_until=None,
        review_until=None,
        reviews_asked=0,
        screened_by_id=None,
        objected_at=None,
        withdrawal_asked_at=None,
        follow_up_by="",
        follow_up_path="",
        rework_at_tier=0,
        promised_by=None,
        mediation="",
        mediator_id=None,
        adoption="",
        tier_above_path=at_hand.tier_above(step),
    )
    for demand in matter.demands.filter(dropped=False, settled=True):
        demand.matter = matter
        step.change(demand, settled=False)
    step.move(Status.ACCEPTED if known else Status.REGISTERED)
    step.start(DeadlineKind.ASSIGN if known else DeadlineKind.ACCEPT)
    take_up_again(step)


ROWS = (
    Transition(
        action=Action.OBJECT_TO_SCREENING,
        source=frozenset({Status.SCREENED_OUT}),
        target=Status.REGISTERED,
        clause="1.3.1",
        allow=policies.speaker,
        when=(again_guards.not_objected_yet,),
        do=object_to_screening,
        start=(DeadlineKind.ACCEPT,),
        notify=(Told.REGISTRY, Told.LEADER),
        resident=True,
    ),
    Transition(
        action=Action.REOPEN,
        source=frozenset({Status.CLOSED}),
        also=frozenset({Status.ACCEPTED, Status.REGISTERED}),
        clause="4.4.2",
        allow=policies.for_the_speaker,
        when=(
            again_guards.known_or_speaking,
            again_guards.asked_for_something,
            again_guards.within_reopening,
            group_guards.somebody_speaks,
        ),
        do=reopen,
        start=(DeadlineKind.ASSIGN, DeadlineKind.ACCEPT),
        notify=(Told.DISPATCHER, Told.REGISTRY),
        then=(Action.START_EMERGENCY,),
        resident=True,
    ),
)
