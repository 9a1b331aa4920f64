"""Home visits on the desk (3.2.3): where nobody was for long, plans with their routes, what was said at a door, and phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.channels.visits import actions, keeping, policies, queries
from shuoshi.channels.visits import rescue as rescuing
from shuoshi.channels.visits.models import Device, Differing, Visit
from shuoshi.channels.visits.queries import Covered, Read, Running
from shuoshi.desk import rights
from shuoshi.desk.downloads import stored
from shuoshi.desk.forms.visits import PlanForm, RescueForm
from shuoshi.desk.frame import DeskRequest, carry_on, posted_deed, posted_row
from shuoshi.kernel import clock, files
from shuoshi.kernel.web import Page, PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.people.phones import BadNumber


@dataclass(frozen=True)
class VisitsPage(PageData):
    template: ClassVar[str] = "desk/visits/visits.html"
    covered: Sequence[Covered]
    plans: Sequence[Running]
    waiting: Sequence[Visit]
    differing: Sequence[Differing]
    page: Page[Visit]


@dataclass(frozen=True)
class PlanPage(PageData):
    template: ClassVar[str] = "desk/visits/plan.html"
    form: PlanForm | None  # None where it runs no more, or is another's
    running: Running | None = None


@dataclass(frozen=True)
class RoutePage(PageData):
    template: ClassVar[str] = "desk/visits/route.html"
    running: Running
    today: date


@dataclass(frozen=True)
class VisitPage(PageData):
    """`late`: whether it came on another day than it was made."""

    template: ClassVar[str] = "desk/visits/visit.html"
    read: Read
    late: bool


@dataclass(frozen=True)
class PhonesPage(PageData):
    template: ClassVar[str] = "desk/visits/phones.html"
    phones: Sequence[tuple[Device, datetime | None]]
    everybody: bool


@dataclass(frozen=True)
class RescuePage(PageData):
    template: ClassVar[str] = "desk/visits/rescue.html"
    form: RescueForm
    done: rescuing.Rescued | None = None


@page(access=rights.visits, methods=("GET",))
def visits(request: DeskRequest) -> HttpResponse:
    """Six statements beside the frame."""
    now, actor = clock.now(), request.actor
    return show(
        request,
        VisitsPage(
            covered=queries.coverage(now - queries.LONG, now),
            plans=queries.plans(actor, now),
            waiting=queries.waiting(actor, now),
            differing=queries.differing(actor),
            page=queries.latest(actor, request.GET.get("after", "")),
        ),
    )


@page(access=rights.visits)
def new_plan(request: DeskRequest) -> HttpResponse:
    today = clock.local(clock.now()).date()
    first = {"begins": today, "ends": today + timedelta(days=30), "visitor": str(request.actor.person_id), "target": 10}
    form = PlanForm(posted(request), actor=request.actor, initial=first | {"area": request.GET.get("area", "")})
    if request.method == "POST" and form.is_valid():
        row = keeping.plan(form.given(), actor=request.actor)
        messages.success(request, _("走访计划排好了。"))
        return redirect("desk:visit_plan", row.pk)
    return show(request, PlanPage(form=form))


@page(access=rights.visits)
def plan(request: DeskRequest, key: UUID) -> HttpResponse:
    running = _plan(request, key)
    row = running.plan
    do = posted_deed(request)
    if do == "end":
        keeping.end_plan(key, actor=request.actor)
        messages.success(request, _("停了。已经走访的都在。"))
        return redirect("desk:visits")
    form = PlanForm(posted(request), actor=request.actor, initial=PlanForm.first_of(row))
    if do == "save" and form.is_valid():
        keeping.change_plan(key, form.given(), actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:visit_plan", key)
    return show(request, PlanPage(form=form if row.active else None, running=running))


@page(access=rights.visits, methods=("GET",))
def route(request: DeskRequest, key: UUID) -> HttpResponse:
    """The homes of a plan, to be printed and carried along."""
    return show(request, RoutePage(running=_plan(request, key), today=clock.local(clock.now()).date()))


@page(access=rights.visits)
def visit(request: DeskRequest, key: UUID) -> HttpResponse:
    """One visit: what was said stands here until it is registered."""
    read = queries.visit(key, request.actor)
    if read is None:
        raise Http404
    do = posted_deed(request)
    if do == "register":
        try:
            actions.register(key, actor=request.actor)
        except BadNumber:
            messages.error(request, _("电话号码不对，自动登记不了。请照下面的内容在“登记一件事”里登记。"))
            return redirect("desk:visit", key)
        messages.success(request, _("登记好了。"))
        return redirect("desk:visit", key)
    if do == "by_hand":
        actions.registered_by_hand(key, actor=request.actor)
        messages.success(request, _("记下了，已经另外登记。"))
        return redirect("desk:visit", key)
    if do in ("more", "same"):
        _settle(request, do == "more", posted_row(request))
        return redirect("desk:visit", key)
    row = read.visit
    late = clock.local(row.begun_at).date() != clock.local(row.received_at).date()
    return show(request, VisitPage(read=read, late=late))


@page(access=rights.visits, methods=("GET",))
def file(request: DeskRequest, key: UUID) -> HttpResponse:
    """A picture of a visit; `?small` its thumbnail."""
    found = queries.file(key, request.actor)
    if found is None:
        raise Http404
    name = found.thumbnail if "small" in request.GET and found.thumbnail else found.stored
    try:
        data = files.read(name, found.visit.data_key())
    except files.FileMissing:
        raise Http404 from None
    return stored(data, found.media_type)


@page(access=rights.phones)
def phones(request: DeskRequest) -> HttpResponse:
    """The own phones, or all for an administrator; each can be revoked. Two statements beside the frame."""
    if posted_deed(request) == "revoke":
        row = keeping.revoke(posted_row(request), actor=request.actor)
        if row.person_id == request.account.person_id:
            carry_on(request)
        messages.success(request, _("停用了，这部手机不能再上传，手机主人在别处的登录也都退出了。"))
        return redirect("desk:visit_phones")
    everybody = rights.administers(request.actor)
    found = queries.devices(None if everybody else request.actor.person_id)
    return show(request, PhonesPage(phones=found, everybody=everybody))


@page(access=rights.administrator)
def rescue(request: DeskRequest) -> HttpResponse:
    """Bring in what a phone could not send. What is there already is not taken twice."""
    form = RescueForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        done = rescuing.bring_in(form.cleaned_data["file"], actor=request.actor, holder=form.holder())
        if done.visits:
            said = ngettext("收下了 %(n)d 次走访。", "收下了 %(n)d 次走访。", done.visits) % {"n": done.visits}
            messages.success(request, said)
        return show(request, RescuePage(form=RescueForm(), done=done))
    return show(request, RescuePage(form=form))


def _settle(request: DeskRequest, registers: bool, key: UUID) -> None:
    try:
        actions.settle_differing(key, registers=registers, actor=request.actor)
    except Differing.DoesNotExist:
        raise Http404 from None
    except BadNumber:
        messages.error(request, _("电话号码不对，自动登记不了。请照下面的内容在“登记一件事”里登记。"))
        return
    messages.success(request, _("登记好了。") if registers else _("记下了，这一份不登记。"))


def _plan(request: DeskRequest, key: UUID) -> Running:
    found = queries.plan(key)
    if found is None or not policies.may_change(request.actor, found.plan, keeping.grounds(found.plan)):
        raise Http404
    return found
