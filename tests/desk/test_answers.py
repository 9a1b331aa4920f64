"""Superior bodies answered in their form, on the desk: the words in the settings, the paper, the form of the report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.matters.models import AnswerText
from shuoshi.matters.vocabulary import Status
from tests.matters.outside import sent_down
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")
Desk = Callable[[str], Client]
SET = "/desk/settings/answers/"


def test_the_report_begins_with_the_words_of_that_body_and_can_be_copied(town: Place, at_desk: Desk) -> None:
    matter, admin, desk = sent_down(town, Status.IN_FOLLOW_UP), at_desk("管理员"), at_desk("刘敏")
    assert "县信访局" in admin.get(SET).content.decode()
    answer = admin.post(f"{SET}new/", {"sender": "县信访局", "text": "文号{上级单号}，评价{满意度}。"})
    assert answer.status_code == 302
    row = AnswerText.objects.get()
    body = desk.get(f"/desk/matters/{matter.number}/report_back/").content.decode()
    assert "文号县转 12 号，评价见评价。" in body, "the unit reads what is kept"
    body = desk.get(f"/desk/matters/{matter.number}/documents/order_answer-1/").content.decode()
    assert "填进上级平台的文字" in body and "文号县转 12 号" in body
    assert at_desk("孙丽").get(f"/desk/matters/{matter.number}/documents/order_answer-1/").status_code == 404
    admin.post(f"{SET}{row.pk}/", {"do": "save", "text": "改了：{上级单号}"})
    page = admin.get(f"{SET}{row.pk}/").content.decode()
    assert "改了：县转〔2026〕12 号" in page and "修改报结的话" in page
    admin.post(f"{SET}{row.pk}/", {"do": "drop"})
    assert "已经停用" in admin.get(f"{SET}{row.pk}/").content.decode()


def test_what_is_no_name_is_said_beside_the_words(town: Place, at_desk: Desk) -> None:
    admin = at_desk("管理员")
    answer = admin.post(f"{SET}new/", {"sender": "县信访局", "text": "{上级单号}{姓名}"})
    assert answer.status_code == 422 and "不认识 {姓名}" in answer.content.decode()
    for _ in range(2):
        answer = admin.post(f"{SET}new/", {"sender": "", "text": "{上级单号}"})
    assert answer.status_code == 422 and "已经有一份" in answer.content.decode()
    assert at_desk("刘敏").get(SET).status_code in (302, 403, 404)
