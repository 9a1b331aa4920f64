"""What belongs to registration afterwards: emergencies, corrections, the receipt, a mistaken entry (4.1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.actions import calling, demands, emergency, hearing, outside_orders, rulings, seats, stopped
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.keeping_away import keep_away
from shuoshi.matters.actions.received import REGISTER, REGISTER_GROUP
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    EMERGENCIES,
    OPEN,
    Action,
    Audience,
    DeadlineKind,
    ExcludedBecause,
    Naming,
    RequestKind,
    RequestState,
    Status,
    Urgency,
)
from shuoshi.organization.models import Unit


def start_emergency(step: Step, given: object) -> None:
    """Minutes begin to count in the same transaction, the file is opened, and whoever is on duty is called (4.1.2).

    Where nobody can be called back, only what is done on the scene is owed.
    """
    step.drop(DeadlineKind.FIRST_CONTACT)
    step.drop(DeadlineKind.DUTY)
    if guards.reachable(step.case):
        step.start(DeadlineKind.FIRST_CONTACT)
    step.start(DeadlineKind.EMERGENCY)
    emergency.open_file(step)
    calling.begin(step, "duty_called")
    if step.matter.status in stopped.STANDING:
        stopped.end(step)
        step.move(Status.IN_HANDLING)
        stopped.tell_anew(step)
    rulings.let_fall(step, RequestKind.PAUSE, RequestKind.PARK)
    step.say(Audience.PUBLIC, level=str(step.matter.urgency))
    step.notify("emergency", Told.REGISTRY, Told.LEADER, Told.LEAD, level=str(step.matter.urgency))


def confirm_urgency(step: Step, given: terms.ConfirmUrgency) -> None:
    """Urgent, or urgent in another degree: the minutes count anew from here."""
    if given.level not in EMERGENCIES:
        raise Refused("not_urgent", _("核实为紧急，只能选特急或紧急。"))
    if given.level == step.matter.urgency and step.matter.duty_since is not None:
        raise Refused("same_level", _("已经是这个级别了。"))
    step.drop(DeadlineKind.FIRST_CONTACT)
    step.drop(DeadlineKind.EMERGENCY)
    step.set(urgency=given.level, urgency_suspected=False)
    step.say(Audience.PUBLIC, given.reason, level=str(given.level))


def lower_urgency(step: Step, given: terms.LowerUrgency) -> None:
    if given.level in EMERGENCIES:
        raise Refused("still_urgent", _("降低紧急程度，只能选加急或一般。"))
    if given.level == Urgency.U4 and step.matter.is_group:
        raise Refused("group_is_pressing", _("集体反映的事至少按加急办。"))
    step.end_emergency(given.reason)
    step.set(urgency=given.level, urgency_suspected=False)
    still_owed = DeadlineKind.FIRST_CONTACT in step.case.clocks  # the row voided it; once made it is not owed again
    still_owed = still_owed and step.matter.status != Status.UNDER_REVIEW  # the answer was given long ago
    if still_owed and step.matter.assignment is not None and step.matter.naming != Naming.ANONYMOUS:
        step.start(DeadlineKind.FIRST_CONTACT)
    step.say(Audience.PUBLIC, given.reason, level=str(given.level))


def correct_registration(step: Step, given: terms.CorrectRegistration) -> None:
    """Both versions stay: the old one in the timeline, the new one in the rows. The resident's words are untouched."""
    matter = step.matter
    changed: dict[str, str] = {}  # which field, and what stood there
    if given.area is not None:
        changed["area"] = matter.area.name if matter.area is not None else ""
        step.set(area_id=given.area)
    if given.place is not None:
        changed["place"] = matter.place
        step.set(place=given.place)
    if given.demands is not None:
        changed["demands"] = demands.write(step, given.demands)
    ordered = outside_orders.correct(step, given.order) if given.order is not None else ""
    if ordered:
        step.say(Audience.INTERNAL, "\n".join([given.reason, demands.before_was(ordered)]), fields="order")
    if not changed and not ordered:
        raise Refused("nothing_changed", _("没有改动任何一项。"))
    if not changed:
        return
    lines = [given.reason, *(demands.before_was(text) for text in changed.values() if text)]
    step.say(Audience.PUBLIC, "\n".join(lines), fields=",".join(changed))


def check_concerned(step: Step, given: terms.CheckConcerned) -> None:
    """The registry looked up whom a resident's words speak of: they are kept from it from now on (5.3)."""
    units = list(Unit.objects.filter(pk__in=given.units, active=True))
    people = at_hand.all_in_service(step, given.people)
    if len(units) < len(set(given.units)) or people < set(given.people):
        raise Refused("no_such_concerned", _("选的单位或人已经不在名册里，请再选一次。"))
    step.set(concerns_to_check=False)
    if units or people:
        keep_away(step, ExcludedBecause.CONCERNED, people=people, units=units)
    step.say(Audience.PUBLIC, units=_("、").join(unit.short_name for unit in units), people=len(people))


