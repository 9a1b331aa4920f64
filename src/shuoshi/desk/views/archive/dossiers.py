"""One matter, one file: asked for with a purpose, made in the background, fetched by whoever asked, gone a day later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.archive import making
from shuoshi.archive.models import MadeFile, MadeState
from shuoshi.desk.again import fresh
from shuoshi.desk.downloads import PDF, file_of
from shuoshi.desk.forms.archive import DossierForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.matters.models import Matter
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.queries import visible_to

ZIP = "application/zip"


@dataclass(frozen=True)
class Made:
    """One file that was asked for. `percent` of it is made."""

    row: MadeFile
    kind: str
    purpose: str
    ready: bool
    failed: bool

    @property
    def percent(self) -> int:
        return self.row.done * 100 // self.row.parts if self.row.parts else 0


@dataclass(frozen=True)
class DossierPage(PageData):
    """`working`: something is being made, and the page looks again by itself."""

    template: ClassVar[str] = "desk/archive/dossier.html"
    matter: Matter
    form: DossierForm
    made: Sequence[Made]
    working: bool
    hours: int = int(making.KEPT.total_seconds()) // 3600


@page(access=fresh(staff))
def dossier(request: DeskRequest, number: str) -> HttpResponse:
    """GET shows what was made and asks for what; POST has one made."""
    matter = get_object_or_404(visible_to(request.actor), number=number, part_of=None)
    form = DossierForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data, address = form.cleaned_data, request.build_absolute_uri("/paper/")
        making.ask(matter.pk, data["kind"], Purpose(data["purpose"]), address, actor=request.actor)
        messages.success(request, _("正在后台做，做好了在这一页下载。"))
        return redirect("desk:dossier", number)
    made = [
        Made(
            one,
            "PDF" if one.kind == "pdf" else _("压缩包"),
            str(Purpose(one.purpose).label),
            one.state == MadeState.READY,
            one.state == MadeState.FAILED,
        )
        for one in making.made_for(request.actor, matter)
    ]
    working = any(not one.ready and not one.failed for one in made)
    return show(request, DossierPage(matter, form, made, working))


@page(access=staff, methods=("GET",))
def made_file(request: DeskRequest, key: UUID) -> HttpResponse:
    """The file, to the account that asked for it and nobody else."""
    try:
        row, data = making.read(key, actor=request.actor)
    except MadeFile.DoesNotExist:
        raise Http404 from None
    return file_of(data, f"{row.matter.number}-dossier.{row.kind}", PDF if row.kind == "pdf" else ZIP)
