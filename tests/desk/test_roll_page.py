"""The page of the roll: faults in one list, what would change before anything is written, and nothing half written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization import actions, roll
from shuoshi.organization.roll import PEOPLE
from shuoshi.people.models import Account
from tests.support.village import Place

Desk = Callable[[str], Client]
HEAD = ["姓名*", "单位*", "岗位*", "手机"]


def upload(client: Client, *rows: list[str]) -> Any:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet(PEOPLE)
        for at, cells in enumerate([HEAD, *rows]):
            sheet.write_row(at, 0, cells)
    return client.post("/desk/settings/roll/", {"workbook": SimpleUploadedFile("花名册.xlsx", made.getvalue())})


def test_a_fault_is_said_once(town: Place, at_desk: Desk) -> None:
    answer = upload(at_desk("管理员"), ["李伟", "无此站", "承办人"], ["吴桂花", "城建办", "站长"])
    body = answer.content.decode()
    assert answer.status_code == 422 and "有 2 处要改" in body
    assert body.count("没有“无此站”这个单位") == 1


def test_somebody_with_two_lines_is_shown_as_one_person(town: Place, at_desk: Desk) -> None:
    body = upload(at_desk("管理员"), ["李伟", "城建办", "承办人"], ["李伟", "柳湾村", "网格员"]).content.decode()
    assert "1 个人有新的岗位" in body and body.count("同一个人，加岗位") == 1


def test_what_changed_after_the_look_is_not_written_over(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    seen = upload(client, ["李伟", "城建办", "承办人", "13800000001"])
    token = re.search(r'name="token" value="([^"]+)"', seen.content.decode())
    assert token is not None
    other = {PEOPLE: [HEAD, ["李伟", "水利站", "承办人", "13800000002"]]}
    actions.take_in(actions.plan(roll.parse(other)), actor=SYSTEM)
    answer = client.post("/desk/settings/roll/take-in/", {"token": token[1]}, follow=True)
    assert "没有写入" in answer.content.decode()
    assert list(Account.objects.get(username="李伟").person.posts.values_list("unit__name", flat=True)) == ["水利站"]


def test_slips_that_only_this_machine_could_use_are_announced(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    row = ["李伟", "城建办", "承办人"]
    assert "只有这台电脑打得开" not in upload(client, row).content.decode()
    client.defaults["HTTP_HOST"] = "localhost:8000"
    body = upload(client, row).content.decode()
    assert "http://localhost:8000/desk/reset/。它只有这台电脑打得开" in body
    heading = re.search(r'administrator/#([^"]+)"', body)
    assert heading and f'id="{heading[1]}"' in client.get("/desk/help/administrator/").content.decode()
