"""Signing in with name, password and code, and signing out. Throttling and checking are people.sign_in's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import frame
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, network_of, page, public, show
from shuoshi.kernel.web.access import actor_of
from shuoshi.kernel.web.forms import Form
from shuoshi.people import devices, passkeys
from shuoshi.people import sign_in as door
from shuoshi.people.models import Account


class SignInForm(Form):
    """Name, password, and the code of whoever has a second factor. One answer for everything that is wrong."""

    username = forms.CharField(
        label=_("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    otp = forms.CharField(
        label=_("动态口令"),
        required=False,
        max_length=40,
        help_text=_("绑定了动态口令的人要填：手机上现在显示的 6 位数字，或者一个纸上的备用码。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        self.account: Account | None = None
        self.waits = False
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        answer = door.authenticate(
            data["username"],
            data["password"],
            data["otp"],
            device=self.request.COOKIES.get(devices.COOKIE, ""),
            network=network_of(self.request),
            now=clock.now(),
        )
        if isinstance(answer, door.Failed):
            self.waits = answer.wait is not None
            raise forms.ValidationError(answer.text)
        self.account = answer
        return data


@dataclass(frozen=True)
class SignInPage(PageData):
    """`back` is where the person wanted to go; `kept` when a session ended while something was being written.

    `passkeys`: browsers have them on this address; `failed` is why one did not sign in.
    """

    template: ClassVar[str] = "desk/sign_in.html"
    form: SignInForm
    back: str
    kept: bool
    passkeys: bool
    failed: str


@page(access=public)
def sign_in(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST opens a session and goes back to where the person was."""
    back = back_of(request)
    if request.method == "GET" and frame.account_of(request) is not None:
        return onward(request, back)
    form = SignInForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        assert form.account is not None
        frame.begin(request, form.account)
        answer = onward(request, back)
        devices.remember(request, answer, form.account.pk)
        return answer
    return _shown(request, form, back, status=429 if form.waits else None)


@page(access=public, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    door.end(request)
    return redirect("desk:sign_in")


def shown_again(request: HttpRequest, back: str, failed: door.Failed) -> HttpResponse:
    """The page after a passkey that did not sign in, with why."""
    form = SignInForm(None, request=request)
    return _shown(request, form, back, failed=failed.text, status=429 if failed.wait else 422)


def onward(request: HttpRequest, back: str) -> HttpResponse:
    """Where a session that has just begun, or that stands, goes: to what it owes, else back."""
    owed = frame.owes(request)
    if owed == frame.OWES_PASSWORD:
        return redirect("desk:password")
    if owed == frame.OWES_FACTOR:
        return redirect("desk:second_factor")
    if request.method == "GET" and actor_of(request) is None:
        door.end(request)
        return redirect("desk:sign_in")
    return redirect(back)


def _shown(
    request: HttpRequest, form: SignInForm, back: str, *, failed: str = "", status: int | None = None
) -> HttpResponse:
    here = not passkeys.why_not(request)
    shown = SignInPage(form=form, back=back, kept="draft=" in back, passkeys=here, failed=failed)
    answer = show(request, shown, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def back_of(request: HttpRequest) -> str:
    """The page to return to: on this host and on the desk, else my day."""
    wanted = str((request.POST or request.GET).get("next", ""))
    same = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if same and wanted.startswith("/desk/") else reverse("desk:my_day")
