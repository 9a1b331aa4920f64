"""The history of a setting in words: columns by the labels of their form, keys by names, instants by dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.points.deeds import Deed as PointDeed
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.organization import levels
from shuoshi.organization.actions.changes import Deed
from shuoshi.organization.models import Area, PointTier, Unit
from shuoshi.organization.queries import Change
from shuoshi.organization.roles import Role
from shuoshi.people.models import Person

INNER = frozenset(
    {
        "id",
        "platform_id",
        "node",
        "path",
        "created_at",
        "only",
        "password",
        "totp_secret",
        "wrapped_key",
        "epoch",
        "key_digest",
        "since",
        "kind",
        "point_id",
        "rule_id",
        "touched",
    }
)
LABELS: dict[str, str | Promise] = {  # what no form of the page asks for
    "active": gettext_lazy("使用中"),
    "code": gettext_lazy("代码"),
    "person_id": gettext_lazy("谁"),
    "role": gettext_lazy("担任"),
    "title": gettext_lazy("职务称呼"),
    "unit_id": gettext_lazy("单位"),
    "level": gettext_lazy("层级"),
    "parent_id": gettext_lazy("上级单位"),
    "designated_id": gettext_lazy("指定专人"),
    "until": gettext_lazy("离任"),
    "acting_for_id": gettext_lazy("代理谁"),
    "area_id": gettext_lazy("所在村、社区"),
    "weekday": gettext_lazy("星期几"),
    "matter_day": gettext_lazy("说事日"),
    "opens": gettext_lazy("几点开"),
    "closes": gettext_lazy("几点关"),
    "root_id": gettext_lazy("机构所在单位"),
    "demo": gettext_lazy("演示"),
    "opened_at": gettext_lazy("开始受理"),
    "key_tail": gettext_lazy("密钥末四位"),
    "planned_on": gettext_lazy("原定"),
    "cancelled": gettext_lazy("取消了"),
    "day": gettext_lazy("哪一天"),
    "reason": gettext_lazy("原因"),
}
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


@dataclass(frozen=True)
class Told:
    """A line of history in words."""

    at: datetime
    deed: str
    by: str
    changes: Sequence[tuple[str, str, str]]


def told(changes: Sequence[Change], form: BaseForm | None = None) -> list[Told]:
    """History in words; a few statements for all names, however many lines."""
    actors = {change.actor: change.actor.split(":")[1] for change in changes if change.actor.startswith("staff:")}
    values = [value for change in changes for pair in change.columns.values() for value in pair]
    names = _names([*actors.values(), *(value for value in values if isinstance(value, str))])
    of_level = levels.names()
    labels = LABELS | ({name: field.label or name for name, field in form.fields.items()} if form else {})
    return [
        Told(
            at=change.at,
            deed=change.deed,
            by=names.get(actors[change.actor], "") if change.actor in actors else _without_a_person(change),
            changes=[
                (str(labels.get(name, name)), _said(before, called), _said(after, called))
                for name, (before, after) in change.columns.items()
                for called in [of_level if name == "level" else names]
                if name not in INNER
            ],
        )
        for change in changes
    ]


def _without_a_person(change: Change) -> str:
    """Where the program itself acted: when it was installed, by a command, or drawing up days."""
    if change.deed in (str(PointDeed.DRAW_UP.label), str(PointDeed.FOLLOW.label)):
        return _("照固定说事日自动排的")
    return _("在服务器上办的") if change.deed == str(Deed.COME_BACK.label) else _("安装时")


def _names(values: Iterable[str]) -> dict[str, str]:
    """Of the people, units and areas among these keys."""
    keys = {UUID(value) for value in values if _KEY.fullmatch(value)}
    found: dict[str, str] = {}
    for model in (Person, Unit, Area) if keys else ():
        found |= {str(row.pk): row.name for row in model._default_manager.filter(pk__in=keys)}
    return found


def _said(value: Any, names: dict[str, str]) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    text = str(value)
    if text in names:
        return names[text]
    if text in Role.values:
        return str(Role(text).label)
    if text in PointTier.values:
        return str(PointTier(text).label)
    if _INSTANT.fullmatch(text):
        return moment(datetime.fromisoformat(text), "short")
    if re.fullmatch(r"\d\d:\d\d:00", text):
        return text[:5]
    return text[:80]
