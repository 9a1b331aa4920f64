"""Paper forms (3.1.1): printed with a code and a serial number, photographed when they come back, registered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuoshi.channels import pages
from shuoshi.channels.points import sheets, waiting
from shuoshi.channels.points.models import Sheet, SheetPhoto, SheetState
from shuoshi.channels.points.waiting import Batch, Listed, ReadSheet
from shuoshi.desk import pictures, rights
from shuoshi.desk.forms.rota import AsideForm, PrintForm, SerialForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import recognising
from shuoshi.kernel.web import PageData, page, qr, show, uploads
from shuoshi.kernel.web.forms import posted
from shuoshi.matters.terms import FileGiven
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Point


@dataclass(frozen=True)
class SheetsPage(PageData):
    template: ClassVar[str] = "desk/sheets/sheets.html"
    printing: PrintForm
    serial: SerialForm
    waiting: Listed
    aside: Listed
    batches: Sequence[Batch]
    points: Sequence[Point]
    reads_codes: bool
    accept: str = uploads.ACCEPT


@dataclass(frozen=True)
class SheetPage(PageData):
    template: ClassVar[str] = "desk/sheets/sheet.html"
    read: ReadSheet
    serial: str
    form: AsideForm
    most: int = pages.MOST
    accept: str = uploads.ACCEPT


@dataclass(frozen=True)
class Printed:
    """One sheet as it is printed: its code leads staff to it and everybody else to the point."""

    sheet: Sheet
    serial: str
    code: SafeString


@dataclass(frozen=True)
class PrintedPage(PageData):
    template: ClassVar[str] = "desk/papers/sheets.html"
    point: Point
    sheets: Sequence[Printed]


@page(access=rights.sheets)
def listed(request: DeskRequest) -> HttpResponse:
    """Print some, find one by what is printed on it, see which wait. Ten statements beside the frame."""
    points, do = waiting.served(request.actor, organization.points()), posted_deed(request)
    pairs = [(str(one.pk), one.name) for one in points]
    printing = PrintForm(posted(request) if do == "print" else None, points=pairs)
    serial = SerialForm(posted(request) if do == "find" else None)
    if do == "print" and printing.is_valid():
        data = printing.cleaned_data
        batch = sheets.print_(UUID(data["point"]), data["many"], printing.key, actor=request.actor)
        return redirect("desk:sheets_printed", batch)
    if do == "find":
        answer = _found(request, serial)
        if answer is not None:
            return answer
    shown = SheetsPage(
        printing=printing,
        serial=serial,
        waiting=waiting.waiting_sheets(request.actor),
        aside=waiting.aside_sheets(request.actor),
        batches=waiting.batches(points),
        points=points,
        reads_codes=recognising.reads_codes(),
    )
    return show(request, shown, status=422 if printing.errors or serial.errors else None)


def _found(request: DeskRequest, form: SerialForm) -> HttpResponse | None:
    """The sheet of the typed number, or of the codes on the pictures, which are kept with it; None with what is wrong in the form."""
    with pictures.taken(request) as given:
        valid = form.is_valid()
        typed = form.cleaned_data.get("serial", "") if valid else ""
        seen = _serials(given) if valid else set()
        read = sheets.normalise(typed) if typed else min(seen, default="")
        if read and seen - {read}:
            form.add_error("serial", _several())
            return None
        found = waiting.by_serial(read)
        if valid and found is not None and waiting.sheet(found.pk, request.actor) is not None:
            if given and found.state in (SheetState.BLANK, SheetState.WAITING):
                pictures.told(request, sheets.add_photos(found.pk, given, actor=request.actor))
            return redirect("desk:sheet", found.pk)
    if not valid:
        return None
    if typed:
        form.add_error("serial", _("没有这个编号的表，请再看一遍。复印的、别处的表，请用“登记一件事”登记。"))
    else:
        form.add_error(
            "serial", _("照片上的二维码没有认出来，请输入二维码下面的编号。") if given else _("这里还没有填。")
        )
    return None


def _serials(given: Sequence[FileGiven]) -> set[str]:
    """The serial numbers in the codes on pictures; none where none is read, or nothing here reads codes."""
    if not recognising.reads_codes():
        return set()
    try:
        codes = recognising.codes_on([one.data for one in given])
    except recognising.NotRead:
        return set()
    return {sheets.normalise(code) for of_one in codes for code in of_one} - {""}


def _several() -> str:
    """What one person wrote must not come to the matter of another."""
    return _("照片上有别的编号的表，一张也没有收。一次只拍一张表，别的表另外打开。")


def _keep(request: DeskRequest, row: Sheet) -> None:
    with pictures.taken(request) as given:
        if _serials(given) - {row.serial}:
            messages.error(request, _several())
        elif given:
            pictures.told(request, sheets.add_photos(row.pk, given, actor=request.actor))


@page(access=rights.sheets)
def sheet(request: DeskRequest, key: UUID) -> HttpResponse:
    """One sheet: its pictures, and the way to the matter, or the matter it became."""
    read = waiting.sheet(key, request.actor)
    if read is None:
        raise Http404
    do = posted_deed(request)
    form = AsideForm(posted(request) if do == "aside" else None)
    if do == "photos":
        _keep(request, read.sheet)
        return redirect("desk:sheet", key)
    if do == "off":
        off = get_object_or_404(SheetPhoto, pk=posted_row(request), sheet=key)
        sheets.take_off(off.pk, actor=request.actor)
        messages.success(request, _("拿掉了，这张照片不跟着登记。"))
        return redirect("desk:sheet", key)
    if do == "aside" and form.is_valid():
        sheets.set_aside(key, form.cleaned_data["words"], actor=request.actor)
        messages.success(request, _("记下了，这张表不登记。"))
        return redirect("desk:sheet", key)
    return show(request, SheetPage(read=read, serial=sheets.grouped(read.sheet.serial), form=form))


@page(access=rights.sheets, methods=("GET",))
def by_serial(request: DeskRequest, serial: str) -> HttpResponse:
    """Where the code of a sheet leads somebody of the staff."""
    found = waiting.by_serial(sheets.normalise(serial))
    if found is None or waiting.sheet(found.pk, request.actor) is None:
        raise Http404
    return redirect("desk:sheet", found.pk)


@page(access=rights.sheets, methods=("GET",))
def printed(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Blank sheets as they go to the printer, one page of A4 each."""
    rows = waiting.printed_together(batch)
    if not rows or not waiting.served(request.actor, [rows[0].point]):
        raise Http404
    drawn = [Printed(one, sheets.grouped(one.serial), qr.drawn(_address(request, one))) for one in rows]
    return show(request, PrintedPage(point=rows[0].point, sheets=drawn))


@page(access=rights.sheets, methods=("GET",))
def photo(request: DeskRequest, key: UUID) -> HttpResponse:
    """A picture of a sheet; `?small` its thumbnail."""
    found = waiting.sheet_photo(key, request.actor)
    if found is None:
        raise Http404
    return pictures.answer(request, found, found.sheet.data_key())


def _address(request: DeskRequest, one: Sheet) -> str:
    return request.build_absolute_uri(reverse("portal:sheet", args=[one.serial]))
