"""Forms of mails that wait for a person, and of the inbox they come from. A password is asked for and never shown again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.mail.models import Aside
from shuoshi.channels.mail.server import PORTS
from shuoshi.desk.forms.base import choice, line, radios, tick
from shuoshi.kernel.web.forms import Form
from shuoshi.notices.ways.hosts import is_inside

SECURITY = [
    ("ssl", _("SSL/TLS，一般是 993 端口")),
    ("starttls", _("STARTTLS，一般是 143 端口")),
    ("none", _("不加密，只用于机构内部的邮件服务器")),
]


class AddForm(Form):
    number = line(_("加到哪件事里，写编号"), limit=40)


class AsideForm(Form):
    because = radios(_("为什么不登记"), Aside.choices)
    words = line(_("要说明的"), required=False, limit=200)


class InboxForm(Form):
    address = forms.EmailField(
        label=_("收信的邮箱"), max_length=120, help_text=_("群众往这个邮箱写信。要单独用一个，不要用某个人的邮箱。")
    )
    host = line(_("收信服务器（IMAP）"), limit=120, help_text=_("例如 imap.example.com。"))
    port = forms.IntegerField(
        label=_("端口"), min_value=1, max_value=65535, help_text=_("只能是 143、993，一般是 993。")
    )
    security = choice(_("加密"), SECURITY)
    user = line(_("账号"), limit=120)
    password = forms.CharField(
        label=_("密码或授权码"),
        required=False,
        strip=True,
        max_length=200,
        help_text=_("不改就空着，原来的还在。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    folder = line(_("文件夹"), required=False, limit=80, help_text=_("不写就是收件箱。"))
    active = tick(_("现在就收"))

    def clean(self) -> dict[str, Any]:
        """What the line would refuse later, said at once."""
        data = super().clean() or self.cleaned_data
        host, port = data.get("host", ""), data.get("port")
        if host and port and not is_inside(host, port, PORTS):
            if port not in PORTS:
                self.add_error("port", _now("收信服务器的端口只能是 143、993。请向邮件服务商问清楚。"))
            if data.get("security") == "none":
                ask = _now(
                    "不加密的，只能是写进 SHUOSHI_MAILHOSTS 的机构内部服务器。请选一种加密，或者请技术人员写进去。"
                )
                self.add_error("security", ask)
        return data

    def given(self) -> dict[str, str]:
        names = ("host", "port", "security", "user", "password", "folder")
        return {name: str(self.cleaned_data[name]) for name in names}
