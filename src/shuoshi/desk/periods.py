"""What the pages of a period share: which one is looked at, the others to choose from, and the matters behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

_GROUPS = (_("按月"), _("按季度"), _("按年"))


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


def asked(request: DeskRequest) -> Period:
    """The one the address names; this month where it names none, or none that has begun."""
    this = periods.month(clock.local(clock.now()).date())
    return periods.named(request.GET.get("period", "")) or this


def unknown(request: DeskRequest, shown: Period) -> str:
    """A period that was asked for and is none; "" where it is the one shown."""
    wanted = request.GET.get("period", "")
    return wanted[:40] if wanted and wanted != shown.name else ""


def choices(chosen: Period) -> list[Choice]:
    """What is chosen is among them, also where it is longer ago than the others."""
    found = [list(some) for some in periods.lately(clock.local(clock.now()).date())]
    of_its_length = found[(1, 3, 12).index(chosen.months)]
    if chosen not in of_its_length:
        of_its_length.append(chosen)
    return [
        Choice(label, [Option(one.name, period_name(one), one == chosen) for one in some])
        for label, some in zip(_GROUPS, found, strict=True)
    ]
