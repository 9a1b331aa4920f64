"""The resident's own word on the result: the five questions, and after the end, that it is not solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.kernel.web import PageData, show
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.people.sign_in import account_of
from shuoshi.portal import forms, opened, photos
from shuoshi.portal.views.track import carry_out, given_photos


@dataclass(frozen=True)
class RatePage(PageData):
    template: ClassVar[str] = "portal/rate.html"
    matter: Matter
    form: forms.Rate
    replies: Sequence[promises.Reply]


@dataclass(frozen=True)
class ClosedPage(PageData):
    """Why this cannot be said now, and what can be done instead."""

    template: ClassVar[str] = "portal/not_now.html"
    matter: Matter
    title: str
    sentence: str


@dataclass(frozen=True)
class NotSolvedPage(PageData):
    template: ClassVar[str] = "portal/not_solved.html"
    matter: Matter
    form: forms.NotSolved
    refusals: Sequence[str] = ()
    most: int = photos.MOST
    accept: str = photos.ACCEPT


@opened.opened
def rate(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Rate the result (4.4.1). Not from a browser in which somebody of the staff is signed in (1.3.1)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众评价。请用您自己的手机打开。"))
    if not seen.may_rate:
        sentence = _("现在还不能评价：答复送到您手里以后，这里就能评价。")
        return show(request, ClosedPage(seen.matter, _("评价"), sentence))
    form = forms.Rate(posted(request), profile=seen.profile, turn=seen.matter.turn)
    if form.is_valid():
        return carry_out(request, seen, form.terms(), form, _("评价收到了。"))
    return show(request, RatePage(seen.matter, form, promises.replies(seen)))


@opened.opened
def not_solved(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Within the profile's days after the end: it is written down, told to handler and registry, and answered."""
    if not promises.may_say_not_solved(seen):
        return show(request, ClosedPage(seen.matter, _("没有解决"), _why_not_now(seen.matter)))
    form = forms.NotSolved(posted(request))
    if not form.is_valid():
        return show(request, NotSolvedPage(seen.matter, form))
    given, refusals = given_photos(request)
    if refusals:
        return show(request, NotSolvedPage(seen.matter, form, refusals), status=422)
    done = terms.AddInformation(text=form.cleaned_data["text"], files=tuple(given), not_solved=True)
    return carry_out(request, seen, done, form, _("记下了，受理中心会看到，并和您联系。"))


def _why_not_now(matter: Matter) -> str:
    if matter.reconsidered_until is None:
        return _("这件事还没有办结。有什么要说的，请在进度页补充情况。")
    until = day(matter.reconsidered_until)
    return _("%(day)s之前可以在这里说没有解决，现在过了。请再说一次这件事，或者请上一级复核。") % {"day": until}
