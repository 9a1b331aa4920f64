"""The empty roll to fill in: an .xlsx with headings, hints, examples and lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import translation

from shuoshi.organization import queries
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role
from shuoshi.organization.roll import PEOPLE, PERSON_COLUMNS, UNIT_COLUMNS, UNITS, Column

if TYPE_CHECKING:
    from shuoshi.kernel.papers.sheets import FormColumn

_UNITS = (
    ("村镇建设办公室", "城建办", "", "部门", "", ""),
    ("柳湾村", "", "", "村", "", "柳湾村 1 号"),
)

_CENTRE, _ABOVE = "centre", "above"  # stand for what the institution calls them
_PEOPLE = (
    ("王芳", _CENTRE, "登记员", "", "", "", ""),
    ("刘敏", _CENTRE, "分办员、回访员", "主任", "", "", "是"),
    ("赵立新", _ABOVE, "领导", "副镇长", "", "", ""),
    ("周建国", "城建办", "部门负责人、承办人", "主任", "", "", "是"),
    ("陈志强", "柳湾村", "部门负责人", "村主任", "", "", "是"),
)


def blank() -> bytes:
    """The workbook. Its words are Chinese whatever language the page is in: the file goes round in the office.

    The intake centre stands since the founding: the examples give people to it by its name and do not found another.
    """
    from shuoshi.kernel.papers import sheets

    examples: dict[str, Sequence[Sequence[str]]] = {UNITS: _UNITS, PEOPLE: _people()}
    with translation.override("zh-hans"):
        kinds = [str(label) for label in UnitKind.labels]
        choices = {"kind": kinds, "designated": ["是"]}
        made = [
            sheets.FormSheet(name, [_column(column, choices) for column in columns], examples[name])
            for name, columns in ((UNITS, UNIT_COLUMNS), (PEOPLE, PERSON_COLUMNS))
        ]
        explained = [(str(role.label), says) for role, says in _SAYS.items()]
        return sheets.form([*made, sheets.FormSheet("岗位说明", (), explained)])


def _people() -> tuple[tuple[str, ...], ...]:
    root = queries.institution().root
    centre = next((unit for unit in queries.units() if unit.kind == UnitKind.REGISTRY), root)
    at_centre, above = (unit.short_name if unit else "" for unit in (centre, root))
    at = {_CENTRE: at_centre, _ABOVE: above}
    return tuple((name, at.get(unit, unit), *rest) for name, unit, *rest in _PEOPLE)


def _column(column: Column, choices: dict[str, list[str]]) -> FormColumn:
    from shuoshi.kernel.papers.sheets import FormColumn

    heading = f"{column.label}*" if column.needed else column.label
    return FormColumn(heading, str(column.hint), choices.get(column.key, ()))


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
    Role.REPRESENTATIVE: "说事代表，可以替群众登记。",
    Role.ASSESSOR: "考核员：只看办理情况的总数。登录要第二道验证。",
    Role.ADMINISTRATOR: "管单位、人员和设置，看不到内容。登录要第二道验证，最好有两位。",
}
