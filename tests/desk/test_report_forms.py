"""Forms of those above on the desk: taken in and put right by the administrator, filled in by who sees the figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.ledgers.models import ReportForm, ReportFormVersion
from shuoshi.matters.vocabulary import Status
from tests.support.exports import carried_through
from tests.support.report_forms import document, lines, workbook
from tests.support.statements import counted
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")

Desk = Callable[[str], Client]
NEW = "/desk/settings/report-forms/new/"


def sent(desk: Client, data: bytes, name: str = "县月报", file: str = "表.xlsx") -> Any:
    return desk.post(NEW, {"name": name, "file": SimpleUploadedFile(file, data)})


def chosen(page: str, **changes: str) -> dict[str, str]:
    """What the form of a version holds, as a browser would post it, with these changes."""
    row = ReportFormVersion.objects.latest("at")
    columns = {"c1": "place", "c2": "number", "c3": "registered", "c4": "category", "c5": "status", "c6": "", "c7": ""}
    boxes = {f"k{at}": "" for at in range(1, 8)}
    own = {
        "tab": "月报",
        "top": "4",
        "cells": "",
        "days": "dash",
        "w_category": "",
        "w_status": "",
        "turn": str(row.number),
    }
    assert all(f'name="{name}"' in page for name in (*columns, *boxes, *own))
    return {**columns, **boxes, **own, "do": "keep", **changes}


def test_from_their_file_to_the_filled_form(at_desk: Desk, town: Place) -> None:
    done = town.matter_in(Status.CLOSED)
    admin, leader = at_desk("管理员"), at_desk("马镇长")
    here = sent(admin, workbook())["Location"]
    page = admin.get(here).content.decode()
    assert "没有对上的列：县里的备注、经办" in page and "示例标题" not in page and "SS-XX-" in page
    full = page.split('name="w_status"')[1].split("</textarea>")[0]
    assert "已办结=" in full
    answer = admin.post(
        here,
        chosen(page, c7="constant", k7="青禾镇", cells="B2=新登记\nA3=青禾镇填", w_status="已办结=办完\n挂账=缓办"),
    )
    assert answer["Location"] == here
    page = admin.get(here).content.decode()
    assert "第 2 版" in page and "B2=新登记" in page and "已办结=办完" in page and "没有对上的列：县里的备注。" in page
    (form,) = ReportForm.objects.all()
    assert f"/desk/report-forms/{form.pk}/" in leader.get("/desk/report-forms/").content.decode()
    fill = f"/desk/report-forms/{form.pk}/?period={clock.local(clock.now()):%Y-%m}"
    page = leader.get(fill).content.decode()
    assert done.number in page and "办完" in page
    assert "有 4 处不照我们的写法" in page and "状态 已办结 → 办完" in page and "经办 → 青禾镇" in page
    one = leader.post(fill, {"figure": "ended", "kind": "", "unit": "", "purpose": "report"})["Location"]
    carried_through()
    rows = lines(leader.post(f"{one}file/").content)
    assert rows[1][1] == 1.0 and rows[4][1] == done.number and rows[4][4:] == ["办完", "", "青禾镇"]
    assert "县月报；" in leader.get(one).content.decode()


def test_headings_in_another_row_are_looked_at_before_anything_is_kept(at_desk: Desk, town: Place) -> None:
    admin = at_desk("管理员")
    here = sent(admin, workbook())["Location"]
    page = admin.get(here).content.decode()
    looked = admin.post(here, chosen(page, do="look", top="2")).content.decode()
    assert "本月新登记" in looked and 'name="c1"' in looked and 'name="c5"' not in looked
    assert ReportFormVersion.objects.count() == 1


def test_what_is_wrong_is_told_at_its_field_and_stays_typed(at_desk: Desk, town: Place) -> None:
    admin = at_desk("管理员")
    here = sent(admin, workbook())["Location"]
    page = admin.get(here).content.decode()
    wrong = chosen(page, c7="constant", cells="乙2=新登记", w_status="办好了=1")
    answer = admin.post(here, wrong)
    body = answer.content.decode()
    assert answer.status_code == 422 and "办好了=1" in body
    for words in ("请写固定填什么字", "“乙2”不是单元格", "我们没有“办好了”这个写法"):
        assert words in body
    answer = admin.post(here, chosen(page, cells="D2=新登记"))
    assert answer.status_code == 422 and "公式" in answer.content.decode()
    assert ReportFormVersion.objects.count() == 1


def test_a_stale_choice_and_a_hostile_file_change_nothing(at_desk: Desk, town: Place) -> None:
    admin = at_desk("管理员")
    here = sent(admin, workbook())["Location"]
    page = admin.get(here).content.decode()
    stale = chosen(page, days="plain")
    assert admin.post(here, stale).status_code == 302
    assert admin.post(here, {**stale, "days": "slash"}).status_code == 409
    answer = sent(admin, workbook(formula='=WEBSERVICE("http://x/")'), "坏的")
    assert answer.status_code == 422 and "WEBSERVICE" in answer.content.decode()
    assert sent(admin, b"", "空的").status_code == 422
    assert sent(admin, workbook()).status_code == 409, "the name is taken"
    assert ReportForm.objects.count() == 1 and ReportFormVersion.objects.count() == 2


def test_a_word_document_and_a_form_of_text_have_pages_of_their_own(at_desk: Desk, town: Place) -> None:
    admin = at_desk("管理员")
    page = admin.get(sent(admin, document(), "简报", "报.docx")["Location"]).content.decode()
    assert "{% for 序号, 编号" in page and "期末未办结" in page
    here = admin.post(NEW, {"name": "平台", "headings": "工单编号\n办理状态"})["Location"]
    assert "工单编号" in admin.get(here).content.decode()
    version = ReportFormVersion.objects.get(kind="docx")
    file = admin.get(f"/desk/settings/report-forms/{version.form_id}/file/1/")
    assert file.content == document() or file.content.startswith(b"PK")
    text = ReportFormVersion.objects.get(kind="csv")
    assert admin.get(f"/desk/settings/report-forms/{text.form_id}/file/1/").status_code == 404
    assert admin.post(here, {"do": "drop"})["Location"] == "/desk/settings/report-forms/"
    assert (
        admin.get(here).status_code == at_desk("马镇长").get(f"/desk/report-forms/{text.form_id}/").status_code == 404
    )


def test_the_settings_are_for_administrators_and_filling_for_who_sees_figures(at_desk: Desk, town: Place) -> None:
    here = sent(at_desk("管理员"), workbook())["Location"]
    form = ReportForm.objects.get()
    for address in (here, NEW, "/desk/settings/report-forms/", f"{here}file/1/"):
        assert at_desk("马镇长").get(address).status_code == 403
    for address in ("/desk/report-forms/", f"/desk/report-forms/{form.pk}/"):
        assert at_desk("孙丽").get(address).status_code == 403


def test_lists_cost_the_same_with_one_form_and_with_several(at_desk: Desk, town: Place) -> None:
    admin = at_desk("管理员")

    def cost() -> int:
        with counted() as seen:
            admin.get("/desk/settings/report-forms/")
        return sum("ledgers_" in one for one in seen.sql)  # the institution is remembered for a while

    with clock.simulated(clock.now()):
        sent(admin, workbook())
        cost()
        before = cost()
        for name in ("二", "三"):
            sent(admin, workbook(), name)
        assert cost() == before
