"""The form of a platform that may speak for residents, or ask how things stand."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.platforms import hooking
from shuoshi.channels.platforms.keeping import PlatformGiven, check
from shuoshi.channels.platforms.models import Platform
from shuoshi.desk.forms.base import day, line, tick
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form

_FIELD = {"platform_known": "name", "platform_may_nothing": "posts"}  # of a refusal; the others are about the day


class PlatformForm(Form):
    name = line(_("平台名称"), limit=40, help_text=_("例如“县民生服务平台”。登记的事会写明是从这个平台来的。"))
    runs_it = line(_("谁在管，怎么联系"), limit=120)
    posts = tick(_("可以代群众说事"))
    reads = tick(_("可以查它送来的事办到哪一步"), help_text=_("只查得到状态、承办单位和日期，查不到内容和联系方式。"))
    until = day(_("密钥用到哪天"), help_text=_("最多两年，到期前再延长。"))

    def __init__(self, *args: Any, known: Platform | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check(self.given(), self.known)
            except Refused as refused:
                self.add_error(_FIELD.get(refused.code, "until"), refused.text)
        return data

    def given(self) -> PlatformGiven:
        return PlatformGiven(**{one.name: self.cleaned_data[one.name] for one in fields(PlatformGiven)})

    @staticmethod
    def first_of(row: Platform) -> dict[str, Any]:
        return {one.name: getattr(row, one.name) for one in fields(PlatformGiven)}


class HookForm(Form):
    """Where a platform is told of changes; empty ends it."""

    address = line(
        _("通知发到哪个地址"),
        limit=hooking.LONGEST,
        required=False,
        help_text=_("https 地址，由平台的技术人员给。它送来的事一有变化就通知，只说状态、单位和日期。不写就不通知。"),
    )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        try:
            hooking.check(address)
        except Refused as refused:
            raise ValidationError(refused.text) from None
        return address
