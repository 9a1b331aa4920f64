"""The form on which a speaker chooses how to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.web.forms import Form
from shuoshi.matters.vocabulary import TellBy

_L = gettext_lazy


class Notices(Form):
    """How the speaker wishes to hear of news; which ways there are depends on what was left with us."""

    tell_by = forms.ChoiceField(label=_L("有了新情况，怎么告诉您？"), widget=forms.RadioSelect)
    address = forms.EmailField(label=_L("邮箱"), required=False, max_length=120, help_text=_L("选“电子邮件”的请填。"))
    required_words = {"tell_by": _L("请选一项。")}

    def __init__(self, *args: Any, phone: bool, named: bool, follows: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [TellBy.CALL, TellBy.SMS] if phone else []
        offered += [TellBy.EMAIL] if named else []
        offered += [TellBy.WECHAT] if follows else []  # proved in the official account, not here
        field = self.fields["tell_by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((one.value, one.label) for one in offered),
            (TellBy.PAGE.value, _("不用告诉我，我自己在网上查")),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("tell_by") == TellBy.EMAIL and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("请填您的邮箱，像 name@example.com 这样。"))
        return data
