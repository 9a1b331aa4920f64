"""What is over and kept long enough: destroy it or keep it longer; the lists of destruction, and who asked to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.archive import appraising, asked, policies, queries, register
from shuoshi.archive.models import Basis, Destruction, Listed, State
from shuoshi.archive.queries import Held
from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.downloads import PDF, file_of
from shuoshi.desk.forms.archive import DESTROY, EVER, AppraisalForm, AskedForm, SentBackForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, page, show
from shuoshi.kernel.web.access import Access
from shuoshi.kernel.web.forms import posted
from shuoshi.matters.models import Matter
from shuoshi.organization import profile


@dataclass(frozen=True)
class Line:
    """A matter whose time is over, as the table shows it."""

    matter: Matter
    path: str
    basis: str
    ticked: bool


@dataclass(frozen=True)
class ArchivePage(PageData):
    template: ClassVar[str] = "desk/archive/archive.html"
    lines: Sequence[Line]
    page: Page[Matter]
    form: AppraisalForm
    lists: Sequence[Destruction]
    appraises: bool


@dataclass(frozen=True)
class ListedLine:
    row: Listed
    path: str


@dataclass(frozen=True)
class ListPage(PageData):
    """`is_open`: still drawn up; `at_work`: being destroyed; `why_not`: who may not approve it reads why."""

    template: ClassVar[str] = "desk/archive/list.html"
    row: Destruction
    page: Page[Listed]
    lines: Sequence[ListedLine]
    is_open: bool
    at_work: bool
    standing: int
    gone: int
    appraises: bool
    decides: bool
    why_not: str
    form: SentBackForm


@dataclass(frozen=True)
class AskedPage(PageData):
    """`held` is empty until a number was looked up; `listed`: how many were put on the list now, None before."""

    template: ClassVar[str] = "desk/archive/asked.html"
    form: AskedForm
    held: Sequence[Held]
    listed: int | None


@page(access=rights.archive)
def archive(request: DeskRequest) -> HttpResponse:
    """GET shows what is due and the lists; POST puts what is ticked on the list, or keeps it longer."""
    now, rules = clock.now(), profile.current()
    found = queries.expired(request.actor, now, request.GET.get("after", ""))
    form = AppraisalForm(posted(request), numbers={str(one.pk): one.number for one in found.rows})
    appraises = bool(policies.appraised_by(request.actor))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["verdict"] == DESTROY:
            row = appraising.put_on_list(form.chosen, actor=request.actor)
            messages.success(
                request, _("列入了 %(number)s，还没有销毁：提请批准以后由领导批。") % {"number": row.number}
            )
        else:
            until = None if data["verdict"] == EVER else data["until"]
            count = appraising.keep_longer(form.chosen, until, data["why"], actor=request.actor)
            messages.success(request, _("记下了，%(n)d 件延长保管。") % {"n": count})
        return redirect("desk:archive")
    ticked = form.ticked
    lines = [
        Line(one, rules.path(one.category, one.kind), str(Basis(one.retention.basis).label), str(one.pk) in ticked)
        for one in found.rows
    ]
    return show(request, ArchivePage(lines, found, form, queries.lists(request.actor), appraises))


def _check(request: HttpRequest) -> HttpResponse | None:
    """Approving asks for the password once more; whoever only takes a line off or sends it back is not asked."""
    door = _again if posted_deed(request) == "approve" else rights.archive
    return door.check(request)


_again = fresh(rights.archive)
_decided = Access(f"{rights.archive.name}, asked again to approve", _check)


@page(access=_decided)
def destruction(request: DeskRequest, key: UUID) -> HttpResponse:
    """One list: who drew it up puts it forward, another approves it or sends it back, the worker carries it out."""
    row = _found(request, key)
    do = posted_deed(request)
    form = SentBackForm(posted(request) if do == "send_back" else None)
    if do == "leave_out":
        line = posted_row(request)
        if not row.lines.filter(pk=line).exists():
            raise Http404
        appraising.leave_out(line, actor=request.actor)
        return redirect("desk:destruction", key)
    if do == "propose":
        appraising.propose(key, actor=request.actor)
        messages.success(request, _("提请了，等领导批准。"))
        return redirect("desk:destruction", key)
    if do == "approve":
        appraising.approve(key, actor=request.actor)
        messages.success(request, _("批准了，后台正在逐件销毁。"))
        return redirect("desk:destruction", key)
    if do == "send_back" and form.is_valid():
        appraising.send_back(key, form.cleaned_data["why"], actor=request.actor)
        messages.success(request, _("退回了。"))
        return redirect("desk:destruction", key)
    found, rules = queries.lines(row, request.GET.get("after", "")), profile.current()
    standing = row.lines.filter(left_out=False)
    waits = row.state == State.PROPOSED
    return show(
        request,
        ListPage(
            row=row,
            page=found,
            lines=[ListedLine(one, rules.path(one.matter.category, one.matter.kind)) for one in found.rows],
            is_open=row.state == State.OPEN,
            at_work=row.state == State.APPROVED,
            standing=standing.count(),
            gone=standing.filter(destroyed_at__isnull=False).count(),
            appraises=policies.may_appraise(request.actor, row.path),
            decides=waits and policies.may_approve(request.actor, row.path),
            why_not=appraising.why_not_approve(row, request.actor) if waits else "",
            form=form,
        ),
    )


@page(access=rights.archive, methods=("GET",))
def destruction_pdf(request: DeskRequest, key: UUID) -> HttpResponse:
    """The register on paper, to be signed and kept for ever."""
    row = _found(request, key)
    return file_of(register.pdf(row, clock.now()), f"{row.number}.pdf", PDF, inline="open" in request.GET)


@page(access=rights.appraisal)
def erasure_asked(request: DeskRequest) -> HttpResponse:
    """Somebody asks to be forgotten: what must be kept is said, what need not goes on the list."""
    form = AskedForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return show(request, AskedPage(form, (), None))
    number = form.cleaned_data["number"].strip().upper()
    try:
        if posted_deed(request) == "ask":
            held, listed = asked.ask(number, actor=request.actor)
            return show(request, AskedPage(form, held, listed))
        _people, looked = queries.of_the_same_person(request.actor, number, clock.now())
    except Matter.DoesNotExist:
        form.add_error("number", _("没有找到这个编号，请核对回执。"))
        return show(request, AskedPage(form, (), None))
    return show(request, AskedPage(form, looked, None))


def _found(request: DeskRequest, key: UUID) -> Destruction:
    try:
        return queries.one(request.actor, key)
    except Destruction.DoesNotExist:
        raise Http404 from None
