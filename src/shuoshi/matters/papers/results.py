"""The monthly sheet for the paper notice board: what was promised for the month, what was kept, what came of it.

No words of anybody, no titles, no persons. What is sensitive, a dispute, confidential or kept from somebody it concerns is
not listed line by line, only counted, and below three not even that; a village that has fewer than three lines is not named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.papers import press
from shuoshi.matters.models import Deadline, Exclusion
from shuoshi.matters.papers import making, wording
from shuoshi.matters.papers.kinds import PaperKind
from shuoshi.matters.papers.subject import Content
from shuoshi.matters.queries.counting import that_count
from shuoshi.matters.queries.kept import ENOUGH
from shuoshi.matters.vocabulary import FOUR_KINDS, DeadlineKind, Exit, Kind, Naming, Status
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from shuoshi.organization.models import UnitKind
from shuoshi.organization.paper_templates import in_force

FEWEST = 3  # below it a count is not told, nor a village named
MOST = 600  # lines of one sheet
_VILLAGES = frozenset({UnitKind.VILLAGE, UnitKind.COMMUNITY})
_RELATED = ("matter", "matter__lead_unit")
_COLUMNS = (
    "due_at", "done_at", "outcome", "kind", "matter__kind", "matter__category", "matter__status", "matter__exit",
    "matter__naming", "matter__sensitive", "matter__lead_unit__name", "matter__lead_unit__kind", "matter__round",
)  # fmt: skip


@dataclass(frozen=True)
class Month:
    """The lines of a month, and how many promises are counted without a line, kept and in all."""

    first: date
    rows: Sequence[Sequence[str]]
    listed: int
    kept: int
    unlisted: int
    unlisted_kept: int


def of_month(first: date) -> Month:
    """Promises to residents by their date, as the home page counts them. One statement."""
    begin = datetime.combine(first, time(), clock.INSTITUTION_ZONE)
    end = datetime.combine(next_month(first), time(), clock.INSTITUTION_ZONE)
    due = that_count(Deadline.objects.filter(kind=DeadlineKind.PROMISE, due_at__gte=begin, due_at__lt=end))
    found = (
        due.filter(matter__kind__in=FOUR_KINDS, matter__drill=False)
        .select_related(*_RELATED)
        .only(*_COLUMNS)
        .order_by("due_at", "pk")
    )
    listed = list(found.filter(~_quiet())[:MOST])
    quiet = list(found.filter(_quiet()).values_list("outcome", flat=True))
    with wording.official():
        villages = Counter(row.matter.lead_unit_id for row in listed)
        rows = [_line(place, row, villages[row.matter.lead_unit_id]) for place, row in enumerate(listed, start=1)]
    kept = sum(row.outcome == Outcome.MET for row in listed)
    return Month(first, rows, len(listed), kept, len(quiet), quiet.count(Outcome.MET))


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def paper(month: Month, address: str, at: datetime) -> press.Paper:
    institution = organization.institution()
    name = wording.registry(institution, organization.registry())
    with wording.official():
        content: Content = {
            "机构": name,
            "月份": f"{month.first.year}年{month.first.month}月",
            "列表": [list(row) for row in month.rows],
            "小结": _summary(month),
            "不列出的": _unlisted(month),
            "落款": name,
            "热线": institution.hotline,
            "出具日期": wording.full_day(at),
            "网址": address,
        }
    kind = PaperKind.RESULTS
    return making.made(kind, content, {"二维码": making.qr(address)}, in_force(kind), at)


def _quiet() -> Q:
    """Not told line by line. Whom a matter concerns reads the notice board too."""
    kept = Exclusion.objects.in_force().filter(matter=OuterRef("matter"))
    private = Q(matter__sensitive=True) | Q(matter__naming=Naming.CONFIDENTIAL)
    return private | Q(matter__kind=Kind.DISPUTE) | Q(Exists(kept))


def _line(place: int, row: Deadline, of_its_unit: int) -> list[str]:
    matter = row.matter
    unit = matter.lead_unit
    name = unit.name if unit else ""
    if unit is not None and unit.kind in _VILLAGES and of_its_unit < FEWEST:
        name = _("村（社区）")
    return [
        str(place),
        _category(matter.kind, matter.category),
        name,
        _short_day(row.due_at),
        _short_day(row.done_at) if row.done_at else _("还没有答复"),
        _("按时") if row.outcome == Outcome.MET else _("晚了"),
        _outcome(matter.status, matter.exit),
    ]


def _category(kind: str, category: str) -> str:
    """利益诉求 › 基础设施: the first two levels, no finer, and no code of an earlier version."""
    steps = profile.current().steps(category, kind)
    return " › ".join(steps[:-1] if steps[-1] == category else steps[:2])


def _outcome(status: str, exit_: str) -> str:
    if status == Status.CLOSED:
        return _("办结：%(how)s") % {"how": Exit(exit_).label}
    if status == Status.UNDER_REVIEW:
        return _("复核中")
    return _("已答复，等回访") if status == Status.IN_FOLLOW_UP else _("还在办")


def _short_day(at: datetime) -> str:
    on = clock.local(at)
    return f"{on.month}月{on.day}日"


def _summary(month: Month) -> str:
    if not month.listed:
        return _("这个月没有到期的事。")
    said = _("答应在这个月答复的事，下面列出 %(n)d 件，按时 %(kept)d 件") % {"n": month.listed, "kept": month.kept}
    if month.listed >= ENOUGH:
        said += _("，占 %(percent)d%%") % {"percent": month.kept * 100 // month.listed}
    return said + _("。")


def _unlisted(month: Month) -> str:
    """Counted where counting tells nothing of anybody."""
    n, kept = month.unlisted, month.unlisted_kept
    if not n:
        return ""
    if n < FEWEST:
        return _("涉及敏感类别、矛盾纠纷、要求保密和需要回避的事不逐条列出，这个月不足 %(n)d 件。") % {"n": FEWEST}
    said = _("涉及敏感类别、矛盾纠纷、要求保密和需要回避的事不逐条列出，这个月有 %(n)d 件") % {"n": n}
    tells = kept in (0, n) or min(kept, n - kept) >= FEWEST
    return said + (_("，按时 %(kept)d 件。") % {"kept": kept} if tells else _("。"))
