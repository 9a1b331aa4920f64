"""Meetings for everybody (3.1.2): which are called, topics people propose, checking in by the code, published minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import clock, throttle
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.web import Page, PageData, network_of, page, public, show
from shuoshi.kernel.web.forms import Form, Text, posted
from shuoshi.kernel.web.refusals import forbidden, too_often
from shuoshi.meetings import door, feeds, holding, ical, queries, topics
from shuoshi.meetings.holding import Present
from shuoshi.meetings.models import Decision, Meeting, Published, Topic
from shuoshi.meetings.topics import TopicGiven
from shuoshi.meetings.vocabulary import Part, State
from shuoshi.organization import queries as organization
from shuoshi.people import phones
from shuoshi.people.sign_in import account_of

_SALT = "shuoshi.portal.topic"
_SOMEBODY = Actor(ActorKind.SPEAKER)


def _phone(written: str) -> str:
    try:
        return phones.normalise(written) if written else ""
    except phones.BadNumber as bad:
        raise ValidationError(str(bad)) from bad


class TopicForm(Form):
    unit = forms.ChoiceField(label=gettext_lazy("想在哪里的会上说？"))
    words = Text(label=gettext_lazy("想说什么？"), rows=5, max_length=2000, help_text=gettext_lazy("一句话也行。"))
    name = forms.CharField(label=gettext_lazy("怎么称呼您"), required=False, max_length=40)
    phone = forms.CharField(label=gettext_lazy("电话"), required=False, max_length=30)
    required_words = {"words": gettext_lazy("请写想在会上说什么。"), "unit": gettext_lazy("请选在哪里的会上说。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", lambda: [("", _("请选")), *_units()])

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def given(self) -> TopicGiven:
        data = self.cleaned_data
        return TopicGiven(unit_id=UUID(data["unit"]), words=data["words"], name=data["name"], phone=data["phone"])


class HereForm(Form):
    name = forms.CharField(label=gettext_lazy("您的姓名"), max_length=40)
    part = forms.ChoiceField(label=gettext_lazy("您是"), widget=forms.RadioSelect)
    phone = forms.CharField(label=gettext_lazy("电话"), required=False, max_length=30)
    required_words = {"name": gettext_lazy("请写姓名。"), "part": gettext_lazy("请选您以什么身份来。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [
            (Part.MEMBER, _("应到人员（代表、党员、村民）")),
            (Part.ATTENDING, Part.ATTENDING.label),
            (Part.OBSERVER, Part.OBSERVER.label),
        ]
        self.offer("part", said)

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def given(self) -> Present:
        data = self.cleaned_data
        return Present(data["name"], data["phone"], Part(data["part"]))


@dataclass(frozen=True)
class MeetingsPage(PageData):
    """`coming`: each with `agenda`, what of it everybody reads."""

    template: ClassVar[str] = "portal/meetings.html"
    coming: Page[Meeting]
    page: Page[Published]
    decisions: Page[Decision]
    calendar: str


@dataclass(frozen=True)
class MinutesPage(PageData):
    template: ClassVar[str] = "portal/meeting_minutes.html"
    published: Published


@dataclass(frozen=True)
class TopicPage(PageData):
    template: ClassVar[str] = "portal/topic.html"
    form: TopicForm


@dataclass(frozen=True)
class KeptPage(PageData):
    template: ClassVar[str] = "portal/topic_kept.html"
    topic: Topic


@dataclass(frozen=True)
class HerePage(PageData):
    """`form`: None once it is written down; `meeting`: None for whoever holds no code that is good now."""

    template: ClassVar[str] = "portal/meeting_here.html"
    meeting: Meeting | None
    form: HereForm | None


@page(access=public, methods=("GET",))
def meetings(request: HttpRequest) -> HttpResponse:
    """Four statements, whatever the number."""
    return show(
        request,
        MeetingsPage(
            coming=queries.public_coming(clock.now(), request.GET.get("coming", "")),
            page=queries.published(request.GET.get("after", "")),
            decisions=queries.public_decisions(request.GET.get("decided", "")),
            calendar=request.build_absolute_uri(reverse("portal:meetings-calendar")),
        ),
    )


@page(access=public, methods=("GET",))
def minutes(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a person released of approved minutes."""
    found = queries.public_minutes(key)
    if found is None:
        raise Http404
    return show(request, MinutesPage(found))


