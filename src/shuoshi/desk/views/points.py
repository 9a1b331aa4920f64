"""Points on the desk (3.1.1): fixed days for months ahead, the rota with its gaps, who was there and who wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.channels.points import days, policies, queries, rota, waiting
from shuoshi.channels.points.models import Attendance, DayRule, MatterDay, Queue, Sitting
from shuoshi.channels.points.queries import Day
from shuoshi.desk import rights
from shuoshi.desk.forms.rota import DayForm, NoteForm, ReasonForm, RuleForm, SittingForm, TakeBackForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.views.settings.changes import Told, told
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day as in_words
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.organization import queries as organization
from shuoshi.organization.models import OpeningTime, Point


@dataclass(frozen=True)
class PointLine:
    """A point on the list: when it is open today, its next fixed day, days of a month without anybody."""

    point: Point
    today: Sequence[OpeningTime]
    there: Sequence[Attendance]
    next: Day | None
    gaps: Sequence[Day]
    serves: bool
    queue: Queue | None


@dataclass(frozen=True)
class PointsPage(PageData):
    template: ClassVar[str] = "desk/points/points.html"
    mine: Sequence[Sitting]
    today: date
    points: Sequence[PointLine]
    missed: Sequence[MatterDay]
    takes_sheets: bool


@dataclass(frozen=True)
class RotaPage(PageData):
    """One point. `plan` and `noting` are None for who may not; of two forms on a page the one that was sent says what is wrong."""

    template: ClassVar[str] = "desk/points/rota.html"
    point: Point
    days: Sequence[Day]
    past: Sequence[Day]
    rules: Sequence[DayRule]
    arranges: bool
    notes: bool
    serves: bool
    plan: SittingForm | None
    noting: NoteForm | None
    attended: Sequence[Attendance]
    attended_more: bool  # than the newest that are shown
    may_note_mine: bool
    me: UUID | None  # who strikes out nothing about themselves


@dataclass(frozen=True)
class OnePage(PageData):
    """A form about one thing of a point, with what is said of it, further buttons, and its history."""

    template: ClassVar[str] = "desk/points/one.html"
    point: Point
    title: str
    form: Form | None
    verb: str
    note: str = ""
    facts: Sequence[tuple[str, str]] = ()
    cancel: str = ""  # the button that takes it away, with the same reason
    history: Sequence[Told] = field(default_factory=tuple)


@page(access=staff)
def points(request: DeskRequest) -> HttpResponse:
    """What I have to be at, and all points. Eleven statements beside the frame."""
    now, actor = clock.now(), request.actor
    if posted_deed(request) == "here":
        day = clock.local(now).date()
        row = get_object_or_404(Sitting, pk=posted_row(request), person=actor.person_id, day=day, active=True)
        came = rota.note(row.point_id, row.post_id, row.day, actor=actor)
        _told(request, came, again=came.noted_at < now)
        return redirect("desk:points")
    every, today = organization.points(), clock.local(now).date()
    keys = [one.pk for one in every]
    coming = queries.coming(keys, now)
    lanes = waiting.queues()
    opened: dict[UUID, list[OpeningTime]] = {}
    for one in organization.open_on(today, every, queries.openings(every, today, today)):
        opened.setdefault(one.point_id, []).append(one)
    lines = [_line(one, coming.get(one.pk, []), opened.get(one.pk, []), lanes.get(one.pk), request) for one in every]
    arranged = [one.pk for one in every if policies.may_arrange(actor, one.unit.path)]
    shown = PointsPage(
        mine=queries.mine(actor.person_id, now),
        today=today,
        points=lines,
        missed=[one for one in queries.missed(now) if one.point_id in arranged],
        takes_sheets=rights.takes_sheets(actor) and any(one.serves for one in lines),
    )
    return show(request, shown)


@page(access=staff)
def point(request: DeskRequest, key: UUID) -> HttpResponse:
    """One point for three months, with the forms of who may fill them in. Ten statements beside the frame."""
    row, now, actor = _point(key), clock.now(), request.actor
    arranges, notes = policies.may_arrange(actor, row.unit.path), policies.may_note(actor, row.unit.path)
    today, do = clock.local(now).date(), posted_deed(request)
    around = queries.days([key], today - queries.LOOKED_BACK, today + queries.LOOKED_AHEAD, now).get(key, [])
    first = {
        "since": today + timedelta(days=1),
        "until": today + timedelta(days=92),
        "starts": "09:00",
        "ends": "11:30",
    }
    plan = SittingForm(posted(request) if do == "plan" else None, initial=first) if arranges else None
    noting = (
        NoteForm(posted(request) if do == "note" else None, auto_id="note_%s", initial={"day": today})
        if notes
        else None
    )
    if do == "plan" and plan is not None and plan.is_valid():
        fixed = {
            one.day
            for one in queries.days([key], today, today + days.FURTHEST, now).get(key, [])
            if one.fixed and one.stands
        }
        made = rota.plan(key, plan.given(fixed), actor=actor)
        said = ngettext("排好了 %(n)d 天。", "排好了 %(n)d 天。", len(made)) % {"n": len(made)}
        messages.success(request, said if made else _("这些日子已经排过了。"))
        return redirect("desk:point_rota", key)
    if do == "note" and noting is not None and noting.is_valid():
        data = noting.cleaned_data
        came = rota.note(key, UUID(data["post"]), data["day"], data["came"], actor=actor)
        _told(request, came, again=came.noted_at < now)
        return redirect("desk:point_rota", key)
    if do == "here":
        _here(request, row)
        return redirect("desk:point_rota", key)
    attended = queries.attended(row, now)
    shown_of = attended[: queries.ATTENDED]
    mine = any(one.person_id == actor.person_id and one.day == today and one.struck_at is None for one in attended)
    shown = RotaPage(
        point=row,
        days=[one for one in around if one.day >= today],
        past=[one for one in reversed(around) if one.day < today],
        rules=queries.rules(row),
        arranges=arranges,
        notes=notes,
        serves=policies.may_serve(actor, row.unit.path),
        plan=plan,
        noting=noting,
        attended=shown_of,
        attended_more=len(attended) > len(shown_of),
        may_note_mine=not mine and bool(actor.posts) and queries.is_open(row, now, rota.EARLY),
        me=actor.person_id,
    )
    wrong = (plan is not None and plan.errors) or (noting is not None and noting.errors)
    return show(request, shown, status=422 if wrong else None)


@page(access=staff)
def new_rule(request: DeskRequest, key: UUID) -> HttpResponse:
    row = _arranged(request, key)
    first = {"first": clock.local(clock.now()).date(), "opens": "09:00", "closes": "11:30"}
    form = RuleForm(posted(request), initial=first)
    if request.method == "POST" and form.is_valid():
        made = days.set_rule(key, form.given(), actor=request.actor)
        n = made.days.count()
        messages.success(request, _("定好了，排出了半年里的 %(n)d 个说事日。") % {"n": n})
        return redirect("desk:point_rota", key)
    note = _("说事日一次排出半年，以后每天往后接着排。每一天都可以另外改，要写原因。")
    return show(request, OnePage(point=row, title=_("定固定说事日"), form=form, verb=_("定下来"), note=note))


@page(access=staff)
def end_rule(request: DeskRequest, key: UUID) -> HttpResponse:
    rule = get_object_or_404(DayRule, pk=key, active=True)
    row = _arranged(request, rule.point_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        days.end_rule(key, form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, _("停了。以后没有单独改过的说事日都取消了。"))
        return redirect("desk:point_rota", row.pk)
    note = _("以后的说事日会取消，单独改过的留着。原因群众看得到。")
    return show(request, OnePage(point=row, title=_("停止固定说事日"), form=form, verb=_("停止"), note=note))


@page(access=staff)
def new_day(request: DeskRequest, key: UUID) -> HttpResponse:
    row = _arranged(request, key)
    form = DayForm(posted(request), new=True, initial={"opens": "09:00", "closes": "11:30"})
    if request.method == "POST" and form.is_valid():
        days.add_day(key, form.given(), form.key, actor=request.actor)
        messages.success(request, _("加好了。"))
        return redirect("desk:point_rota", key)
    return show(request, OnePage(point=row, title=_("加一个说事日"), form=form, verb=_("加上")))


@page(access=staff)
def matter_day(request: DeskRequest, key: UUID) -> HttpResponse:
    """Change or cancel one fixed day; both with a reason."""
    one = get_object_or_404(MatterDay, pk=key)
    row = _arranged(request, one.point_id)
    form, do = DayForm(posted(request), initial=DayForm.first_of(one)), posted_deed(request)
    if do and form.is_valid():
        if do == "cancel":
            days.cancel_day(key, form.cleaned_data["reason"], actor=request.actor)
        else:
            days.change_day(key, form.given(), actor=request.actor)
        messages.success(request, _("取消了。") if do == "cancel" else _("改好了。"))
        return redirect("desk:point_rota", row.pk)
    facts = [(_("原定"), in_words(one.planned_on))] if one.moved and one.planned_on else []
    if one.cancelled:
        facts.append((_("取消了"), one.reason))
    shown = OnePage(
        point=row,
        title=_("说事日：%(day)s") % {"day": in_words(one.day)},
        form=None if one.cancelled else form,
        verb=_("保存"),
        cancel=_("取消这个说事日"),
        facts=facts,
        history=told(queries.day_history(key), form),
    )
    return show(request, shown)


@page(access=staff)
def sitting(request: DeskRequest, key: UUID) -> HttpResponse:
    """Take somebody off the rota, and put another in the place."""
    one = get_object_or_404(Sitting.objects.select_related("post__unit", "person"), pk=key)
    row = _arranged(request, one.point_id)
    form = TakeBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        rota.take_back(key, form.cleaned_data["reason"], form.instead_of(), actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:point_rota", row.pk)
    facts = [
        (_("哪一天"), f"{in_words(one.day)} {one.starts:%H:%M}–{one.ends:%H:%M}"),
        (_("谁"), f"{one.person.name} · {one.post.unit.short_name} · {one.post}"),
        (_("做什么"), one.get_part_display()),
    ]
    if not one.active:
        facts.append((_("撤下了"), one.reason))
    shown = OnePage(point=row, title=_("换人或者撤下"), form=form if one.active else None, verb=_("保存"), facts=facts)
    return show(request, shown)


@page(access=staff)
def attendance(request: DeskRequest, key: UUID) -> HttpResponse:
    """Strike out what was written; both stay to be read."""
    one = get_object_or_404(Attendance.objects.select_related("person", "post__unit", "noted_by", "struck_by"), pk=key)
    row = _point(one.point_id, closed=True)
    if not policies.may_strike(request.actor, row.unit.path, one.person_id):
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        rota.strike(key, form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, _("划掉了，两样都留着。"))
        return redirect("desk:point_rota", row.pk)
    facts = [
        (_("哪一天"), f"{in_words(one.day)} {one.came:%H:%M}"),
        (_("谁"), f"{one.person.name} · {one.post.unit.short_name} · {one.post}"),
        (_("谁记的"), one.noted_by.name),
    ]
    if one.struck_by is not None:
        facts.append((_("划掉了"), f"{one.struck_by.name} · {one.struck_because}"))
    shown = OnePage(
        point=row,
        title=_("划掉在岗记录"),
        form=form if one.struck_at is None else None,
        verb=_("划掉"),
        note=_("记录不删，划掉的和原因都看得到。"),
        facts=facts,
    )
    return show(request, shown)


def _line(
    row: Point, coming: Sequence[Day], opened: Sequence[OpeningTime], queue: Queue | None, request: DeskRequest
) -> PointLine:
    within = clock.local(clock.now()).date() + queries.GAPS_WITHIN
    fixed = [one for one in coming if one.fixed is not None and one.stands]
    there = [one for day in coming if day.day == day.today for one in day.came]
    return PointLine(
        point=row,
        today=opened,
        there=there,
        next=fixed[0] if fixed else None,
        gaps=[one for one in coming if one.gap and one.day <= within],
        serves=policies.may_serve(request.actor, row.unit.path),
        queue=queue,
    )


def _here(request: DeskRequest, row: Point) -> None:
    """The actor is there now, planned or not: by the post they are planned with, else by their first."""
    now, person = clock.now(), request.actor.person_id
    today = clock.local(now).date()
    planned = Sitting.objects.filter(point=row, person=person, day=today, active=True).order_by("starts").first()
    held = organization.posts_of(person) if person is not None else []
    if planned is None and not held:
        raise Http404
    came = rota.note(row.pk, planned.post_id if planned else held[0].pk, today, actor=request.actor)
    _told(request, came, again=came.noted_at < now)


def _told(request: DeskRequest, came: Attendance, *, again: bool) -> None:
    """What stands, which is the first word where it was written down before."""
    said = _("早先已经记了 %(at)s 在岗，没有改。") if again else _("记下了，%(at)s 在岗。")
    messages.success(request, said % {"at": f"{came.came:%H:%M}"})


def _point(key: UUID, *, closed: bool = False) -> Point:
    rows = Point.objects.select_related("unit", "area").prefetch_related("opening_times")
    return get_object_or_404(rows if closed else rows.filter(active=True), pk=key)


def _arranged(request: DeskRequest, key: UUID) -> Point:
    row = _point(key)
    if not policies.may_arrange(request.actor, row.unit.path):
        raise Http404
    return row
