"""What is put where in a form of those above: columns of matters, figures of the period, and our codes in their words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import clock
from shuoshi.matters.papers import wording
from shuoshi.matters.papers.balance import COLUMNS
from shuoshi.matters.papers.entered import Entered, Field, Said, said
from shuoshi.matters.vocabulary import Channel, Exit, Kind, Status, Urgency
from shuoshi.organization.profile import Profile

PLACE, CONSTANT = "place", "constant"  # the number of the row; always the same words
CODED = (Field.CATEGORY, Field.KIND, Field.STATUS, Field.EXIT, Field.CHANNEL, Field.URGENCY)
_REF = re.compile(r"([A-Z]{1,3})([1-9]\d{0,4})")
_ALIKE = {  # what else they call our columns
    Field.NUMBER: ("事项编号", "工单编号", "件号", "登记编号"),
    Field.REGISTERED: ("登记时间", "来件日期", "受理日期", "反映时间", "日期"),
    Field.CHANNEL: ("来源渠道", "渠道", "反映渠道"),
    Field.KIND: ("诉求种类", "诉求类型", "事项种类"),
    Field.CATEGORY: ("诉求类别", "事项类别", "问题类别", "分类"),
    Field.TITLE: ("事项", "诉求标题", "事项名称", "主要内容", "内容摘要"),
    Field.AREA: ("村社区", "村（社区）", "所属村", "地点"),
    Field.UNIT: ("承办部门", "责任单位", "办理单位"),
    Field.URGENCY: ("缓急", "紧急"),
    Field.STATUS: ("办理状态", "办理情况", "进度"),
    Field.PROMISED: ("答复期限", "办理期限"),
    Field.CLOSED: ("办结时间", "完成日期"),
    Field.EXIT: ("办理结果", "办结方式"),
}
_PLACES = ("序号", "编次", "No.")


class Days(TextChoices):
    """How days are written."""

    FULL = "full", _("2026年11月26日")
    DASH = "dash", _("2026-11-26")
    SLASH = "slash", _("2026/11/26")
    PLAIN = "plain", _("20261126")


class Fixed(TextChoices):
    """What can stand in one cell of a form, or by its name in a Word document."""

    PERIOD = "period", _("期间")
    FIRST = "first", _("起始日期")
    LAST = "last", _("截止日期")
    OFFICE = "office", _("填报单位")
    WHO = "who", _("填报人")
    TODAY = "today", _("填报日期")
    COUNT = "count", _("件数")
    CARRIED = "carried", _("上期结转")
    NEW = "new", _("新登记")
    BACK = "back", _("再提")
    ENDED = "ended", _("办结")
    OPEN = "open", _("期末未办结")


FIGURES = frozenset({str(column) for column, _label in COLUMNS})


@dataclass(frozen=True)
class Column:
    """A column of the form, from 1, under its heading. `what` is a field, PLACE, CONSTANT, or "" for nothing."""

    at: int
    heading: str
    what: str = ""
    constant: str = ""


@dataclass(frozen=True)
class Chosen:
    """`top` is the row of the headings; `cells` are fixed ones by their name (B2), each a Fixed or words of its own."""

    tab: str = ""
    top: int = 1
    columns: Sequence[Column] = ()
    days: str = Days.FULL
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # field → our code → their word
    cells: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, written: str) -> Chosen:
        found = json.loads(written)
        return cls(**{**found, "columns": tuple(Column(**one) for one in found["columns"])})

    @property
    def unput(self) -> list[str]:
        """Headings with nothing beneath: these columns stay empty."""
        return [one.heading for one in self.columns if not one.what]

    def replaced(self, rules: Profile) -> list[str]:
        """Where their words stand for ours, and what always stands there: whoever answers for the figures has to see it."""
        said = []
        for name, theirs in self.words.items():
            known = dict(ours(Field(name), rules))
            said += [f"{Field(name).label} {known.get(code, code)} → {word}" for code, word in theirs.items()]
        said += [f"{one.heading} → {one.constant}" for one in self.columns if one.what == CONSTANT]
        return said + [f"{at} → {what}" for at, what in self.cells.items() if what not in Fixed.values]

    def row(self, rules: Profile, row: Entered, place: int) -> list[str | int]:
        """One row, a cell for each column."""
        return [self._cell(rules, row, place, one) for one in self.columns]

    def row_of(self, rules: Profile, row: Entered, place: int, fields: Sequence[Field]) -> list[str]:
        """The same for a Word document, whose columns are ours."""
        return [str(place), *(self.their(one, said(rules, row, one)) for one in fields)]

    def their(self, field_: Field, ours: Said) -> str:
        """In their words: by the code, or by that of the group a category is in; a day as they write it."""
        if ours.at is not None:
            return self.day(ours.at)
        known = self.words.get(field_, {})
        if field_ != Field.CATEGORY:
            return known.get(ours.code, ours.words)
        return next((known[code] for code in _beginnings(ours.code) if code in known), ours.words)

    def day(self, value: datetime | date) -> str:
        on = clock.local(value).date() if isinstance(value, datetime) else value
        match self.days:
            case Days.DASH:
                return on.isoformat()
            case Days.SLASH:
                return f"{on.year}/{on.month}/{on.day}"
            case Days.PLAIN:
                return f"{on:%Y%m%d}"
            case _other:
                return wording.full_day(on)

    def _cell(self, rules: Profile, row: Entered, place: int, column: Column) -> str | int:
        if column.what == PLACE:
            return place
        if column.what == CONSTANT:
            return column.constant
        return self.their(Field(column.what), said(rules, row, Field(column.what))) if column.what else ""


def recognised(headings: Mapping[int, str]) -> list[Column]:
    """Columns by what they are called; each of ours is taken once."""
    taken: set[str] = set()
    found = []
    for at, heading in sorted(headings.items()):
        plain = "".join(heading.split())
        what = PLACE if plain in _PLACES else next((one for one in Field if _is(one, plain)), "")
        found.append(Column(at, heading, "" if what in taken else str(what)))
        taken.add(str(what))
    return found


def choices() -> list[tuple[str, str]]:
    """What a column can be."""
    ours = [(str(one.value), str(one.label)) for one in Field]
    return [("", _now("空着")), (PLACE, _now("序号")), *ours, (CONSTANT, _now("固定的字"))]


def ours(field_: Field, rules: Profile) -> Iterator[tuple[str, str]]:
    """Codes of a field with our words; of categories groups first, as they are written in a ledger."""
    if field_ == Field.CATEGORY:
        seen: set[str] = set()
        for _kind, group, one in rules.every_category():
            for each in (group, one):
                if each.code not in seen:
                    seen.add(each.code)
                    yield each.code, f"{each.code} {each.name}"
        return
    lists: dict[Field, type[TextChoices]] = {
        Field.KIND: Kind, Field.STATUS: Status, Field.EXIT: Exit, Field.CHANNEL: Channel, Field.URGENCY: Urgency,
    }  # fmt: skip
    for choice in lists[field_]:
        yield str(choice.value), str(choice.label)


def place_of(name: str) -> tuple[int, int] | None:
    """Row and column of B2, from 1; None for what is no name of a cell."""
    found = _REF.fullmatch(name)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _is(field_: Field, plain: str) -> bool:
    return plain in (str(field_.label), field_.value, *_ALIKE[field_])


def _beginnings(code: str) -> Iterator[str]:
    """B604, B60, B6, B: what is put to a group holds for all in it."""
    return (code[:length] for length in range(len(code), 0, -1))
