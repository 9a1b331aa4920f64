"""The receipt as a paper, A5 or 80 mm wide. It carries the query code, so it is made for its speaker only.

At the desk the code is drawn by the browser on paper and is in no file (desk.views.receipts); the copy for the desk's own
files, made here, says where the code went instead of the code.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from shuoshi.kernel.papers import press
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter, Spokesperson
from shuoshi.matters.papers import making, wording
from shuoshi.matters.papers.kinds import PaperKind
from shuoshi.matters.papers.subject import Content
from shuoshi.matters.queries.promises import PROMISED
from shuoshi.matters.queries.tracking import Promise
from shuoshi.organization import queries as organization
from shuoshi.organization.paper_templates import in_force


class Size(TextChoices):
    """What a receipt is printed on."""

    A5 = "a5", _lazy("A5 纸")
    ROLL = "roll", _lazy("80 毫米小票纸")

    @property
    def kind(self) -> PaperKind:
        return PaperKind.RECEIPT if self is Size.A5 else PaperKind.RECEIPT_ROLL


def for_the_speaker(
    matter: Matter, holder: Matter | Spokesperson, size: Size, address: str, promised: Promise | None
) -> press.Paper:
    """With the code of its holder, for whoever opened the matter with it. `address` is the tracking page, `promised` the next promise."""
    code = query_code.code_of(holder)
    return _paper(matter, size, address, promised, query_code.in_fours(code), f"{address}#{matter.number}.{code}")


def for_the_file(matter: Matter, address: str, promised: Promise | None) -> press.Paper:
    """The copy that stays in the office: no code on it, and a QR code that only opens the page."""
    with wording.official():
        instead = _("只印给说事人，不留底")
    return _paper(matter, Size.A5, address, promised, instead, address)


def _paper(matter: Matter, size: Size, address: str, promised: Promise | None, code: str, qr: str) -> press.Paper:
    institution = organization.institution()
    content: Content = {
        "机构": wording.heading(matter, wording.registry(institution, organization.registry(matter.registry_id))),
        "编号": matter.number,
        "查询码": code,
        "登记时间": wording.full_moment(matter.registered_at),
        "承诺": _words(promised),
        "热线": institution.hotline,
        "夜间电话": institution.night_number,
        "网址": address,
    }
    template = in_force(size.kind)
    return making.made(size.kind, content, {"二维码": making.qr(qr, 34)}, template, matter.registered_at)


def _words(promise: Promise | None) -> str:
    """最晚 2026年11月30日，告诉您由谁来办."""
    if promise is None:
        return ""
    with wording.official():
        when = wording.full_day(promise.due_at)
        return _("最晚 %(day)s，%(what)s") % {"day": when, "what": PROMISED[promise.kind]}
