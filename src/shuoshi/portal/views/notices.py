"""How a speaker hears of news: chosen behind the query code, ended by a button behind the link of a message.

A link does nothing by being opened: mail servers and telephones open links by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.vocabulary import PartyRole, TellBy
from shuoshi.notices import actions
from shuoshi.notices.models import Message, To
from shuoshi.people.actions import BadAddress, has_wechat
from shuoshi.people.models import ContactKind
from shuoshi.people.sign_in import account_of
from shuoshi.portal import opened
from shuoshi.portal.telling import Notices


@dataclass(frozen=True)
class FromMessagePage(PageData):
    """Where the link of a message leads: the way to the look-up, and a button. `ended` once it was pressed."""

    template: ClassVar[str] = "portal/notice.html"
    number: str
    ended: bool


@dataclass(frozen=True)
class NoticesPage(PageData):
    template: ClassVar[str] = "portal/notices.html"
    matter: Matter
    form: Notices


@ensure_csrf_cookie
@page(access=public)
def from_message(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, and changes nothing; POST ends the notices of this matter. Nothing of the matter is on the page."""
    message = Message.objects.filter(token=token, to=To.SPEAKER, contact_id__isnull=True).first()
    if message is None:
        raise Http404
    if request.method == "POST":
        if account_of(request) is not None:
            return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众停通知。请用您自己的手机打开。"))
        actions.stop_by(token)
    answer = show(request, FromMessagePage(number=message.number, ended=request.method == "POST"))
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@opened.opened
def choose(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Choose how to be told, or not at all; never from a browser of the staff (1.3.1)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众选怎么通知。请用您自己的手机打开。"))
    matter = seen.matter
    speaking = matter.parties.filter(role=PartyRole.SPEAKER).select_related("contact")
    party = seen.part.party if seen.part else speaking.first()
    follows = party is not None and has_wechat(party.person_id, matter.pk)
    phone = party is not None and party.contact is not None and party.contact.kind == ContactKind.PHONE
    first = {"tell_by": (seen.part or matter).tell_by}
    form = Notices(posted(request), phone=phone, named=party is not None, follows=follows, initial=first)
    if form.is_valid():
        speaker = opened.actor(request, matter.number)
        assert speaker is not None
        wish, address = TellBy(form.cleaned_data["tell_by"]), form.cleaned_data["address"]
        try:
            actions.choose(matter.pk, wish, address=address, actor=speaker)
        except BadAddress as bad:
            form.add_error("address", str(bad))
        else:
            messages.success(request, _("记下了。"))
            return redirect("portal:matter", number=matter.number)
    return show(request, NoticesPage(matter, form))
