"""The filter bar of every list of matters: all in the address, a wrong value is named and dropped.

What was typed stands in the address too, unless it may be somebody's telephone: addresses end in histories and logs.
Such a number waits in a sealed draft for half an hour, and the address holds the draft's token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import drafts
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters.queries import names_somebody
from shuoshi.matters.queries.find import SearchedBy
from shuoshi.matters.queries.queues import Filters
from shuoshi.matters.vocabulary import Channel, Kind, Status
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import Profile

NAMES = ("area", "category", "status", "kind", "channel", "unit")
WEEK = "week"  # a Monday; no control of the bar, only the overview leads to it
TYPED = "q"
KEPT = "kept"
SAID: Mapping[SearchedBy, str | Promise] = {
    SearchedBy.NUMBER: gettext_lazy("按编号查。"),
    SearchedBy.TAIL: gettext_lazy("按编号末几位和内容查。"),
    SearchedBy.PHONE: gettext_lazy("按电话号码查。"),
    SearchedBy.WORDS: gettext_lazy("按标题和内容查。敏感类别和还没有受理的事不在其中，请用编号查。"),
    SearchedBy.TOO_SHORT: gettext_lazy("请至少写两个字，或者编号、电话。"),
}

_FORM = "desk.search"
_LASTS = timedelta(minutes=30)
_LONGEST = 100  # characters
_FIRST_YEAR, _LAST_YEAR = 2000, 2100  # of a week: at the edges of the calendar there is no moment to count from


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Select:
    """One select of the bar."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str


@dataclass(frozen=True)
class Chip:
    """What narrows the list, and the parameter that is taken away with it."""

    name: str
    label: str
    words: str


@dataclass(frozen=True)
class Bar:
    """The bar as it is drawn, the filters it stands for, and sentences on values nobody knows."""

    typed: str
    week: str  # goes along unseen when the bar is sent
    selects: tuple[Select, ...]
    chips: tuple[Chip, ...]
    filters: Filters
    dropped: tuple[str, ...]

    @property
    def chosen(self) -> dict[str, str]:
        """The parameters that narrow it, without what was typed."""
        found = {select.name: select.value for select in self.selects if select.value}
        return found | ({WEEK: self.week} if self.week else {})


def clean_address(request: DeskRequest) -> HttpResponse | None:
    """Where the list is that was asked for by POST, or by an address with a number in it; None when all is well."""
    given = request.POST if request.method == "POST" else request.GET
    typed = given.get(TYPED, "").strip()[:_LONGEST]
    if request.method != "POST" and not names_somebody(typed):
        return None
    query = {name: given[name] for name in (*NAMES, WEEK) if given.get(name)}
    return redirect(address(request, request.path, query, typed))


def address(request: DeskRequest, path: str, query: Mapping[str, str], typed: str = "") -> str:
    """A list narrowed by these; what was typed stands in it, unless it may be somebody's telephone."""
    found = dict(query)
    if names_somebody(typed):
        token = drafts.new_token()
        drafts.save(token, _FORM, typed, owner=request.account.pk, lasts=_LASTS)
        found[KEPT] = token
    elif typed:
        found[TYPED] = typed
    return f"{path}?{urlencode(found)}" if found else path


def read(request: DeskRequest, profile: Profile, names: tuple[str, ...] = NAMES) -> Bar:
    """The bar for this address. One statement for the areas, one for the units, one where a number waits.

    A select offers groups of categories and units in use; an address may also name one category, or a unit closed since.
    """
    query = request.GET
    areas = organization.areas() if "area" in names else []
    paths = {str(area.pk): area.path for area in areas}
    units = organization.units(closed=True) if "unit" in names else []
    categories = profile.category_names(get_language() or "")
    unseen = {
        "category": categories.single,
        "unit": {str(unit.pk): unit.short_name for unit in units if not unit.active},
    }
    known: Mapping[str, tuple[str, list[tuple[str, str]]]] = {
        "area": (_("村、社区"), [(str(area.pk), area.name) for area in areas]),
        "category": (_("类别"), list(categories.groups.items())),
        "status": (_("状态"), [(one.value, str(one.label)) for one in Status]),
        "kind": (_("种类"), [(one.value, str(one.label)) for one in Kind]),
        "channel": (_("来源"), [(one.value, str(one.label)) for one in Channel]),
        "unit": (_("承办"), [(str(unit.pk), unit.short_name) for unit in units if unit.active]),
    }
    typed, dropped = _typed(request)
    chips = [Chip(KEPT if query.get(KEPT) else TYPED, _("查找"), typed)] if typed else []
    selects = []
    for name in names:
        label, pairs = known[name]
        value = query.get(name, "")
        if value in unseen.get(name, {}):
            pairs.append((value, unseen[name][value]))
        if value and value not in dict(pairs):
            dropped.append(
                _("没有“%(value)s”这个%(label)s，这一项筛选去掉了。") % {"value": value[:40], "label": label}
            )
            value = ""
        if value:
            chips.append(Chip(name, label, dict(pairs)[value]))
        options = tuple(Option(code, words, code == value) for code, words in pairs)
        selects.append(Select(name=name, label=label, options=options, value=value))
    chosen = {select.name: select.value for select in selects}
    week = _week(request, dropped)
    if week is not None:
        chips.append(Chip(WEEK, _("登记的那一周"), _("%(day)s起") % {"day": day(week, "short")}))
    filters = Filters(
        area_path=paths.get(chosen.get("area", ""), ""),
        week=week,
        **{name: chosen.get(name, "") for name in ("category", "status", "kind", "channel", "unit")},
    )
    return Bar(typed, week.isoformat() if week else "", tuple(selects), tuple(chips), filters, tuple(dropped))


def _week(request: DeskRequest, dropped: list[str]) -> date | None:
    value = request.GET.get(WEEK, "")
    try:
        week = date.fromisoformat(value) if value else None
    except ValueError:
        week = None
    if value and (week is None or not _FIRST_YEAR <= week.year <= _LAST_YEAR):
        dropped.append(_("没有“%(value)s”这一周，这一项筛选去掉了。") % {"value": value[:40]})
        return None
    return week


def _typed(request: DeskRequest) -> tuple[str, list[str]]:
    """What was typed, from the address or from the draft it points to, and what to say when that is gone."""
    token = request.GET.get(KEPT, "")
    if not token:
        return request.GET.get(TYPED, "").strip()[:_LONGEST], []
    kept = drafts.load(token)
    if kept is None or kept.form != _FORM or kept.owner != request.account.pk:
        return "", [_("要查的号码只留半小时，请再写一次。")]
    return str(kept.body), []
