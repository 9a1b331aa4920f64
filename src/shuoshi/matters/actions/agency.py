"""Acting for the speaker at another office, by their consent, and every paper that was taken along (代办、陪办).

The speaker reads all of it and ends it any time. It moves no clock: what is done elsewhere is part of the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.clock import INSTITUTION_ZONE, local
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, outside_guards, outside_policies, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.wishes import keep_what_shows_the_consent, keep_what_shows_the_wish
from shuoshi.matters.models import Agency, PaperTaken
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    GIVEN,
    HELD,
    Action,
    AgencyEnded,
    Audience,
    DeadlineKind,
    PaperBecame,
    Status,
)

END_OF_DAY = time(17, 30)
FARTHEST = timedelta(days=90)


def authorise_agency(step: Step, given: terms.AuthoriseAgency) -> None:
    """Whom the speaker lets act, where, for what, until when. Another one takes the place of the one before."""
    matter = step.matter
    today = local(step.now).date()
    if not today < given.until <= today + FARTHEST:
        raise Refused("authority_out_of_reach", _("委托到哪天，最早明天，最晚九十天以内。"))
    agent = given.agent or step.actor.person_id
    assert matter.lead_unit is not None and agent is not None
    if agent not in at_hand.handling_for(step, matter.lead_unit):
        raise Refused("agent_elsewhere", _("代办的人要是主办单位能承办这件事的人。"))
    step.end_agency(AgencyEnded.REPLACED)
    step.add(
        Agency(
            matter=matter,
            ordinal=matter.agencies + 1,
            kind=given.kind,
            office=given.office.strip(),
            scope=given.scope,
            agent_id=agent,
            unit=matter.lead_unit,
            recorded_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            authorised_at=step.now,
            until=given.until,
        )
    )
    step.set(agencies=matter.agencies + 1, agent_id=agent)
    step.start(DeadlineKind.AGENCY, due_at=_end_of(given.until), ordered=True)
    refused = _("替说事人去办，要有他本人签字的委托书，或者他同意的录音，并写明凭据在哪里。")
    keep_what_shows_the_consent(step, given.shown_by, given.proof_ref, given.files, refused)
    step.say(Audience.PUBLIC, given.scope, office=given.office.strip(), until=given.until.isoformat())


def take_papers(step: Step, given: terms.TakePapers) -> None:
    """Paper by paper, as on the list that the speaker was given."""
    agency = _open(step)
    lines = [(one, True) for one in _lines(given.originals)] + [(one, False) for one in _lines(given.copies)]
    known = step.matter.papers_taken.count()
    for ordinal, (what, original) in enumerate(lines, start=known + 1):
        step.add(
            PaperTaken(
                matter=step.matter,
                agency=agency,
                ordinal=ordinal,
                what=what,
                original=original,
                taken_at=step.now,
                taken_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            )
        )
    step.set(papers_out=step.matter.papers_out + len(lines))
    step.say(Audience.PUBLIC, files_given=given.files, papers=len(lines))
    step.say(Audience.INTERNAL, given.receipt)


def record_agency_step(step: Step, given: terms.RecordAgencyStep) -> None:
    """What was done at the other office, and on which day; at the end nobody acts for the speaker any more."""
    agency = _open(step)
    if not local(agency.authorised_at).date() <= given.day <= local(step.now).date():
        raise Refused("step_out_of_time", _("办的日期要在委托以后，不晚于今天。"))
    if given.done:
        step.end_agency(AgencyEnded.DONE)
    step.say(
        Audience.PUBLIC,
        given.text,
        files_given=given.files,
        office=agency.office,
        on=given.day.isoformat(),
        done=given.done,
    )


def hand_back_papers(step: Step, given: terms.HandBackPapers) -> None:
    """Where each of these papers is now, with what shows it. What was lost is said to the speaker and to whoever heads."""
    rows = list(step.matter.papers_taken.filter(became=PaperBecame.OUT, pk__in=given.papers).order_by("ordinal"))
    if len(rows) < len(set(given.papers)):
        raise Refused("no_such_paper", _("选的材料里有已经记过去向的，请刷新再选。"))
    for row in rows:
        row.matter = step.matter
        step.change(
            row,
            became=given.became,
            settled_at=step.now,
            settled_by_id=step.actor.person_id,
            receipt=given.receipt,
        )
    step.set(papers_out=step.matter.papers_out - len(rows))
    if not step.matter.papers_out:
        step.settle(DeadlineKind.HAND_BACK)
        if DeadlineKind.AGENCY not in step.clocks:
            step.set(agent_id=None)
    step.say(Audience.PUBLIC, files_given=given.files, papers=len(rows), became=str(given.became))
    step.say(Audience.INTERNAL, given.receipt)
    if given.became == PaperBecame.LOST:
        step.notify("papers_lost", Told.HEAD, Told.REGISTRY, Told.LEADER)


def revoke_agency(step: Step, given: terms.RevokeAgency) -> None:
    """By the speaker any time, without a reason; staff write it down only for them. Papers are handed back at once."""
    if step.actor.kind is ActorKind.STAFF:
        refused = _("替说事人收回委托，要写明凭什么知道是他本人的意思，凭据在哪里。")
        keep_what_shows_the_wish(step, given, refused)
    step.end_agency(AgencyEnded.REVOKED)
    step.say(Audience.PUBLIC, given.text)
    step.notify("agency_revoked", Told.HANDLER, Told.HEAD)


def lapse_agency(step: Step, given: object) -> None:
    """The last day of the authority is over."""
    step.end_agency(AgencyEnded.LAPSED)
    step.say(Audience.PUBLIC)
    step.notify("agency_lapsed", Told.HANDLER, Told.HEAD)


def _open(step: Step) -> Agency:
    agency = step.matter.authorisations.get(ended_at__isnull=True)
    agency.matter = step.matter
    return agency


def _lines(given: Iterable[str]) -> list[str]:
    return [one.strip() for one in given if one.strip()]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, INSTITUTION_ZONE)


ROWS = (
    Transition(
        action=Action.AUTHORISE_AGENCY,
        source=frozenset({Status.IN_HANDLING}),
        clause="4.3.1",
        allow=policies.handler | policies.head,
        when=(outside_guards.known_speaker, guards.no_result_waiting),
        do=authorise_agency,
        start=(DeadlineKind.AGENCY,),
        resident=True,
    ),
    Transition(
        action=Action.TAKE_PAPERS,
        source=HELD,
        clause="4.3.1",
        allow=outside_policies.agent,
        when=(outside_guards.agency_open, guards.no_result_waiting),
        do=take_papers,
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.RECORD_AGENCY_STEP,
        source=HELD,
        clause="4.3.1",
        allow=outside_policies.agent,
        when=(outside_guards.agency_open,),
        do=record_agency_step,
        start=(DeadlineKind.HAND_BACK,),
        resident=True,
    ),
    Transition(
        action=Action.HAND_BACK_PAPERS,
        source=AT_WORK | HELD | {Status.UNDER_REVIEW},
        clause="4.3.1",
        allow=outside_policies.holds_papers,
        when=(outside_guards.papers_out,),
        do=hand_back_papers,
        notify=(Told.HEAD, Told.REGISTRY, Told.LEADER),
        then=(Action.CONFIRM_WITHDRAWN,),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.REVOKE_AGENCY,
        source=GIVEN,
        clause="1.3.1",
        allow=policies.for_the_speaker,
        when=(outside_guards.agency_open,),
        do=revoke_agency,
        start=(DeadlineKind.HAND_BACK,),
        notify=(Told.HANDLER, Told.HEAD),
        resident=True,
    ),
    Transition(
        action=Action.LAPSE_AGENCY,
        source=GIVEN,
        clause="4.3.1",
        allow=policies.system,
        when=(outside_guards.agency_open, outside_guards.agency_time_over),
        do=lapse_agency,
        start=(DeadlineKind.HAND_BACK,),
        notify=(Told.HANDLER, Told.HEAD),
        resident=True,
    ),
)