def hand_over_receipt(step: Step, given: terms.HandOverReceipt) -> None:
    """The printed slip reached the resident; ticked off by name."""
    part = hearing.whose_part(step, given.spokesperson)
    if part is not None:
        if part.receipt_handed_over_at is not None:
            raise Refused("part_has_its_receipt", _("这一位的回执已经交给他了。"))
        step.change(part, receipt_handed_over_at=step.now)
    step.say(Audience.INTERNAL, given.to_whom, part=part.pk.hex if part else None)
    if part is not None and any(row.receipt_handed_over_at is None for row in seats.seated(step.matter)):
        return  # the others wait for theirs
    step.set(receipt_handed_over_at=step.now)
    step.settle_notices("receipt")


def void(step: Step, given: terms.Void) -> None:
    """Ask that a mistaken, test or empty entry be voided; a second person confirms."""
    rulings.ask(step, RequestKind.VOID, given.reason)
    step.say(Audience.INTERNAL, given.reason)
    step.notify("void_asked", Told.REGISTRY)


def rule_void(step: Step, given: terms.RuleVoid) -> None:
    request = rulings.rule(step, RequestKind.VOID, given.granted, given.text)
    step.say(Audience.PUBLIC if given.granted else Audience.INTERNAL, given.text, granted=given.granted)
    if request.state == RequestState.GRANTED:
        step.move(Status.CLOSED)
        step.close("VOID")
        step.settle_notices("receipt")  # nobody waits for the slip of a call without words


ROWS = (
    REGISTER,
    REGISTER_GROUP,
    Transition(
        action=Action.START_EMERGENCY,
        source=AT_WORK | {Status.UNDER_REVIEW},
        also=frozenset({Status.IN_HANDLING}),
        moves_from=stopped.STANDING,
        clause="4.1.2",
        allow=policies.system,
        when=(guards.an_emergency, guards.emergency_clock_not_running),
        do=start_emergency,
        start=(DeadlineKind.EMERGENCY, DeadlineKind.FIRST_CONTACT, DeadlineKind.REPORT, DeadlineKind.DUTY),
        notify=(Told.DUTY, Told.REGISTRY, Told.LEADER, Told.LEAD),
        resident=True,
        drilled=True,
    ),
    Transition(
        action=Action.CONFIRM_URGENCY,
        source=OPEN - {Status.IN_FOLLOW_UP, Status.DIVIDED},
        clause="4.1.2",
        allow=policies.duty_officer & ~policies.handler,
        do=confirm_urgency,
        stop=(DeadlineKind.DUTY,),
        then=(Action.UNMERGE, Action.START_EMERGENCY),  # an emergency is handled by itself, the minute it is known
        resident=True,
    ),
    Transition(
        action=Action.LOWER_URGENCY,
        source=OPEN - {Status.IN_FOLLOW_UP, Status.MERGED, Status.DIVIDED},
        clause="4.1.2",
        allow=policies.duty_officer & ~policies.handler,
        when=(guards.emergency_or_suspected,),
        do=lower_urgency,
        stop=(DeadlineKind.DUTY,),
        drop=(DeadlineKind.EMERGENCY, DeadlineKind.FIRST_CONTACT),
        resident=True,
    ),
    Transition(
        action=Action.CORRECT_REGISTRATION,
        source=frozenset({Status.REGISTERED, Status.ACCEPTED}),
        clause="4.1.1",
        allow=policies.registrar,
        do=correct_registration,
        notify=(Told.LEADER,),
        resident=True,
    ),
    Transition(
        action=Action.CHECK_CONCERNED,
        source=frozenset({Status.REGISTERED, Status.ASSIGNED, Status.IN_HANDLING}),  # people were sent first
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        moves_from=frozenset({Status.ASSIGNED, Status.IN_HANDLING}),
        clause="5.3",
        allow=policies.registrar | policies.leader_stands_in,
        when=(guards.concerns_to_check,),
        do=check_concerned,
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.HAND_OVER_RECEIPT,
        source=OPEN | {Status.SCREENED_OUT, Status.CLOSED},
        clause="4.1.1",
        allow=policies.home_registrar | policies.leader_stands_in,
        when=(guards.receipt_open,),
        do=hand_over_receipt,
    ),
    Transition(
        action=Action.VOID,
        source=frozenset({Status.REGISTERED, Status.ACCEPTED}),
        clause="4.1.1",
        allow=policies.registrar,
        when=(
            guards.no_void_pending,
            guards.never_assigned,
            guards.not_the_one_who_screened,
            guards.not_an_outside_order,
        ),
        do=void,
        start=(DeadlineKind.RULING,),
        notify=(Told.REGISTRY,),
        drilled=True,
    ),
    Transition(
        action=Action.RULE_VOID,
        source=frozenset({Status.REGISTERED, Status.ACCEPTED}),
        also=frozenset({Status.CLOSED}),
        clause="4.1.1",
        allow=policies.second_person,
        when=(guards.void_pending,),
        do=rule_void,
        stop=(DeadlineKind.RULING,),
        resident=True,
        drilled=True,
    ),
)
