"""A reminder: which day, and words for oneself."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import day
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form, Text
from shuoshi.workbench import reminding


class ReminderForm(Form):
    on = day(_("哪一天提醒我"), help_text=_("那天早上起列在“今天”里，勾掉才消失。"))
    words = Text(
        label=_("提醒自己的话"),
        required=False,
        rows=3,
        max_length=reminding.LONGEST,
        help_text=_("只有您自己看得到，代理您的人也看不到。"),
    )

    def clean_on(self) -> date:
        try:
            return reminding.check_day(self.cleaned_data["on"])
        except Refused as refused:
            raise ValidationError(refused.text) from refused