@page(access=public)
def topic(request: HttpRequest) -> HttpResponse:
    """Propose something for a meeting to speak about: no account, no name needed."""
    form = TopicForm(posted(request))
    if request.method == "POST" and form.is_valid():
        for rule, who in ((throttle.TOPICS_BY_NETWORK, network_of(request)), (throttle.TOPICS_BY_SITE, throttle.SITE)):
            left = throttle.take(rule.scope, who, clock.now())
            if left is not None:
                return too_often(request, max(1, -(-int(left.total_seconds()) // 60)))
        row = topics.propose(form.given(), actor=_SOMEBODY, key=form.key)
        return redirect(kept_at(row))
    return show(request, TopicPage(form))


def kept_at(row: Topic) -> str:
    """The address at which its answer is read; whoever does not know it cannot guess it."""
    return reverse("portal:topic-kept", args=[signing.Signer(salt=_SALT).sign_object(str(row.pk))])


@page(access=public, methods=("GET",))
def topic_kept(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a proposal, for whoever has its address: state and answer, without name or telephone."""
    try:
        key = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        raise Http404 from None
    row = queries.topic(UUID(key))
    if row is None:
        raise Http404
    return show(request, KeptPage(row))


@page(access=public)
def here(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """Say that one is there, by the code on the wall. Not from a browser of the staff, who enter people themselves."""
    row = get_object_or_404(Meeting.objects.select_related("unit"), pk=key)
    fits = door.opens(row, code, clock.now())
    if request.method == "GET" and request.GET.get("done"):
        return show(request, HerePage(row if fits else None, None))
    if not fits:
        said = _("会已经开完了。") if row.state in (State.CLOSED, State.APPROVED) else _("二维码过期了，请重新扫一次。")
        return forbidden(request, said)
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，请用自己的手机签到，或者由记录人登记。"))
    form = HereForm(posted(request))
    if request.method == "POST" and form.is_valid():
        left = throttle.take(throttle.CHECK_INS_BY_NETWORK.scope, network_of(request), clock.now())
        if left is not None:
            return too_often(request, max(1, -(-int(left.total_seconds()) // 60)))
        holding.check_in(key, form.given(), actor=_SOMEBODY, key=form.key)
        return redirect(f"{request.path}?done=1")
    return show(request, HerePage(row, form))


@page(access=public, methods=("GET",))
def everybodys_calendar(request: HttpRequest) -> HttpResponse:
    """All meetings that are told of, for the calendar of a phone."""
    return _calendar(request, None)


@page(access=public, methods=("GET",))
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """What its holder may read, for whoever has the secret address."""
    actor = feeds.holder(token)
    if actor is None:
        raise Http404
    return _calendar(request, actor)


def _calendar(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    url = request.build_absolute_uri(reverse("portal:meetings"))
    entries = [
        ical.Entry(
            uid=f"{row.pk}@{request.get_host().partition(':')[0]}",
            stamp=row.told_at,
            begins=row.begins_at,
            ends=row.ends_at,
            summary=row.title,
            location=row.place,
            description=f"{row.unit.name} {row.get_kind_display()}",
            url=url,
            sequence=row.revision,
            cancelled=row.state == State.CANCELLED,
        )
        for row in queries.for_calendar(actor, clock.now())
    ]
    answer = HttpResponse(ical.calendar(_("说事会"), entries), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store" if actor is not None else "max-age=300"
    return answer


def _units() -> list[tuple[str, str]]:
    """Where meetings are held: the tiers, not their departments."""
    return [(str(one.pk), one.name) for one in organization.units() if one.is_tier]
