"""Looking up a matter by number and code, and closing again what is open in this browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, network_of, page, public, show
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import too_often
from shuoshi.matters import guessing, query_code
from shuoshi.portal import forms, opened, proved
from shuoshi.portal.submission import Submission, forget_sent


@dataclass(frozen=True)
class LookUpPage(PageData):
    template: ClassVar[str] = "portal/look_up.html"
    form: forms.LookUp
    back: str


@ensure_csrf_cookie
@page(access=public)
def look_up(request: HttpRequest) -> HttpResponse:
    """Number and code. Every wrong pair gets one sentence, the same whether the number exists or not."""
    back = request.POST.get("back") or request.GET.get("back", "")
    if request.method != "POST":
        initial = {"number": request.GET.get("number", "")[:60]}
        return show(request, LookUpPage(forms.LookUp(initial=initial), back))
    form = forms.LookUp(posted(request))
    if not form.is_valid():
        return show(request, LookUpPage(form, back))
    network, now = network_of(request), clock.now()
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    left = guessing.take(number, network, now)
    if left is not None:
        return too_often(request, minutes(left))
    found = query_code.opens(number, code)
    if found is not None:
        guessing.was_right(number, network, now)
        answer = HttpResponseRedirect(_back(found.matter.number, back))
        return opened.grant(request, answer, found.matter, found.part)
    guessing.was_wrong(number, now)
    form.add_error("code", _("编号和查询码对不上。请照着回执再输一次。"))
    return show(request, LookUpPage(form, back))


@page(access=public, methods=("POST",))
def leave(request: HttpRequest) -> HttpResponse:
    """Close what is open in this browser: for phones that others use too."""
    messages.success(request, _("已经关上，再看要重新输入编号和查询码。"))
    mine = Submission.of(request)
    if mine.said.done:
        mine.drop()  # else pressing 提交 once more would open the receipt again
    return proved.forget(opened.leave(forget_sent(redirect("portal:track"))))


def _back(number: str, asked: str) -> str:
    """Where the look-up came from, if it is a page of this very matter."""
    home = reverse("portal:matter", kwargs={"number": number})
    return asked if asked.startswith(home) and "\\" not in asked and "//" not in asked else home


def minutes(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds()) // 60))
