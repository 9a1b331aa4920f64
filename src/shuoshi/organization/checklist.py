"""What an institution can do without and should not: advice that stays on the administrator's page until it is followed.

What keeps it from beginning at all is matters.readiness.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from shuoshi.kernel import calendars, clock, copies
from shuoshi.kernel.copies import recovery
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.organization import duty, profile, queries
from shuoshi.organization.models import Area, DutyLine, OpeningTime, Unit, UnitKind
from shuoshi.organization.roles import Role

_CALENDAR_ASKED_FROM = 11  # the month in which next year's holidays are usually published


@dataclass(frozen=True)
class Advice:
    """One thing to do: its name in code, from which the page makes a link, and the sentence."""

    code: str
    says: str


def advice() -> list[Advice]:
    """Everything still to be done, in the order in which one would do it; a handful of statements."""
    return [Advice(code, says) for code, says in _found()]


def _found() -> Iterator[tuple[str, str]]:
    roles = set(queries.posts_at().values_list("role", flat=True))
    units = queries.units()
    if Area.objects.filter(active=True).count() < 2:
        yield "areas", _("还没有下级的村、社区或地方。说事人要从这里选事情在哪里。")
    if not OpeningTime.objects.filter(active=True, point__active=True).exists():
        yield "points", _("还没有说事点，或者没有写开放时间。")
    uncovered = _uncovered()
    if uncovered:
        yield (
            "duties",
            _("职责清单里还没有：%(kinds)s。这些事每次交办都要写理由。") % {"kinds": _("、").join(uncovered)},
        )
    nobody = [unit.short_name for unit in units if unit.kind == UnitKind.DEPARTMENT and unit.designated_id is None]
    if nobody:
        yield "designated", _("%(n)d 个部门还没有指定专人：%(units)s。") % {"n": len(nobody), "units": _few(nobody)}
    if Role.DUTY_OFFICER not in roles:
        yield "duty_officer", _("还没有值班员。夜里的急事没有人先联系。")
    yield from _unmanned()
    if Role.LEADER not in roles:
        yield "leader", _("还没有领导岗位。复杂的事没有人指定承办。")
    yield from _copies()
    if len(queries.people_with(Role.ADMINISTRATOR)) < 2:
        yield "administrator", _("只有一位系统管理员。最好有两位，权限高的账号要两个人一起办。")
    yield from _evaluators(units)
    missing = unpublished_year()
    if missing:
        yield "calendar", _("还没有 %(year)d 年的放假安排，跨年的期限暂按周末计算。") % {"year": missing}


def _unmanned() -> Iterator[tuple[str, str]]:
    """Days of the coming week that the roster leaves open somewhere: then all duty officers are called at once."""
    open_days: dict[str, list[str]] = {}
    for gap in duty.gaps(clock.now()):
        open_days.setdefault(gap.unit.short_name, []).append(day(gap.day, "short"))
    for unit, days in open_days.items():
        yield (
            "roster",
            _("%(unit)s的值班表有空：%(days)s。那时有急事，全体值班员都会被叫。")
            % {"unit": unit, "days": _few(days) if len(days) < duty.WEEK else _("接下来七天")},
        )


def unpublished_year() -> int:
    """The next year, when its calendar is due and not there; else 0."""
    today = clock.local(clock.now()).date()
    first = calendars.load().first_provisional(today).year
    return today.year + 1 if today.month >= _CALENDAR_ASKED_FROM and first <= today.year + 1 else 0


def _uncovered() -> list[str]:
    """Kinds of the loop that no line of the duty list begins with."""
    codes = list(DutyLine.objects.filter(active=True, unit__active=True).values_list("category", flat=True))
    kinds = [kind for kind in profile.current().kinds if kind.in_loop and kind.letter]
    return [str(kind) for kind in kinds if not any(code.startswith(kind.letter) for code in codes)]


def _copies() -> Iterator[tuple[str, str]]:
    """Of a real institution: a demo has nothing to lose."""
    if queries.institution().demo:
        return
    if copies.last_good() is None:
        yield "copies", _("还没有一份完好的备份。电脑坏了，登记的事找不回来。")
    if recovery.known(Path(settings.HOME)) is None:
        yield "recovery", _("还没有打印恢复单。没有它，换一台电脑就打不开备份。")


def _evaluators(units: list[Unit]) -> Iterator[tuple[str, str]]:
    """A company with nothing above it: two representatives may ask; without them only own ratings count."""
    root = queries.institution().root
    if root is None or root.kind != UnitKind.COMPANY or root.parent_id is not None:
        return
    if len({post.person_id for post in queries.people_with(Role.OVERSIGHT_MEMBER)}) < 2:
        yield (
            "evaluators",
            _("没有上一级的单位，要有两位职工代表或工会代表能回访；没有的话，只有说事人自己的评价算数。"),
        )


def _few(names: list[str]) -> str:
    return _("、").join(names[:5]) + (_("等") if len(names) > 5 else "")
