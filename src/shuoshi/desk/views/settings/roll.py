"""The roll: a workbook to fill in, what it would change, and the slips with first codes, which are shown once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.settings.slips import where_codes_are_used
from shuoshi.kernel import drafts, workbooks
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import Form
from shuoshi.organization import actions, roll, roll_form
from shuoshi.organization.actions import FirstCode, Plan
from shuoshi.people.actions.accounts import FIRST_LASTS

FORM = "roll"
_HOW_REACHED = "7-让大家连得上"  # the heading of the administrator's manual
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LASTS = timedelta(hours=1)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(Form):
    """One workbook; what is wrong in it is listed by sheet, row and column."""

    workbook = forms.FileField(
        label=gettext_lazy("填好的表格"),
        help_text=gettext_lazy(".xlsx，最大 5 MB。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_workbook(self) -> dict[str, workbooks.Sheet]:
        """Its sheets."""
        try:
            return workbooks.read(self.cleaned_data["workbook"].read())
        except workbooks.BadWorkbook as problem:
            raise ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        """Whether they make a roll that fits the institution; faults may be many, so they stand in one list only."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "workbook" in data:
            try:
                self.plan = actions.plan(roll.parse(data["workbook"]))
            except roll.RollFaults as problem:
                raise ValidationError([str(fault) for fault in problem.faults]) from problem
        return data


@dataclass(frozen=True)
class UploadPage(PageData):
    template: ClassVar[str] = "desk/settings/roll.html"
    form: UploadForm


@dataclass(frozen=True)
class PreviewPage(PageData):
    """`token` leads to the sheets, which wait in a draft; `only_here` when slips would name an address of this machine."""

    template: ClassVar[str] = "desk/settings/roll_preview.html"
    plan: Plan
    token: str
    address: str  # where a first code is used, as the slips will say
    only_here: bool
    reached: str = _HOW_REACHED


@dataclass(frozen=True)
class SlipsPage(PageData):
    """`left` are posts that take two administrators; `address` is where a first code is used."""

    template: ClassVar[str] = "desk/settings/roll_slips.html"
    address: str
    units: int
    people: int
    codes: Sequence[FirstCode]
    left: Sequence[str]
    days: int


@page(access=rights.administrator)
def upload(request: DeskRequest) -> HttpResponse:
    """GET offers the empty workbook; POST reads a filled one and shows what it would change."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        token = drafts.new_token()
        body: dict[str, Any] = form.cleaned_data["workbook"]
        drafts.save(token, FORM, body, owner=request.account.pk, lasts=_LASTS)
        address = where_codes_are_used(request)
        only_here = urlsplit(address).hostname in _LOOPBACK
        return show(request, PreviewPage(plan=form.plan, token=token, address=address, only_here=only_here))
    return show(request, UploadPage(form=form))


@page(access=rights.administrator, methods=("GET",))
def blank(request: DeskRequest) -> HttpResponse:
    answer = HttpResponse(roll_form.blank(), content_type=_XLSX)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%8D%95%E4%BD%8D%E5%92%8C%E4%BA%BA%E5%91%98.xlsx"
    return answer


@page(access=fresh(rights.administrator), methods=("POST",))
def take_in(request: DeskRequest) -> HttpResponse:
    """Write it all down. Whoever reloads reads that it was done; the codes are not shown again."""
    token = request.POST.get("token", "")
    draft = drafts.load(token)
    if draft is None or draft.form != FORM or draft.owner != request.account.pk:
        return redirect("desk:set_roll")
    try:
        plan = actions.plan(roll.parse(draft.body))
    except roll.RollFaults:  # none when it was shown
        messages.warning(request, _("单位或人员刚才有了变动，没有写入。请再传一次，看看要改什么。"))
        return redirect("desk:set_roll")
    taken = actions.take_in(plan, actor=request.actor)
    drafts.drop(token)
    answer = show(
        request,
        SlipsPage(
            address=where_codes_are_used(request),
            units=taken.units,
            people=taken.people,
            codes=taken.codes,
            left=taken.left,
            days=FIRST_LASTS.days,
        ),
    )
    answer["Cache-Control"] = "no-store"
    return answer
