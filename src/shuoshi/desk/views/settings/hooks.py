"""What stands beneath a platform in the settings: where it is told of changes, and what was told lately."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.platforms import hooking, queries
from shuoshi.channels.platforms.models import Delivery, Platform, Telling
from shuoshi.desk.forms.platforms import HookForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.settings import shown_once
from shuoshi.desk.views.settings.pages import Deed, Part, Row
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web.forms import posted

_WORDS = {
    Telling.WAITING: gettext_lazy("等着送"),
    Telling.SENDING: gettext_lazy("正在送"),
    Telling.TOLD: gettext_lazy("送到了"),
    Telling.DEAD: gettext_lazy("送了几天没送到"),
    Telling.STOPPED: gettext_lazy("不用送了"),
}
_FAILED = {
    "resolve": gettext_lazy("找不到这个域名"),
    "host": gettext_lazy("地址写得不对"),
    "request": gettext_lazy("地址写得不对"),
    "address": gettext_lazy("域名指到了内部网络"),
    "port": gettext_lazy("只能用 443 端口"),
    "connect": gettext_lazy("连不上，或者证书不对"),
    "broken": gettext_lazy("五秒里没有答完"),
}


def form_of(row: Platform, request: DeskRequest) -> HookForm:
    """Typed into only where it was this form that was sent."""
    hook = queries.hook_of(row)
    typed = posted(request)
    mine = typed if typed is not None and typed.get("do") == "hook" else None
    return HookForm(mine, prefix="hook", initial={"address": str(hook.address) if hook and hook.active else ""})


def done(request: DeskRequest, do: str, row: Platform, form: HookForm) -> HttpResponse | None:
    """The answer to what was posted here; None where it was nothing of this, or did not pass."""
    here = reverse("desk:set_platform", args=[row.pk])
    if do == "hook" and form.is_valid():
        secret = hooking.set_up(row.pk, form.cleaned_data["address"], actor=request.actor)
        messages.success(request, _("改好了。") if form.cleaned_data["address"] else _("以后不通知了。"))
        return _handed(request, row, secret) if secret else redirect(here)
    if do == "hook_secret":
        return _handed(request, row, hooking.renew(row.pk, actor=request.actor))
    if do == "hook_try":
        hooking.attempt(row.pk, actor=request.actor)
        messages.success(request, _("已经让后台送一次，过几秒刷新这一页看结果。"))
        return redirect(here)
    if do == "hook_again":
        hooking.again(row.pk, actor=request.actor)
        messages.success(request, _("没送到的都再送一次，过几秒刷新这一页看结果。"))
        return redirect(here)
    return None


def parts(row: Platform, form: HookForm) -> Sequence[Part]:
    """The address with what was sent lately, and what else may be done while there is one."""
    hook = queries.hook_of(row)
    told = queries.lately(hook) if hook else []
    rows = [
        Row(
            [
                moment(one.created_at, "short"),
                _("变化") if one.posted_id else _("试发"),
                _WORDS[Telling(one.state)],
                _answer(one),
            ],
        )
        for one in told
    ]
    columns = [_("时间"), _("内容"), _("结果"), _("对方的回答")]
    return [Part(_("办理变化的通知"), form, "hook", _("保存地址"), rows=rows, columns=columns)]


def deeds(row: Platform) -> list[Deed]:
    """What may be done while it is told: another go at what did not arrive, a trial, another secret."""
    hook = queries.hook_of(row)
    if hook is None or not hook.active or not row.reads:
        return []
    again = [Deed("hook_again", _("没送到的都再送一次"), "refresh-cw")] if queries.has_dead(hook) else []
    return [*again, Deed("hook_try", _("试发一次通知"), "send"), Deed("hook_secret", _("换一个签名密钥"), "key-round")]


def silence(row: Platform) -> str:
    """What came of the last try, and when the next one is, while it does not answer; "" else."""
    found = queries.silence_of(row)
    if found is None:
        return ""
    said = {"answer": _FAILED.get(found.answer, found.answer), "at": moment(found.again_at, "short")}
    return _("通知送不到，上一次：%(answer)s。%(at)s 再试。") % said


def _handed(request: DeskRequest, row: Platform, secret: str) -> HttpResponse:
    words = _("“%(name)s”的变化通知用这个密钥签名，丢了只能换一个。") % {"name": row.name}
    return shown_once.lead_to(request, reverse("desk:set_platform", args=[row.pk]), secret, words)


def _answer(one: Delivery) -> str:
    return str(_FAILED.get(one.answer, one.answer))
