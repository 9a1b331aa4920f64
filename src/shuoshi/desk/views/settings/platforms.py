"""Programs of others that may speak for residents: which there are, what each may, and its key, shown once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.platforms import keeping, queries
from shuoshi.channels.platforms.models import Platform
from shuoshi.channels.platforms.queries import Fault
from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.platforms import HookForm, PlatformForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings import hooks, shown_once
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import Deed, FormPage, ListPage, Once, Row
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted

WRONG = {
    Fault.OVER: gettext_lazy("密钥过期了"),
    Fault.SOON: gettext_lazy("密钥快到期了"),
    Fault.SILENT: gettext_lazy("通知送不到"),
}


@page(access=rights.administrator, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    rows = [
        Row(
            [
                one.platform.name,
                _may(one.platform),
                _("%(day)s止") % {"day": one.platform.until.isoformat()},
                moment(one.last, "short") if one.last else _("还没有"),
            ],
            reverse("desk:set_platform", args=[one.platform.pk]),
            str(WRONG[one.fault]) if one.fault else "",
            not one.platform.active,
        )
        for one in queries.known(ended=True)
    ]
    note = _("别的平台用接口把群众说的事送过来，地址是 %(rest)s，或者 Open311 的 %(open311)s。每个平台一把密钥。")
    return show(
        request,
        ListPage(
            title=_("其他平台"),
            columns=[_("平台"), _("可以做什么"), _("密钥"), _("最近一次送来")],
            rows=rows,
            note=note % {"rest": settings.PUBLIC_ADDRESS + reverse("rest:root"), "open311": _address()},
            new_url=reverse("desk:set_platform_new"),
            new_label=_("接入平台"),
            empty=_("还没有平台接入。"),
        ),
    )


@page(access=fresh(rights.administrator))
def new(request: DeskRequest) -> HttpResponse:
    year = clock.local(clock.now()).date() + timedelta(days=365)
    form = PlatformForm(posted(request), initial={"posts": True, "reads": True, "until": year})
    if request.method == "POST" and form.is_valid():
        return _handed(request, *keeping.let_in(form.given(), actor=request.actor))
    shown = FormPage(title=_("接入平台"), form=form, verb=_("接入"), back=reverse("desk:set_platforms"))
    return show(request, shown)


@page(access=fresh(rights.administrator))
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(Platform, pk=key)
    do = posted_deed(request)
    if do == "renew":
        return _handed(request, *keeping.renew(key, actor=request.actor))
    if do == "end":
        keeping.end(key, actor=request.actor)
        messages.success(request, _("停用了，这把密钥不能再用。已经送来的事照常办。"))
        return redirect("desk:set_platforms")
    form, hook = _form(row, request), hooks.form_of(row, request)
    if (answer := hooks.done(request, do, row, hook)) is not None:
        return answer
    if do == "save" and form.is_valid():
        keeping.edit(key, form.given(), actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:set_platform", key)
    return show(request, _page(row, form, hook, shown_once.shown(request)), status=422 if do else None)


def _handed(request: DeskRequest, row: Platform, key: str) -> HttpResponse:
    words = _("“%(name)s”的密钥，丢了只能换一把。") % {"name": row.name}
    return shown_once.lead_to(request, reverse("desk:set_platform", args=[row.pk]), key, words)


def _form(row: Platform, request: DeskRequest) -> PlatformForm:
    typed = posted(request)
    mine = typed if typed is not None and typed.get("do") == "save" else None
    return PlatformForm(mine, known=row, initial=PlatformForm.first_of(row))


def _page(row: Platform, form: PlatformForm, hook: HookForm, once: Once | None) -> FormPage:
    """The form of one in use, with what may be done to it; of one that was ended its history only."""
    deeds = [*hooks.deeds(row), Deed("renew", _("换一把密钥"), "key-round"), Deed("end", _("停用这个平台"), "ban")]
    note = _("接口地址 %(rest)s，或者 Open311 的 %(open311)s；密钥末四位 %(tail)s。") % {
        "rest": settings.PUBLIC_ADDRESS + reverse("rest:root"),
        "open311": _address(),
        "tail": row.key_tail,
    }
    return FormPage(
        title=row.name,
        form=form if row.active else None,
        verb=_("保存"),
        back=reverse("desk:set_platforms"),
        note=note if row.active else _("已经停用。"),
        warn=_wrong(row),
        once=once,
        deeds=deeds if row.active else [],
        parts=hooks.parts(row, hook) if row.active and row.reads else [],
        history=told(queries.history(row.pk), form),
    )


def _may(row: Platform) -> str:
    return _("、").join([*([_("代群众说事")] if row.posts else []), *([_("查办理状态")] if row.reads else [])])


def _wrong(row: Platform) -> str:
    fault = queries.fault(row, clock.local(clock.now()).date(), silent=queries.silence_of(row) is not None)
    if fault is Fault.SILENT:
        return hooks.silence(row)
    return str(WRONG[fault]) if fault else ""


def _address() -> str:
    return settings.PUBLIC_ADDRESS + reverse("open311:requests").rpartition("/")[0]
