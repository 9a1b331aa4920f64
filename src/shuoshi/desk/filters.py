"""The filter bar of every list of matters: all in the address, a wrong value is named and dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuoshi.matters.queries.queues import Filters
from shuoshi.matters.vocabulary import Channel, Kind, Status
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import Profile

NAMES = ("area", "category", "status", "kind", "channel", "unit")


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Select:
    """One select of the bar; `chip` is what stands beside the list while it narrows it."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str
    chip: str


@dataclass(frozen=True)
class Bar:
    """The bar as it is drawn, the filters it stands for, and sentences on values nobody knows."""

    selects: tuple[Select, ...]
    filters: Filters
    dropped: tuple[str, ...]

    @property
    def chips(self) -> list[Select]:
        return [select for select in self.selects if select.value]


def read(query: QueryDict, profile: Profile, names: tuple[str, ...] = NAMES) -> Bar:
    """The bar for this address. One statement for the areas, one for the units."""
    areas = organization.areas() if "area" in names else []
    paths = {str(area.pk): area.path for area in areas}
    units = organization.units() if "unit" in names else []
    known: Mapping[str, tuple[str, list[tuple[str, str]]]] = {
        "area": (_("村、社区"), [(str(area.pk), area.name) for area in areas]),
        "category": (
            _("类别"),
            [(group.code, f"{kind} › {group}") for kind in profile.kinds for group in kind.categories],
        ),
        "status": (_("状态"), [(one.value, str(one.label)) for one in Status]),
        "kind": (_("种类"), [(one.value, str(one.label)) for one in Kind]),
        "channel": (_("来源"), [(one.value, str(one.label)) for one in Channel]),
        "unit": (_("承办"), [(str(unit.pk), unit.short_name) for unit in units]),
    }
    selects, dropped = [], []
    for name in names:
        label, pairs = known[name]
        value = query.get(name, "")
        if value and value not in dict(pairs):
            dropped.append(
                _("没有“%(value)s”这个%(label)s，这一项筛选去掉了。") % {"value": value[:40], "label": label}
            )
            value = ""
        selects.append(
            Select(
                name=name,
                label=label,
                options=tuple(Option(code, words, code == value) for code, words in pairs),
                value=value,
                chip=dict(pairs).get(value, ""),
            )
        )
    chosen = {select.name: select.value for select in selects}
    filters = Filters(
        area_path=paths.get(chosen.get("area", ""), ""),
        **{name: chosen.get(name, "") for name in ("category", "status", "kind", "channel", "unit")},
    )
    return Bar(tuple(selects), filters, tuple(dropped))
