"""The WeChat official account in the settings: what the platform and we know of each other, and the menu."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.channels.wechat import menu
from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.official import SECRETS, OfficialForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings.pages import Deed, FormPage
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import page, show
from shuoshi.notices import actions
from shuoshi.notices.models import Gateway, Provider, Way

_FIRST = {"number_field": "character_string1", "state_field": "thing2", "active": True}


@page(access=fresh(rights.administrator), secret=True)
def official(request: DeskRequest) -> HttpResponse:
    row = Gateway.objects.filter(way=Way.WECHAT).first()
    known, do = (row.given if row else {}), posted_deed(request)
    first = _FIRST | {name: value for name, value in known.items() if name not in SECRETS}
    first |= {"plain": known.get("plain") == "1"} | ({"active": row.active} if row else {})
    form = OfficialForm(request.POST if do == "save" else None, known=known, initial=first)
    if do == "save" and form.is_valid():
        active = form.cleaned_data["active"]
        actions.set_gateway(Way.WECHAT, Provider.WECHAT, form.given(), active=active, actor=request.actor)
        messages.success(request, _("公众号保存好了。请按“试着连一下”。"))
        return redirect("desk:set_official")
    if do in ("try", "menu"):
        _ask(request, do)
        return redirect("desk:set_official")
    deeds = [Deed("try", _("试着连一下"), "link"), Deed("menu", _("放上菜单"), "list")]
    note = _(
        "公众平台“服务器配置”里，URL 填 %(address)s，消息加解密方式选“安全模式”。两边都填好、这里先保存，再到那边提交。"
    )
    return show(
        request,
        FormPage(
            title=_("微信公众号"),
            form=form,
            verb=_("保存"),
            back=reverse("desk:settings"),
            note=note % {"address": settings.PUBLIC_ADDRESS + reverse("wechat:messages")},
            warn=_("现在是明文模式，消息谁都可能冒充。请换成安全模式。") if known.get("plain") == "1" else "",
            deeds=deeds if row and row.active else [],
        ),
        status=422 if form.is_bound and not form.is_valid() else 200,
    )


def _ask(request: DeskRequest, do: str) -> None:
    try:
        (menu.look if do == "try" else menu.put_up)(actor=request.actor)
    except Refused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, _("连上了。") if do == "try" else _("菜单放上了，几分钟以后群众看得到。"))
