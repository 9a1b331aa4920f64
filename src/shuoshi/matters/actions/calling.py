"""Whoever is on duty is called, and step by step somebody else as long as nobody acts (4.1.2).

Each step is one clock, one event, one notice to those who are called; a clock nobody met stays missed.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import emergency_guards, notices, policies
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.models import DutyCall
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import EMERGENCIES, OPEN, Action, Audience, Bond, DeadlineKind
from shuoshi.organization import duty
from shuoshi.organization.duty import Rung


def begin(step: Step, kind: str) -> None:
    """From the foot of the tree. `kind` is the notice of those who are called first."""
    step.set(duty_since=step.now)
    rung = duty.next_rung(_ladder(step), at_hand.kept_away(step))
    if rung is None:
        step.notify(kind, Told.DUTY)  # nobody anywhere: whoever is appointed finds it
    else:
        _call(step, rung, kind)
    _wait(step)


def further(step: Step) -> Rung | None:
    """Whom to call next; None when everybody was."""
    called = step.matter.duty_calls.filter(at__gte=step.matter.duty_since)
    return duty.next_rung(_ladder(step), {*called.values_list("person_id", flat=True), *at_hand.kept_away(step)})


def call_next(step: Step, given: object) -> None:
    """Nobody acted in time: the clock is missed, and the next in the tree are called."""
    rung = further(step)
    if rung is None:
        raise Refused("nobody_left_to_call", _("能叫的人都叫过了。"))
    step.miss(DeadlineKind.DUTY)
    _call(step, rung, "duty_called")
    _wait(step)
    step.say(Audience.INTERNAL, because=str(rung.because), people=len(rung.people))


def _call(step: Step, rung: Rung, kind: str) -> None:
    matter = step.matter
    calls = matter.duty_calls.order_by("-step").values_list("step", flat=True)
    last = 0 if matter._state.adding else calls.first() or 0
    for person in rung.people:
        step.add(
            DutyCall(
                matter=matter,
                step=last + 1,
                person_id=person,
                tier_path=rung.tier,
                because=rung.because,
                at=step.now,
            )
        )
        step.involve(person, Bond.CALLED)
    for notice in notices.to_people(matter, step.now, kind, rung.people, {"level": str(matter.urgency)}):
        step.queue(notice)


def _wait(step: Step) -> None:
    if step.matter.urgency in EMERGENCIES:
        step.start(DeadlineKind.DUTY)
    else:
        limit = step.profile.limits.unverified_contact
        step.start(DeadlineKind.DUTY, limit=limit, basis="limits.unverified_contact")


def _ladder(step: Step) -> list[Rung]:
    return duty.ladder(step.matter.home_path, step.now)


ROWS = (
    Transition(
        action=Action.CALL_NEXT,
        source=OPEN,
        clause="4.1.2",
        allow=policies.system,
        when=(emergency_guards.nobody_acted_in_time,),
        do=call_next,
        start=(DeadlineKind.DUTY,),
        notify=(Told.DUTY,),
        drilled=True,
    ),
)
