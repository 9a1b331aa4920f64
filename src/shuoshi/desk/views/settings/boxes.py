"""Suggestion boxes in the settings: where they hang, who opens them, how often."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.channels.boxes import keeping, queries
from shuoshi.channels.boxes.models import Box
from shuoshi.desk import rights
from shuoshi.desk.forms.boxes import BoxForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import Deed, FormPage, ListPage, Row
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted


@page(access=rights.administrator, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    rows = [
        Row(
            [row.name, row.place, row.unit.short_name, _("最多隔 %(n)d 天") % {"n": row.every}],
            reverse("desk:set_box", args=[row.pk]),
            closed=not row.active,
        )
        for row in queries.boxes()
    ]
    return show(
        request,
        ListPage(
            title=_("意见箱"),
            columns=[_("名称"), _("挂在哪里"), _("由谁开"), _("多久开一次")],
            rows=rows,
            note=_("开箱要两个人，开了几封信、各怎么处理，都记在案。群众在“说事点”那一页看得到意见箱挂在哪里。"),
            new_url=reverse("desk:set_box_new"),
            new_label=_("设意见箱"),
            empty=_("还没有意见箱。"),
        ),
    )


@page(access=rights.administrator)
def new(request: DeskRequest) -> HttpResponse:
    form = BoxForm(posted(request))
    if request.method == "POST" and form.is_valid():
        keeping.hang_up(form.given(), actor=request.actor)
        messages.success(request, _("意见箱设好了。"))
        return redirect("desk:set_boxes")
    return show(request, FormPage(title=_("设意见箱"), form=form, verb=_("设好"), back=reverse("desk:set_boxes")))


@page(access=rights.administrator)
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(Box, pk=key)
    if posted_deed(request) == "down":
        keeping.take_down(key, actor=request.actor)
        messages.success(request, _("撤了。以前的开箱记录都在。"))
        return redirect("desk:set_boxes")
    form = BoxForm(posted(request), known=row, initial=BoxForm.first_of(row))
    if request.method == "POST" and form.is_valid():
        keeping.edit(key, form.given(), actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:set_boxes")
    return show(
        request,
        FormPage(
            title=row.name,
            form=form if row.active else None,
            verb=_("保存"),
            back=reverse("desk:set_boxes"),
            note="" if row.active else _("已经撤了。"),
            deeds=[Deed("down", _("撤掉这个意见箱"), "ban")] if row.active else [],
            history=told(queries.history(key), form),
        ),
    )
