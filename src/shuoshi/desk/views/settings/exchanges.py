"""Telephone exchanges in the settings: which tell of calls, and the address each pushes to, shown once."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.channels.hotline import keeping, queries
from shuoshi.channels.hotline.models import Exchange
from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.exchanges import ExchangeForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings import shown_once
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import Deed, FormPage, ListPage, Row
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted


@page(access=rights.administrator, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    rows = [
        Row(
            [row.name, row.networks or _("不限"), row.key_tail],
            reverse("desk:set_exchange", args=[row.pk]),
            closed=not row.active,
        )
        for row in queries.exchanges()
    ]
    return show(
        request,
        ListPage(
            title=_("电话交换机"),
            columns=[_("名称"), _("从哪些网络地址推送"), _("推送地址末四位")],
            rows=rows,
            note=_(
                "交换机把来电、接听、挂断推送过来，登记员的“来电”页上就自动弹出，漏接的列出来回电。不接也能用，号码由登记员填。"
            ),
            new_url=reverse("desk:set_exchange_new"),
            new_label=_("接入交换机"),
            empty=_("还没有接交换机。"),
        ),
    )


@page(access=fresh(rights.administrator))
def new(request: DeskRequest) -> HttpResponse:
    form = ExchangeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        return _handed(request, *keeping.connect(data["name"], data["networks"], actor=request.actor))
    back = reverse("desk:set_exchanges")
    return show(request, FormPage(title=_("接入交换机"), form=form, verb=_("接入"), back=back))


@page(access=fresh(rights.administrator))
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(Exchange, pk=key)
    do = posted_deed(request)
    if do == "renew":
        return _handed(request, *keeping.renew(key, actor=request.actor))
    if do == "end":
        keeping.end(key, actor=request.actor)
        messages.success(request, _("停用了，推送过来的不再收。"))
        return redirect("desk:set_exchanges")
    form = ExchangeForm(posted(request), initial={"name": row.name, "networks": row.networks})
    if do == "save" and form.is_valid():
        keeping.edit(key, form.cleaned_data["name"], form.cleaned_data["networks"], actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:set_exchange", key)
    deeds = [Deed("renew", _("换一个推送地址"), "key-round"), Deed("end", _("停用这台交换机"), "ban")]
    return show(
        request,
        FormPage(
            title=row.name,
            form=form if row.active else None,
            verb=_("保存"),
            back=reverse("desk:set_exchanges"),
            note="" if row.active else _("已经停用。"),
            once=shown_once.shown(request),
            deeds=deeds if row.active else [],
            history=told(queries.history(row.pk), form),
        ),
    )


def _handed(request: DeskRequest, row: Exchange, key: str) -> HttpResponse:
    address = settings.PUBLIC_ADDRESS + reverse("pbx:push", args=[key])
    words = _("“%(name)s”的推送地址，丢了只能换一个。") % {"name": row.name}
    return shown_once.lead_to(request, reverse("desk:set_exchange", args=[row.pk]), address, words)
