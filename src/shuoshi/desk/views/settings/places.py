"""Areas and points with their opening times."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuoshi.desk import rights
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.settings import AreaForm, PointForm, opening_words
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import Deed, FormPage, Link, ListPage, Row
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.organization import actions
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Area, Point


@page(access=rights.administrator, methods=("GET",))
def areas(request: DeskRequest) -> HttpResponse:
    found = organization.areas(closed=True)
    units = {unit.pk: unit.short_name for unit in organization.units(closed=True)}
    rows = [
        Row(
            [area.name, units.get(area.unit_id, "") if area.unit_id else ""],
            reverse("desk:set_area", args=[area.pk]),
            "",
            not area.active,
            choices.depth(area.path),
        )
        for area in found
    ]
    return show(
        request,
        ListPage(
            title=_("村、社区"),
            columns=[_("区域"), _("由谁管")],
            rows=rows,
            new_url=reverse("desk:set_area_new"),
            new_label=_("增加区域"),
            empty=_("还没有区域。说事人要从这里选地方。"),
        ),
    )


@page(access=rights.administrator)
def new_area(request: DeskRequest) -> HttpResponse:
    form = AreaForm(posted(request), founding=True)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.create_area(data["name"], _key(data["parent"]), unit_id=_key(data["unit"]), actor=request.actor)
        messages.success(request, _("%(name)s增加好了。") % {"name": data["name"]})
        return redirect("desk:set_areas")
    return show(request, FormPage(title=_("增加区域"), form=form, verb=_("增加"), back=reverse("desk:set_areas")))


@page(access=rights.administrator)
def area(request: DeskRequest, key: UUID) -> HttpResponse:
    found = get_object_or_404(Area, pk=key)
    if posted_deed(request) == "close":
        actions.close_area(key, actor=request.actor)
        messages.success(request, _("停用了。"))
        return redirect("desk:set_areas")
    first = {"name": found.name, "unit": str(found.unit_id or "")}
    form = AreaForm(posted(request), founding=False, initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.edit_area(key, data["name"], unit_id=_key(data["unit"]), actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:set_areas")
    return show(
        request,
        FormPage(
            title=found.name,
            form=form,
            verb=_("保存"),
            back=reverse("desk:set_areas"),
            deeds=[Deed("close", _("停用这个区域"), "ban")] if found.active else [],
            history=told(organization.history("area", key), form),
        ),
    )


@page(access=rights.administrator, methods=("GET",))
def points(request: DeskRequest) -> HttpResponse:
    rows = [
        Row(
            [
                point.name,
                point.get_tier_display(),
                point.area.name,
                point.address,
                pgettext("separator", "；").join(_times(point)),
            ],
            reverse("desk:set_point", args=[point.pk]),
            "" if _times(point) or not point.active else _("没有开放时间"),
            not point.active,
        )
        for point in organization.points(closed=True)
    ]
    return show(
        request,
        ListPage(
            title=_("说事点"),
            columns=[_("名称"), _("级别"), _("所在"), _("地址"), _("开放时间")],
            rows=rows,
            new_url=reverse("desk:set_point_new"),
            new_label=_("设立说事点"),
            empty=_("还没有说事点。"),
        ),
    )


@page(access=rights.administrator)
def new_point(request: DeskRequest) -> HttpResponse:
    form = PointForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.create_point(form.given(), actor=request.actor)
        messages.success(request, _("说事点设立好了。"))
        return redirect("desk:set_points")
    return show(request, FormPage(title=_("设立说事点"), form=form, verb=_("设立"), back=reverse("desk:set_points")))


@page(access=rights.administrator)
def point(request: DeskRequest, key: UUID) -> HttpResponse:
    found = get_object_or_404(Point.objects.select_related("area", "unit"), pk=key)
    if posted_deed(request) == "close":
        actions.close_point(key, actor=request.actor)
        messages.success(request, _("停用了。"))
        return redirect("desk:set_points")
    first = {
        "name": found.name,
        "tier": found.tier,
        "unit": str(found.unit_id),
        "area": str(found.area_id),
        "address": found.address,
        "phone": found.phone,
        "opening": "\n".join(_times(found)),
    }
    form = PointForm(posted(request), initial=first)
    if request.method == "POST" and form.is_valid():
        actions.edit_point(key, form.given(), actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:set_points")
    return show(
        request,
        FormPage(
            title=found.name,
            form=form,
            verb=_("保存"),
            back=reverse("desk:set_points"),
            links=_links(found) if found.active else [],
            deeds=[Deed("close", _("停用这个说事点"), "ban")] if found.active else [],
            history=told(organization.history("point", key), form),
        ),
    )


def _links(found: Point) -> list[Link]:
    return [
        Link(reverse("desk:point_rota", args=[found.pk]), _("说事日和排班"), "calendar-days"),
        Link(reverse("portal:poster", args=[found.pk]), _("打印海报"), "qr-code"),
        Link(reverse("portal:kiosk", args=[found.pk]), _("大家共用的终端"), "smartphone"),
    ]


def _times(found: Point) -> list[str]:
    kept = [one for one in found.opening_times.all() if one.active]
    return [opening_words(one.weekday, one.matter_day, one.opens, one.closes) for one in kept]


def _key(value: str) -> UUID | None:
    return UUID(value) if value else None
