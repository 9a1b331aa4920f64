"""The institution's own paper templates: upload, what its PDF will lack, a preview, putting one in force and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.downloads import DOCX, file_of
from shuoshi.desk.frame import DeskRequest, posted_row
from shuoshi.desk.views.documents import picture_of
from shuoshi.desk.views.settings.pages import ListPage, Row
from shuoshi.desk.views.settings.seconds import proposing
from shuoshi.kernel.papers import press
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import Form
from shuoshi.matters import papers
from shuoshi.matters.papers import PaperKind
from shuoshi.organization import actions
from shuoshi.organization.actions import TemplateGiven
from shuoshi.organization.paper_templates import PaperTemplate

_WANTED = ("编号", "二维码", "指纹")  # without them a paper cannot be told from a forged one
_OTHERS = {PaperKind.RECEIPT: ("编号", "查询码", "二维码"), PaperKind.RECEIPT_ROLL: ("编号", "查询码", "二维码")}


class TemplateField(forms.FileField):
    """Cleans to a TemplateGiven: what was uploaded, filled once with invented content."""

    def __init__(self, kind: PaperKind, address: str) -> None:
        super().__init__(
            label=gettext_lazy("Word 文档（.docx）"),
            help_text=gettext_lazy("不超过 3 MB。上传以后先不启用，可以看预览。"),
            widget=forms.FileInput(attrs={"accept": ".docx"}),
        )
        self.kind, self.address = kind, address
        self.missing: list[str] = []

    def clean(self, data: Any, initial: Any = None) -> TemplateGiven:
        upload: UploadedFile[Any] = super().clean(data, initial)
        if (upload.size or 0) > press.LARGEST:
            raise forms.ValidationError(press.NotMade(press.Reason.TOO_BIG).text)
        content = upload.read()
        try:
            made = papers.sample(self.kind, content, self.address).pdf()
        except press.NotMade as problem:
            raise forms.ValidationError(problem.text) from problem
        missing = [name for name in _needed(self.kind) if name not in made.used]
        if missing:
            said = _("模板里没有%(names)s，印出来的纸就没法核对。请加上再传。")
            raise forms.ValidationError(said % {"names": _("、").join(f"{{{{ {name} }}}}" for name in missing)})
        return TemplateGiven(str(self.kind), content, made.unknown)


RECEIPTS = (PaperKind.RECEIPT, PaperKind.RECEIPT_ROLL)
NOT_THE_SLIP = gettext_lazy("回执的模板管说事人自己下载的 PDF 和留底的存根；工作台当面打印的那一张不用模板。")


class TemplateForm(Form):
    def __init__(self, *args: Any, kind: PaperKind, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = TemplateField(kind, address)
        self.fields["file"].error_messages["required"] = str(gettext_lazy("请选一个 Word 文档。"))


@dataclass(frozen=True)
class Version:
    """One version as the page lists it."""

    row: PaperTemplate
    by: str
    left_out: Sequence[str]


@dataclass(frozen=True)
class TemplatePage(PageData):
    template: ClassVar[str] = "desk/documents/template.html"
    kind: PaperKind
    form: TemplateForm
    versions: Sequence[Version]
    own: bool  # whether one of them is in force
    names: Sequence[tuple[str, int]]
    note: str  # what it is not used for, "" where there is nothing of the kind
    shown: str  # key of the version in the preview, "" for the built-in one
    pages: Sequence[int]


@page(access=rights.administrator, methods=("GET",))
def templates(request: DeskRequest) -> HttpResponse:
    """Every paper, and whose template it is printed with."""
    own = {row.paper: row for row in PaperTemplate.objects.filter(in_force=True)}
    waiting = set(PaperTemplate.objects.filter(approved_at=None).values_list("paper", flat=True))
    rows = [
        Row(
            [kind.label, _("第 %(n)d 版") % {"n": own[kind].number} if kind in own else _("自带的")],
            reverse("desk:set_template", args=[kind]),
            _("有没启用的") if kind in waiting else "",
        )
        for kind in PaperKind
    ]
    columns = [_("文书"), _("现在用的模板")]
    note = _("文书的样子可以用 Word 改。上传的模板要另一位管理员同意才启用；已经出具的文书不受影响。") + str(
        NOT_THE_SLIP
    )
    return show(request, ListPage(title=_("文书模板"), columns=columns, rows=rows, note=note))


@page(access=fresh(rights.administrator), methods=("POST",))
@proposing
def template_use(request: DeskRequest, kind: str) -> HttpResponse:
    """Put a version in force, which takes two; or go back to the built-in one, which takes one."""
    paper = _kind(kind)
    if request.POST.get("do") == "builtin":
        actions.use_builtin(paper, actor=request.actor)
        messages.success(request, _("改回自带的模板了。"))
    else:
        row = get_object_or_404(PaperTemplate, pk=posted_row(request), paper=paper)
        actions.use_template(row.pk, actor=request.actor)
        messages.success(request, _("启用了。以后出具的文书用这个模板。"))
    return redirect("desk:set_template", kind)


@page(access=rights.administrator)
def template(request: DeskRequest, kind: str) -> HttpResponse:
    """One paper: its versions, a preview, and the form for another version. A file survives no asking again, so none is."""
    paper = _kind(kind)
    posted = request.method == "POST"
    address = request.build_absolute_uri("/paper/")
    form = TemplateForm(
        request.POST if posted else None, request.FILES if posted else None, kind=paper, address=address
    )
    if posted and form.is_valid():
        row = actions.upload_template(form.cleaned_data["file"], actor=request.actor)
        messages.success(request, _("第 %(n)d 版收下了，还没有启用。请先看预览。") % {"n": row.number})
        return redirect(f"{reverse('desk:set_template', args=[kind])}?version={row.pk}")
    rows = list(PaperTemplate.objects.filter(paper=paper).select_related("uploaded_by").order_by("-number"))
    shown = _shown(request, paper)
    made = papers.sample(paper, shown.read() if shown else papers.builtin(paper), address).pictures()
    return show(
        request,
        TemplatePage(
            kind=paper,
            form=form,
            versions=[
                Version(row, row.uploaded_by.name, press.left_out(filter(None, row.left_out.split(","))))
                for row in rows
            ],
            own=any(row.in_force for row in rows),
            names=sorted(papers.KNOWN[paper].items()),
            note=str(NOT_THE_SLIP) if paper in RECEIPTS else "",
            shown=str(shown.pk) if shown else "",
            pages=range(1, len(made.pictures) + 1),
        ),
    )


@page(access=rights.administrator, methods=("GET",))
def template_page(request: DeskRequest, kind: str) -> HttpResponse:
    """One page of the preview, with invented content."""
    paper = _kind(kind)
    shown = _shown(request, paper)
    data = shown.read() if shown else papers.builtin(paper)
    return picture_of(request, papers.sample(paper, data, request.build_absolute_uri("/paper/")))


@page(access=rights.administrator, methods=("GET",))
def template_file(request: DeskRequest, kind: str) -> HttpResponse:
    """A version to work on in Word; the built-in one where none is named."""
    paper = _kind(kind)
    shown = _shown(request, paper)
    name = f"{paper}-{shown.number}.docx" if shown else f"{paper}.docx"
    return file_of(shown.read() if shown else papers.builtin(paper), name, DOCX)


def _kind(code: str) -> PaperKind:
    if code not in PaperKind.values:
        raise Http404
    return PaperKind(code)


def _needed(kind: PaperKind) -> Sequence[str]:
    if kind == PaperKind.RESULTS:
        return ("月份", "列表")
    return _OTHERS.get(kind, _WANTED)


def _shown(request: DeskRequest, kind: PaperKind) -> PaperTemplate | None:
    """The version the address names; None for the built-in one."""
    version = request.GET.get("version", "")
    try:
        key = UUID(version) if version else None
    except ValueError as error:
        raise Http404 from error
    return None if key is None else get_object_or_404(PaperTemplate, pk=key, paper=kind)
