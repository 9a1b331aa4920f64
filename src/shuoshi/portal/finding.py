"""Forms of whoever lost the receipt: the own number, then the code that was sent to it."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.web.forms import Form
from shuoshi.people import phones

_L = gettext_lazy


class LostPhone(Form):
    """The number that was left when something was said."""

    phone = forms.CharField(
        label=_L("手机号"),
        max_length=40,
        help_text=_L("说事时留的、您自己用的手机号。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    required_words = {"phone": _L("请写上说事时留的手机号。")}

    def clean_phone(self) -> str:
        try:
            number = phones.normalise(self.cleaned_data["phone"])
        except phones.BadNumber as bad:
            raise forms.ValidationError(str(bad)) from bad
        if not phones.takes_messages(number):
            raise forms.ValidationError(_("这个号码收不到短信。请写手机号；留的是固定电话的，请打说事热线。"))
        return number


class LostCode(Form):
    """Six digits of a text message, however they are typed."""

    code = forms.CharField(
        label=_L("验证码"),
        max_length=20,
        help_text=_L("短信里的 6 位数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    required_words = {"code": _L("请写上短信里的验证码。")}

    def clean_code(self) -> str:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
