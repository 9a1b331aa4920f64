"""The roll (花名册): units and people of an institution as rows of two sheets, checked whole before anything is written.

Reading the file is kernel.workbooks'; writing what was found is actions.roll's. Rows that are known already are no fault:
the same roll again adds only what is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.workbooks import Sheet
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import OFFERED, Role
from shuoshi.people import phones

Choice = TypeVar("Choice", bound=TextChoices)

UNITS, PEOPLE = "单位", "人员"  # names of the sheets, in every language: the file is the institution's own
SEPARATORS = "、，,;；/ "


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `row` counts as the spreadsheet does."""

    sheet: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        values = {"sheet": self.sheet, "row": self.row, "column": self.column, "text": self.text}
        return _("“%(sheet)s”第 %(row)d 行，%(column)s：%(text)s") % values


class RollFaults(Exception):
    """The sheets are no roll yet: all faults at once, in the order of the sheets and their rows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.sheet != UNITS, fault.row))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class UnitRow:
    """A unit by name, beneath another by name; "" is the institution itself."""

    name: str
    short_name: str
    above: str
    kind: UnitKind
    phone: str = ""
    address: str = ""
    row: int = 0


@dataclass(frozen=True)
class PersonRow:
    """Somebody with a post or several at one unit. `username` is what they sign in with."""

    name: str
    unit: str
    roles: tuple[Role, ...]
    title: str = ""
    phone: str = ""
    username: str = ""
    designated: bool = False
    row: int = 0


@dataclass(frozen=True)
class Roll:
    """What the sheets say, faulty lines too, so that one fault makes no others.

    `faults` are told together with those that only the institution shows (actions.plan), and then nothing is written.
    """

    units: tuple[UnitRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of the form: how it is headed, other headings that mean it, whether a row needs it."""

    key: str
    label: str
    also: tuple[str, ...] = ()
    needed: bool = False
    hint: str | Promise = ""


UNIT_COLUMNS = (
    Column("name", "名称", ("单位名称", "单位"), True, gettext_lazy("写全称，不能和别的单位同名")),
    Column("short_name", "简称", (), False, gettext_lazy("页面上用，不写就用名称")),
    Column("above", "上级单位", ("上级",), False, gettext_lazy("写上级的名称，不写就是机构本身")),
    Column("kind", "类型", ("单位类型",), True, gettext_lazy("从列表里选")),
    Column("phone", "电话", (), False, ""),
    Column("address", "地址", (), False, ""),
)
PERSON_COLUMNS = (
    Column("name", "姓名", (), True, ""),
    Column("unit", "单位", ("所在单位",), True, gettext_lazy("写单位的名称或简称")),
    Column("roles", "岗位", ("角色",), True, gettext_lazy("可以写几个，用顿号分开")),
    Column("title", "职务称呼", ("职务",), False, gettext_lazy("例如：站长、村支书")),
    Column("phone", "手机", ("电话", "手机号"), False, ""),
    Column("username", "账号名", ("账号",), False, gettext_lazy("登录用，不写就用姓名；同名的请写开")),
    Column("designated", "指定专人", ("专人",), False, gettext_lazy("这个单位由谁专门负责说事，写“是”")),
)


def parse(sheets: Mapping[str, Sheet]) -> Roll:
    """The roll in these sheets, with what is wrong with them; the remedy stands in each fault."""
    faults: list[Fault] = []
    units = tuple(_units(_rows(sheets, UNITS, UNIT_COLUMNS, faults), faults))
    people = tuple(_people(_rows(sheets, PEOPLE, PERSON_COLUMNS, faults), faults))
    if not units and not people and not faults:
        text = _("没有读到内容。请用这里下载的表格，填“%(units)s”“%(people)s”两张表。")
        faults.append(Fault(UNITS, 1, "—", text % {"units": UNITS, "people": PEOPLE}))
    return Roll(units, people, tuple(faults))


@dataclass
class _Line:
    row: int
    cells: dict[str, str] = field(default_factory=dict)


def _rows(sheets: Mapping[str, Sheet], name: str, columns: Sequence[Column], faults: list[Fault]) -> Iterator[_Line]:
    """The filled rows beneath the heading, which is the first row that names a needed column."""
    lines = sheets.get(name, [])
    heading = next((n for n, line in enumerate(lines) if _places(line, columns).get(columns[0].key) is not None), None)
    if heading is None:
        if any(cell for line in lines for cell in line):
            faults.append(Fault(name, 1, columns[0].label, _("没有找到这一列的标题。请用这里下载的表格。")))
        return
    places = _places(lines[heading], columns)
    needed = [column for column in columns if column.needed]
    absent = [column for column in needed if column.key not in places]
    faults += [Fault(name, heading + 1, column.label, _("缺少这一列。请补上标题和内容。")) for column in absent]
    for number, line in enumerate(lines[heading + 1 :], start=heading + 2):
        cells = {key: line[at].strip() for key, at in places.items() if at < len(line)}
        if any(cells.values()):
            empty = [column for column in needed if column not in absent and not cells.get(column.key)]
            faults += [Fault(name, number, column.label, _("请填写。")) for column in empty]
            yield _Line(number, cells)


