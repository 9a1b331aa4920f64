"""Handling: sign for, contact, investigate, plan, carry out, keep the resident told (4.3.1, 4.3.2)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, kind_guards, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import told_main, whole_and_parts
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    GIVEN,
    HELD,
    OPEN,
    Action,
    Audience,
    Bond,
    DeadlineKind,
    Hears,
    Naming,
    Shared,
    Status,
    Way,
)

ANY_BUT_SCREENED_OUT = OPEN | {Status.CLOSED}
SPOKEN_OF = ANY_BUT_SCREENED_OUT - {Status.MERGED}  # of what was merged the main matter is spoken of
IN_HAND = frozenset({Status.IN_HANDLING})
ANY_CONTACT = GIVEN | {Status.REGISTERED, Status.ACCEPTED, Status.UNDER_REVIEW}


def sign_for(step: Step, given: terms.SignFor) -> None:
    """The lead takes it and names who handles (4.2.2). From here on that person is involved."""
    matter = step.matter
    assert matter.lead_unit is not None and matter.assignment is not None
    handler = at_hand.handler_for(step, matter.lead_unit, given.handler)
    at_hand.someone_else_signs(step, matter.lead_unit, handler)
    step.set(handler_id=handler)
    step.change(matter.assignment, handler_id=handler, signed_for_at=step.now)
    step.involve(handler, Bond.HANDLED, at_hand.headed_by(step, handler))
    _led(step, handler)
    overlap = _all_in_one_hand(step, handler)
    if overlap:
        step.story.fact(duty_overlap=True)
    step.say(Audience.PUBLIC, handler=str(handler), unit=matter.lead_unit.short_name, duty_overlap=overlap)
    if handler != step.actor.person_id:
        step.notify("handed_to_you", Told.HANDLER)


def _all_in_one_hand(step: Step, handler: UUID) -> bool:
    """Who handles took it in, or gave it to themselves: told in the event, and to the resident (一人多岗)."""
    assignment = step.matter.assignment
    gave = assignment is not None and assignment.assigned_by_id == handler
    return handler == step.actor.person_id and (gave or step.matter.registered_by_id == handler)


def _led(step: Step, handler: object) -> None:
    """Whoever gives the work to somebody else leads it directly."""
    if step.actor.person_id != handler:
        step.involve(step.actor.person_id, Bond.LED)


def change_handler(step: Step, given: terms.ChangeHandler) -> None:
    """Another person of the same unit; the clocks run on unchanged, a result in hand is prepared anew.

    By whoever heads the unit, or leads the tier: the one who leaves may be the only head.
    """
    matter = step.matter
    assert matter.lead_unit is not None and matter.assignment is not None
    handler = at_hand.handler_for(step, matter.lead_unit, given.handler)
    if handler == matter.handler_id:
        raise Refused("same_handler", _("现在就是这个人在办。"))
    at_hand.someone_else_signs(step, matter.lead_unit, handler)
    step.take_back_result()
    step.set(handler_id=handler)
    step.change(matter.assignment, handler_id=handler)
    step.involve(handler, Bond.HANDLED, at_hand.headed_by(step, handler))
    _led(step, handler)
    step.say(Audience.PUBLIC, given.reason, handler=str(handler))
    step.notify("handed_to_you", Told.HANDLER)


def record_first_contact(step: Step, given: terms.RecordFirstContact) -> None:
    """Speak to the person first (4.3.2). Reached meets the clock; so do as many calls in vain as the profile asks for."""
    if given.reached or _called_in_vain(step) + 1 >= step.profile.attempts.calls:
        step.settle(DeadlineKind.FIRST_CONTACT)
    if given.reached:  # a call in vain is no help yet: the next one is called all the same
        step.settle(DeadlineKind.DUTY)
    if step.actor.person_id == step.matter.handler_id or step.matter.handler_id is None:
        _heard(step)
    step.say(Audience.PUBLIC, given.text, way=str(given.way), reached=given.reached)


def _called_in_vain(step: Step) -> int:
    """How often the person was not reached since this clock began."""
    clock = step.clocks.get(DeadlineKind.FIRST_CONTACT)
    if clock is None:
        return 0
    calls = step.matter.entries.filter(action=Action.RECORD_FIRST_CONTACT, at__gte=clock.started_at)
    return sum(not call.facts.get("reached") for call in calls)


def record_work(step: Step, given: terms.Work) -> None:
    """Findings, plan or measure: the inner record, and beneath it what the resident reads."""
    internal = step.say(Audience.INTERNAL, given.text, files_given=() if given.public_text else given.files)
    if given.public_text.strip():
        step.say(Audience.PUBLIC, given.public_text, files_given=given.files, of=str(internal.id))


def report_progress(step: Step, given: terms.ReportProgress) -> None:
    """What is done, what comes next and when; the next report is due one interval later."""
    step.settle(DeadlineKind.PROGRESS)
    step.start(DeadlineKind.PROGRESS)
    _heard(step)
    step.say(
        Audience.PUBLIC,
        f"{given.done}\n{given.next_step}",
        files_given=given.files,
        next_from=len(given.done),
        next_on=given.next_on.isoformat() if given.next_on else None,
    )


def note(step: Step, given: terms.Note) -> None:
    """For colleagues only; a check constraint of the table keeps it so."""
    step.say(Audience.INTERNAL, given.text, files_given=given.files)


def write_to_speaker(step: Step, given: terms.WriteToSpeaker) -> None:
    """A word to the speaker. A confidential one is reached through the registry, which relays it."""
    relay = step.matter.naming == Naming.CONFIDENTIAL and not policies.home_registrar(step.case)
    _heard(step)
    step.say(Audience.PUBLIC, given.text, files_given=given.files, way=str(Way.RELAY if relay else Way.PAGE))
    if relay:
        step.notify("relay", Told.REGISTRY)


def add_information(step: Step, given: terms.AddInformation) -> None:
    """The speaker, or the registry for them, adds something: it wakes whoever works on the matter."""
    step.say(Audience.PUBLIC, given.text, files_given=given.files)
    if told_main.pass_on(step, Hears.SAID, given.text, files=len(given.files)):
        return
    if whole_and_parts.pass_on(step, Shared.SAID, given.text, files=given.files):
        step.notify("information", Told.REGISTRY)
        return
    step.set(unread_words=step.matter.unread_words + 1)
    told = (Told.HANDLER, Told.REGISTRY) if step.matter.handler_id else (Told.LEAD, Told.REGISTRY)
    step.notify("information", *told)


def nudge(step: Step, given: terms.Nudge) -> None:
    """The resident asks where it stays; counted, and told to handler and head."""
    step.set(nudged_at=step.now)
    step.say(Audience.PUBLIC, given.text)
    if told_main.pass_on(step, Hears.NUDGED, given.text) or whole_and_parts.pass_on(step, Shared.NUDGED, given.text):
        return
    step.set(unread_words=step.matter.unread_words + 1)
    step.notify("nudged", Told.HANDLER, Told.HEAD, Told.REGISTRY)


def _heard(step: Step) -> None:
    """Somebody answered what the speaker had said."""
    if step.matter.unread_words and step.actor.kind is ActorKind.STAFF:
        step.set(unread_words=0)


def _work_row(action: Action, meets: tuple[DeadlineKind, ...] = (), when: tuple[guards.Guard, ...] = ()) -> Transition:
    return Transition(
        action=action,
        source=IN_HAND,
        clause="4.3.1",
        allow=policies.handler,
        when=when,
        do=record_work,
        stop=meets,
        resident=True,
        drilled=True,
        of_part=True,
    )


ROWS = (
    Transition(
        action=Action.SIGN_FOR,
        source=frozenset({Status.ASSIGNED}),
        target=Status.IN_HANDLING,
        clause="4.2.2",
        allow=policies.lead,
        when=(guards.no_return_pending,),
        do=sign_for,
        stop=(DeadlineKind.SIGN_FOR,),
        notify=(Told.HANDLER,),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.CHANGE_HANDLER,
        source=HELD,
        clause="4.3.1",
        allow=policies.head | policies.leader,
        do=change_handler,
        notify=(Told.HANDLER,),
        resident=True,
        turns=True,
        of_part=True,
    ),
    Transition(
        action=Action.RECORD_FIRST_CONTACT,
        source=ANY_CONTACT,
        clause="4.3.2",
        allow=policies.handler | policies.lead_before_anybody_handles | policies.duty_officer_in_emergency,
        when=(guards.assigned_or_emergency, guards.reachable),
        do=record_first_contact,
        resident=True,
        of_part=True,
    ),
    _work_row(Action.RECORD_INVESTIGATION),
    _work_row(Action.SET_PLAN, when=(kind_guards.duties_answered,)),
    _work_row(Action.RECORD_MEASURE, meets=(DeadlineKind.EMERGENCY, DeadlineKind.DUTY)),
    Transition(
        action=Action.REPORT_PROGRESS,
        source=HELD,
        clause="4.3.2",
        allow=policies.handler,
        do=report_progress,
        start=(DeadlineKind.PROGRESS,),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.NOTE,
        source=SPOKEN_OF,
        clause="4.3.1",
        allow=policies.staff_of_it,
        do=note,
        drilled=True,
        of_part=True,
    ),
    Transition(
        action=Action.WRITE_TO_SPEAKER,
        source=SPOKEN_OF,
        clause="4.3.2",
        allow=policies.works_on_it,
        do=write_to_speaker,
        notify=(Told.REGISTRY,),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.ADD_INFORMATION,
        source=ANY_BUT_SCREENED_OUT,
        clause="4.3.2",
        allow=policies.speaker_or_registry,
        when=(guards.within_second_thoughts,),
        do=add_information,
        notify=(Told.HANDLER, Told.REGISTRY),
        then=(Action.RESUME,),
        resident=True,
    ),
    Transition(
        action=Action.NUDGE,
        source=AT_WORK | {Status.MERGED, Status.DIVIDED},
        clause="4.3.2",
        allow=policies.speaker,
        when=(guards.not_nudged_lately,),
        do=nudge,
        notify=(Told.HANDLER, Told.HEAD, Told.REGISTRY),
        resident=True,
    ),
)
