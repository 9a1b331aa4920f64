"""The calendar: whether the years that promises reach into are published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk.health.line import Line, State
from shuoshi.kernel import calendars, clock
from shuoshi.organization import checklist


def lines(now: datetime) -> Iterator[Line]:
    name, today = _("工作日历"), clock.local(now).date()
    links = [(_("工作日历"), reverse("desk:set_calendar"))]
    if calendars.load().is_provisional(today):
        says = _("没有今年的放假安排，期限都暂按周末计算。")
        yield Line(name, State.BAD, says, _("请按国务院办公厅的通知录入。"), links=links)
    elif missing := checklist.unpublished_year():
        says = _("还没有 %(year)d 年的放假安排，跨年的期限暂按周末计算。") % {"year": missing}
        yield Line(name, State.NEAR, says, _("请按国务院办公厅的通知录入。"), links=links)
    else:
        known = calendars.load().first_provisional(today).year - 1
        yield Line(name, State.GOOD, _("到 %(year)d 年底的放假安排都有了。") % {"year": known})
