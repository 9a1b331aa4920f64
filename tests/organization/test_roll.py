"""The roll: a whole township from one workbook, faults by sheet, row and column, the same file again adds nothing."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from shuoshi.kernel import workbooks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.verify import verify
from shuoshi.kernel.workbooks import Sheet
from shuoshi.organization import actions, roll, roll_form
from shuoshi.organization.actions import UnitGiven
from shuoshi.organization.models import Area, Post, Unit, UnitKind
from shuoshi.organization.roles import OFFERED, Role
from shuoshi.organization.roll import PEOPLE, UNITS, RollFaults
from shuoshi.people import actions as people
from shuoshi.people.models import Account
from tests.organization.town import Town

pytestmark = pytest.mark.once

HEAD_OF_UNITS = ["名称*", "简称", "上级单位", "类型*", "电话", "地址"]
HEAD_OF_PEOPLE = ["姓名*", "单位*", "岗位*", "职务称呼", "手机", "账号名", "指定专人"]


def sheets(units: list[list[str]] = (), persons: list[list[str]] = ()) -> dict[str, Sheet]:  # type: ignore[assignment]
    return {UNITS: [HEAD_OF_UNITS, *units], PEOPLE: [HEAD_OF_PEOPLE, *persons]}


def said(found: dict[str, Sheet]) -> list[str]:
    with pytest.raises(RollFaults) as caught:
        actions.plan(roll.parse(found))
    return [str(fault) for fault in caught.value.faults]


def township(villages: int = 12, persons: int = 40) -> dict[str, Sheet]:
    units = [["党政办", "", "", "部门", "", ""]]
    units += [[f"村{n}", "", "", "村", "", ""] for n in range(villages)]
    units += [[f"村{n}监委会", "", f"村{n}", "监督委员会", "", ""] for n in range(villages)]
    rows = [[f"人{n}", f"村{n % villages}", "部门负责人、承办人", "村主任", "", "", "是"] for n in range(persons)]
    return sheets(units, rows)


def test_a_township_of_twelve_villages_and_forty_people(town: Town) -> None:
    plan = actions.plan(roll.parse(township()))
    taken = actions.take_in(plan, actor=SYSTEM)
    assert (taken.units, taken.people, len(taken.codes)) == (25, 40, 40)
    assert Unit.objects.get(name="村3监委会").parent == Unit.objects.get(name="村3")
    village = Area.objects.get(name="村3")
    assert (village.parent, village.unit) == (town.area, Unit.objects.get(name="村3"))
    assert Post.objects.filter(person__accounts__username="人7").count() == 2
    assert Unit.objects.get(name="村7").designated is not None
    assert list(verify()) == []


def test_the_same_roll_again_adds_only_what_is_new(town: Town) -> None:
    actions.take_in(actions.plan(roll.parse(township(2, 3))), actor=SYSTEM)
    again = actions.plan(roll.parse(township(2, 4)))
    assert (len(again.units), again.known_units, len(again.people), again.known_people) == (0, 5, 1, 3)
    assert len(actions.take_in(again, actor=SYSTEM).codes) == 1


def test_the_code_on_paper_sets_the_first_password(town: Town) -> None:
    taken = actions.take_in(actions.plan(roll.parse(township(1, 1))), actor=SYSTEM)
    (code,) = taken.codes
    account = people.set_by_code(code.username, code.code, "lantern orchard 47 river")
    assert account == Account.objects.get(username="人0") and not account.must_change_password
    assert account.check_password("lantern orchard 47 river")


def test_the_same_account_name_is_one_person_with_posts_at_two_units(town: Town) -> None:
    rows = [["陈芳", "水利站", "承办人", "", "", "", ""], ["陈芳", "柳湾村", "网格员", "", "", "", ""]]
    actions.take_in(actions.plan(roll.parse(sheets([], rows))), actor=SYSTEM)
    account = Account.objects.get(username="陈芳")
    assert set(account.person.posts.values_list("role", flat=True)) == {Role.HANDLER, Role.GRID_WORKER}


@pytest.mark.parametrize(
    ("units", "persons", "words"),
    [
        ([["甲站", "", "", "车站", "", ""]], [], "“单位”第 2 行，类型：没有“车站”这种类型"),
        ([["甲站", "", "乙站", "部门", "", ""]], [], "“单位”第 2 行，上级单位：没有“乙站”这个单位"),
        ([["甲", "", "乙", "部门"], ["乙", "", "甲", "部门"]], [], "绕成了一圈"),
        ([["甲站", "", "", "部门"], ["甲站", "", "", "部门"]], [], "“单位”第 3 行，名称：和第 2 行同名"),
        ([["甲站", "", "", ""]], [], "“单位”第 2 行，类型：请填写"),
        ([], [["王芳", "无此站", "登记员"]], "“人员”第 2 行，单位：没有“无此站”这个单位"),
        ([], [["王芳", "水利站", "站长"]], "“人员”第 2 行，岗位：没有“站长”这个岗位"),
        ([], [["王芳", "水利站", "调解员"]], "没有“调解员”这个岗位"),  # nothing may be done in it yet
        ([], [["王芳", "水利站", "承办人", "", "123"]], "“人员”第 2 行，手机：电话号码没有认出来"),
        ([], [["王芳", "水利站", "承办人", "", "", "a"], ["李丽", "水利站", "承办人", "", "", "a"]], "不同的人"),
        ([], [["王" * 41, "水利站", "承办人"]], "最多 40 字"),
    ],
)
def test_a_fault_names_sheet_row_and_column(
    town: Town, units: list[list[str]], persons: list[list[str]], words: str
) -> None:
    assert any(words in line for line in said(sheets(units, persons)))
    assert not Account.objects.exists()


def test_an_empty_workbook_says_what_is_wanted(town: Town) -> None:
    assert "请用这里下载的表格" in said({"Sheet1": []})[0]
    assert "没有找到这一列的标题" in said({UNITS: [["随便写的"]], PEOPLE: []})[0]


def test_the_form_to_fill_in_reads_back_as_its_examples(town: Town) -> None:
    found = roll.parse(workbooks.read(roll_form.blank()))
    assert [row.name for row in found.units] == ["村镇建设办公室", "柳湾村"]
    assert found.people[1].roles == (Role.DISPATCHER, Role.FOLLOW_UP_AGENT)
    assert found.people[1].designated


def test_the_form_as_it_comes_founds_no_second_intake_centre(town: Town) -> None:
    actions.edit_unit(town.registry.pk, UnitGiven("清河镇群众说事受理中心", "说事中心", "QH-SL"), actor=SYSTEM)
    plan = actions.plan(roll.parse(workbooks.read(roll_form.blank())))
    assert UnitKind.REGISTRY not in {row.kind for row in plan.units}
    assert {row.unit for row in plan.people if Role.DISPATCHER in row.roles} == {"说事中心"}


def test_a_short_name_means_one_unit(town: Town) -> None:
    """Else whoever is given to it lands at the unit that stood first."""
    second = [["群众说事受理中心", town.registry.short_name, "", "受理中心"]]
    assert f"已经叫“{town.registry.short_name}”" in said(sheets(second))[0]
    twins = [["甲办公室", "办公室", "", "部门"], ["乙办公室", "办公室", "", "部门"]]
    assert said(sheets(twins)) == [
        "“单位”第 3 行，简称：甲办公室已经叫“办公室”。就是这个单位的，请删掉这一行；不是的，请写不同的简称。"
    ]


def test_everything_that_is_wrong_is_told_at_once(town: Town) -> None:
    """Who corrects one round of faults and uploads again does not meet a second."""
    units = [["甲站", "", "", "车站"], ["乙站", "", "平安办", ""], ["丙站", "", "甲站", "部门"]]
    persons = [["王芳", "甲站", "登记员"], ["李丽", "民政办", "登记员"], ["陈芳", "乙站", ""]]
    found = said(sheets(units, persons))
    assert [line.partition("：")[0] for line in found] == [
        "“单位”第 2 行，类型",
        "“单位”第 3 行，类型",
        "“单位”第 3 行，上级单位",
        "“人员”第 3 行，单位",
        "“人员”第 4 行，岗位",
    ], "and nothing about those who are at the faulty 甲站"


def test_two_people_of_one_name_are_not_made_one(town: Town) -> None:
    apart = [["李伟", "水利站", "承办人", "", "13800000001"], ["李伟", "柳湾村", "网格员", "", "13800000002"]]
    assert "“人员”第 3 行，账号名：和第 2 行同名，手机不同" in said(sheets([], apart))[0]
    apart[1][4:] = ["138 0000 0001", ""]
    assert actions.plan(roll.parse(sheets([], apart))).persons == 1, "one number, written in two ways"
    actions.take_in(actions.plan(roll.parse(sheets([], apart[:1]))), actor=SYSTEM)
    apart[1][4] = "13800000002"
    assert "已经有叫李伟的账号，手机不同" in said(sheets([], apart[1:]))[0]
    assert "已经是李伟的" in said(sheets([], [["李维", "柳湾村", "网格员", "", "", "李伟"]]))[0]


def test_a_line_written_twice_counts_once(town: Town) -> None:
    line = ["王芳", "水利站", "承办人", "", "", "Wang"]
    plan = actions.plan(roll.parse(sheets([], [line, line, ["王芳", "柳湾村", "网格员", "", "", "wang"]])))
    assert ([row.row for row in plan.people], plan.persons, set(plan.joining)) == ([2, 4], 1, {4})
    assert actions.take_in(plan, actor=SYSTEM).people == 1
    again = actions.plan(roll.parse(sheets([], [line, line])))
    assert (again.persons, again.known_people) == (0, 1)


def test_the_form_explains_every_post_that_is_given(town: Town) -> None:
    _units, _people, explained = workbooks.read(roll_form.blank()).values()
    assert {row[0] for row in explained if row} >= {str(role.label) for role in OFFERED}
    assert str(Role.MEDIATOR.label) not in {row[0] for row in explained if row}


def test_numbers_and_dates_of_a_spreadsheet_are_text(town: Town) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet(PEOPLE)
        sheet.write_row(0, 0, HEAD_OF_PEOPLE)
        sheet.write_row(1, 0, ["王芳", "水利站", "承办人", "", 13800000017])
    found = roll.parse(workbooks.read(made.getvalue()))
    assert found.people[0].phone == "13800000017"
