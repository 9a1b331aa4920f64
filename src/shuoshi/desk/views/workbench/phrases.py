"""Phrases: the own ones and those that are shared, and filled in beside the form somebody is writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import phrases as values
from shuoshi.desk.forms.phrases import NewPhraseForm, PhraseForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.matter import case, found
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import Deed, FormPage
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.organization import queries as organization
from shuoshi.workbench import phrases, queries, variables
from shuoshi.workbench.models import Phrase, Scope
from shuoshi.workbench.policies import may_change, readable


@dataclass(frozen=True)
class Line:
    """One phrase: what is typed for it, its words, whose it is, its page; `mine` where this person may change it."""

    short: str
    text: str
    whose: str
    url: str = ""
    mine: bool = False


@dataclass(frozen=True)
class PhrasesPage(PageData):
    template: ClassVar[str] = "desk/workbench/phrases.html"
    lines: Sequence[Line]
    names: Sequence[str]


@dataclass(frozen=True)
class HerePage(PageData):
    """The same, filled in: to be taken by a script, or copied by hand."""

    template: ClassVar[str] = "desk/workbench/phrases_here.html"
    lines: Sequence[Line]
    back: str
    back_label: str


@page(access=staff, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    """All this person can use. One statement beside the frame."""
    lines = [
        Line(
            row.short,
            variables.shown(str(row.text)),
            _whose(row),
            reverse("desk:phrase", args=[row.pk]),
            may_change(request.actor, row),
        )
        for row in queries.phrases(request.actor)
    ]
    return show(request, PhrasesPage(lines=lines, names=variables.shown_names()))


@page(access=staff)
def new(request: DeskRequest) -> HttpResponse:
    form = NewPhraseForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            phrases.write(form.given(), actor=request.actor, key=form.key)
        except Refused as refused:
            form.add_error("short", refused.text)
        else:
            messages.success(request, _("写好了，在事项页和登记页写字的地方就能用。"))
            return redirect("desk:phrases")
    shown = FormPage(title=_("写一条常用语"), form=form, verb=_("保存"), back=reverse("desk:phrases"))
    return show(request, shown, status=422 if form.is_bound else None)


@page(access=staff)
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """Change it or put it away, where this person may; else read it with its history."""
    row = get_object_or_404(Phrase.objects.select_related("unit").filter(readable(request.actor)), pk=key)
    mine = may_change(request.actor, row) and row.put_away_at is None
    do = posted_deed(request)
    if do == "put_away":
        phrases.put_away(row.pk, actor=request.actor)
        messages.success(request, _("收起来了，以后不再列出。"))
        return redirect("desk:phrases")
    form = PhraseForm(posted(request), initial={"short": row.short, "text": variables.shown(str(row.text))})
    if do == "save" and form.is_valid():
        try:
            phrases.edit(row.pk, form.cleaned_data["short"], form.cleaned_data["text"], actor=request.actor)
        except Refused as refused:
            form.add_error("short", refused.text)
        else:
            messages.success(request, _("改好了。"))
            return redirect("desk:phrases")
    shown = FormPage(
        title=_("常用语 %(short)s") % {"short": row.short},
        form=form if mine else None,
        verb=_("保存"),
        back=reverse("desk:phrases"),
        note=_whose(row) if row.put_away_at is None else _("已经收起。"),
        deeds=[Deed("put_away", _("收起这一条"), "ban")] if mine else [],
        history=told(organization.history("phrase", key, phrases.Deed), form),
    )
    return show(request, shown, status=422 if do == "save" and form.is_bound and form.errors else None)


@page(access=staff, methods=("GET",))
def beside(request: DeskRequest, number: str) -> HttpResponse:
    """What can be used beside this matter, with its values; 404 where it is out of sight."""
    view = found(request, number)
    place = reverse("desk:matter", args=[view.matter.number])
    return _here(request, values.on(request, view, case(request, view)), place, _("回到这件事"))


@page(access=staff, methods=("GET",))
def registering(request: DeskRequest) -> HttpResponse:
    """The same beside a registration, where there is no matter to speak of."""
    return _here(request, values.anywhere(request), reverse("desk:register"), _("回到登记"))


def _here(request: DeskRequest, known: values.Values, back: str, label: str) -> HttpResponse:
    lines = [
        Line(row.short, variables.filled(str(row.text), known), _whose(row)) for row in queries.phrases(request.actor)
    ]
    return show(request, HerePage(lines=lines, back=back, back_label=label))


def _whose(row: Phrase) -> str:
    if row.scope == Scope.UNIT and row.unit is not None:
        return _("%(unit)s的人") % {"unit": row.unit.short_name}
    return str(Scope(row.scope).label)