def _places(line: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    plain = [cell.strip().rstrip("*＊").strip() for cell in line]
    return {
        column.key: plain.index(word)
        for column in columns
        for word in reversed((column.label, *column.also))
        if word in plain
    }


def _units(lines: Iterator[_Line], faults: list[Fault]) -> Iterator[UnitRow]:
    kinds = _labels(UnitKind) | _SPOKEN_KINDS
    seen: dict[str, int] = {}
    for line in lines:
        name, said = line.cells.get("name", ""), line.cells.get("kind", "")
        kind = kinds.get(said)
        if said and kind is None:
            text = _("没有“%(said)s”这种类型。请写：%(known)s。")
            known = _("、").join(str(label) for label in UnitKind.labels)
            faults.append(Fault(UNITS, line.row, "类型", text % {"said": said[:20], "known": known}))
        if name in seen:
            text = _("和第 %(row)d 行同名。重复的请删掉；不是同一个单位，请改成不同的名称。")
            faults.append(Fault(UNITS, line.row, "名称", text % {"row": seen[name]}))
        for column, most in (("name", 80), ("short_name", 20), ("phone", 30), ("address", 120)):
            _check_length(line, column, most, UNITS, UNIT_COLUMNS, faults)
        if name:
            seen.setdefault(name, line.row)
            yield UnitRow(
                name=name,
                short_name=line.cells.get("short_name", "") or name[:20],
                above=line.cells.get("above", ""),
                kind=kind or UnitKind.DEPARTMENT,  # never written: its fault was noted
                phone=line.cells.get("phone", ""),
                address=line.cells.get("address", ""),
                row=line.row,
            )


_SPOKEN_KINDS = {
    "县": UnitKind.COUNTY,
    "乡镇": UnitKind.TOWN,
    "乡": UnitKind.TOWN,
    "镇": UnitKind.TOWN,
    "街道": UnitKind.TOWN,
    "监委会": UnitKind.OVERSIGHT,
    "村务监督委员会": UnitKind.OVERSIGHT,
    "受理室": UnitKind.REGISTRY,
    "科室": UnitKind.DEPARTMENT,
    "站所": UnitKind.DEPARTMENT,
}


def _people(lines: Iterator[_Line], faults: list[Fault]) -> Iterator[PersonRow]:
    """The same account name in several rows is one person with posts at several units."""
    first: dict[str, PersonRow] = {}
    for line in lines:
        name = line.cells.get("name", "")
        username = line.cells.get("username", "") or name.replace(" ", "")
        if any(character.isspace() for character in username) or len(username) > 40:
            faults.append(Fault(PEOPLE, line.row, "账号名", _("写 1 到 40 个字，中间不留空格。")))
        for column, most in (("name", 40), ("title", 40)):
            _check_length(line, column, most, PEOPLE, PERSON_COLUMNS, faults)
        row = PersonRow(
            name=name,
            unit=line.cells.get("unit", ""),
            roles=tuple(_roles(line, faults)),
            title=line.cells.get("title", ""),
            phone=_phone(line, faults),
            username=username,
            designated=line.cells.get("designated", "") in {"是", "有", "√", "Y", "y", "1"},
            row=line.row,
        )
        _check_same(row, first, faults)
        if row.name and row.unit:
            yield row


def _phone(line: _Line, faults: list[Fault]) -> str:
    """In the one form it is kept in, so that two ways of writing it are one number."""
    try:
        return phones.normalise(line.cells["phone"]) if line.cells.get("phone") else ""
    except phones.BadNumber as problem:
        faults.append(Fault(PEOPLE, line.row, "手机", str(problem)))
        return ""


def _check_same(row: PersonRow, first: dict[str, PersonRow], faults: list[Fault]) -> None:
    """Whoever shares an account name must be one person: of one name, and of one number where two are written."""
    other = first.setdefault(row.username, row)
    if other.name != row.name:
        text = _("这个账号名第一次出现时是%(other)s。不同的人请写不同的账号名。")
        faults.append(Fault(PEOPLE, row.row, "账号名", text % {"other": other.name}))
    elif row.phone and other.phone and row.phone != other.phone:
        text = _("和第 %(row)d 行同名，手机不同。是两个人，请写不同的账号名；是同一个人，请写同一个手机。")
        faults.append(Fault(PEOPLE, row.row, "账号名", text % {"row": other.row}))
    elif row.phone and not other.phone:
        first[row.username] = row


def _roles(line: _Line, faults: list[Fault]) -> Iterator[Role]:
    known = {label: role for label, role in _labels(Role).items() if role in OFFERED}
    said = line.cells.get("roles", "")
    for separator in SEPARATORS[1:]:
        said = said.replace(separator, SEPARATORS[0])
    for word in filter(None, said.split(SEPARATORS[0])):
        role = known.get(word)
        if role is None:
            text = _("没有“%(said)s”这个岗位。请写：%(known)s。")
            names = _("、").join(str(label) for label in (role.label for role in OFFERED))
            faults.append(Fault(PEOPLE, line.row, "岗位", text % {"said": word[:20], "known": names}))
        else:
            yield role


def _labels(choices: type[Choice]) -> dict[str, Choice]:
    """By their words in Chinese, which the file is written in, and in the language of whoever reads."""
    found = {str(label): choices(value) for value, label in choices.choices}
    with translation.override("zh-hans"):
        return found | {str(label): choices(value) for value, label in choices.choices}


def _check_length(line: _Line, key: str, most: int, sheet: str, columns: Sequence[Column], faults: list[Fault]) -> None:
    if len(line.cells.get(key, "")) > most:
        label = next(column.label for column in columns if column.key == key)
        faults.append(Fault(sheet, line.row, label, _("最多 %(most)d 字。请写短一点。") % {"most": most}))
