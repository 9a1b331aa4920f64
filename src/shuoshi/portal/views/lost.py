"""回执丢了: a code to the own telephone opens the list of one's matters, and from there a new query code for each.

Three steps, each a form that is posted; nothing tells whether a number is known. Where no gateway sends codes, and for
what a telephone does not open, the page names the counter and the hotline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from shuoshi.kernel import blind, clock, throttle
from shuoshi.kernel.web import PageData, network_of, page, public, show
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import forbidden, too_often
from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.lost import opened_by_number
from shuoshi.notices import codes
from shuoshi.people.sign_in import account_of
from shuoshi.portal import opened, proved
from shuoshi.portal.finding import LostCode, LostPhone
from shuoshi.portal.views.look_up import minutes


@dataclass(frozen=True)
class LostPage(PageData):
    """`form` is None where no codes can be sent."""

    template: ClassVar[str] = "portal/lost.html"
    form: LostPhone | None


@dataclass(frozen=True)
class CodePage(PageData):
    template: ClassVar[str] = "portal/lost_code.html"
    form: LostCode
    minutes: int


@dataclass(frozen=True)
class MattersPage(PageData):
    """Number and status, nothing that was said."""

    template: ClassVar[str] = "portal/lost_matters.html"
    matters: Sequence[Matter]


@ensure_csrf_cookie
@page(access=public)
def lost(request: HttpRequest) -> HttpResponse:
    """GET explains the ways, POST has a code sent, if the number opens anything; the answer is the same if not."""
    if not codes.possible():
        return show(request, LostPage(None))
    form = LostPhone(posted(request))
    if request.method != "POST" or not form.is_valid():
        return show(request, LostPage(form))
    if account_of(request) is not None:
        return _not_for_staff(request)
    index, now = blind.index("phone", form.cleaned_data["phone"]), clock.now()
    for rule, who in (
        (throttle.LOST_BY_NETWORK, network_of(request)),
        (throttle.LOST_BY_NUMBER, index),
        (throttle.LOST_BY_SITE, throttle.SITE),
    ):
        left = throttle.take(rule.scope, who, now)
        if left is not None:
            return too_often(request, minutes(left))
    return proved.keep_asked(redirect("portal:lost-code"), codes.ask(index, now).pk)


@page(access=public)
def code(request: HttpRequest) -> HttpResponse:
    """The code, of the number that was typed before."""
    key = proved.asked(request)
    if key is None:
        return redirect("portal:lost")
    form, lasts = LostCode(posted(request)), int(codes.LASTS.total_seconds()) // 60
    if request.method != "POST" or not form.is_valid():
        return _private(show(request, CodePage(form, lasts)))
    if account_of(request) is not None:
        return _not_for_staff(request)
    network, now = network_of(request), clock.now()
    left = throttle.take(throttle.LOST_WRONG.scope, network, now)
    if left is not None:
        return too_often(request, minutes(left))
    index = codes.proves(key, form.cleaned_data["code"], now)
    if index:
        throttle.give_back(throttle.LOST_WRONG.scope, network)
        return proved.keep_proof(redirect("portal:lost-matters"), key, index)
    form.add_error("code", _("验证码不对，或者过期了。一个验证码最多试 %(n)d 次。") % {"n": codes.TRIES})
    return _private(show(request, CodePage(form, lasts)))


@page(access=public)
def matters(request: HttpRequest) -> HttpResponse:
    """What the number opens; POST gives one of them a new query code and shows the receipt."""
    proof = proved.proof(request)
    if proof is None:
        return redirect("portal:lost")
    if account_of(request) is not None:
        return _not_for_staff(request)
    found = opened_by_number(proof.index, clock.now())
    if request.method != "POST":
        return _private(show(request, MattersPage(found)))
    mine = next((one for one in found if one.number == request.POST.get("number", "")), None)
    if mine is None:
        raise Http404
    matter = actions.reissue_by_phone(mine.pk, proof.index, key=proof.key)
    messages.success(request, _("换了新的查询码，原来的作废了。请把这张回执拍下来或者抄下来。"))
    return opened.grant(request, redirect("portal:receipt", number=matter.number), matter)


def _not_for_staff(request: HttpRequest) -> HttpResponse:
    return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众找回查询码。请用您自己的手机打开。"))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
