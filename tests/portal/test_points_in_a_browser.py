"""The page of a point and its poster, narrow and wide; the poster is one sheet in every language."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from shuoshi.matters.models import Matter
from tests.portal.resident import SAID
from tests.support.browser import DESK, PHONE
from tests.support.points import opened
from tests.support.village import Place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "script"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_somebody_reads_the_code_and_says_something_there(town: Place, window, width: int, script: bool) -> None:
    point = opened(town)
    shown = window(width, script=script)
    page = shown.go(f"/points/{point.pk}/poster/")
    shown.check()
    assert page.locator("[data-print]").is_visible() == script
    page = shown.go(urlsplit(page.locator(".poster .inl").inner_text()).path)
    shown.check()
    page.get_by_role("link", name="我要说事").click()
    page.get_by_text(f"您在{point.name}说这件事").wait_for()
    shown.check()
    page.get_by_label("您要说什么事？").fill(SAID)
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_role("button", name="下一步：您是谁").click()
    page.get_by_label("不留名字").check()
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_text(f"在{point.name}扫码说的").wait_for()
    shown.check()
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="您说的事登记好了").wait_for()
    assert Matter.objects.get().said_point == point


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_the_poster_is_one_sheet(town: Place, window, language: str) -> None:
    point = opened(town)
    page = window(DESK, language=language).go(f"/points/{point.pk}/poster/")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4")))
    assert len(printed.pages) == 1
    assert "8:30" in printed.pages[0].extract_text()
