"""Receipts to deliver: printed slips of matters that staff entered, ticked off by name (procedure.md, (g)).

The query code is on no screen: the slip is rendered once per press of a button that asks for a reason and leaves an
event, and its style sheet draws the code on paper only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import actions, rights
from shuoshi.desk.forms.base import radios
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock, outbox
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.matters.queries.matter import offers
from shuoshi.matters.vocabulary import Action

FIRST, SPOILT = "first_print", "spoilt_sheet"


class PrintForm(Form):
    reason = radios(_("为什么打印"), [(FIRST, _("第一次打印，交给说事人")), (SPOILT, _("上一张打坏了或者丢了"))])


@dataclass(frozen=True)
class ReceiptsPage(PageData):
    template: ClassVar[str] = "desk/receipts.html"
    rows: Sequence[Matter]


@dataclass(frozen=True)
class PrintPage(PageData):
    """Before printing: the reason. Nothing of the code is on it."""

    template: ClassVar[str] = "desk/receipt_reason.html"
    matter: Matter
    form: PrintForm


@dataclass(frozen=True)
class SlipPage(PageData):
    """The slip. `code` and `qr` are drawn on paper only."""

    template: ClassVar[str] = "desk/papers/slip.html"
    matter: Matter
    code: str
    qr: SafeString
    promised: datetime | None
    printed_at: datetime


@page(access=rights.receipts, methods=("GET",))
def receipts(request: DeskRequest) -> HttpResponse:
    """What waits to be handed over, oldest first."""
    waiting = outbox.waiting_for(request.actor, outbox.Channel.SLIP).values("about_id")
    rows = visible_to(request.actor).filter(pk__in=waiting, receipt_handed_over_at__isnull=True)
    return show(request, ReceiptsPage(rows=list(rows.select_related("area", "round").order_by("registered_at", "id"))))


@page(access=rights.receipts)
def slip(request: DeskRequest, number: str) -> HttpResponse:
    """GET asks why, POST renders the slip for paper and leaves an event."""
    matter = get_object_or_404(visible_to(request.actor).select_related("lead_unit__parent", "registry"), number=number)
    may = any(
        offer.allowed and offer.action == Action.HAND_OVER_RECEIPT
        for offer in offers(request.actor, matter, clock.now())
    )
    if not may:
        return forbidden(request, str(_("回执已经交付，或者不归您打印。")), who_could=str(_("受理中心登记员")))
    form = PrintForm(posted(request), initial={"reason": FIRST})
    if request.method != "POST" or not form.is_valid():
        return show(request, PrintPage(matter=matter, form=form))
    actions.note_slip_printed(matter, form.cleaned_data["reason"], actor=request.actor)
    code = query_code.code_of(matter)
    answer = show(
        request,
        SlipPage(
            matter=matter,
            code=query_code.in_fours(code),
            qr=_qr(request, matter.number, code),
            promised=matter.promised_by
            or matter.deadlines.values_list("due_at", flat=True).order_by("started_at").first(),
            printed_at=clock.now(),
        ),
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _qr(request: DeskRequest, number: str, code: str) -> SafeString:
    """/track/#number.code: the fragment never reaches a server. segno writes attributes only, no style."""
    import segno

    address = request.build_absolute_uri(f"/track/#{number}.{code}")
    return mark_safe(segno.make(address, error="m").svg_inline(border=2, omitsize=True))  # noqa: S308 our own text
