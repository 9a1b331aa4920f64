"""The forms of the first run: the code of the terminal with the choice, and the institution with its administrator."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.config.first_run import code
from shuoshi.desk.forms.base import line, phone_number
from shuoshi.desk.forms.settings import InstitutionForm
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form
from shuoshi.organization.actions import Founding
from shuoshi.people import passwords

VARIANTS = [
    ("default", _("乡镇、街道")),
    ("village", _("村")),
    ("community", _("社区")),
    ("enterprise", _("企业或别的单位")),
]


REAL = ("real", _("正式使用：设好单位和人员，再开始受理"))


class ChoiceForm(Form):
    """What this home becomes. The code proves that it is the person at the machine who decides."""

    code = line(
        _("设置码"),
        limit=20,
        help_text=_("启动程序的那个窗口里印着，八位，大小写和空格都不要紧。"),
    )
    kind = forms.ChoiceField(
        label=_("这里用来做什么"),
        choices=[
            REAL,
            ("demo", _("先看演示：一个虚构的镇，三百来件事")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not code.is_right(settings.HOME, typed):
            raise ValidationError(_now("设置码不对。请看启动程序的窗口里“设置码”那一行。"))
        return typed


def _clock(label: Any, hour: int, minute: int) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, initial=time(hour, minute), widget=widget)


def _secret(label: Any, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=256, strip=False, widget=widget, **kwargs)


class FoundingForm(InstitutionForm):
    """Who we are, when we are open, and who sets up the rest."""

    field_order = (
        "variant",
        "name",
        "short_name",
        "institution_code",
        "above",
        "hotline",
        "night_number",
        "address",
        "postcode",
    )
    variant = forms.ChoiceField(label=_("是哪一种单位"), choices=VARIANTS, widget=forms.RadioSelect)
    above = line(
        _("上一级"),
        required=False,
        limit=80,
        help_text=_("例如镇上面的县。以后可以设那里的人来裁定、回访；没有就不填。"),
    )
    morning_from = _clock(_("上午几点开始"), 8, 30)
    morning_to = _clock(_("上午几点结束"), 12, 0)
    afternoon_from = _clock(_("下午几点开始"), 14, 0)
    afternoon_to = _clock(_("下午几点结束"), 17, 30)
    admin_name = line(_("系统管理员的姓名"), limit=40)
    admin_phone = line(_("系统管理员的手机"), required=False, limit=30)
    username = line(_("账号名"), limit=40, help_text=_("登录用，可以就写姓名。"))
    password = _secret(_("密码"), help_text=_("至少 15 位。可以用几个不相干的词连起来。"))
    repeat = _secret(_("密码再写一遍"))

    def clean_admin_phone(self) -> str:
        return phone_number(self.cleaned_data["admin_phone"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("password") and data.get("repeat") and data["password"] != data["repeat"]:
            self.add_error("repeat", _now("两遍密码不一样。"))
        elif data.get("password"):
            try:
                passwords.require_good(data["password"], username=data.get("username", ""), second_factor=False)
            except Refused as refused:
                self.add_error("password", refused.text)
        return data

    def founding(self) -> Founding:
        data = self.cleaned_data
        hours = {name: data[name] for name in ("morning_from", "morning_to", "afternoon_from", "afternoon_to")}
        return Founding(data["variant"], self.given(), data["above"], **hours)
