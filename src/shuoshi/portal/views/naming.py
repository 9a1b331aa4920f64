"""以后不公开我的姓名, and back again: the speaker's own word, behind the query code and never from a browser of the staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, show
from shuoshi.kernel.web.forms import Form
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters import actions
from shuoshi.matters.actions.naming import require_hidable
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.vocabulary import Naming
from shuoshi.people.sign_in import account_of
from shuoshi.portal import opened


@dataclass(frozen=True)
class NamingPage(PageData):
    """`hidden`: how it stands now. `why_not`: why the name cannot be hidden now."""

    template: ClassVar[str] = "portal/naming.html"
    matter: Matter
    form: Form
    hidden: bool
    why_not: str


@opened.opened
def naming(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """GET says what it changes and what it cannot, POST does it."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众选留不留名。请用您自己的手机打开。"))
    matter, form = seen.matter, Form(posted(request))
    own = naming_of(seen)
    if own == Naming.ANONYMOUS:
        return redirect("portal:matter", number=matter.number)
    hidden = own == Naming.CONFIDENTIAL
    wish = request.POST.get("wish")
    if form.is_valid() and wish in ("hide", "show"):
        speaker = opened.actor(request, matter.number)
        assert speaker is not None
        wanted = Naming.CONFIDENTIAL if wish == "hide" else Naming.NAMED
        actions.choose_naming(matter.pk, wanted, actor=speaker)
        said = _("记下了，从现在起承办单位看不到您的姓名和电话。"), _("记下了，承办单位又能看到您的姓名，方便联系您。")
        messages.success(request, said[0] if wish == "hide" else said[1])
        return redirect("portal:matter", number=matter.number)
    return show(request, NamingPage(matter, form, hidden, "" if hidden else _why_not(matter)))


def naming_of(seen: TrackingView) -> Naming:
    """Of whoever reads the page: in a group each has their own."""
    return Naming(seen.part.party.naming if seen.part is not None else seen.matter.naming)


def _why_not(matter: Matter) -> str:
    try:
        require_hidable(matter)
    except Refused as refused:
        return refused.text
    return ""
