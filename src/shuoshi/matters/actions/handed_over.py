"""Handed over outside: a letter to the police, a court, a utility or another authority, asked back until it answers.

It ends no promise: every clock runs on, and whoever wants an end for it asks for one (4.4.2). What the letter tells of
the speaker is chosen, rests on a ground, and stands in the event.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from shuoshi.kernel import search
from shuoshi.kernel.clock import INSTITUTION_ZONE, local
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, outside_guards, outside_policies, policies, terms, veil
from shuoshi.matters.actions.wishes import keep_what_shows_the_consent
from shuoshi.matters.models import HandOver
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    HELD,
    Action,
    Audience,
    DeadlineKind,
    Given,
    Ground,
    Naming,
    Status,
)

END_OF_DAY = time(17, 30)
FARTHEST = timedelta(days=60)
OF_THE_PERSON = frozenset({Given.NAME, Given.PHONE})


def hand_over_outside(step: Step, given: terms.HandOverOutside) -> None:
    """The letter in the name of the lead unit, and the day on which it asks back."""
    matter = step.matter
    ordinal = matter.hand_overs + 1
    ask_at = _day(step, given.until)
    _only_what_may_be_given(step, given)
    codes = ",".join(sorted(given.given))
    number = given.number.strip() or _number(step, ordinal)
    assert matter.lead_unit is not None and matter.round is not None
    step.add(
        HandOver(
            matter=matter,
            round=matter.round,
            ordinal=ordinal,
            kind=given.kind,
            body=given.body.strip(),
            ask_where=given.ask_where.strip(),
            number=number,
            unit=matter.lead_unit,
            text=given.text,
            given=codes,
            ground=given.ground if given.given and given.ground else "",
            basis=given.basis or given.proof_ref,
            sent_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            sent_at=step.now,
            ask_at=ask_at,
            answer_by=given.until,
        )
    )
    step.set(hand_overs=ordinal)
    step.start(DeadlineKind.ASK_BACK, about=str(ordinal), due_at=ask_at, ordered=True)
    step.story.fact(given=codes, ground=str(given.ground or "") if given.given else "")
    step.say(
        Audience.PUBLIC,
        office=given.body.strip(),
        number=number,
        where=given.ask_where.strip(),
        until=given.until.isoformat(),
        given=codes,
        ground=str(given.ground or "") if given.given else "",
    )
    step.say(Audience.INTERNAL, given.text, files_given=given.files, number=number)


def ask_outside(step: Step, given: terms.AskOutside) -> None:
    """They did not answer yet: what they said, and when they are asked again."""
    row = letter(step, given.letter)
    ask_at = _day(step, given.until)
    step.settle(f"{DeadlineKind.ASK_BACK}:{row.ordinal}")
    step.change(row, asked=row.asked + 1, ask_at=ask_at)
    step.start(DeadlineKind.ASK_BACK, about=str(row.ordinal), due_at=ask_at, ordered=True)
    step.say(Audience.PUBLIC, given.text, office=row.body, until=given.until.isoformat())


def record_outside_answer(step: Step, given: terms.RecordOutsideAnswer) -> None:
    row = letter(step, given.letter)
    step.settle(f"{DeadlineKind.ASK_BACK}:{row.ordinal}")
    step.change(
        row,
        answered_by_id=step.actor.person_id,
        answered_at=step.now,
        answer_number=given.number.strip(),
        answer=given.text,
    )
    step.say(Audience.PUBLIC, given.text, files_given=given.files, office=row.body)
    step.notify("outside_answered", Told.HANDLER, Told.HEAD)


def letter(step: Step, ordinal: int) -> HandOver:
    """The letter of this number that waits for its answer. Raises Refused."""
    row = step.matter.outside_letters.filter(ordinal=ordinal, answered_at__isnull=True).first()
    if row is None or f"{DeadlineKind.ASK_BACK}:{ordinal}" not in step.clocks:
        raise Refused("no_such_letter", _("没有这份函，或者它已经有了答复。"))
    row.matter = step.matter
    return row


def _only_what_may_be_given(step: Step, given: terms.HandOverOutside) -> None:
    """What is needed, on a ground; who stays unnamed to the unit stays so to everybody else (PIPL 23)."""
    named = OF_THE_PERSON & set(given.given)
    if step.matter.naming == Naming.ANONYMOUS and named:
        raise Refused("nobody_to_name", _("说事人没有留名，没有姓名、电话可以提供。"))
    if step.matter.naming == Naming.CONFIDENTIAL and named:
        raise Refused("kept_confidential", _("说事人要求保密，姓名、电话不写进给外单位的函。"))
    if given.given and given.ground == Ground.CONSENT:
        refused = _("把说事人的信息给外单位，要有他本人签字的同意，或者他同意的录音，并写明凭据在哪里。")
        keep_what_shows_the_consent(step, given.shown_by, given.proof_ref, given.files, refused)
    _says_no_more(step, given)


def _says_no_more(step: Step, given: terms.HandOverOutside) -> None:
    """The letter itself: no name where none is given, no number where no telephone is; never a card, or address of mail."""
    if search.scrub_identities(given.text) != given.text:
        raise Refused("identity_in_letter", _("正文里写了身份证号或者邮箱。这两样不写在给外单位的函里。"))
    text = given.text
    if Given.NAME not in given.given:
        text = veil.unnamed(text, step.matter.parties.select_related("person"))
    if Given.PHONE not in given.given:
        text = search.scrub(text)
    if text != given.text:
        raise Refused("names_in_letter", _("正文里写了姓名，或者电话、证件号、邮箱。没有选要提供的，不要写在函里。"))


def _number(step: Step, ordinal: int) -> str:
    """Of the paper itself, where the unit's own letters have none."""
    from shuoshi.matters.papers import PaperKind, Ref
    from shuoshi.matters.papers.subject import number_of

    return number_of(step.matter, step.profile, Ref(PaperKind.HAND_OVER, ordinal))


def _day(step: Step, until: date) -> datetime:
    today = local(step.now).date()
    if not today < until <= today + FARTHEST:
        raise Refused("asked_too_late", _("去问结果的日期，最早明天，最晚六十天以内。"))
    return datetime.combine(until, END_OF_DAY, INSTITUTION_ZONE)


# Also after the reply of the matter, or of the part that sent it, and after the end.
ASKED_BACK = AT_WORK | HELD | {Status.UNDER_REVIEW, Status.PART_OVER, Status.CLOSED}

ROWS = (
    Transition(
        action=Action.HAND_OVER_OUTSIDE,
        source=frozenset({Status.IN_HANDLING}),
        clause="4.3.1",
        allow=policies.head,
        when=(guards.no_result_waiting,),
        do=hand_over_outside,
        start=(DeadlineKind.ASK_BACK,),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.ASK_OUTSIDE,
        source=ASKED_BACK,
        clause="4.3.1",
        allow=outside_policies.asks_outside,
        when=(outside_guards.outside_answer_owed,),
        do=ask_outside,
        start=(DeadlineKind.ASK_BACK,),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.RECORD_OUTSIDE_ANSWER,
        source=ASKED_BACK,
        clause="4.3.1",
        allow=outside_policies.asks_outside,
        when=(outside_guards.outside_answer_owed,),
        do=record_outside_answer,
        notify=(Told.HANDLER, Told.HEAD),
        resident=True,
        of_part=True,
    ),
)
