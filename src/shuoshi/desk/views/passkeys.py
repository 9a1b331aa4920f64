"""Passkeys: signing in with one, adding and removing one's own, and what their script asks. Checking is people's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import frame
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.base import line
from shuoshi.desk.frame import DeskRequest, posted_row
from shuoshi.desk.views import sign_in as pages
from shuoshi.kernel import clock, throttle
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, network_of, page, public, show, staff
from shuoshi.kernel.web.forms import Form
from shuoshi.organization.queries import needs_second_factor
from shuoshi.people import actions as people
from shuoshi.people import devices, passkeys, sessions
from shuoshi.people import sign_in as door
from shuoshi.people.models import Account, CeremonyFor


class AddForm(Form):
    """A name for the device, and the answer of the device itself, which the script puts here."""

    device_name = line(_("设备名称"), limit=40, help_text=_("自己认得出就行，例如：办公室电脑、我的手机。"))
    passkey = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: DeskRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        account = self.request.account
        asked = passkeys.taken(self.request, CeremonyFor.ADD, account)
        key = passkeys.made(data["passkey"], asked) if asked else None
        if key is None:
            raise ValidationError(_now("没有收到设备的答复，或者等得太久。请再点一次，在设备上确认。"))
        try:
            people.add_passkey(account.pk, key, data["device_name"], actor=self.request.actor)
        except Refused as refused:
            raise ValidationError(refused.text) from refused
        return data


@dataclass(frozen=True)
class AddPage(PageData):
    """`ready`: whoever sits here proved it just now, so that the device is asked at once."""

    template: ClassVar[str] = "desk/me_passkey.html"
    form: AddForm
    ready: bool
    why_not: str


@dataclass(frozen=True)
class CodesPage(PageData):
    """Recovery codes, shown once."""

    template: ClassVar[str] = "desk/me_codes.html"
    codes: Sequence[str]


class RecoveryForm(Form):
    """A code on paper, for whoever has the device no more."""

    otp = forms.CharField(
        label=_("纸上的备用码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )

    def __init__(self, *args: Any, request: DeskRequest, **kwargs: Any) -> None:
        self.request = request
        self.waits = False
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            failed = door.prove_by_recovery_code(self.request, data["otp"], network=network_of(self.request))
            if failed is not None:
                self.waits = failed.wait is not None
                self.add_error("otp", failed.text if failed.wait else _now("备用码不对，或者已经用过。"))
        return data


@dataclass(frozen=True)
class ProvePage(PageData):
    """Beside the password, in place of the code of an authenticator. `failed` is why the answer before was not right."""

    template: ClassVar[str] = "desk/me_prove.html"
    form: RecoveryForm
    failed: str
    why_not: str


@page(access=public, methods=("POST",), secret=True)
def ask(request: HttpRequest) -> HttpResponse:
    """What the browser is to have signed, for a purpose; 403 where it is nobody's business here."""
    purpose = request.POST.get("purpose", "")
    if purpose not in CeremonyFor.values or passkeys.why_not(request):
        return JsonResponse({}, status=403)
    account = None if purpose == CeremonyFor.SIGN_IN else frame.account_of(request)
    if account is None and purpose != CeremonyFor.SIGN_IN:
        return JsonResponse({}, status=403)
    if (
        account is None
        and throttle.take(throttle.PASSKEY_QUESTIONS.scope, network_of(request), clock.now()) is not None
    ):
        return JsonResponse({}, status=429)
    answer = JsonResponse(passkeys.ask(request, CeremonyFor(purpose), account))
    answer["Cache-Control"] = "no-store"
    return answer


@page(access=public, methods=("POST",), secret=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session with the answer of a device; both factors in one."""
    back = pages.back_of(request)
    answer = door.by_passkey(request, request.POST.get("passkey", ""), network=network_of(request), now=clock.now())
    if isinstance(answer, door.Failed):
        return pages.shown_again(request, back, answer)
    frame.begin(request, answer, by_passkey=True)
    onward = pages.onward(request, back)
    devices.remember(request, onward, answer.pk)
    throttle.give_back(throttle.PASSKEY_QUESTIONS.scope, network_of(request))
    return onward


@page(access=fresh(frame.half), secret=True)
def add(request: DeskRequest) -> HttpResponse:
    """GET, and a POST that only proved who sits here, show the form; with a device's answer its key is kept.

    Also what gives a second factor that is owed, while there is none: with a key there is, it is asked for instead.
    """
    owed = frame.owes(request)
    if owed == frame.OWES_PASSWORD or (owed and request.account.passkeys.exists()):
        return redirect("desk:sign_in")
    answered = request.method == "POST" and request.POST.get("passkey")
    form = AddForm(request.POST if answered else None, request=request, initial=_named_before(request))
    if answered and form.is_valid():
        if owed:
            frame.carry_on(request, by_passkey=True)
        messages.success(request, _now("通行密钥添加好了，下次可以用它登录。"))
        return _with_codes(request) if _stands_alone(request.account) else redirect("desk:me")
    ready = door.is_fresh(request)
    answer = show(request, AddPage(form=form, ready=ready, why_not=passkeys.why_not(request)))
    answer["Cache-Control"] = "no-store"
    return answer


@page(access=fresh(staff), methods=("POST",))
def remove(request: DeskRequest) -> HttpResponse:
    """Take one of one's own keys off; where one is signed in elsewhere ends with it."""
    needed = needs_second_factor(request.account.person_id)
    people.remove_passkey(request.account.pk, posted_row(request), needed=needed, actor=request.actor)
    frame.carry_on(request)
    messages.success(request, _now("通行密钥删除了。别处的登录都已退出。"))
    return redirect("desk:me")


def prove(request: DeskRequest) -> HttpResponse:
    """The second factor of whoever has passkeys and no authenticator; shown by the page of the second factor."""
    failed = None
    form = RecoveryForm(request.POST if "otp" in request.POST else None, request=request)
    if form.is_bound and form.is_valid():
        frame.carry_on(request, by_passkey=True)
        return redirect("desk:sign_in")
    if request.method == "POST" and not form.is_bound:
        failed = door.prove_by_passkey(request, request.POST.get("passkey", ""), network=network_of(request))
        if failed is None:
            frame.carry_on(request, by_passkey=True)
            return redirect("desk:sign_in")
    waits = form.waits or (failed is not None and failed.wait is not None)
    status = 429 if waits else 422 if failed else None
    shown = ProvePage(form=form, failed=failed.text if failed else "", why_not=passkeys.why_not(request))
    answer = show(request, shown, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _stands_alone(account: Account) -> bool:
    """Whether a lost device would keep somebody out whose post demands a second factor."""
    spare = account.totp_confirmed or account.recovery_codes.filter(used_at__isnull=True).exists()
    return not spare and needs_second_factor(account.person_id)


def _with_codes(request: DeskRequest) -> HttpResponse:
    codes = people.new_recovery_codes(request.account.pk, actor=request.actor)
    answer = show(request, CodesPage(codes=codes))
    answer["Cache-Control"] = "no-store"
    return answer


def _named_before(request: HttpRequest) -> dict[str, str]:
    typed = request.POST.get("device_name", "") if request.method == "POST" else ""
    return {"device_name": typed[:40] or sessions.device_of(request.headers.get("User-Agent", ""))}
