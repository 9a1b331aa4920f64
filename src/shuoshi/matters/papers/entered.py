"""What a ledger says of a matter, field by field: in words, by its code, or as a day. Neither speaker nor their words.

Before acceptance there is no title but the resident's own words, and these stay out; of a sensitive category also title
and place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.matters.models import Matter
from shuoshi.matters.papers import wording
from shuoshi.matters.vocabulary import Channel, Exit, Kind, Status, Urgency
from shuoshi.organization.profile import Profile


class Field(TextChoices):
    NUMBER = "number", _("编号")
    REGISTERED = "registered", _("登记日期")
    CHANNEL = "channel", _("来源")
    KIND = "kind", _("种类")
    CATEGORY = "category", _("类别")
    TITLE = "title", _("标题")
    AREA = "area", _("村、社区")
    UNIT = "unit", _("承办单位")
    URGENCY = "urgency", _("紧急程度")
    STATUS = "status", _("状态")
    PROMISED = "promised", _("答应的日期")
    CLOSED = "closed", _("办结日期")
    EXIT = "exit", _("结果")


LEDGER = (  # the columns of an ordinary one, with their width in characters
    (Field.NUMBER, 24), (Field.REGISTERED, 17), (Field.CHANNEL, 8), (Field.CATEGORY, 22), (Field.TITLE, 29),
    (Field.AREA, 12), (Field.UNIT, 14), (Field.STATUS, 9), (Field.PROMISED, 17), (Field.CLOSED, 17), (Field.EXIT, 13),
)  # fmt: skip


class Entered(NamedTuple):
    """The columns that are read, by the names of the query."""

    id: UUID
    number: str
    registered_at: datetime
    channel: str
    kind: str
    category: str
    title: str
    sensitive: bool
    area__name: str | None
    lead_unit__name: str | None
    urgency: str
    status: str
    exit: str
    promised_by: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """One cell: its words, the code behind them where they come from a list of ours, the moment where it is a day."""

    words: str
    code: str = ""
    at: datetime | None = None


def read(matters: QuerySet[Matter]) -> Iterator[Entered]:
    """One statement, in the order of the query."""
    return map(Entered._make, matters.values_list(*Entered._fields))


def of(matter: Matter, *, names: bool = True) -> Entered:
    """The same of a row that was read with its place, and with its unit where `names` are wanted."""
    unit = matter.lead_unit.name if names and matter.lead_unit is not None else None
    return Entered(
        matter.pk, matter.number, matter.registered_at, matter.channel, matter.kind, matter.category, matter.title,
        matter.sensitive, matter.area.name if matter.area is not None else None, unit, matter.urgency, matter.status,
        matter.exit, matter.promised_by, matter.closed_at,
    )  # fmt: skip


def cells(rules: Profile, row: Entered, fields: Iterable[Field]) -> list[str]:
    return [said(rules, row, one).words for one in fields]


def said(rules: Profile, row: Entered, field: Field) -> Said:
    match field:
        case Field.NUMBER:
            return Said(row.number)
        case Field.REGISTERED | Field.PROMISED | Field.CLOSED:
            at = {Field.REGISTERED: row.registered_at, Field.PROMISED: row.promised_by, Field.CLOSED: row.closed_at}[
                field
            ]
            return Said(wording.full_day(at), at=at)
        case Field.CHANNEL:
            return Said(str(Channel(row.channel).label), row.channel)
        case Field.KIND:
            return Said(str(Kind(row.kind).label) if row.kind else "", row.kind)
        case Field.CATEGORY:
            return Said(_category(rules, row.kind, row.category), row.category)
        case Field.TITLE:
            return Said(_now("（敏感类别，不列标题）") if row.sensitive else row.title or _now("（还没有受理）"))
        case Field.AREA:
            return Said("" if row.sensitive else row.area__name or "")
        case Field.UNIT:
            return Said(row.lead_unit__name or "")
        case Field.URGENCY:
            return Said(str(Urgency(row.urgency).label) if row.urgency else "", row.urgency)
        case Field.STATUS:
            return Said(str(Status(row.status).label), row.status)
        case Field.EXIT:
            return Said(str(Exit(row.exit).label) if row.exit else "", row.exit)


def _category(rules: Profile, kind: str, category: str) -> str:
    """利益诉求 › 供水: the column is too narrow for what lies between."""
    first, *beneath = rules.steps(category, kind) or [""]
    return " › ".join([first, *beneath[-1:]])
