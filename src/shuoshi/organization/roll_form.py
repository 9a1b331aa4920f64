"""The empty roll to fill in: an .xlsx with headings, hints, examples and lists to choose from."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils import translation

from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role
from shuoshi.organization.roll import PEOPLE, PERSON_COLUMNS, UNIT_COLUMNS, UNITS, Column

_EXAMPLES: dict[str, Sequence[Sequence[str]]] = {
    UNITS: (
        ("群众说事受理中心", "受理中心", "", "受理中心", "", ""),
        ("村镇建设办公室", "城建办", "", "部门", "", ""),
        ("柳湾村", "", "", "村", "", "柳湾村 1 号"),
    ),
    PEOPLE: (
        ("王芳", "受理中心", "登记员", "", "", "", ""),
        ("刘敏", "受理中心", "分办员、回访员", "主任", "", "", "是"),
        ("周建国", "城建办", "部门负责人、承办人", "主任", "", "", "是"),
        ("陈志强", "柳湾村", "部门负责人", "村主任", "", "", "是"),
    ),
}
_ROWS = 500  # that the lists to choose from reach down


def blank() -> bytes:
    """The workbook. Its words are Chinese whatever language the page is in: the file goes round in the office."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with translation.override("zh-hans"), xlsxwriter.Workbook(made, options) as book:
        kinds = [str(label) for value, label in UnitKind.choices]
        _sheet(book, UNITS, UNIT_COLUMNS, {"kind": kinds})
        _sheet(book, PEOPLE, PERSON_COLUMNS, {"designated": ["是"]})
        _roles(book)
    return made.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, columns: Sequence[Column], lists: dict[str, list[str]]) -> None:
    heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F5F4F0"})
    soft = book.add_format({"font_color": "#4F575E", "text_wrap": True, "valign": "top"})
    example = book.add_format({"font_color": "#7D7A72"})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(columns) - 1, 20)
    sheet.freeze_panes(2, 0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, str(column.hint), soft)
        sheet.write_string(1, at, f"{column.label}*" if column.needed else column.label, heading)
        if column.key in lists:
            rule = {"validate": "list", "source": lists[column.key], "error_type": "warning"}
            sheet.data_validation(2, at, _ROWS, at, rule)
    for row, cells in enumerate(_EXAMPLES[name], start=2):
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell, example)


def _roles(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("岗位说明")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 60)
    for row, (role, says) in enumerate(_SAYS.items()):
        sheet.write_string(row, 0, str(role.label))
        sheet.write_string(row, 1, says)


_SAYS = {
    Role.REGISTRAR: "登记、受理群众说的事。放在受理中心。",
    Role.DISPATCHER: "分类、交办，裁定退单。放在受理中心。",
    Role.FOLLOW_UP_AGENT: "回访群众。放在受理中心，不能只由承办人兼任。",
    Role.DUTY_OFFICER: "紧急的事先联系、先核实。",
    Role.DEPARTMENT_HEAD: "部门或村的负责人：签收、签发答复。",
    Role.HANDLER: "具体承办。",
    Role.GRID_WORKER: "网格员，可以登记，也可以承办。",
    Role.LEADER: "领导：签发下属单位的答复，裁定，指定承办。登录要第二道验证。",
    Role.SUPERVISOR: "监督小组成员：只看不改。登录要第二道验证。",
    Role.OVERSIGHT_MEMBER: "村务监督委员会成员：可以回访、见证，不承办。放在监督委员会。",
    Role.ADMINISTRATOR: "管单位、人员和设置，看不到内容。登录要第二道验证，最好有两位。",
}
