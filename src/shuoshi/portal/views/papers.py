"""Whether a paper is ours, for whoever holds one; and the receipt as PDF, for whoever opened the matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from shuoshi.kernel import clock, throttle
from shuoshi.kernel.web import PageData, network_of, page, public, show
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import too_often
from shuoshi.matters import paper_check
from shuoshi.matters.models import Document
from shuoshi.matters.papers import PaperKind, receipts
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.portal import forms, opened

_OURS = throttle.PAPER_BY_NETWORK


@dataclass(frozen=True)
class CheckPage(PageData):
    """`document` once number and check were right. Nothing of the matter is on the page but what the paper shows."""

    template: ClassVar[str] = "portal/paper.html"
    form: forms.PaperCheck
    document: Document | None = None
    kind: str = ""
    superseded: bool = False


@ensure_csrf_cookie
@page(access=public)
def check(request: HttpRequest) -> HttpResponse:
    """Number and check. A wrong pair gets one sentence, the same whether there is such a number or not."""
    form = forms.PaperCheck(posted(request))
    if request.method != "POST" or not form.is_valid():
        return show(request, CheckPage(form))
    network, now = network_of(request), clock.now()
    left = throttle.take(_OURS.scope, network, now)
    if left is not None:
        return too_often(request, max(1, -(-int(left.total_seconds()) // 60)))
    document = paper_check.confirmed(form.cleaned_data["number"], form.cleaned_data["code"])
    if document is None:
        form.add_error("code", _("编号和校验码对不上。请照着纸上再输一次；还是不对，这张纸可能不是我们出具的。"))
        return show(request, CheckPage(form))
    throttle.give_back(_OURS.scope, network)
    kind = str(PaperKind(document.kind).label)
    return _private(show(request, CheckPage(form, document, kind, paper_check.superseded(document))))


@opened.opened
def receipt_pdf(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """The receipt to keep or print, A5 or on a roll; with the query code, which this browser was opened with."""
    address = request.build_absolute_uri(reverse("portal:track"))
    size = receipts.Size.ROLL if request.GET.get("paper") == receipts.Size.ROLL else receipts.Size.A5
    holder = seen.part or seen.matter
    made = receipts.for_the_speaker(seen.matter, holder, size, address, seen.next).pdf()
    answer = HttpResponse(made.data, content_type="application/pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{seen.matter.number}.pdf"
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer
