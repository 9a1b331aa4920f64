"""What the pages of a period share: which one is looked at, the others to choose from, and the matters behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.filters import Option
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData
from shuoshi.matters.models import Matter
from shuoshi.matters.papers.balance import period_name
from shuoshi.matters.queries import periods
from shuoshi.matters.queries.periods import Period

_GROUPS = (_("按月"), _("按季度"), _("按年"), _("按天"))


@dataclass(frozen=True)
class Choice:
    """Periods of one length."""

    label: str | Promise
    options: Sequence[Option]


@dataclass(frozen=True)
class FigurePage(PageData):
    """The matters behind a figure. `note` says why they may be fewer than it."""

    template: ClassVar[str] = "desk/figure_list.html"
    title: str
    rows: Page[Matter]
    back: str
    back_label: str
    note: str = ""
    taken_as: str = ""  # the query under which the list can be exported; "" where it cannot


def asked(request: DeskRequest) -> Period:
    """The one the address names, also by two days; this month where it names none, or none that has begun."""
    this = periods.month(clock.local(clock.now()).date())
    return _of_days(request) or periods.named(request.GET.get("period", "")) or this


def unknown(request: DeskRequest, shown: Period) -> str:
    """A period that was asked for and is none; "" where it is the one shown."""
    first, last = (request.GET.get(name, "")[:20] for name in ("from", "to"))
    if (first or last) and _of_days(request) is None:
        return f"{first or '…'} – {last or '…'}"
    wanted = "" if first and last else request.GET.get("period", "")
    return wanted[:40] if wanted and wanted != shown.name else ""


def choices(chosen: Period) -> list[Choice]:
    """What is chosen is among them, also where it is longer ago than the others."""
    found = [list(some) for some in periods.lately(clock.local(clock.now()).date())]
    if not chosen.days and chosen not in (of_its_length := found[(1, 3, 12).index(chosen.months)]):
        of_its_length.append(chosen)
    if chosen.days:
        found.append([chosen])
    return [
        Choice(label, [Option(one.name, period_name(one), one == chosen) for one in some])
        for label, some in zip(_GROUPS, found, strict=False)
    ]


def _of_days(request: DeskRequest) -> Period | None:
    """From one day to another, as two controls for days say it."""
    try:
        return periods.between(*(date.fromisoformat(request.GET.get(name, "")) for name in ("from", "to")))
    except ValueError:
        return None
