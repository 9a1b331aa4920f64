"""What registration leaves behind: the line of the timeline, the first clocks, whoever must know (4.1.1)."""

from __future__ import annotations

from typing import Any

from shuoshi.matters import notices, policies
from shuoshi.matters.actions import calling, citing, outside_orders
from shuoshi.matters.intake import Intake
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, Audience, Bond, Channel, DeadlineKind, Status, TellBy


def carry_registration(step: Step, intake: Intake) -> None:
    """The line of the timeline, the first clock, whoever must know."""
    step.say(
        Audience.PUBLIC,
        files_given=intake.files,
        channel=str(intake.channel),
        naming=str(step.matter.naming),
        danger_ticked=intake.danger_ticked,
        **_facts(intake),
    )
    if intake.knowledge_missing:
        citing.missing(step)
    step.involve(step.actor.person_id, Bond.REGISTERED)
    step.notify("registered", Told.REGISTRY)
    if step.matter.drill:
        return
    step.start(DeadlineKind.ACCEPT)
    if intake.order is not None:
        outside_orders.write(step, intake.order)
    if intake.group:
        step.notify("group_registered", Told.LEADER)
    if step.matter.receipt_awaited:
        step.queue(notices.slip(step.matter, step.now))
    if step.matter.channel == Channel.MAIL and step.matter.tell_by == TellBy.EMAIL:  # nobody saw a page with a number
        for notice in notices.to_speaker(step.matter, step.now, Action.REGISTER):
            step.queue(notice)
    if step.matter.urgency_suspected:
        limit = step.profile.limits.unverified_contact
        step.start(DeadlineKind.FIRST_CONTACT, limit=limit, basis="limits.unverified_contact")
        calling.begin(step, "danger_ticked")
        step.notify("danger_ticked", Told.LEADER)


def _facts(intake: Intake) -> dict[str, Any]:
    """What only some matters have: an earlier one they were raised from, many heads."""
    facts: dict[str, Any] = {"linked_to": intake.linked_to} if intake.linked_to else {}
    if intake.group:
        facts |= {"headcount": intake.group.headcount, "spokespersons": len(intake.group.spokespersons)}
    return facts


_ANYBODY = policies.Policy("anybody", lambda case: True, "")

REGISTER = Transition(
    action=Action.REGISTER,
    source=frozenset(),
    target=Status.REGISTERED,
    clause="4.1.1",
    allow=_ANYBODY,
    do=carry_registration,
    start=(DeadlineKind.ACCEPT, DeadlineKind.OUTSIDE_ORDER),
    notify=(Told.REGISTRY,),
    then=(Action.START_EMERGENCY,),
    resident=True,
)
REGISTER_GROUP = Transition(
    action=Action.REGISTER_GROUP,
    source=frozenset(),
    target=Status.REGISTERED,
    clause="4.1.1",
    allow=_ANYBODY,  # who takes in for a group is asked at the door, like who takes in by this way at all
    do=carry_registration,
    start=(DeadlineKind.ACCEPT,),
    notify=(Told.REGISTRY, Told.LEADER),
    then=(Action.START_EMERGENCY,),
    resident=True,
)
