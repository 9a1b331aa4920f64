"""Which meetings come, which were held, what residents want spoken of, and what is still to be carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.forms.meetings import CallForm, DecisionForm
from shuoshi.desk.forms.topics import AdmitForm, DeclineForm, LookForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.meetings import calling, feeds, queries, topics
from shuoshi.meetings.models import Decision, Meeting, Resolution, Topic
from shuoshi.meetings.policies import held_beneath, may_hold
from shuoshi.meetings.topics import Admitted
from shuoshi.meetings.vocabulary import State


@dataclass(frozen=True)
class MeetingsPage(PageData):
    template: ClassVar[str] = "desk/meetings/meetings.html"
    coming: Sequence[Meeting]
    page: Page[Meeting]
    topics: Sequence[Topic]
    open: Sequence[Resolution]
    decisions: Sequence[Decision]
    holds: bool  # anything at all
    today: date


@dataclass(frozen=True)
class CallPage(PageData):
    template: ClassVar[str] = "desk/meetings/call.html"
    form: CallForm | DecisionForm
    title: str
    verb: str
    back: str


@dataclass(frozen=True)
class TopicPage(PageData):
    template: ClassVar[str] = "desk/meetings/topic.html"
    topic: Topic
    form: AdmitForm
    declines: DeclineForm
    look: LookForm
    phone: str  # the whole number, once somebody asked for it


@dataclass(frozen=True)
class CalendarPage(PageData):
    """`address`: the secret one, "" where there is none."""

    template: ClassVar[str] = "desk/meetings/calendar.html"
    address: str
    known: bool


@page(access=rights.meetings, methods=("GET",))
def meetings(request: DeskRequest) -> HttpResponse:
    """Five statements beside the frame."""
    actor = request.actor
    return show(
        request,
        MeetingsPage(
            coming=queries.coming(actor),
            page=queries.past(actor, request.GET.get("after", "")),
            topics=queries.topics(actor),
            open=queries.open_resolutions(actor),
            decisions=queries.decisions(actor),
            holds=bool(held_beneath(actor)),
            today=clock.local(clock.now()).date(),
        ),
    )


@page(access=rights.meetings)
def call(request: DeskRequest) -> HttpResponse:
    """Tell of a meeting; the next step is its agenda."""
    begins = (clock.local(clock.now()) + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)
    first = {"begins": begins, "ends": begins + timedelta(hours=2)}
    form = CallForm(posted(request), actor=request.actor, initial=first)
    if request.method == "POST" and form.is_valid():
        row = calling.call(form.given(), actor=request.actor, key=form.key)
        messages.success(request, _("会议通知发出了。请把议程列上，打印通知贴出去。"))
        return redirect("desk:meeting", row.pk)
    back = reverse("desk:meetings")
    return show(request, CallPage(form=form, title=_("通知开会"), verb=_("通知"), back=back))


@page(access=rights.meetings)
def edit(request: DeskRequest, key: UUID) -> HttpResponse:
    """Another time, place or name, while it is not open yet."""
    row = queries.readable_meeting(key, request.actor)
    if row is None or not may_hold(request.actor, row.unit.path) or row.state != State.CALLED:
        raise Http404
    form = CallForm(posted(request), actor=request.actor, initial=CallForm.first_of(row))
    if request.method == "POST" and form.is_valid():
        calling.change(key, form.given(), actor=request.actor, key=form.key)
        messages.success(request, _("改好了。改了时间、地点的，请重新通知到人。"))
        return redirect("desk:meeting", key)
    back = reverse("desk:meeting", args=[key])
    return show(request, CallPage(form=form, title=_("修改会议通知"), verb=_("保存"), back=back))


@page(access=rights.meetings)
def topic(request: DeskRequest, key: UUID) -> HttpResponse:
    """What a resident wants spoken of: onto an agenda, or declined with words."""
    row = queries.topic(key)
    if row is None or not may_hold(request.actor, row.unit.path):
        raise Http404
    do = posted_deed(request)
    form = AdmitForm(posted(request) if do == "admit" else None, unit=row.unit_id)
    declines = DeclineForm(posted(request) if do == "decline" else None, prefix="no")
    if do == "admit" and form.is_valid():
        data = form.cleaned_data
        given = Admitted(key, data["title"], data["answer"])
        topics.admit(UUID(data["meeting"]), given, actor=request.actor, key=form.key)
        messages.success(request, _("列入议程了。"))
        return redirect("desk:meeting", data["meeting"])
    if do == "decline" and declines.is_valid():
        topics.decline(key, declines.cleaned_data["answer"], actor=request.actor)
        messages.success(request, _("答复记下了，提话题的人看得到。"))
        return redirect("desk:meetings")
    look = LookForm(posted(request) if do == "reveal" else None, prefix="look")
    wanted = do == "reveal" and look.is_valid()
    phone = topics.reveal(key, look.cleaned_data["why"], actor=request.actor) if wanted else ""
    status = 422 if form.errors or declines.errors or look.errors else None
    return show(request, TopicPage(row, form, declines, look, phone), status=status)


@page(access=rights.meetings)
def calendar(request: DeskRequest) -> HttpResponse:
    """The secret address for the calendar of a phone or a mail program."""
    do = posted_deed(request)
    if do in ("renew", "end"):
        (feeds.renew if do == "renew" else feeds.end)(actor=request.actor)
        messages.success(request, _("换了新地址，旧地址从现在起打不开。") if do == "renew" else _("日历地址停用了。"))
        return redirect("desk:meeting_calendar")
    feed = feeds.of(request.actor.person_id)
    address = ""
    if feed is not None and feed.active:
        address = request.build_absolute_uri(reverse("portal:meeting-calendar", args=[feeds.token(feed)]))
    return show(request, CalendarPage(address=address, known=feed is not None))
