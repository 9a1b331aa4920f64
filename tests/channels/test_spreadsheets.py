"""Import of a spreadsheet: every row comes to something that is told, nothing twice, nothing half, nothing falsified."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shuoshi.channels.messages import import_messages
from shuoshi.channels.moments import Order, likely_order, moment
from shuoshi.channels.spreadsheets import actions, queries, reading, running
from shuoshi.channels.spreadsheets.columns import Field, Settings, likely, recognised
from shuoshi.channels.spreadsheets.models import FromSpreadsheet, Layout, RefusedRow, Run, RunState, Spreadsheet
from shuoshi.kernel import clock, files, verify, workbooks
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import papers
from shuoshi.matters.actions import at_once, intake
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.vocabulary import Channel, Naming, Status
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from tests.support.tables import HEADINGS, ROWS, begun, carried_through, confirmed, given, text, workbook
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def test_rows_become_matters_and_what_was_settled_elsewhere_does_not(town: Place):
    sheet = confirmed(town, given(town))
    actions.put_words(sheet.pk, {Field.STATE: {"已办结": "settled", "办理中": ""}}, actor=town.actor("王芳"))
    run = actions.begin(sheet.pk, "", actor=town.actor("王芳"))
    carried_through()
    run.refresh_from_db()
    assert (run.state, run.registered, run.faulty, run.settled, run.next_row) == (RunState.DONE, 2, 1, 1, 4)
    assert (run.by_id, str(run.name)) == (town.persons["王芳"], "台账.csv")
    lamp, pipe = (
        one.matter for one in FromSpreadsheet.objects.filter(run=run).order_by("line").select_related("matter")
    )
    assert (str(lamp.content).splitlines(), lamp.naming, lamp.channel) == (
        [ROWS[0][1], "类别：路灯"],
        Naming.NAMED,
        Channel.IMPORT,
    )
    assert (str(lamp.said_place), str(lamp.place)) == ("编号 T1", "村口")
    assert clock.local(lamp.happened_at).strftime("%Y-%m-%d %H:%M") == "2026-03-02 08:15"
    assert (pipe.naming, pipe.status) == (Naming.ANONYMOUS, Status.REGISTERED)
    assert {one.line for one in FromSpreadsheet.objects.all()} == {2, 3}
    assert not list(verify.verify())


def test_whoever_brought_the_file_entered_what_stands_in_it(town: Place):
    begun(town, given(town, text(ROWS[:1])))
    carried_through()
    matter = Matter.objects.get()
    assert matter.staff_entered and matter.registered_by_id == town.persons["王芳"] and not matter.receipt_awaited
    said = papers.content_of(matter, Ref(PaperKind.REGISTRATION))
    assert said["登记人"] == "王芳（从表格导入）"


def test_nothing_begins_before_every_word_is_put_to_something(town: Place):
    sheet = given(town)
    actions.put(sheet.pk, actions.settings_of(sheet, actions.grid_of(sheet)), actor=town.actor("王芳"))
    with refused("words_unput"):
        actions.begin(sheet.pk, "", actor=town.actor("王芳"))
    actions.put_words(sheet.pk, {Field.STATE: {"已办结": "settled"}}, actor=town.actor("王芳"))
    with refused("words_unput"):
        actions.begin(sheet.pk, "", actor=town.actor("王芳"))
    assert not Run.objects.exists()


def test_who_asked_for_confidence_elsewhere_has_it_here(town: Place):
    rows = [("路灯坏了", "陈大明", "是"), ("井盖坏了", "陈小明", "匿名"), ("水管漏了", "陈中明", "否")]
    sheet = given(town, text(rows, ("内容", "姓名", "是否保密")))
    settings = actions.settings_of(sheet, actions.grid_of(sheet))
    assert settings.columns["是否保密"] is Field.NAMING
    actions.put(sheet.pk, settings, actor=town.actor("王芳"))
    put = {word: likely(Field.NAMING, word, {}) for word in ("是", "匿名", "否")}
    actions.put_words(sheet.pk, {Field.NAMING: put}, actor=town.actor("王芳"))
    actions.begin(sheet.pk, "", actor=town.actor("王芳"))
    carried_through()
    told = [one.matter.naming for one in FromSpreadsheet.objects.order_by("line").select_related("matter")]
    assert told == [Naming.CONFIDENTIAL, Naming.ANONYMOUS, Naming.NAMED]


def test_the_same_row_is_known_from_a_file_of_text_and_from_a_workbook(town: Place):
    row = ("T1", "路灯坏了", "2026/3/2", "陈大明", "138 0000 0017")
    begun(town, given(town, text([row], HEADINGS[:5])))
    carried_through()
    dated = (*row[:2], "2026-03-02", row[3], "13800000017")
    sheet = confirmed(town, given(town, workbook([dated], HEADINGS[:5]), "台账.xlsx"))
    found = queries.preview(sheet, town.actor("王芳"))
    assert (found.outlook.good, found.outlook.known) == (0, 1)


def test_limits_run_from_now_however_old_a_row_is(town: Place):
    begun(town, given(town, text(ROWS[:1])))
    carried_through()
    matter = Matter.objects.get()
    assert clock.now() - matter.registered_at < timedelta(minutes=5)
    assert matter.next_due_at > clock.now() and matter.happened_at.year == 2026


def test_the_same_file_again_doubles_nothing_whoever_brings_it(town: Place, tmp_path: Any):
    begun(town, given(town))
    carried_through()
    first = Matter.objects.count()
    again = begun(town, given(town))
    elsewhere = begun(town, given(town, workbook(), "台账.xlsx", by="刘敏"), by="刘敏")
    carried_through()
    for run in (again, elsewhere):
        run.refresh_from_db()
        assert (run.registered, run.repeated, run.state) == (0, first, RunState.DONE)
    path = tmp_path / "台账.csv"
    path.write_bytes(text())
    assert import_messages(path).registered == 0, "also by the command"
    assert Matter.objects.count() == first


def test_put_otherwise_the_second_time_a_row_is_still_known(town: Place):
    begun(town, given(town, text(ROWS[:1])))
    carried_through()
    sheet = confirmed(town, given(town, text(ROWS[:1])))
    category = next(code for _kind, _group, one in profile.current().every_category() for code in [one.code])
    actions.put_words(sheet.pk, {Field.CATEGORY: {"路灯": category}}, actor=town.actor("王芳"))
    run = actions.begin(sheet.pk, "", actor=town.actor("王芳"))
    carried_through()
    run.refresh_from_db()
    assert (Matter.objects.count(), run.registered, run.repeated, run.refused) == (1, 0, 1, 0)


def test_every_fault_is_told_by_row_and_column(town: Place):
    rows = (
        ("T1", "", "2026-03-02", "", "", "", "", ""),
        ("T2", "路坏了", "前天", "", "", "", "", ""),
        ("T3", "桥坏了", "2099-01-02", "", "", "", "", ""),
        ("T4", "灯坏了", "", "陈" * 41, "12", "村" * 121, "", ""),
    )
    found = queries.preview(confirmed(town, given(town, text(rows))), town.actor("王芳"))
    assert (found.outlook.good, found.outlook.faulty) == (0, 4)
    told = [(one.line, one.column) for one in found.outlook.faults]
    assert told == [(2, "内容"), (3, "时间"), (4, "时间"), (5, "电话"), (5, "地点"), (5, "姓名")]
    assert "前天" in found.outlook.faults[1].reason and "还没有到" in found.outlook.faults[2].reason
    with refused("nothing_to_import"):
        actions.begin(Spreadsheet.objects.get().pk, "", actor=town.actor("王芳"))
    assert not Run.objects.exists()


def test_a_row_wider_than_the_headings_and_one_that_comes_again_are_told(town: Place):
    rows = [
        *ROWS[:2],
        ROWS[0],
        ("T9", "灯坏了", "", "", "", "", "", "", "多的"),
        *((f"R{n}", "路坏了") for n in range(3)),
    ]
    found = queries.preview(confirmed(town, given(town, text(rows))), town.actor("王芳"))
    assert (found.outlook.good, found.outlook.faulty, found.outlook.same) == (5, 1, 1)
    assert found.outlook.faults[0].line == 5 and "列数" in found.outlook.faults[0].reason


def test_a_worker_that_dies_between_batches_loses_and_doubles_nothing(town: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running, "BATCH", 2)
    rows = [(f"T{n}", f"第 {n} 盏路灯坏了。", "2026-03-02", "", "", "", "", "") for n in range(5)]
    run = begun(town, given(town, text(rows)))
    calls = iter(range(99))
    take_in = intake.take_in_here

    def dies(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == 3:  # in the middle of the second batch
            raise KeyboardInterrupt
        return take_in(*args, **kwargs)

    monkeypatch.setattr(at_once, "take_in_here", dies)
    with pytest.raises(KeyboardInterrupt):
        running.carry_on(clock.now(), timedelta(seconds=30))
    run.refresh_from_db()
    assert (run.next_row, run.registered, Matter.objects.count()) == (2, 2, 2), "the half batch is not there"
    carried_through()
    run.refresh_from_db()
    assert (run.registered, Matter.objects.count(), FromSpreadsheet.objects.count()) == (5, 5, 5)
    assert not list(verify.verify())


def test_it_can_be_stopped_and_gone_on_with_by_whom_it_concerns(town: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running, "BATCH", 1)
    run = begun(town, given(town))
    running.carry_on(clock.now(), timedelta(0))
    with refused("not_your_import"):
        actions.stop(run.pk, actor=town.actor("刘敏"))
    actions.stop(run.pk, actor=town.actor("王芳"))
    actions.stop(run.pk, actor=town.actor("王芳"))
    assert running.carry_on(clock.now()) == 0 and Matter.objects.count() == 1
    actions.go_on(run.pk, actor=town.actor("管理员"))
    carried_through()
    run.refresh_from_db()
    assert run.state == RunState.DONE and run.ended_at is not None
    deeds = list(Event.objects.filter(stream_kind="sheet_run").order_by("sequence").values_list("action", flat=True))
    assert [deed for deed in deeds if deed != "import_rows"] == [
        "begin_import",
        "stop_import",
        "go_on_importing",
        "end_import",
    ]


def test_one_sheet_is_one_run_however_often_it_is_pressed(town: Place):
    sheet = confirmed(town, given(town))
    first = actions.begin(sheet.pk, "", actor=town.actor("王芳"))
    assert actions.begin(sheet.pk, "", actor=town.actor("王芳")).pk == first.pk
    with refused("import_begun"):
        actions.put(sheet.pk, Settings({"内容": Field.CONTENT}), actor=town.actor("王芳"))
    assert Run.objects.count() == 1


def test_a_row_that_cannot_be_registered_keeps_nobody_waiting(town: Place, monkeypatch: pytest.MonkeyPatch):
    run = begun(town, given(town))

    def strange(take_in: Any) -> Any:
        def taken_in(said: Any, **kwargs: Any) -> Any:
            if "水管" in said.content:
                raise ValueError("nobody thought of it")
            return take_in(said, **kwargs)

        return taken_in

    for name in ("take_in", "take_in_here"):
        monkeypatch.setattr(at_once, name, strange(getattr(intake, name)))
    carried_through()
    run.refresh_from_db()
    assert (run.state, run.registered, run.refused) == (RunState.DONE, 2, 1)
    [row] = queries.refusals(Spreadsheet.objects.get())
    assert row.line == 3 and "登记不了" in str(row.reason)


def test_nobody_fills_the_disk_with_sheets_they_do_not_begin(town: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "MOST", 1)
    given(town)
    assert given(town).pk == Spreadsheet.objects.get().pk, "the same again is the same"
    with refused("sheets_enough"):
        given(town, text(ROWS[:1]))


def test_columns_that_changed_meanwhile_are_looked_at_again(town: Place, monkeypatch: pytest.MonkeyPatch):
    sheet, check = confirmed(town, given(town)), actions.outlook_of

    def meanwhile(row: Spreadsheet, registry: Any) -> Any:
        other = Spreadsheet.objects.get(pk=row.pk)
        other.settings = Settings({"内容": Field.CONTENT}).written()
        other.save()
        return check(row, registry)

    monkeypatch.setattr(actions, "outlook_of", meanwhile)
    with refused("columns_changed"):
        actions.begin(sheet.pk, "", actor=town.actor("王芳"))
    assert not Run.objects.exists()


def test_what_somebody_gave_is_theirs_alone(town: Place):
    sheet = given(town)
    for who in ("刘敏", "管理员", "孙丽"):
        assert queries.sheet(sheet.pk, town.actor(who)) is None
        with refused("no_such_sheet"):
            actions.put(sheet.pk, Settings({"内容": Field.CONTENT}), actor=town.actor(who))
        actions.throw_away(sheet.pk, actor=town.actor(who))
    assert Spreadsheet.objects.filter(pk=sheet.pk).exists()
    with refused("no_importer"):
        given(town, by="孙丽")
    run = begun(town, sheet)
    assert queries.run(run.pk, town.actor("刘敏")) is not None, "of the same registry"
    assert queries.run(run.pk, town.actor("孙丽")) is None and queries.run(uuid4(), town.actor("王芳")) is None
    assert not queries.runs(town.actor("孙丽")).exists()


def test_columns_are_kept_as_a_layout_and_known_by_their_headings(town: Place):
    headings = ("甲", "乙", "丙")
    sheet = given(town, text([("路灯坏了", "东村", "3/2/2026")], headings))
    settings = Settings({"甲": Field.CONTENT, "乙": Field.AREA, "丙": Field.SAID_AT}, Order.MONTH_FIRST)
    actions.put(sheet.pk, settings, actor=town.actor("王芳"))
    area = str(organization.areas()[0].pk)
    actions.put_words(sheet.pk, {Field.AREA: {"东村": area}}, actor=town.actor("王芳"))
    actions.begin(sheet.pk, "城管台账", actor=town.actor("王芳"))
    carried_through()
    assert str(Matter.objects.get().area_id) == area and Matter.objects.get().happened_at.month == 3
    turned = given(town, text([("3/4/2026", "桥坏了", "东村")], ("丙", "甲", "乙")), by="刘敏")
    found = actions.settings_of(turned, actions.grid_of(turned))
    assert found.columns == settings.columns and found.order == Order.MONTH_FIRST
    assert found.values == {Field.AREA: {"东村": area}}
    actions.begin(turned.pk, "新名字", actor=town.actor("刘敏"))
    assert [(one.name, one.kept_by_id) for one in Layout.objects.all()] == [("新名字", town.persons["刘敏"])]
    actions.drop_layout(Layout.objects.get().pk, actor=town.actor("王芳"))
    assert not given(town, text([("x", "y", "z")], headings)).settings
    assert not list(verify.verify())


def test_columns_that_do_not_fit_are_refused_by_the_rule_too(town: Place):
    sheet = given(town)
    for settings in (
        Settings({"编号": Field.ID}),
        Settings({"内容": Field.CONTENT, "姓名": Field.NAME, "电话": Field.NAME}),
    ):
        with refused("columns_do_not_fit"):
            actions.put(sheet.pk, settings, actor=town.actor("王芳"))


def test_a_sheet_goes_by_itself_with_its_rows(town: Place):
    idle, run = given(town), begun(town, given(town, workbook(), "另一张.xlsx"))
    carried_through()
    done = Spreadsheet.objects.get(run=run)
    RefusedRow.objects.create(run=run, line=9, reason="试")
    assert running.forget(clock.now()) == 0
    assert running.forget(clock.now() + actions.LASTS) == 1 and not Spreadsheet.objects.filter(pk=idle.pk).exists()
    assert running.forget(clock.now() + actions.KEPT) == 1 and not RefusedRow.objects.exists()
    with pytest.raises(files.FileMissing):
        files.read(done.stored, done.data_key())
    assert Run.objects.filter(pk=run.pk).exists() and FromSpreadsheet.objects.filter(run=run).exists()


@pytest.mark.once
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_of_text_are_read_in_every_encoding_people_save(encoding: str):
    grid = reading.read("a.csv", text(encoding=encoding))
    assert list(grid.headings) == list(HEADINGS) and grid.lines[0].cells[1] == ROWS[0][1]


@pytest.mark.once
def test_a_ledger_with_its_name_above_the_headings_is_read():
    grid = reading.read("a.xlsx", workbook(above="2026 年台账"))
    assert list(grid.headings) == list(HEADINGS)
    assert [line.number for line in grid.lines] == [3, 4, 5, 6] and grid.tab == "台账"
    assert recognised(grid).columns["时间"] is Field.SAID_AT


@pytest.mark.once
def test_hostile_and_broken_files_are_refused_with_the_remedy():
    for name, data in (
        ("a.xlsx", b"no workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest"),
        ("a.xlsx", b"PK\x03\x04broken"),
    ):
        with pytest.raises(workbooks.BadWorkbook):
            reading.read(name, data)
    many = text([("x", "y")] * (reading.MOST_ROWS + 1), ("编号", "内容"))
    wide = text([("x",) * 61], tuple(f"列{n}" for n in range(61)))
    for data in (
        b"\x00\x01\x02",
        b"",
        "编号,内容\n".encode(),
        b"\x80\xff\xfe" * 9,
        many,
        wide,
        b'a,b\n"' + b"x" * 200_000,
    ):
        with pytest.raises(reading.BadSheet):
            reading.read("a.csv", data)


@pytest.mark.once
def test_lines_count_as_the_editor_does_and_headings_are_told_apart():
    grid = reading.read("a.csv", '内容,备注,备注,\n"两\n行",x,y,z\n\n桥坏了,,,w\n'.encode())
    assert [line.number for line in grid.lines] == [2, 5]
    assert list(grid.headings) == ["内容", "备注", "备注 (2)", "#4"]


@pytest.mark.once
def test_a_file_that_is_far_too_wide_is_refused_before_its_columns_are_named():
    with pytest.raises(reading.BadSheet, match="列"):
        reading.read("a.csv", ("a," * 60_000 + "a\n" + "x," * 60_000 + "x\n").encode())


@pytest.mark.once
def test_a_day_alone_is_never_still_to_come_on_that_day(monkeypatch: pytest.MonkeyPatch):
    early = datetime(2026, 3, 2, 8, 0, tzinfo=clock.INSTITUTION_ZONE)
    monkeypatch.setattr(clock, "now", lambda: early)
    assert moment("2026-03-02") == moment("2026/3/2") == early
    with pytest.raises(ValueError, match="还没有到"):
        moment("2026-03-03")
    late = moment("202603011530")
    assert late is not None and clock.local(late).strftime("%d %H:%M:%S") == "01 15:30:00"
    with pytest.raises(ValueError, match="没有认出来"):
        moment("2026030115301")


@pytest.mark.once
def test_days_are_read_in_the_order_in_which_they_are_written():
    assert likely_order(["06/26/2018 10:58:54 AM"]) == Order.MONTH_FIRST
    assert likely_order(["", "26/06/2018"]) == Order.DAY_FIRST
    at = moment("06/26/2018 10:58:54 PM", Order.MONTH_FIRST)
    assert at is not None and (at.month, at.day, clock.local(at).hour) == (6, 26, 22)
    for wrong in ("06/26/2018", "1018-01-02", "昨天"):
        with pytest.raises(ValueError, match="时间"):
            moment(wrong)
