"""What can no longer be said on a page: why, what was written meanwhile, and which other way it can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shuoshi.kernel.web import PageData, show
from shuoshi.kernel.web.forms import Form
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.vocabulary import Action
from shuoshi.portal import forms, photos


@dataclass(frozen=True)
class ClosedPage(PageData):
    """`words` is what was typed, "" where nothing was; it may be added to the matter, or said `anew`, or only copied."""

    template: ClassVar[str] = "portal/not_now.html"
    matter: Matter
    title: str
    sentence: str
    words: str
    may_add: bool
    anew: str
    album: str


def closed(
    request: HttpRequest,
    seen: TrackingView,
    title: str,
    sentence: str,
    form: Form,
    *,
    album: photos.Album | None = None,
    private: bool = False,
) -> HttpResponse:
    """409 for a form that came too late, with its words; 200 for somebody who only opened the page.

    `private`: the words were for few, so no way is offered on which the handling side would read them.
    """
    if album is not None and request.method == "POST":
        away = album.change(request)
        if away is not None:
            return away
    words = forms.as_words(form)
    may_add = bool(words) and not private and seen.can(Action.ADD_INFORMATION)
    page = ClosedPage(
        matter=seen.matter,
        title=title,
        sentence=sentence,
        words=words,
        may_add=may_add,
        anew=_anew(words, seen) if words and not private and not may_add else "",
        album=album.token if album is not None and album.stored else "",
    )
    return show(request, page, status=409 if words else 200)


def _anew(words: str, seen: TrackingView) -> str:
    return "\n".join([words, _("原来的编号：%(number)s") % {"number": seen.matter.number}])


def why_not(seen: TrackingView, action: Action) -> str:
    """The reason the table gives; "" when it may be done."""
    return next((offer.why for offer in seen.offers if offer.action == action), "")
