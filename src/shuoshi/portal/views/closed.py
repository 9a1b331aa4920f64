"""What can no longer be said on a page: why, what was written meanwhile, and which other way it can go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.kernel.web import PageData, show
from shuoshi.kernel.web.forms import Form
from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import Action
from shuoshi.portal import forms, opened, photos

Given = Callable[[dict[str, Any]], Terms]


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
    given: Given | None = None,
) -> HttpResponse:
    """409 for a form that came too late, with its words; 200 for somebody who only opened the page.

    `private`: the words were for few, so no way is offered on which the handling side would read them. `given`: what
    the form asks for; where exactly that was done before, it was only sent again, and is not too late.
    """
    again = (
        _sent_again(request, seen, given(form.cleaned_data), form) if given is not None and form.is_valid() else None
    )
    if again is not None:
        return again
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


def _sent_again(request: HttpRequest, seen: TrackingView, given: Terms, form: Form) -> HttpResponse | None:
    """The page of the matter for a form that was carried out already, word for word; None for any other."""
    speaker = opened.actor(request, seen.matter.number)
    if speaker is None or not actions.done_before(seen.matter.pk, given, actor=speaker, key=form.key):
        return None
    messages.success(request, _("已经收到了，不用再发一次。"))
    return redirect("portal:matter", number=seen.matter.number)


def _anew(words: str, seen: TrackingView) -> str:
    return "\n".join([words, _("原来的编号：%(number)s") % {"number": seen.matter.number}])


def why_not(seen: TrackingView, action: Action) -> str:
    """The reason the table gives; "" when it may be done."""
    return next((offer.why for offer in seen.offers if offer.action == action), "")
