"""A desk left open: before the few deeds that would hurt most, the person is asked once more who they are (ASVS 7.5.3).

The question stands in front of the deed on the same address; what was typed waits in it, and goes on with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import frame
from shuoshi.kernel.web import PageData, network_of, show
from shuoshi.kernel.web.access import Access
from shuoshi.kernel.web.forms import Form
from shuoshi.organization.queries import needs_second_factor
from shuoshi.people import passkeys, sign_in
from shuoshi.people.models import Account, Passkey

_OWN = ("csrfmiddlewaretoken", "password", "otp", "passkey", "proof")


class AgainForm(Form):
    """Password, and the code of whoever has a second factor; throttled and answered as at the sign-in."""

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
        help_text=_("手机上现在显示的 6 位数字，或者一个纸上的备用码。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, factor: bool, **kwargs: Any) -> None:
        self.request = request
        self.waits = False
        super().__init__(*args, **kwargs)
        if not factor:
            del self.fields["otp"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            failed = sign_in.prove_again(
                self.request, data["password"], data.get("otp", ""), network=network_of(self.request)
            )
            if failed is not None:
                self.waits = failed.wait is not None
                raise forms.ValidationError(failed.text)
        return data


@dataclass(frozen=True)
class AgainPage(PageData):
    """`form` is None where a passkey alone will do. `kept` is what was posted, to be posted again with the answer. `passkeys`: one may answer in place of the password;
    `failed` is why it was not right."""

    template: ClassVar[str] = "desk/again.html"
    form: AgainForm | None
    kept: Sequence[tuple[str, str]]
    minutes: int
    passkeys: bool
    failed: str


def fresh(inner: Access) -> Access:
    """The same door, but what is posted through it waits until the person has proved themselves these minutes."""

    def check(request: HttpRequest) -> HttpResponse | None:
        away = inner.check(request)
        if away is not None or request.method != "POST" or sign_in.is_fresh(request):
            return away
        account = frame.account_of(request)
        assert account is not None
        proof = request.POST.get("proof", "")
        failed = sign_in.prove_by_passkey(request, proof, network=network_of(request)) if proof else None
        if proof and failed is None:
            return None
        if _by_passkey_alone(account):
            return _ask(request, None, account, failed)
        answered = request.POST if "password" in request.POST and not proof else None
        form = AgainForm(answered, request=request, factor=account.totp_confirmed)
        if form.is_bound and form.is_valid():
            return None
        return _ask(request, form, account, failed)

    return Access(f"{inner.name}, asked again", check, inner.needs_second_factor)


def _by_passkey_alone(account: Account) -> bool:
    """Whoever's post demands two factors and who has no authenticator proves no less here than at the sign-in."""
    return (
        not account.totp_confirmed
        and Passkey.objects.filter(account=account).exists()
        and needs_second_factor(account.person_id)
    )


def _ask(request: HttpRequest, form: AgainForm | None, account: Account, failed: sign_in.Failed | None) -> HttpResponse:
    kept = [(name, str(value)) for name, values in request.POST.lists() if name not in _OWN for value in values]
    page = AgainPage(
        form=form,
        kept=kept,
        minutes=int(sign_in.FRESH.total_seconds()) // 60,
        passkeys=not passkeys.why_not(request) and Passkey.objects.filter(account=account).exists(),
        failed=failed.text if failed else "",
    )
    waits = (form is not None and form.waits) or (failed is not None and failed.wait is not None)
    answer = show(request, page, status=429 if waits else 422 if failed else None)
    answer["Cache-Control"] = "no-store"
    return answer
