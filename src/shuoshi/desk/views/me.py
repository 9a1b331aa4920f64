"""One's own account: password, second factor, recovery codes, sessions, theme, text size, shortcuts, where one looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import check_password
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import frame
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.base import radios, tick
from shuoshi.desk.frame import DeskRequest, posted_row
from shuoshi.desk.views.passkeys import CodesPage, prove
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import Form
from shuoshi.kernel.web.qr import drawn
from shuoshi.kernel.web.site import SIZE_COOKIE, THEME_COOKIE, current_site
from shuoshi.organization.queries import needs_second_factor, posts_of
from shuoshi.people import actions as people
from shuoshi.people import passkeys, sessions, totp
from shuoshi.people.models import Passkey, Reveal

_YEAR = 365 * 24 * 3600


class LookForm(Form):
    """How pages look for this browser; cookies, nothing of the account."""

    theme = radios(_("明暗"), [("", _("跟随设备")), ("light", _("总是亮色")), ("dark", _("总是暗色"))], required=False)
    size = radios(_("字号"), [("normal", _("普通")), ("large", _("大字版"))])
    shortcuts = tick(_("使用快捷键（Alt+1 到 Alt+7、Alt+0、Ctrl+K、Ctrl+Enter，分号加缩写）"))


class PasswordForm(Form):
    password = forms.CharField(
        label=_("现在的密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new_password = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 15 位，绑定了动态口令的至少 12 位。可以用几个不相干的词连起来。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("再写一遍新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, request: DeskRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        account = self.request.account
        if not check_password(data["password"], account.password):
            self.add_error("password", _now("现在的密码不对。"))
        elif data["new_password"] != data["password_again"]:
            self.add_error("password_again", _now("两次写的不一样。"))
        else:
            try:
                people.set_password(account.pk, data["new_password"], actor=self.request.actor)
            except Refused as refused:
                self.add_error("new_password", refused.text)
        return data


class CodeForm(Form):
    """The first code proves that the authenticator reads the secret."""

    otp = forms.CharField(
        label=_("手机上现在显示的 6 位数字"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, request: DeskRequest, **kwargs: Any) -> None:
        self.request = request
        self.codes: list[str] = []
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.codes = people.confirm_totp(self.request.account.pk, data["otp"], actor=self.request.actor)
            except Refused as refused:
                self.add_error("otp", refused.text)
        return data


@dataclass(frozen=True)
class MePage(PageData):
    template: ClassVar[str] = "desk/me.html"
    form: LookForm
    username: str
    posts: Sequence[Any]
    factor: bool
    factor_needed: bool
    passkeys: Sequence[Passkey]
    passkeys_why_not: str
    sessions: Sequence[sessions.Session]


@dataclass(frozen=True)
class PasswordPage(PageData):
    template: ClassVar[str] = "desk/me_password.html"
    form: PasswordForm
    owed: bool


@dataclass(frozen=True)
class FactorPage(PageData):
    """Enrolment: the picture and the secret in words, then the first code."""

    template: ClassVar[str] = "desk/me_factor.html"
    form: CodeForm
    qr: SafeString
    secret: str
    owed: bool
    passkeys: bool


@dataclass(frozen=True)
class LooksPage(PageData):
    template: ClassVar[str] = "desk/me_looks.html"
    rows: Sequence[Reveal]


@page(access=staff)
def me(request: DeskRequest) -> HttpResponse:
    """Settings of this browser, and the ways to one's secrets."""
    first = {
        "theme": request.COOKIES.get(THEME_COOKIE, ""),
        "size": request.COOKIES.get(SIZE_COOKIE, "normal"),
        "shortcuts": request.COOKIES.get("shortcuts") != "off",
    }
    form = LookForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _now("设置好了，只对这个浏览器起作用。"))
        answer = redirect("desk:me")
        for name, value in (
            (THEME_COOKIE, form.cleaned_data["theme"]),
            (SIZE_COOKIE, form.cleaned_data["size"]),
            ("shortcuts", "on" if form.cleaned_data["shortcuts"] else "off"),
        ):
            answer.set_cookie(name, value, max_age=_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
        return answer
    return show(
        request,
        MePage(
            form=form,
            username=request.account.username,
            posts=posts_of(request.account.person_id),
            factor=request.account.totp_confirmed,
            factor_needed=needs_second_factor(request.account.person_id),
            passkeys=list(request.account.passkeys.select_related("account").order_by("created_at", "pk")),
            passkeys_why_not=passkeys.why_not(request),
            sessions=sessions.of(request, request.account, clock.now()),
        ),
    )


@page(access=frame.half, secret=True)
def password(request: DeskRequest) -> HttpResponse:
    """Change the own password; other sessions end, this one goes on."""
    form = PasswordForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        frame.carry_on(request)
        messages.success(request, _now("密码改好了。别处的登录都已退出。"))
        return redirect("desk:sign_in")  # which leads on to what is still owed, or to my day
    return show(request, PasswordPage(form=form, owed=frame.owes(request) == frame.OWES_PASSWORD))


@page(access=frame.half, secret=True)
def second_factor(request: DeskRequest) -> HttpResponse:
    """Bind an authenticator. The secret is made anew at each opening of the page, until a first code was right.

    Whoever owes a second factor and has passkeys gives one of them: a password alone binds nothing then.
    """
    if request.account.totp_confirmed:
        return redirect("desk:me" if not frame.owes(request) else "desk:sign_in")
    if frame.owes(request) and request.account.passkeys.exists():
        return prove(request)
    form = CodeForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        frame.carry_on(request)
        return show(request, CodesPage(codes=form.codes))
    secret = (
        request.account.totp_secret
        if request.method == "POST" and request.account.totp_secret
        else people.enrol_totp(request.account.pk, actor=request.actor)
    )
    answer = show(
        request,
        FactorPage(
            form=form,
            qr=drawn(totp.address(secret, request.account.username, current_site().title)),
            secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            owed=frame.owes(request) == frame.OWES_FACTOR,
            passkeys=not passkeys.why_not(request),
        ),
    )
    answer["Cache-Control"] = "no-store"
    return answer


@page(access=fresh(staff), methods=("POST",))
def recovery_codes(request: DeskRequest) -> HttpResponse:
    """Ten fresh codes on paper; the old ones are void."""
    return show(request, CodesPage(codes=people.new_recovery_codes(request.account.pk, actor=request.actor)))


@page(access=staff, methods=("POST",))
def sign_out_elsewhere(request: DeskRequest) -> HttpResponse:
    """End one session of this account, or every one but this, at their next request."""
    if "row" in request.POST:
        people.end_own_session(request.account.pk, posted_row(request), actor=request.actor)
        messages.success(request, _now("那一处的登录退出了。"))
        return redirect("desk:me")
    people.end_own_sessions(request.account.pk, actor=request.actor)
    frame.carry_on(request)
    messages.success(request, _now("别处的登录都已退出，只剩这里。"))
    return redirect("desk:me")


@page(access=staff, methods=("GET",))
def looks(request: DeskRequest) -> HttpResponse:
    """Whose full data this account looked at: what everybody may be asked about."""
    rows = Reveal.objects.filter(account=request.account).select_related("person").order_by("-at", "-pk")[:100]
    return show(request, LooksPage(rows=list(rows)))
