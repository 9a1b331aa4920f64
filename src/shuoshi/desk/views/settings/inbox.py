"""The inbox in the settings: where residents' mail is read, since when it cannot be, and why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.mail import keeping, queries
from shuoshi.channels.mail.queries import Standing
from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.mail import InboxForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import Deed, FormPage
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted

WRONG = {
    "resolve": gettext_lazy("找不到这个服务器，请看看名字写对没有"),
    "address": gettext_lazy("服务器在内部网络里，要由技术人员写进 SHUOSHI_MAILHOSTS"),
    "port": gettext_lazy("端口只能是 143、993"),
    "open": gettext_lazy("不加密的，只能是机构内部的服务器"),
    "connect": gettext_lazy("连不上服务器，请看看端口和加密方式"),
    "certificate": gettext_lazy("服务器的证书不可信，请看看名字，或者问邮件服务商"),
    "sign_in": gettext_lazy("账号、密码或授权码不对，也可能邮箱没有开通 IMAP"),
    "folder": gettext_lazy("没有这个文件夹"),
    "mark": gettext_lazy("信取到了，但邮箱不让标成已读，请看看账号有没有权限"),
    "fault": gettext_lazy("程序出错，请把服务器日志交给技术人员"),
    "kept": gettext_lazy("取到了，但没有存下来，请看服务器日志"),
}


def wrong(code: str) -> str:
    return str(WRONG.get(code, _("读到一半断了")))


@page(access=fresh(rights.administrator), secret=True)
def inbox(request: DeskRequest) -> HttpResponse:
    standing = queries.standing(clock.now())
    row = standing.inbox if standing else None
    first: dict[str, object] = {"port": 993, "security": "ssl", "active": True}
    if row is not None:
        first |= {name: value for name, value in row.given.items() if name != "password"}
        first |= {"address": row.address, "active": row.active}
    do = posted_deed(request)
    form = InboxForm(posted(request) if do == "save" else None, initial=first)
    if do == "save" and form.is_valid():
        data = form.cleaned_data
        keeping.keep(data["address"], form.given(), active=data["active"], actor=request.actor)
        messages.success(request, _("保存好了。请试一试能不能读到。"))
        return redirect("desk:set_inbox")
    if do == "try" and row is not None:
        code = keeping.tried(row)
        if code:
            messages.error(request, _("读不到：%(why)s。") % {"why": wrong(code)})
        else:
            messages.success(request, _("读得到。新来的信每分钟收一次，接上以前的信不收。"))
        return redirect("desk:set_inbox")
    return show(
        request,
        FormPage(
            title=_("收信的邮箱"),
            form=form,
            verb=_("保存"),
            back=reverse("desk:set_gateways"),
            note=_(
                "群众写信到这个邮箱，就登记成一件事，回执从“电子邮件”通道发回去。分不清的信放在“来信”里等登记员看。"
            ),
            warn=_warn(standing),
            deeds=[Deed("try", _("试一试"), "refresh-cw")] if row is not None else [],
            history=told(queries.history(row.pk), form) if row is not None else (),
        ),
        status=422 if form.errors else None,
    )


def _warn(standing: Standing | None) -> str:
    if standing is None or standing.failing_since is None:
        return ""
    said = _("从 %(at)s 起读不到：%(why)s。来信还在邮箱里，修好了自己会收。")
    return said % {"at": moment(standing.failing_since), "why": wrong(standing.code)}
