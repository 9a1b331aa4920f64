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
from shuoshi.matters.again_guards import NOT_AGAIN
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.people.sign_in import account_of
from shuoshi.portal import forms, opened, photos
from shuoshi.portal.views.closed import closed, why_not
from shuoshi.portal.views.track import carry_out, with_photos


@dataclass(frozen=True)
class RatePage(PageData):
    template: ClassVar[str] = "portal/rate.html"
    matter: Matter
    form: forms.Rate
    replies: Sequence[promises.Reply]


@dataclass(frozen=True)
class NotSolvedPage(PageData):
    template: ClassVar[str] = "portal/not_solved.html"
    matter: Matter
    form: forms.NotSolved
    upload: photos.Upload


@opened.opened
def rate(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Rate the result (4.4.1). Not from a browser in which somebody of the staff is signed in (1.3.1)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众评价。请用您自己的手机打开。"))
    form = forms.Rate(posted(request), profile=seen.profile, turn=seen.matter.turn)
    if not seen.may_rate:
        return closed(request, seen, _("评价"), _why_no_rating_now(seen), form)
    if form.is_valid():
        return carry_out(request, seen, form.terms(), form, _("评价收到了。"))
    return show(request, RatePage(seen.matter, form, promises.replies(seen)))


@opened.opened
def not_solved(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """Within the profile's days after the end: it is raised again, and given out anew (4.4.2)."""
    if not seen.can(Action.REOPEN):
        form, album = forms.NotSolved(posted(request)), photos.Album.of(request, seen.matter)
        return closed(request, seen, _("没有解决"), _why_not_now(seen.matter), form, album=album)

    def done(text: str, files: tuple[FileGiven, ...]) -> terms.Reopen:
        return terms.Reopen(text=text, files=files)

    said = _("收到了，这件事重新打开，由受理中心再交办。")
    return with_photos(request, seen, forms.NotSolved, NotSolvedPage, done, said)


def _why_no_rating_now(seen: TrackingView) -> str:
    matter = seen.matter
    if matter.status == Status.CLOSED:
        return why_not(seen, Action.RATE)
    if matter.status == Status.SCREENED_OUT:
        return _("这件事没有受理，没有要评价的。")
    if matter.round is not None and matter.round.ordinal > 1:
        return _("这件事正在重新办，新的答复送到您手里以后，这里就能再评价。")
    return _("现在还不能评价：答复送到您手里以后，这里就能评价。")


def _why_not_now(matter: Matter) -> str:
    if matter.closed_at is None:
        return _("这件事还没有办结。有什么要说的，请在进度页补充情况。")
    if matter.exit in NOT_AGAIN or matter.may_come_again_until is None:
        return _("这件事不能再次提出，请另外说一次。")
    until = day(matter.may_come_again_until)
    return _("再次提出最晚到 %(day)s，现在过了。请另外说一次这件事，或者请上一级复核。") % {"day": until}
