"""Forms of those above, filled in for a period: chosen, looked at with its first rows, made as every export is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuoshi.desk import periods, rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.report_forms import FillForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.ledgers import actions, keeping, queries
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.filling import FormSource
from shuoshi.ledgers.models import FileKind, ReportForm, ReportFormVersion
from shuoshi.matters.papers.balance import period_name
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.queries.balance import Column
from shuoshi.organization import profile


@dataclass(frozen=True)
class FormsPage(PageData):
    template: ClassVar[str] = "desk/report_forms/home.html"
    forms: Sequence[ReportForm]
    may_arrange: bool


@dataclass(frozen=True)
class FillPage(PageData):
    """`rows`: the first of those newly registered, as they will stand there; `unput`: columns that stay empty;
    `replaced`: what is said there in other words than ours."""

    template: ClassVar[str] = "desk/report_forms/fill.html"
    report: ReportForm
    period: str
    period_code: str
    unknown: str
    choices: Sequence[periods.Choice]
    running: bool
    form: FillForm
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    unput: str
    replaced: Sequence[str]


@page(access=rights.overview, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    return show(request, FormsPage(queries.forms(), rights.administers(request.actor)))


@page(access=fresh(rights.overview))
def fill(request: DeskRequest, key: UUID) -> HttpResponse:
    """GET shows the first rows of a period; POST has the form filled in."""
    try:
        version = keeping.newest_of(key)
    except ReportFormVersion.DoesNotExist:
        raise Http404 from None
    if not version.form.active:
        raise Http404
    period, form = periods.asked(request), FillForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = _asked(version, data["figure"], period.name, data["kind"], data["unit"])
        named = [
            choices.with_words(form.fields[name].label or "", dict(form.fields[name].choices)[data[name]])  # type: ignore[attr-defined]  # selects
            for name in ("figure", "kind", "unit")
            if data[name]
        ]
        scope = pgettext("separator", "；").join([version.form.name, period_name(period), *map(str, named)])
        kind, purpose = FileKind(version.kind), Purpose(data["purpose"])
        try:
            export = actions.ask(asked, scope, kind, purpose, actor=request.actor, key=form.key)
        except NoSuchList:
            raise Http404 from None
        return redirect("desk:export", export.pk)
    source = FormSource(_asked(version, Column.NEW, period.name), version)
    return show(
        request,
        FillPage(
            report=version.form,
            period=period_name(period),
            period_code=period.name,
            unknown=periods.unknown(request, period),
            choices=periods.choices(period),
            running=period.ends > clock.now(),
            form=form,
            headings=[name for name, _width in source.columns()],
            rows=source.preview(request.actor),
            unput=_("、").join(source.chosen.unput),
            replaced=source.chosen.replaced(profile.current()),
        ),
    )


def _asked(version: ReportFormVersion, figure: str, period: str, kind: str = "", unit: str = "") -> Asked:
    return Asked(f"balance.{figure}", period=period, kind=kind, unit=unit, form=str(version.pk))
