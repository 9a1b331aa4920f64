"""Import of a spreadsheet on the desk: given, columns, words, what is wrong row by row, and the run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.channels.spreadsheets import undoing
from shuoshi.channels.spreadsheets.columns import Field, Settings
from shuoshi.channels.spreadsheets.models import Layout, Run, RunState, Spreadsheet
from shuoshi.kernel import clock, files
from shuoshi.matters.models import Matter
from shuoshi.organization import profile
from tests.support.statements import counted
from tests.support.tables import HEADINGS, ROWS, begun, carried_through, confirmed, given, text, workbook
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE = "/desk/import/"


def sent(desk: Client, data: bytes, name: str = "台账.csv") -> Any:
    return desk.post(PAGE, {"do": "give", "sheet": SimpleUploadedFile(name, data)})


def chosen(*fields: str) -> dict[str, str]:
    return {f"c{at}": field for at, field in enumerate(fields)} | {"order": "ymd"}


def test_from_the_file_to_the_matters(town: Place, at_desk: Desk):
    desk = at_desk("王芳")
    onward = sent(desk, workbook(), "台账.xlsx")["Location"]
    body = desk.get(onward).content.decode()
    assert "每一列是什么" in body and ROWS[0][1] in body and "说的内容" in body
    fields = ("id", "content", "said_at", "name", "phone", "place", "category", "state")
    words = desk.post(onward, chosen(*fields))["Location"]
    body = desk.get(words).content.decode()
    assert "表里的写法对到我们的" in body and "已办结" in body
    assert body.count('value="settled" selected') == 1, "what says that it is over is taken so"
    code = next(one.code for _kind, group, one in profile.current().every_category() if one is not group)
    form = {"w0": code, "w1": "", "w2": "", "w3": "settled"}
    check = desk.post(words, form)["Location"]
    body = desk.get(check).content.decode()
    assert "2 行可以登记" in body and "1 行有错" in body and "1 行在别处已经办结" in body
    assert "没有内容" in body and "电话号码没有认出来" in body and "昨天" in body
    for _ in range(2):
        run = desk.post(check, {"layout": "街道台账"})["Location"]
    assert "正在登记" in desk.get(run).content.decode()
    carried_through()
    body = desk.get(run).content.decode()
    assert "登记了 2 件" in body and Matter.objects.filter(category=code).count() == 1
    assert all(one.number in body for one in Matter.objects.all())
    lamp = Matter.objects.get(category=code)
    assert "王芳从表格导入，表格第 2 行" in desk.get(f"/desk/matters/{lamp.number}/").content.decode()
    assert Run.objects.count() == Layout.objects.count() == 1
    body = desk.get(PAGE).content.decode()
    assert "街道台账" in body and "登记了 2 件" in body
    again = sent(desk, text())["Location"]
    assert "模板“街道台账”一样" in desk.get(again).content.decode()


def test_faulty_rows_are_taken_away_and_no_cell_is_carried_out(town: Place, at_desk: Desk):
    sheet = confirmed(town, given(town, text([("1", "路坏了", "=HYPERLINK(1)")], HEADINGS[:3])))
    answer = at_desk("王芳").get(f"{PAGE}{sheet.pk}/faults/")
    assert answer["Cache-Control"] == "private, no-store"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["行", "列", "写的是", "原因"] and rows[1][:3] == ["2", "时间", "'=HYPERLINK(1)"]
    english = at_desk("王芳")
    english.cookies["lang"] = "en"
    answer = english.get(f"{PAGE}{sheet.pk}/faults/", headers={"Accept-Language": "en"})
    assert "时间“" not in answer.content.decode("utf-8-sig").splitlines()[1].split(",")[3]


def test_what_is_no_sheet_and_what_does_not_fit_is_said_beside_it(town: Place, at_desk: Desk):
    desk = at_desk("王芳")
    for name, data in (("a.xlsx", b"x"), ("a.csv", b""), ("a.csv", "编号\n".encode())):
        assert sent(desk, data, name).status_code == 422
    assert desk.post(PAGE, {"do": "give"}).status_code == 422 and not Spreadsheet.objects.exists()
    address = sent(desk, text())["Location"]
    answer = desk.post(address, chosen("content", "id", "id"))
    assert answer.status_code == 422 and "只能有一列" in answer.content.decode()
    assert desk.post(address, chosen("id")).status_code == 422
    assert desk.get(f"{address}check/").status_code == 302, "the columns come first"
    assert desk.post(PAGE, {"do": "throw_away", "row": str(Spreadsheet.objects.get().pk)}).status_code == 302
    assert not Spreadsheet.objects.exists()


def test_the_page_of_words_is_not_passed_by(town: Place, at_desk: Desk):
    desk = at_desk("王芳")
    onward = sent(desk, text())["Location"]
    words = desk.post(onward, chosen("id", "content", "said_at", "name", "phone", "place", "category", "state"))[
        "Location"
    ]
    assert desk.get(words.replace("words", "check"))["Location"] == words
    assert desk.post(words.replace("words", "check"), {"layout": ""})["Location"] == words
    assert not Run.objects.exists()


def test_a_sheet_that_came_back_without_its_rows_says_so(town: Place, at_desk: Desk):
    sheet, desk = confirmed(town, given(town)), at_desk("王芳")
    files.remove(sheet.stored)
    for part in ("", "words/", "check/", "faults/"):
        answer = desk.get(f"{PAGE}{sheet.pk}/{part}")
        assert 400 <= answer.status_code < 500 and "请再传一次" in answer.content.decode()


def test_addresses_of_others_lead_nowhere(town: Place, at_desk: Desk):
    sheet, other = confirmed(town, given(town)), at_desk("刘敏")
    for part in ("", "words/", "check/", "faults/"):
        assert other.get(f"{PAGE}{sheet.pk}/{part}").status_code == 404
        assert other.get(f"{PAGE}{uuid4()}/{part}").status_code == 404
    run = begun(town, sheet)
    assert at_desk("王芳").get(f"{PAGE}{sheet.pk}/").status_code == 302
    assert other.get(f"{PAGE}runs/{run.pk}/").status_code == 200
    assert "停下" not in other.get(f"{PAGE}runs/{run.pk}/").content.decode()
    assert at_desk("孙丽").get(PAGE).status_code in (302, 403, 404)
    assert at_desk("孙丽").get(f"{PAGE}runs/{run.pk}/").status_code in (302, 403, 404)


def test_an_administrator_sees_that_it_was_and_no_matter_of_it(town: Place, at_desk: Desk):
    run = begun(town, given(town))
    carried_through()
    body = at_desk("管理员").get(f"{PAGE}runs/{run.pk}/").content.decode()
    assert "登记了 3 件" in body and "这些事不归您看" in body and ROWS[0][1] not in body


def test_pages_ask_as_much_for_many_rows_as_for_one(town: Place, at_desk: Desk):
    desk, counts = at_desk("王芳"), []
    for many in (2, 1, 30):  # the first one warms what is asked once
        rows = [(f"T{n}", f"第 {many}-{n} 盏路灯坏了。", "2026-03-02") for n in range(many)]
        sheet = confirmed(town, given(town, text(rows, HEADINGS[:3])))
        with counted() as asked:
            desk.get(f"{PAGE}{sheet.pk}/check/")
        run = begun(town, sheet)
        carried_through()
        with counted() as shown:
            desk.get(f"{PAGE}runs/{run.pk}/")
        counts.append((asked.count, shown.count))
    assert counts[1] == counts[2]


def test_settings_outlive_a_choice_that_is_gone(town: Place, at_desk: Desk):
    sheet = confirmed(town, given(town))
    sheet.settings = Settings(
        {"内容": Field.CONTENT, "类别": Field.CATEGORY}, values={"category": {"路灯": "gone", "供水": ""}}
    ).written()
    sheet.save()
    desk = at_desk("王芳")
    assert desk.get(f"{PAGE}{sheet.pk}/words/").status_code == 200
    assert desk.get(f"{PAGE}{sheet.pk}/check/").status_code == 200


def test_a_run_is_undone_on_its_page_and_listed_for_whoever_supervises(town: Place, at_desk: Desk):
    run, desk = begun(town, given(town)), at_desk("王芳")
    page = f"{PAGE}runs/{run.pk}/"
    assert "整批撤销" not in desk.get(page).content.decode(), "while it runs"
    carried_through()
    assert "整批撤销" in desk.get(page).content.decode()
    assert "整批撤销" not in at_desk("刘敏").get(page).content.decode(), "not by somebody else"
    empty = desk.post(page, {"do": "undo", "reason": " "})
    assert empty.status_code == 422 and "<details" in empty.content.decode() and " open" in empty.content.decode()
    long = desk.post(page, {"do": "undo", "reason": "长" * 201})
    assert long.status_code == 422 and "长" * 201 in long.content.decode(), "what was typed stays"
    for _ in range(2):
        assert desk.post(page, {"do": "undo", "reason": "列对错了"})["Location"] == page
    while Run.objects.filter(state=RunState.UNDOING).exists():
        undoing.carry_on(clock.now())
    body = desk.get(page).content.decode()
    assert "已撤销" in body and "撤销了 3 件" in body and "列对错了" in body and "这些事不归您看" not in body
    listed = at_desk("马镇长").get("/desk/left-out/").content.decode()
    assert "撤销过的导入" in listed and "列对错了" in listed and "王芳" in listed
    assert "撤销过的导入" not in at_desk("周建国").get("/desk/left-out/").content.decode()


def test_a_second_person_agrees_on_the_same_page(town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(undoing, "ALONE", 1)
    run = begun(town, given(town))
    carried_through()
    page = f"{PAGE}runs/{run.pk}/"
    mine, other = at_desk("王芳"), at_desk("刘敏")
    mine.post(page, {"do": "undo", "reason": "传错了文件"})
    body = mine.get(page).content.decode()
    assert "等另一个人同意" in body and 'value="agree"' not in body and 'value="decline"' in body
    assert mine.post(page, {"do": "agree"}).status_code == 409
    assert 'value="agree"' in other.get(page).content.decode()
    other.post(page, {"do": "agree"})
    run.refresh_from_db()
    assert run.state == RunState.UNDOING
    assert at_desk("周建国").post(page, {"do": "decline"}).status_code in (403, 404)
