"""Forms of those above, as the administrator keeps them: taken in, what is put where, tried with invented rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.downloads import DOCX, XLSX, file_of
from shuoshi.desk.forms.report_forms import ChooseForm, TakeInForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings.pages import ListPage, Row
from shuoshi.kernel import files
from shuoshi.kernel.papers.press import NotMade
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import PageData, page, show
from shuoshi.ledgers import filling, keeping, queries
from shuoshi.ledgers.mapping import Chosen
from shuoshi.ledgers.models import FileKind, ReportForm, ReportFormVersion
from shuoshi.organization import profile


@dataclass(frozen=True)
class TakeInPage(PageData):
    template: ClassVar[str] = "desk/report_forms/new.html"
    form: TakeInForm


@dataclass(frozen=True)
class ChoosePage(PageData):
    """`rows`: the first of a preview under `headings`; `unput`: columns that stay empty; `wrong`: why it cannot be filled."""

    template: ClassVar[str] = "desk/report_forms/choose.html"
    report: ReportForm
    version: ReportFormVersion
    form: ChooseForm
    versions: Sequence[ReportFormVersion]
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    unput: str
    wrong: Sequence[str]
    word: bool
    names: str
    loop: str = filling.LOOP


@page(access=rights.administrator, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    """Those in use, with their kind."""
    rows = [
        Row(
            [one.form.name, FileKind(one.kind).label, _("第 %(n)d 版") % {"n": one.number}, moment(one.at, "short")],
            reverse("desk:set_report_form", args=[one.form_id]),
        )
        for one in queries.newest()
    ]
    return show(
        request,
        ListPage(
            title=_("报送表"),
            columns=[_("名称"), _("文件"), _("版本"), _("什么时候改的")],
            rows=rows,
            note=_("上级要我们按他们的表报数：把表传上来，对好每一列，以后选一期就能填好。"),
            empty=_("还没有报送表。"),
            new_url=reverse("desk:set_report_form_new"),
            new_label=_("新增报送表"),
        ),
    )


@page(access=rights.administrator)
def new(request: DeskRequest) -> HttpResponse:
    form = TakeInForm(request.POST, request.FILES) if request.method == "POST" else TakeInForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            report = keeping.take_in(data["name"], data["file"], form.typed_headings(), actor=request.actor)
        except NotMade as problem:
            form.add_error("file", problem.text)
        else:
            messages.success(request, _("收下了。请核对每一列。"))
            return redirect("desk:set_report_form", report.pk)
    return show(request, TakeInPage(form), status=422 if form.errors else None)


@page(access=rights.administrator)
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """What each column is; POST keeps it as another version, or looks at headings in another row."""
    report = get_object_or_404(ReportForm, pk=key, active=True)
    version = keeping.newest_of(key)
    tabs, chosen, do = keeping.tabs_of(version), Chosen.read(version.settings), posted_deed(request)
    if do == "drop":
        keeping.drop(key, actor=request.actor)
        messages.success(request, _("停用了。"))
        return redirect("desk:set_report_forms")
    top = request.POST.get("top", "")
    if version.kind == FileKind.XLSX and do and top.isdecimal() and len(top) < 4:
        chosen = keeping.at_row(tabs, request.POST.get("tab", ""), int(top), chosen)
    looked = do == "look"
    form = ChooseForm(
        request.POST if do == "keep" else None, chosen=chosen, kind=version.kind, tabs=tabs, turn=version.number
    )
    wrong: Sequence[str] = []
    if do == "keep" and form.is_valid():
        chosen = form.chosen()
        wrong = keeping.faults(version, chosen)
        if not wrong:
            keeping.choose(key, form.turn or 0, chosen, actor=request.actor)
            messages.success(request, _("存下了。"))
            return redirect("desk:set_report_form", key)
        form.mention(wrong)
    if not looked and not wrong and do != "keep":
        wrong = keeping.faults(version, chosen)
    headings, rows = _tried(version, chosen)
    return show(
        request,
        ChoosePage(
            report=report,
            version=version,
            form=form,
            versions=queries.versions(report),
            headings=headings,
            rows=rows,
            unput=_("、").join(chosen.unput),
            wrong=wrong,
            word=version.kind == FileKind.DOCX,
            names=_("、").join(filling.FIXED_IN_WORD),
        ),
    )


@page(access=rights.administrator, methods=("GET",))
def file(request: DeskRequest, key: UUID, number: int) -> HttpResponse:
    """A version as it came in."""
    version = get_object_or_404(ReportFormVersion, form=key, number=number)
    try:
        data = version.read() if version.stored else b""
    except files.FileMissing:
        raise Http404 from None
    if not data:
        raise Http404
    return file_of(data, f"form-{number}.{version.kind}", DOCX if version.kind == FileKind.DOCX else XLSX)


def _tried(version: ReportFormVersion, chosen: Chosen) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    """Ten invented rows, as they would stand in the form."""
    rules = profile.current()
    invented = filling.invented(rules)
    if version.kind == FileKind.DOCX:
        rows = [chosen.row_of(rules, row, place, filling.IN_WORD) for place, row in enumerate(invented, start=1)]
        return list(filling.ROW_IN_WORD), rows
    return [one.heading for one in chosen.columns], [
        chosen.row(rules, row, place) for place, row in enumerate(invented, start=1)
    ]
