"""Setting a new password with the code an administrator printed. Whether it fits, and guessing, is people's affair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, network_of, page, public, show
from shuoshi.kernel.web.forms import Form
from shuoshi.people import sign_in as door


def _secret(label: Any, kind: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label, max_length=256, strip=False, help_text=help_text, widget=widget)


class ResetForm(Form):
    username = forms.CharField(
        label=_("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("开户码或重设码"),
        max_length=40,
        help_text=_("管理员交给您的 16 位，大小写都行。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    new_password = _secret(
        _("新密码"), "new-password", _("至少 15 位，绑定了动态口令的至少 12 位。可以用几个不相干的词连起来。")
    )
    password_again = _secret(_("再写一遍新密码"), "new-password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        self.waits = False
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data["new_password"] != data["password_again"]:
            self.add_error("password_again", _now("两次写的不一样。"))
            return data
        network = network_of(self.request)
        try:
            answer = door.set_by_code(
                data["username"], data["code"], data["new_password"], network=network, now=clock.now()
            )
        except Refused as refused:
            self.add_error("new_password" if refused.code.startswith("password") else "code", refused.text)
            return data
        if isinstance(answer, door.Failed):
            self.waits = True
            raise forms.ValidationError(answer.text)
        return data


@dataclass(frozen=True)
class ResetPage(PageData):
    template: ClassVar[str] = "desk/reset.html"
    form: ResetForm


@page(access=public, secret=True)
def reset(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST sets the password and leads to the sign-in, second factor included."""
    form = ResetForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _now("新密码设好了。请用它登录。"))
        return redirect("desk:sign_in")
    answer = show(request, ResetPage(form), status=429 if form.waits else None)
    answer["Cache-Control"] = "no-store"
    return answer
