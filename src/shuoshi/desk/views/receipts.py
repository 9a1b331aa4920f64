"""Receipts to deliver: printed slips of matters that staff entered, ticked off by name (procedure.md, (g)).

The query code is on no screen: a slip is drawn once, its style sheet draws the code on paper only, and the page leaves
the screen by itself. The text of the page holds the code all the same, so whoever looked would have to be the one who
printed, and stands in an event. A sheet that is printed again carries another code, which voids the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms import group
from shuoshi.desk.forms.base import radios
from shuoshi.desk.forms.persons import LostReceiptForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.web import Page, PageData, keyset, page, qr, show
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters import actions, query_code
from shuoshi.matters.actions.seats import seated
from shuoshi.matters.case import Case
from shuoshi.matters.models import Matter, Reissue, Spokesperson
from shuoshi.matters.papers.receipts import Size
from shuoshi.matters.queries import as_resident, queues, visible_to
from shuoshi.matters.queries.matter import offers
from shuoshi.matters.queries.tracking import Promise
from shuoshi.matters.scope import standing
from shuoshi.matters.vocabulary import Action
from shuoshi.people.models import Person

SECONDS = 120  # how long a slip stays open for the print dialog
AGAIN = [
    ("spoilt", _("上一张打坏了，已经撕掉")),
    ("missing", _("上一张找不到了")),
    ("not_printed", _("打印机没有印出来")),
]


class PrintForm(Form):
    """On which paper; and why, where it is not the first sheet."""

    paper = radios(_("印在什么纸上"), Size.choices, required=False)
    reason = radios(_("为什么再印一张"), AGAIN)

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always_asked("paper")  # one of the two is chosen already
        if first:
            del self.fields["reason"]


@dataclass(frozen=True)
class ReceiptsPage(PageData):
    template: ClassVar[str] = "desk/receipts.html"
    page: Page[Matter]


@dataclass(frozen=True)
class PrintPage(PageData):
    """Before printing. `last` is when and by whom the sheet before was printed. Nothing of the code is on it."""

    template: ClassVar[str] = "desk/receipt_reason.html"
    matter: Matter
    form: PrintForm
    last: Event | None
    last_by: str
    whose: str  # of a group, whose slip it is
    seconds: int = SECONDS


@dataclass(frozen=True)
class SlipPage(PageData):
    """The slip. `code` and `qr` are drawn on paper only."""

    template: ClassVar[str] = "desk/papers/slip.html"
    matter: Matter
    code: str
    qr: SafeString
    next: Promise | None  # what we owe next, as the tracking page says it; None when nothing is owed any more
    printed_at: datetime
    roll: bool  # on the paper of a till, 80 mm wide
    leave_after: int = SECONDS - 1  # seconds; the script goes before the header does


@dataclass(frozen=True)
class Seat:
    """One who speaks for a group, as the registry reads it; `last` is when their slip was drawn."""

    row: Spokesperson
    name: str
    last: Event | None


@dataclass(frozen=True)
class WhosePage(PageData):
    """Each spokesperson has a slip of their own: whose is to be printed now."""

    template: ClassVar[str] = "desk/receipt_whose.html"
    matter: Matter
    seats: Sequence[Seat]
    lost: bool = False  # each had one, and this one is lost


@dataclass(frozen=True)
class LostPage(PageData):
    """Before another receipt is handed out; `before` are the times it was lost already."""

    template: ClassVar[str] = "desk/receipt_lost.html"
    matter: Matter
    form: LostReceiptForm
    whose: str
    before: Sequence[Reissue]
    seconds: int = SECONDS


@page(access=rights.receipts, methods=("GET",))
def receipts(request: DeskRequest) -> HttpResponse:
    """What waits to be handed over, oldest first, in pages."""
    rows = queues.to_deliver(request.actor)
    listed = keyset(rows.select_related("area", "round"), request.GET.get("after", ""), ("registered_at", "id"))
    return show(request, ReceiptsPage(page=listed))


@page(access=rights.receipts)
def slip(request: DeskRequest, number: str) -> HttpResponse:
    """GET says what printing does, POST draws the slip for paper, once."""
    matter = get_object_or_404(visible_to(request.actor).select_related("lead_unit__parent", "registry"), number=number)
    found = offers(request.actor, matter, clock.now())
    handing = next((one for one in found if one.action == Action.HAND_OVER_RECEIPT), None)
    if handing is None or not handing.allowed:
        asked = handing.asked if handing is not None else ""
        return forbidden(request, str(_("回执已经交付，或者不归您打印。")), who_could=asked)
    part = _part(request, matter)
    if matter.is_group and part is None:
        return show(request, WhosePage(matter=matter, seats=_seats(matter)))
    last = actions.printed(matter, part)
    form = PrintForm(posted(request), first=last is None, initial={"paper": Size.A5})
    if request.method != "POST" or not form.is_valid():
        whose = group.named(part, knows=True) if part else ""
        return show(request, PrintPage(matter=matter, form=form, last=last, last_by=_by(last), whose=whose))
    again = form.cleaned_data.get("reason", "")
    spokesperson = part.pk if part else None
    holder = actions.print_slip(matter.pk, again=again, actor=request.actor, spokesperson=spokesperson)
    return drawn(request, matter, holder, roll=form.cleaned_data["paper"] == Size.ROLL)


@page(access=fresh(rights.receipts))
def lost(request: DeskRequest, number: str) -> HttpResponse:
    """The receipt that was handed over is lost: who shows who they are gets another, and the code before opens nothing."""
    matter = get_object_or_404(visible_to(request.actor).select_related("lead_unit__parent", "registry"), number=number)
    now = clock.now()
    case = Case(actor=request.actor, matter=matter, standing=standing(request.actor, matter), now=now)
    if not actions.reissuable(case):
        said = str(_("这件事的回执不能在这里补打，或者不归您补打。"))
        return forbidden(request, said, who_could=str(_("受理中心登记员")))
    part = _part(request, matter)
    if matter.is_group and part is None:
        return show(request, WhosePage(matter=matter, seats=_seats(matter), lost=True))
    form = LostReceiptForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        whose = group.named(part, knows=True) if part else ""
        before = list(matter.reissues.filter(part=part).select_related("by").order_by("-at", "-id")[:5])
        return show(request, LostPage(matter=matter, form=form, whose=whose, before=before))
    data, key = form.cleaned_data, form.key
    shown = actions.Identified(
        document=data["document"], last_four=data["last_four"], facts=data["facts"], words=data["words"]
    )
    spokesperson = part.pk if part else None
    holder = actions.reissue_at_counter(matter.pk, shown, actor=request.actor, spokesperson=spokesperson, key=key)
    return drawn(request, matter, holder, roll=data["paper"] == Size.ROLL)


def drawn(request: DeskRequest, matter: Matter, holder: Matter | Spokesperson, *, roll: bool) -> HttpResponse:
    """The slip with the code of this holder, which leaves the screen by itself."""
    code = query_code.code_of(holder)
    answer = show(
        request,
        SlipPage(
            matter=matter,
            code=query_code.in_fours(code),
            qr=qr.drawn(
                request.build_absolute_uri(f"/track/#{matter.number}.{code}")
            ),  # what follows # stays on the phone
            next=as_resident(matter, clock.now()).next,
            printed_at=clock.now(),
            roll=roll,
        ),
    )
    answer["Refresh"] = f"{SECONDS}; url={reverse('desk:receipts')}"
    answer["Cache-Control"] = "no-store"
    return answer


def _part(request: DeskRequest, matter: Matter) -> Spokesperson | None:
    """The spokesperson the address names."""
    typed = request.GET.get("whose", "")
    return next((row for row in seated(matter) if str(row.pk) == typed), None) if matter.is_group else None


def _seats(matter: Matter) -> list[Seat]:
    return [Seat(row, group.named(row, knows=True), actions.printed(matter, row)) for row in seated(matter)]


def _by(printing: Event | None) -> str:
    """The name of who printed; only staff do, so the event names a person."""
    if printing is None:
        return ""
    return str(Person.objects.get(pk=UUID(printing.actor.split(":")[1])).name)
