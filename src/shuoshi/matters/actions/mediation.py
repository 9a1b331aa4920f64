"""Disputes: mediated with the consent of both until a day both know, agreed in writing or by word, or ended (2.2.4).

The day of the mediation replaces the dates of the unit and of the speaker. Where nothing comes of it they run on with
what was left, so that a mediation opened for show gains nobody a day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel import calendars
from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.calendar import Limit, Unit
from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import deadlines, guards, kind_guards, policies, terms, time_guards
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import performance, rulings, stopped
from shuoshi.matters.models import Deadline, Mediation
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    Bond,
    DeadlineKind,
    EndsBecause,
    Mediated,
    RequestKind,
    Status,
)
from shuoshi.organization.profile import Step as Limited

IN_HAND = frozenset({Status.IN_HANDLING})
PERIOD = Limit(30, Unit.CALENDAR_DAYS)
BASIS = "mediation"
OF_THE_TIME = (RequestKind.EXTENSION, RequestKind.PAUSE, RequestKind.PARK)


def open_mediation(step: Step, given: terms.OpenMediation) -> None:
    """Who mediates, how and when each side said yes, and until when; what was asked for its time falls."""
    matter, today = step.matter, local(step.now).date()
    assert matter.lead_unit is not None
    if given.mediator not in at_hand.mediators_for(step, matter.lead_unit):
        raise Refused("not_a_mediator", _("请选承办单位的人，或者本级的调解员；和这件事有关的人不能调解。"))
    for consent in (given.speaker, given.other):
        if not local(deadlines.raised_at(matter)).date() <= consent.on <= today:
            raise Refused("consent_out_of_time", _("同意的日期要在说事以后，不晚于今天。"))
    _within(step, given.until, today)
    step.add(
        Mediation(
            matter=matter,
            round=matter.round,
            mediator_id=given.mediator,
            opened_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            opened_at=step.now,
            speaker_agreed_by=given.speaker.by,
            speaker_agreed_on=given.speaker.on,
            other_agreed_by=given.other.by,
            other_agreed_on=given.other.on,
            until=given.until,
        )
    )
    step.set(mediation=Mediated.OPEN, mediator_id=given.mediator)
    step.involve(given.mediator, Bond.HANDLED, at_hand.headed_by(step, given.mediator))
    rulings.let_fall(step, *OF_THE_TIME)
    _replace_dates(step, given.until)
    step.say(Audience.PUBLIC, until=given.until.isoformat(), mediator=str(given.mediator))
    said = {"speaker_by": str(given.speaker.by), "speaker_on": given.speaker.on.isoformat()}
    said |= {"other_by": str(given.other.by), "other_on": given.other.on.isoformat()}
    step.story.fact(**said)
    if given.mediator != step.actor.person_id:
        step.notify("to_mediate", Told.MEDIATOR)
    step.notify("mediation_opened", Told.HEAD, Told.REGISTRY)


def record_session(step: Step, given: terms.RecordSession) -> None:
    """What was said stays in the file; that they met, and what both may know, the speaker reads. More time once."""
    mediation = _open_one(step)
    if not local(mediation.opened_at).date() <= given.held_on <= local(step.now).date():
        raise Refused("session_out_of_time", _("调解的日期要在开始调解以后，不晚于今天。"))
    if given.until is not None:
        if mediation.extended_at is not None:
            raise Refused("mediation_extended_before", _("调解只能延长一次。"))
        if not mediation.until < given.until:
            raise Refused("mediation_not_longer", _("延长以后的日期要晚于%(day)s。") % {"day": day(mediation.until)})
        _within(step, given.until, mediation.until)
        step.change(mediation, until=given.until, extended_at=step.now)
        _replace_dates(step, given.until)
    if given.mediator is not None:
        _another_mediates(step, mediation, given.mediator)
    on = given.held_on.isoformat()
    step.say(Audience.INTERNAL, given.text, files_given=given.files, held_on=on)
    until = given.until.isoformat() if given.until else None
    another: dict[str, Any] = {"mediator": str(given.mediator)} if given.mediator else {}
    words = "\n".join(part for part in (given.public_text, given.agreed) if part.strip())
    step.say(
        Audience.PUBLIC,
        words,
        held_on=on,
        until=until,
        speaker_there=given.speaker_there,
        other_there=given.other_there,
        **another,
    )


def _another_mediates(step: Step, mediation: Mediation, person: UUID) -> None:
    """Nobody stands in for a mediator, whom both agreed to: with the consent of both somebody else goes on."""
    assert step.matter.lead_unit is not None
    if person == mediation.mediator_id:
        raise Refused("same_mediator", _("现在就是这个人在调解。"))
    if person not in at_hand.mediators_for(step, step.matter.lead_unit):
        raise Refused("not_a_mediator", _("请选承办单位的人，或者本级的调解员；和这件事有关的人不能调解。"))
    step.change(mediation, mediator_id=person)
    step.set(mediator_id=person)
    step.involve(person, Bond.HANDLED, at_hand.headed_by(step, person))
    if person != step.actor.person_id:
        step.notify("to_mediate", Told.MEDIATOR)


def conclude_agreement(step: Step, given: terms.ConcludeAgreement) -> None:
    """Both agreed: what each has to do is looked at again after its day, closed or not. The reply still says it."""
    mediation = _open_one(step)
    if not local(mediation.opened_at).date() <= given.concluded_on <= local(step.now).date():
        raise Refused("session_out_of_time", _("调解的日期要在开始调解以后，不晚于今天。"))
    step.change(mediation, ended_at=step.now, outcome=given.form)
    step.set(mediation=given.form)
    performance.keep(step, mediation, given)
    step.notify("agreement_reached", Told.HEAD, Told.REGISTRY)


def end_mediation(step: Step, given: terms.EndMediation) -> None:
    """One side wants no more, or it came to nothing: both are told the ways that are left, and the dates run on."""
    mediation, by_speaker = _open_one(step), step.actor.kind is ActorKind.SPEAKER
    remedies = given.remedies.strip()
    if by_speaker:
        remedies = _("可以请有关部门裁决，申请仲裁，或者向人民法院起诉；法律援助电话 12348。")
    elif not (remedies and given.text.strip() and given.told_other):
        raise Refused("ending_not_explained", _("终止调解要写明情况、告知双方的其他途径，以及怎么告知了对方。"))
    elif given.because == EndsBecause.TIME_OVER and local(step.now).date() <= mediation.until:
        raise Refused("mediation_not_over", _("调解的期限到%(day)s，还没有过。") % {"day": day(mediation.until)})
    step.change(
        mediation,
        ended_at=step.now,
        outcome=Mediated.FAILED,
        because=EndsBecause.REFUSED if by_speaker else given.because,
        words=given.text,
        remedies=remedies,
    )
    step.set(mediation=Mediated.FAILED)
    run_on(step, mediation)
    told = str(given.told_other) if given.told_other else None
    ended = str(EndsBecause.REFUSED if by_speaker else given.because)
    words = "\n".join(part for part in (given.text, remedies) if part.strip())
    step.say(Audience.PUBLIC, words, ended=ended, told_other=told)
    step.notify("mediation_ended", Told.HANDLER, Told.HEAD, Told.MEDIATOR)


def let_go(step: Step) -> None:
    """The unit has the matter no longer: its mediation went no further, and another unit may begin one."""
    if step.matter.mediation == Mediated.OPEN:
        mediation = _open_one(step)
        run_on(step, mediation)
        step.drop_mediation()


def run_on(step: Step, mediation: Mediation) -> None:
    """The dates before the mediation, later by the working days it took; never later than what it had made of them."""
    days = calendars.load().working_days_between(local(mediation.opened_at).date(), local(step.now).date())
    for kind in stopped.WORK:
        running = step.clocks.get(kind)
        if running is None or running.basis != BASIS or running.due_at < step.now:
            continue
        before = stopped.later(step, _before(running), days)
        stopped.move(step, kind, min(running.due_at, before), "mediation_ended")


def _before(clock: Deadline) -> datetime:
    """When it would have ended without the mediation."""
    chain = Deadline.objects.filter(matter=clock.matter, round=clock.round, kind=clock.kind).order_by(
        "-started_at", "-id"
    )
    by_key = {one.pk: one for one in chain}
    found = by_key[clock.pk]
    while found.basis == BASIS and found.follows_id in by_key:
        found = by_key[found.follows_id]
    return found.due_at


def _within(step: Step, until: date, since: date) -> None:
    """No longer than the rules allow from that day, and within the statutory limit of the whole matter."""
    limit = step.profile.limit(Limited.MEDIATION, step.matter.kind) or PERIOD
    last = since + timedelta(days=limit.amount)
    cap = step.profile.cap(DeadlineKind.COMPLETION)
    if cap is not None:
        hours = deadlines.hours_of(step.matter, DeadlineKind.COMPLETION)
        law = local(calendars.load().due(deadlines.raised_at(step.matter), cap, hours).at).date()
        last = min(last, law)
    if not local(step.now).date() < until <= last:
        raise Refused("mediation_too_long", _("调解的期限最早明天，最晚到%(day)s。") % {"day": day(last)})


def _replace_dates(step: Step, until: date) -> None:
    """Completion and promise end with the mediation; what would end later anyway stays."""
    due_at = stopped.closing(step, until)
    for kind in stopped.WORK:
        running = step.clocks.get(kind)
        if running is not None and running.due_at < due_at:
            stopped.put_off(step, kind, due_at, BASIS)


def _open_one(step: Step) -> Mediation:
    mediation = step.matter.mediations.get(outcome=Mediated.OPEN)
    mediation.matter = step.matter
    return mediation


ROWS = (
    Transition(
        action=Action.OPEN_MEDIATION,
        source=IN_HAND,
        clause="2.2.4",
        allow=policies.handler | policies.head,
        when=(
            kind_guards.a_dispute,
            kind_guards.duties_answered,
            kind_guards.other_side_known,
            kind_guards.speaker_named,
            kind_guards.not_mediated_yet,
            kind_guards.danger_is_over,
            kind_guards.nobody_joined,
            time_guards.time_is_left,
            guards.no_result_waiting,
            guards.no_exit_pending,
        ),
        do=open_mediation,
        start=(DeadlineKind.COMPLETION, DeadlineKind.PROMISE),
        notify=(Told.MEDIATOR, Told.HEAD, Told.REGISTRY),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.RECORD_SESSION,
        source=IN_HAND,
        clause="2.2.4",
        allow=policies.mediator | policies.handler,
        when=(kind_guards.mediating,),
        do=record_session,
        start=(DeadlineKind.COMPLETION, DeadlineKind.PROMISE),
        notify=(Told.MEDIATOR,),
        resident=True,
    ),
    Transition(
        action=Action.CONCLUDE_AGREEMENT,
        source=IN_HAND,
        clause="2.2.4",
        allow=policies.mediator | policies.handler,
        when=(kind_guards.mediating,),
        do=conclude_agreement,
        start=(DeadlineKind.PERFORMANCE,),
        notify=(Told.HEAD, Told.REGISTRY),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.END_MEDIATION,
        source=IN_HAND,
        clause="2.2.4",
        allow=policies.mediator | policies.handler | policies.head | policies.speaker,
        when=(kind_guards.mediating,),
        do=end_mediation,
        start=(DeadlineKind.COMPLETION, DeadlineKind.PROMISE),
        notify=(Told.HANDLER, Told.HEAD, Told.MEDIATOR),
        resident=True,
        turns=True,
    ),
)
