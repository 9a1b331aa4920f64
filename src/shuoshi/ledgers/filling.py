"""A form of those above, filled in for a period: the same rows as the list has, in their columns and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.papers.press import Form, FormTab, Paper, Value
from shuoshi.ledgers import lists
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.lists import Key
from shuoshi.ledgers.mapping import FIGURES, Chosen, Fixed, place_of
from shuoshi.ledgers.models import FileKind, ReportFormVersion
from shuoshi.ledgers.sources import Cells, ListSource
from shuoshi.ledgers.writing import Csv, Row, TooLong
from shuoshi.matters.papers.balance import period_name
from shuoshi.matters.papers.entered import Entered, Field
from shuoshi.matters.queries import balance, periods
from shuoshi.matters.vocabulary import Channel, Exit, Kind, Status
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import Profile

MOST = {FileKind.XLSX: 20_000, FileKind.DOCX: 500, FileKind.CSV: 1_000_000}  # rows that a form takes
LISTED = "事项"
FIXED_IN_WORD = {  # what a Word document may ask for by name, whatever language the desk speaks
    "期间": Fixed.PERIOD, "起始日期": Fixed.FIRST, "截止日期": Fixed.LAST, "填报单位": Fixed.OFFICE, "填报人": Fixed.WHO,
    "填报日期": Fixed.TODAY, "件数": Fixed.COUNT, "上期结转": Fixed.CARRIED, "新登记": Fixed.NEW, "再提": Fixed.BACK,
    "办结": Fixed.ENDED, "期末未办结": Fixed.OPEN,
}  # fmt: skip
ROW_IN_WORD: dict[str, Field | None] = {  # the columns of 事项; none is the place of the row
    "序号": None, "编号": Field.NUMBER, "登记日期": Field.REGISTERED, "来源": Field.CHANNEL, "种类": Field.KIND,
    "类别": Field.CATEGORY, "标题": Field.TITLE, "村社区": Field.AREA, "承办单位": Field.UNIT, "紧急程度": Field.URGENCY,
    "状态": Field.STATUS, "答应的日期": Field.PROMISED, "办结日期": Field.CLOSED, "结果": Field.EXIT,
}  # fmt: skip
IN_WORD = tuple(one for one in ROW_IN_WORD.values() if one is not None)
KNOWN = {**dict.fromkeys(FIXED_IN_WORD, 0), LISTED: len(ROW_IN_WORD)}
LOOP = f"{{% for {', '.join(ROW_IN_WORD)} in {LISTED} %}}"  # to be copied from the page
_SOME = 10  # rows of a preview


class FormSource(ListSource):
    """The matters of a figure of a period, row by row as the form has its columns."""

    def __init__(self, asked: Asked, version: ReportFormVersion) -> None:
        super().__init__(asked)
        self.version = version
        self.chosen = Chosen.read(version.settings)

    @property
    def title(self) -> str:
        return self.version.form.name

    def columns(self) -> list[tuple[str, int]]:
        if self.version.kind == FileKind.DOCX:
            return [(name, 12) for name in ROW_IN_WORD]
        return [(one.heading, 12) for one in self.chosen.columns]

    def rows(self, actor: Actor, rules: Profile, some: Sequence[Key], first: int) -> Iterator[Cells]:
        for place, row in enumerate(lists.rows(actor, some), start=first):
            if self.version.kind == FileKind.DOCX:
                yield list(self.chosen.row_of(rules, row, place, IN_WORD))
            else:
                yield self.chosen.row(rules, row, place)

    def most(self, kind: str) -> int:
        """Also how many rows are free in the form. Raises NotMade."""
        if self.version.kind != FileKind.XLSX:
            return MOST[FileKind(self.version.kind)]
        return room(self._tab(), self.chosen)

    def _tab(self) -> FormTab:
        tabs = {one.name: one for one in Form(self.version.read()).look()}
        return tabs[self.chosen.tab]

    def preview(self, actor: Actor) -> list[Cells]:
        """The first rows, as they will stand in the form; one statement."""
        found = lists.matters(self.asked, actor, clock.now()).filter(drill=False, part_of__isnull=True)
        first = found.order_by("registered_at", "id").values_list("pk", flat=True)[:_SOME]
        return list(self.rows(actor, profile.current(), [key.bytes for key in first], 1))

    def figures(self, actor: Actor, count: int) -> dict[str, str | int]:
        """What can stand in single cells; figures are those of the whole period. Raises NoSuchList."""
        period = periods.named(self.asked.period)
        if period is None:
            raise NoSuchList
        line = balance.balance(actor, period).whole
        fixed: dict[str, str | int] = {
            Fixed.PERIOD: period_name(period),
            Fixed.FIRST: self.chosen.day(period.first),
            Fixed.LAST: self.chosen.day(period.last),
            Fixed.OFFICE: organization.institution().name,
            Fixed.TODAY: self.chosen.day(clock.now()),
            Fixed.COUNT: count,
        }
        return fixed | {name: int(getattr(line, name)) for name in FIGURES}


def invented(rules: Profile) -> list[Entered]:
    """Rows that never were, for an administrator who sees no matters: kinds, ways in and ends of all sorts."""
    at = clock.now() - timedelta(days=30)
    kinds, ways, exits = list(Kind), list(Channel), list(Exit)
    codes = [one.code for _kind, _group, one in rules.every_category()] or [""]
    found = []
    for n in range(_SOME):
        over = n % 3 == 2
        found.append(
            Entered(
                id=new_id(), number=f"SS-XX-{at:%Y%m%d}-{n + 1:04d}", registered_at=at + timedelta(days=n),
                channel=ways[n % len(ways)], kind=kinds[n % 4], category=codes[n * 7 % len(codes)],
                title=_("示例标题"), sensitive=False, area__name=_("示例村"), lead_unit__name=_("示例单位"),
                urgency="U4", status=Status.CLOSED if over else Status.IN_HANDLING,
                exit=exits[n % len(exits)] if over else "", promised_by=at + timedelta(days=n + 9),
                closed_at=at + timedelta(days=n + 5) if over else None,
            )
        )  # fmt: skip
    return found


class FormWriter:
    """Gathers the rows and fills them in at the end, in a child process. Raises TooLong, NotMade."""

    def __init__(self, source: FormSource, actor: Actor, who: str) -> None:
        self._source, self._actor, self._who = source, actor, who
        self._kind = FileKind(source.version.kind)
        self._rows: list[Row] = []
        self._text = Csv(source.columns(), []) if self._kind == FileKind.CSV else None

    def add(self, row: Row) -> None:
        if self._text is not None:
            self._text.add(row)
            return
        if len(self._rows) >= MOST[self._kind]:
            raise TooLong
        self._rows.append(row)

    def finished(self) -> bytes:
        if self._text is not None:
            return self._text.finished()
        fixed = self._source.figures(self._actor, len(self._rows)) | {Fixed.WHO: self._who}
        form = self._source.version.read()
        if self._kind == FileKind.DOCX:
            rows = [[str(cell) for cell in row] for row in self._rows]
            values: dict[str, Value] = {name: str(fixed[one]) for name, one in FIXED_IN_WORD.items()}
            values[LISTED] = rows
            return Paper(form, KNOWN, values, title=self._source.title, made_at=clock.now()).docx().data
        chosen = self._source.chosen
        if len(self._rows) > self._source.most(self._kind):
            raise TooLong
        return Form(form).filled(chosen.tab, [*self._fixed(chosen, fixed), *self._list(chosen)])

    def _fixed(self, chosen: Chosen, fixed: dict[str, str | int]) -> Iterator[tuple[int, int, str | int]]:
        for name, what in chosen.cells.items():
            place = place_of(name)
            assert place is not None  # it was looked at when it was kept
            yield (*place, fixed.get(what, what))

    def _list(self, chosen: Chosen) -> Iterator[tuple[int, int, str | int]]:
        for line, row in enumerate(self._rows, start=chosen.top + 1):
            for column, cell in zip(chosen.columns, row, strict=True):
                if column.what:
                    yield line, column.at, cell


def room(tab: FormTab, chosen: Chosen) -> int:
    """How many rows fit between the headings and what stands beneath them in the form."""
    used = {one.at for one in chosen.columns if one.what}
    beneath = [row for row, column, _text, _formula in tab.cells if row > chosen.top and column in used]
    if not beneath and tab.last > tab.seen:
        beneath = [tab.seen + 1]  # something stands farther down than was looked
    return min(beneath) - chosen.top - 1 if beneath else MOST[FileKind.XLSX]
