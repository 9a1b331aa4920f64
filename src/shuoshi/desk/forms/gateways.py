"""Forms of what messages leave by, and of the words they are made of. Secrets are asked for and never shown again."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import choice, line, phone_number, radios, tick, words
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form
from shuoshi.notices import wording
from shuoshi.notices.models import Provider, Robot, Vendor
from shuoshi.notices.ways.hosts import PORTS, is_inside
from shuoshi.notices.ways.robots import fits

KEPT = _("不改就空着，原来的还在。")
NEEDED = ("key_id", "sign", "template", "template_staff")  # of a provider of text messages
SECURITY = [
    ("ssl", _("SSL/TLS，一般是 465 端口")),
    ("starttls", _("STARTTLS，一般是 587 端口")),
    ("none", _("不加密，只用于机构内部的邮件服务器")),
]


def secret_line(label: Any, help_text: Any = "") -> forms.CharField:
    """Asked for, and never shown again; left empty, what is known stays."""
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    words_ = format_lazy("{}{}", help_text, KEPT)
    return forms.CharField(label=label, required=False, strip=True, max_length=200, help_text=words_, widget=widget)


class OwnAddressForm(Form):
    address = forms.EmailField(label=_("邮箱"), required=False, max_length=120)


class SmsForm(Form):
    """The provider's account; `demo` also offers the file that tells nobody."""

    provider = radios(_("用谁的短信"))
    key_id = line(_("AccessKey ID"), required=False, limit=60)
    key_secret = secret_line(_("AccessKey Secret"))
    sign = line(_("短信签名"), required=False, limit=30, help_text=_("在服务商那里审核通过的签名，不带【】。"))
    template = line(
        _("给说事人的模板代码"),
        required=False,
        limit=40,
        help_text=_("例如 SMS_123456789。模板里用变量 ${number}，查进度的网址写在模板的固定文字里。"),
    )
    template_staff = line(
        _("给值班员的模板代码"),
        required=False,
        limit=40,
        help_text=_("特急、紧急的事通知值班员用。模板里只用变量 ${number}，写明请登录工作台看。"),
    )
    template_code = line(
        _("验证码的模板代码"),
        required=False,
        limit=40,
        help_text=_("群众丢了回执，用手机号找回时发的。模板里只用变量 ${code}。空着就不能用手机号找回。"),
    )
    stop = tick(
        _("给说事人的模板里有退订"),
        help_text=_(
            "服务商要求能退订时才勾。模板里再加一个变量 ${stop}，前面的固定文字写 %(address)s，收到的人打开就能停通知。"
        ),
    )
    active = tick(_("现在就用"), help_text=_("不勾就不发，要告知的都由人打电话。"))

    def __init__(self, *args: Any, known: Mapping[str, str], demo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        offered = [Provider.ALIYUN, Provider.FILE] if demo else [Provider.ALIYUN]
        self.offer("provider", [(one.value, one.label) for one in offered])
        self.fields["stop"].help_text = str(self.fields["stop"].help_text) % {
            "address": f"{settings.PUBLIC_ADDRESS}/n/"
        }
        for name in () if demo else NEEDED:
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("provider") == Provider.ALIYUN:
            for name in NEEDED:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _now("这一项要填。"))
            if not data.get("key_secret") and not self.known.get("key_secret"):
                self.add_error("key_secret", _now("这一项要填。"))
        return data

    def given(self) -> dict[str, str]:
        kept = {name: self.cleaned_data[name] for name in (*NEEDED, "template_code", "key_secret")}
        return kept | {"stop": "1" if self.cleaned_data["stop"] else ""}


class MailForm(Form):
    host = line(_("邮件服务器"), limit=120, help_text=_("例如 smtp.example.com。"))
    port = forms.IntegerField(
        label=_("端口"), min_value=1, max_value=65535, help_text=_("只能是 25、465、587、2525，一般是 465。")
    )
    security = choice(_("加密"), SECURITY)
    user = line(_("账号"), required=False, limit=120)
    password = secret_line(_("密码或授权码"))
    sender = forms.EmailField(label=_("发件人"), max_length=120)
    active = tick(_("现在就用"))

    def clean(self) -> dict[str, Any]:
        """What the line would refuse later, said at once. Whether the address is public, only the network knows."""
        data = super().clean() or self.cleaned_data
        host, port = data.get("host", ""), data.get("port")
        if host and port and not is_inside(host, port):
            if port not in PORTS:
                self.add_error("port", _now("邮件服务器的端口只能是 25、465、587、2525。请向邮件服务商问清楚。"))
            if data.get("security") == "none":
                ask = _now(
                    "不加密的，只能是写进 SHUOSHI_MAILHOSTS 的机构内部服务器。请选一种加密，或者请技术人员写进去。"
                )
                self.add_error("security", ask)
        return data

    def given(self) -> dict[str, str]:
        names = ("host", "port", "security", "user", "password", "sender")
        return {name: str(self.cleaned_data[name]) for name in names}


class TryPhoneForm(Form):
    to = line(_("试发给哪个手机号"), limit=20)
    whose = radios(_("用哪个模板"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("whose", [("speaker", _now("给说事人的")), ("staff", _now("给值班员的"))])
        self.initial.setdefault("whose", "speaker")

    def clean_to(self) -> str:
        return phone_number(self.cleaned_data["to"])


class TryMailForm(Form):
    to = forms.EmailField(label=_("试发到哪个邮箱"), max_length=120)


class RobotForm(Form):
    """The address of a robot is as secret as a password: whoever knows it can write into the group."""

    vendor = choice(_("哪一家"), [(one.value, one.label) for one in Vendor])
    webhook = secret_line(_("机器人地址（Webhook）"))
    secret = secret_line(_("加签的密钥"))
    active = tick(_("现在就用"))

    def __init__(self, *args: Any, known: Robot | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["secret"].help_text = _now("钉钉、飞书选了“加签”的，把密钥写在这里；企业微信没有。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        same = self.known is not None and self.known.vendor == data.get("vendor")
        if not self.errors and (data["webhook"] or not same) and not fits(Vendor(data["vendor"]), data["webhook"]):
            self.add_error("webhook", _now("这不是这一家群机器人的地址。请从群机器人的设置里整个复制过来。"))
        return data


class WordingForm(Form):
    text = words(_("消息里的话"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        names = _now("、").join(f"{{{name}}}" for name in wording.variables(kind))
        self.fields["text"].help_text = _now("可以用 %(names)s。不要写姓名、电话，也不要写事情的内容。") % {
            "names": names
        }

    def clean_text(self) -> str:
        try:
            return wording.check(self.kind, unicodedata.normalize("NFC", self.cleaned_data["text"]))
        except Refused as refused:
            raise ValidationError(refused.text) from refused
