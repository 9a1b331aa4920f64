"""What a registration is made from: a letter, a paper form, a number, a call, a mail, a recording, a meeting, or nothing but what somebody says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.channels.boxes import actions as boxes
from shuoshi.channels.boxes import queries as letters
from shuoshi.channels.boxes.queries import Read
from shuoshi.channels.hotline import actions as calls
from shuoshi.channels.hotline import queries as at_the_hotline
from shuoshi.channels.hotline import voicemail as recordings
from shuoshi.channels.hotline.models import Call, Voicemail
from shuoshi.channels.hotline.policies import may_take
from shuoshi.channels.mail import actions as mails
from shuoshi.channels.mail import queries as in_the_inbox
from shuoshi.channels.mail.queries import Seen
from shuoshi.channels.points import queue, sheets, waiting
from shuoshi.channels.points.models import Ticket
from shuoshi.channels.points.policies import may_serve
from shuoshi.channels.points.waiting import ReadSheet
from shuoshi.desk.forms.begun import Begun, of_call, of_letter, of_mail, of_meeting, of_sheet, of_ticket, of_voicemail
from shuoshi.desk.forms.register import RegisterForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions
from shuoshi.meetings import queries as at_meetings
from shuoshi.meetings import resolving
from shuoshi.meetings.queries import At
from shuoshi.meetings.resolving import Said

Found = TypeVar("Found")


@dataclass(frozen=True)
class Source:
    """What is written down. At most one of them is there."""

    letter: Read | None = None
    call: Call | None = None
    mail: Seen | None = None
    voicemail: Voicemail | None = None
    ticket: Ticket | None = None
    sheet: ReadSheet | None = None
    at: At | None = None

    def begun(self) -> Begun | None:
        if self.letter is not None:
            return of_letter(self.letter)
        if self.call is not None:
            return of_call(self.call, at_the_hotline.raised_by(self.call))
        if self.voicemail is not None:
            return of_voicemail(self.voicemail, self.voicemail.raised.count())
        if self.ticket is not None:
            return of_ticket(self.ticket, self.ticket.raised.count())
        if self.sheet is not None:
            return of_sheet(self.sheet)
        if self.at is not None:
            return of_meeting(self.at)
        return of_mail(self.mail) if self.mail is not None else None

    def register(self, form: RegisterForm, actor: Actor) -> actions.Receipt:
        raised, terms = form.cleaned_data["raised"] or 0, form.terms()
        if self.letter is not None:
            return boxes.register(self.letter.letter.pk, terms, raised=raised, actor=actor)
        if self.call is not None:
            return calls.register(self.call.pk, terms, raised=raised, actor=actor)
        if self.mail is not None:
            return mails.register(self.mail.mail.pk, terms, raised=raised, actor=actor)
        if self.voicemail is not None:
            return recordings.register(self.voicemail.pk, terms, raised=raised, actor=actor)
        if self.ticket is not None:
            return queue.register(self.ticket.pk, terms, raised=raised, actor=actor)
        if self.sheet is not None:
            return sheets.register(self.sheet.sheet.pk, terms, actor=actor)
        if self.at is not None:
            data = form.cleaned_data
            where = Said(self.at.whole.meeting.pk, data["item"], data["resolution"], raised)
            return resolving.register(where, terms, actor=actor)
        return actions.register(terms, actor=actor)

    @property
    def keeps_the_way(self) -> bool:
        """Whether the next registration begins with the same way: not where something came by its own."""
        return not (self.letter or self.mail or self.sheet or self.at)

    def next(self) -> HttpResponse:
        if self.letter is not None:
            return redirect("desk:opening", self.letter.letter.opening_id)
        if self.mail is not None:
            return redirect("desk:mails")
        if self.ticket is not None:
            return redirect("desk:lane", self.ticket.queue.point_id)
        if self.sheet is not None:
            return redirect("desk:sheets")
        if self.at is not None:
            return redirect("desk:meeting", self.at.whole.meeting.pk)
        at_the_calls = self.call is not None or self.voicemail is not None
        return redirect("desk:calls" if at_the_calls else "desk:register")


def of(request: DeskRequest, data: QueryDict | None) -> Source:
    """What the form says, or the address. Raises Http404 for what is none, or not the reader's; Refused for what is settled."""

    def named(name: str, find: Callable[[DeskRequest, UUID], Found | None]) -> Found | None:
        key = str(data.get(name, "")) if data is not None else request.GET.get(name, "")
        if not key:
            return None
        try:
            found = find(request, UUID(key))
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found

    return Source(
        letter=named("letter", _letter),
        call=named("call", _call),
        mail=named("mail", _mail),
        voicemail=named("voicemail", _voicemail),
        ticket=named("ticket", _ticket),
        sheet=named("sheet", _sheet),
        at=_meeting(request, data),
    )


def _letter(request: DeskRequest, key: UUID) -> Read | None:
    """The letter of a suggestion box. One that was set aside meanwhile is refused before anything is typed."""
    found = letters.letter(key, request.actor)
    if found is not None and found.letter.because:
        raise Refused("letter_aside", _("这封信已经定了不登记。"))
    return found


def _call(request: DeskRequest, key: UUID) -> Call | None:
    """The call, for whoever takes them."""
    found = at_the_hotline.call(key)
    return found if found is not None and may_take(request.actor) else None


def _mail(request: DeskRequest, key: UUID) -> Seen | None:
    """The mail, for whoever may read it."""
    found = in_the_inbox.mail(key, request.actor)
    if found is None or found.kept:
        return None
    if found.mail.state not in mails.OPEN:
        raise Refused("mail_settled", _("这封信已经处理过了。"))
    return found


def _voicemail(request: DeskRequest, key: UUID) -> Voicemail | None:
    """The recording, for whoever may hear it.

    What is sent again is not asked: whoever registered it may be kept from it since, and is given the receipt again.
    """
    found = at_the_hotline.voicemail(key)
    if found is None or not may_take(request.actor):
        return None
    if request.method != "POST" and at_the_hotline.kept_from(found, request.actor):
        return None
    return found


def _ticket(request: DeskRequest, key: UUID) -> Ticket | None:
    """The number, for whoever calls there."""
    found = waiting.ticket(key)
    return found if found is not None and may_serve(request.actor, found.queue.point.unit.path) else None


def _sheet(request: DeskRequest, key: UUID) -> ReadSheet | None:
    """The form, for whoever takes in there. Sent again it is answered as before, so one that is registered is no fault here."""
    found = waiting.sheet(key, request.actor)
    if found is not None and not found.open and request.method == "GET":
        raise Refused("sheet_settled", _("这张表已经处理过了，一个编号只登记一次。"))
    return found


def _meeting(request: DeskRequest, data: QueryDict | None) -> At | None:
    """The meeting at which it was said. Raises Http404 for one the reader does not hold, and for what is not of it."""
    asked = data if data is not None else request.GET
    if not asked.get("meeting"):
        return None
    try:
        keys = [UUID(str(one)) if (one := asked.get(name)) else None for name in ("meeting", "item", "resolution")]
    except ValueError:
        raise Http404 from None
    found = at_meetings.at(keys[0], keys[1], keys[2], request.actor) if keys[0] else None
    if found is None:
        raise Http404
    return found
