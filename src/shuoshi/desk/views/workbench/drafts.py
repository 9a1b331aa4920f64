"""What this person began to write and did not send: where it goes on, how old it is, and a way to throw it away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import composing, forms
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.unfinished import ACTING
from shuoshi.desk.views import register
from shuoshi.kernel import drafts
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action

FORMS = (ACTING, composing.FORM, register.FORM)


@dataclass(frozen=True)
class Line:
    """One draft: in which form, about which matter (None for a registration), and where it goes on."""

    key: UUID
    what: str
    matter: Matter | None
    url: str
    at: datetime
    until: datetime


@dataclass(frozen=True)
class DraftsPage(PageData):
    template: ClassVar[str] = "desk/workbench/drafts.html"
    lines: Sequence[Line]


@page(access=staff, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    """The latest first; of matters that are out of sight by now nothing is said. Two statements beside the frame."""
    found = drafts.waiting(request.account.pk, *FORMS)
    numbers = {draft.subject for draft in found if draft.subject}
    seen = {one.number: one for one in visible_to(request.actor).filter(number__in=numbers)} if numbers else {}
    return show(request, DraftsPage(lines=list(_lines(found, seen))))


@page(access=staff, methods=("POST",))
def drop(request: DeskRequest, key: UUID) -> HttpResponse:
    """Throw one away: back to the list, or to its form, which begins empty then. A second press finds it gone."""
    gone = drafts.drop_one(request.account.pk, key, *FORMS)
    if request.POST.get("to") == "form" and gone is not None:
        return redirect("desk:act", gone.subject, gone.form.removeprefix(ACTING))
    if gone is not None:
        messages.success(request, _("丢掉了。"))
    return redirect("desk:drafts")


def _lines(found: Sequence[drafts.Draft], seen: dict[str, Matter]) -> Iterator[Line]:
    for draft in found:
        matter = seen.get(draft.subject)
        if draft.form == register.FORM:
            yield _line(draft, _("登记一件事"), None, f"{reverse('desk:register')}?kept=1")
        elif matter is not None and draft.form == composing.FORM:
            yield _line(draft, _("告知说事人、内部备注"), matter, reverse("desk:matter", args=[matter.number]))
        elif matter is not None:
            action = draft.form.removeprefix(ACTING)
            if action in Action.values and forms.of(Action(action)) is not None:
                place = reverse("desk:act", args=[matter.number, action])
                yield _line(draft, str(Action(action).label), matter, place)


def _line(draft: drafts.Draft, what: str, matter: Matter | None, url: str) -> Line:
    return Line(draft.pk, what, matter, url, draft.updated_at, draft.expires_at)
