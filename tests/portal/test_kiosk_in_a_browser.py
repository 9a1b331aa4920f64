"""The terminal in a real browser: it warns, wipes when nobody moves, and waits for whoever does."""

from __future__ import annotations

import pytest

from tests.portal.resident import SAID
from tests.support.browser import DESK, PHONE, Window
from tests.support.points import opened
from tests.support.village import Place

pytestmark = pytest.mark.browser


def terminal(shown: Window, town: Place) -> str:
    address = f"/kiosk/{opened(town).pk}/"
    page = shown.go(address)
    shown.check()
    page.get_by_role("button", name="设成终端").click()
    page.get_by_role("button", name="这台不再给大家用").wait_for()
    shown.check()
    return address


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_when_nobody_moves_everything_is_wiped(town: Place, window, width: int) -> None:
    shown = window(width)
    address = terminal(shown, town)
    page = shown.page
    page.clock.install()
    page.get_by_role("link", name="我要说事").click()
    page.get_by_label("您要说什么事？").fill(SAID)
    shown.check()
    page.clock.run_for(50_000)
    page.get_by_text("没有人动，马上清空").wait_for()
    assert page.get_by_text("还有 10 秒").is_visible()
    page.get_by_label("您要说什么事？").press("End")
    page.clock.run_for(1_000)
    assert not page.get_by_text("没有人动，马上清空").is_visible()
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_label("具体在哪里？").wait_for()
    page.clock.run_for(61_000)
    page.wait_for_url(f"**{address}")
    page.get_by_role("link", name="我要说事").click()
    assert page.get_by_label("您要说什么事？").input_value() == ""
    page.go_back()
    assert SAID not in page.content()


def test_without_script_the_button_wipes(town: Place, window) -> None:
    shown = window(PHONE, script=False)
    address = terminal(shown, town)
    page = shown.page
    page.get_by_role("link", name="我要说事").click()
    page.get_by_label("您要说什么事？").fill(SAID)
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_role("button", name="我用完了，清空").click()
    page.wait_for_url(f"**{address}")
    shown.go("/submit/what/")
    assert page.get_by_label("您要说什么事？").input_value() == ""
