"""Print views: registration form, assignment order, reply, written report.

Paper is passed on, so no name on it is whole: masked, and of a confidential speaker nothing. Whoever hands the reply to
the person may write the rest of the name by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from shuoshi.desk import disclosure, papers
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.qr import drawn
from shuoshi.desk.views.matter import case, category_path, found
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.matters.models import Assignment, Deadline, Matter, Result, ResultPoint
from shuoshi.matters.queries.matter import MatterView
from shuoshi.matters.vocabulary import DeadlineKind, Naming


@dataclass(frozen=True)
class PaperPage(PageData):
    """What every paper has: its number, its matter, the day it bears, and where its QR code leads."""

    template: ClassVar[str] = "desk/papers/registration.html"
    view: MatterView
    matter: Matter
    path: str
    paper_number: str
    cards: Sequence[disclosure.Card]
    dated: datetime
    qr: SafeString


@dataclass(frozen=True)
class OrderPage(PaperPage):
    template: ClassVar[str] = "desk/papers/order.html"
    assignment: Assignment
    due: Deadline | None
    promise: Deadline | None


@dataclass(frozen=True)
class ResultPage(PaperPage):
    template: ClassVar[str] = "desk/papers/reply.html"
    result: Result
    points: Sequence[ResultPoint]


@dataclass(frozen=True)
class ReportPage(ResultPage):
    template: ClassVar[str] = "desk/papers/report.html"


@page(access=staff, methods=("GET",))
def paper(request: DeskRequest, number: str, name: str) -> HttpResponse:
    """One paper of one matter: registration, order-1, reply-1, report-1."""
    view = found(request, number)
    kind, _dash, tail = name.partition("-")
    ordinal = int(tail) if tail.isascii() and tail.isdigit() else 0
    if kind == "registration":
        return show(request, PaperPage(**_common(request, view, "", 0, view.matter.registered_at)))
    if kind == "order":
        return _order(request, view, ordinal)
    made = {"reply": ResultPage, "report": ReportPage}.get(kind)
    result = next((one for one in papers.signed(view) if one.ordinal == ordinal), None)
    if made is None or result is None:
        raise Http404
    points = [point for point in view.points if point.result_id == result.pk]
    assert result.signed_at is not None
    common = _common(request, view, kind, ordinal, result.signed_at)
    if kind == "reply":  # the one paper that is handed to the resident
        common["qr"] = drawn(request.build_absolute_uri(f"/track/?number={view.matter.number}"))
    return show(request, made(**common, result=result, points=points))


def _order(request: DeskRequest, view: MatterView, ordinal: int) -> HttpResponse:
    assignment = (
        view.matter.assignments.select_related("unit", "handler", "assigned_by").filter(ordinal=ordinal).first()
    )
    if assignment is None:
        raise Http404
    assignment.matter = view.matter
    clocks = [one for one in view.deadlines if one.assignment_id == assignment.pk]
    return show(
        request,
        OrderPage(
            **_common(request, view, "assignment_order", ordinal, assignment.assigned_at),
            assignment=assignment,
            due=next((one for one in clocks if one.kind == DeadlineKind.COMPLETION), None),
            promise=next((one for one in view.deadlines if one.kind == DeadlineKind.PROMISE), None),
        ),
    )


def _common(request: DeskRequest, view: MatterView, kind: str, ordinal: int, dated: datetime) -> dict[str, Any]:
    return {
        "view": view,
        "matter": view.matter,
        "path": category_path(view),
        "paper_number": papers.number_of(view, kind, ordinal),
        "cards": [_on_paper(card) for card in disclosure.cards(case(request, view), view.parties)],
        "dated": dated,
        "qr": drawn(request.build_absolute_uri(reverse("desk:matter", args=[view.matter.number]))),
    }


def _on_paper(card: disclosure.Card) -> disclosure.Card:
    """A confidential speaker stands on no paper, whoever prints it."""
    if card.party.naming != Naming.CONFIDENTIAL:
        return card
    return replace(card, name="", phone="", hidden=True, may_reveal=False, preset=False, earlier=False)
