"""The receipt as a paper, A5 or 80 mm wide. It carries the query code, so it is made for its speaker only.

At the desk the code is drawn by the browser on paper and is in no file (desk.views.receipts); the copy for the desk's own
files, made here, says where the code went instead of the code.
"""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _

from shuoshi.kernel.papers import press
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import making, wording
from shuoshi.matters.papers.kinds import PaperKind
from shuoshi.matters.papers.values import Content
from shuoshi.matters.queries.promises import PROMISED
from shuoshi.matters.queries.tracking import Promise
from shuoshi.organization import queries as organization
from shuoshi.organization.paper_templates import in_force

Size = Literal["a5", "roll"]
PAPERS = {"a5": PaperKind.RECEIPT, "roll": PaperKind.RECEIPT_ROLL}


def for_the_speaker(matter: Matter, size: Size, address: str, promised: Promise | None) -> press.Paper:
    """With the code, for whoever opened the matter with it. `address` is the tracking page, `promised` the next promise."""
    code = query_code.code_of(matter)
    return _paper(matter, size, address, promised, query_code.in_fours(code), f"{address}#{matter.number}.{code}")


def for_the_file(matter: Matter, address: str, promised: Promise | None) -> press.Paper:
    """The copy that stays in the office: no code on it, and a QR code that only opens the page."""
    with wording.official():
        instead = _("只印给说事人，不留底")
    return _paper(matter, "a5", address, promised, instead, address)


def _paper(matter: Matter, size: Size, address: str, promised: Promise | None, code: str, qr: str) -> press.Paper:
    institution = organization.institution()
    content: Content = {
        "机构": wording.registry(institution, organization.registry(matter.registry_id)),
        "编号": matter.number,
        "查询码": code,
        "登记时间": wording.full_moment(matter.registered_at),
        "承诺": _words(promised),
        "热线": institution.hotline,
        "夜间电话": institution.night_number,
        "网址": address,
    }
    kind = PAPERS[size]
    return making.made(kind, content, {"二维码": making.qr(qr, 34)}, in_force(kind), matter.registered_at)


def _words(promise: Promise | None) -> str:
    """最晚 2026年11月30日，告诉您由谁来办."""
    if promise is None:
        return ""
    with wording.official():
        when = wording.full_day(promise.due_at)
        return _("最晚 %(day)s，%(what)s") % {"day": when, "what": PROMISED[promise.kind]}
