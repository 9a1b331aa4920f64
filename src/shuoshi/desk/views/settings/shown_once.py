"""A key of a program outside, shown on the page one is led to: reloaded it shows it no more, and makes no other."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.settings.pages import Once
from shuoshi.kernel import drafts

_FORM = "shown_once"
_WITHIN = timedelta(minutes=5)


def lead_to(request: DeskRequest, address: str, code: str, words: str) -> HttpResponse:
    """To the page at `address`, which shows `code` to this account once, and `words` with it."""
    token = drafts.new_token()
    drafts.save(token, _FORM, {"code": code, "at": address, "words": words}, owner=request.account.pk, lasts=_WITHIN)
    return redirect(f"{address}?{urlencode({'shown': token})}")


def shown(request: DeskRequest) -> Once | None:
    """What is to be shown on this page now; None mostly."""
    token = request.GET.get("shown", "")
    kept = drafts.load(token) if token else None
    if kept is None or (kept.form, kept.owner, kept.body.get("at")) != (_FORM, request.account.pk, request.path):
        return None
    drafts.drop(token)
    return Once(kept.body["words"], kept.body["code"], _("只显示这一次。请抄下来，交给管这件事的技术人员。"))
