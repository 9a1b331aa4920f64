"""From an empty home to the first matter of a real township, in a browser, against the product's own command."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from shuoshi.kernel import clock
from shuoshi.organization.roll import PEOPLE, UNITS
from shuoshi.people import totp
from tests.browser.people import fill
from tests.support.browser import DESK, PHONE, Window
from tests.support.elsewhere import PATIENCE, ROOT, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SECRET = "granite meadow 82 lamp"
FOUNDED = {
    "variant": "default",
    "name": "云溪镇人民政府",
    "short_name": "云溪镇",
    "institution_code": "YX",
    "above": "青川县",
    "hotline": "000-8812 6600",
    "address": "云溪镇中心路 8 号",
    "admin_name": "唐静",
    "username": "唐静",
    "password": SECRET,
    "repeat": SECRET,
}


class Empty:
    """The server in a home that holds nothing, with what its terminal says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "PYTHONPATH"}}
        self.port = free_port()
        self._environ = {**kept, "SHUOSHI_HOME": str(folder / "home"), "PORT": str(self.port), "DATABASE_URL": ""}
        with self._log.open("wb") as log:
            command = [sys.executable, "-m", "shuoshi", "run"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environ, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while "设置码" not in self.said():
            assert self._process.poll() is None and time.monotonic() < until, self.said()
            time.sleep(0.1)

    @property
    def _log(self) -> Path:
        return self._folder / "terminal.log"

    def said(self) -> str:
        return self._log.read_text("utf-8")

    @property
    def code(self) -> str:
        found = re.search(r"设置码\s+(\w{4} \w{4})", self.said())
        assert found is not None
        return found[1]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Empty]:
    server = Empty(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def window(chromium: Browser, empty: Empty) -> Iterator[Callable[[int], Window]]:
    """A window of that width; the pages of this server need no more than this."""
    contexts = []

    def opened(width: int) -> Window:
        context = chromium.new_context(
            base_url=f"http://localhost:{empty.port}", viewport={"width": width, "height": 900}, locale="zh-CN"
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        made = Window(context.new_page(), script=True)
        made.page.on("console", made.heard)
        return made

    yield opened
    for context in contexts:
        context.close()


def workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        units = book.add_worksheet(UNITS)
        for row, cells in enumerate([["名称*", "类型*"], ["城建办", "部门"], ["柳湾村", "村"]]):
            units.write_row(row, 0, cells)
        people = book.add_worksheet(PEOPLE)
        rows = [
            ["姓名*", "单位*", "岗位*"],
            ["王芳", "受理中心", "登记员、回访员"],
            ["刘敏", "受理中心", "分办员"],
            ["周建国", "城建办", "部门负责人、承办人"],
        ]
        for row, cells in enumerate(rows):
            people.write_row(row, 0, cells)
    return made.getvalue()


def codes_fit_their_slips(page: Page) -> None:
    """On A4 between its margins, whole: a letter cut off is a person who cannot sign in."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})
    fits = """codes => codes.every(one => { const words = document.createRange(); words.selectNodeContents(one);
      return words.getBoundingClientRect().right < one.closest("li").getBoundingClientRect().right })"""
    assert page.locator(".slips .code").evaluate_all(fits)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": DESK, "height": 900})


@pytest.mark.browser
def test_a_real_township_from_an_empty_home_to_its_first_matter(empty: Empty, window: Callable[[int], Window]) -> None:
    shown = window(DESK)
    page = shown.go("/submit/what/")
    assert page.url.endswith("/start/"), "every page leads to the first one"
    shown.check()
    fill(page, "main", code="AAAA AAAA", kind="real")
    page.click("main button.main")
    shown.check()
    assert "设置码不对" in page.inner_text("main")
    fill(page, "main", code=empty.code.lower())
    page.click("main button.main")
    page.wait_for_url("**/start/institution/")
    page.click("main button.main")
    shown.check()
    assert "名称：这里还没有填" in page.inner_text("main")
    fill(page, "main", **FOUNDED)
    page.click("main button.main")
    page.wait_for_url("**/desk/me/second-factor/")
    found = re.search(r"((?:[A-Z2-7]{4}\s+){7}[A-Z2-7]{4})", page.inner_text("main"))
    assert found is not None
    page.fill("main form input.ctl", totp.code_at(re.sub(r"\s", "", found[1]), clock.now()))
    page.click("main button.main")
    page.click("text=收好了，开始工作")
    shown.check()
    page.click("main a.main")
    page.wait_for_url("**/desk/settings/start/")
    shown.check()
    assert "回访人，不能是承办人" in page.inner_text("main")
    page.click("text=用表格导入单位和人员")
    page.wait_for_url("**/desk/settings/roll/")
    shown.check()
    sheet = {"name": "花名册.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()}
    page.set_input_files("input[type=file]", sheet)  # type: ignore[arg-type]  # playwright's own shape
    page.click("main form button.main")
    page.wait_for_selector("text=看一遍再写入")
    shown.check()
    page.click("main form button.main")
    page.wait_for_selector("ul.slips")
    shown.check()
    codes_fit_their_slips(page)
    codes = dict(re.findall(r"账号\s+(\S+)\s+开户码\s+([A-Z0-9-]{19})", page.inner_text("main")))
    assert not codes, "on paper alone"
    page.check(".show-codes")
    codes = dict(re.findall(r"账号\s+(\S+)\s+开户码\s+([A-Z0-9-]{19})", page.inner_text("main")))
    assert set(codes) == {"王芳", "刘敏", "周建国"}
    shown.go("/desk/settings/start/")
    page.click("main form button.main")
    page.wait_for_selector("text=从现在起受理群众说事")
    shown.check()
    clerk = window(PHONE)
    desk = clerk.go("/desk/reset/")
    desk.fill("main [name=username]", "王芳")
    desk.fill("main form .field:nth-of-type(2) input", codes["王芳"])
    fill(desk, "main", new_password=SECRET + " 9", password_again=SECRET + " 9")
    desk.click("main button.main")
    fill(desk, "main", username="王芳", password=SECRET + " 9")
    desk.click("main button.main")
    desk.wait_for_url("**/desk/")
    resident = window(PHONE)
    phone = resident.go("/submit/what/")
    phone.fill("main textarea", "柳湾村口的路灯坏了三盏，孩子放学看不清路。")
    phone.locator("main form button.main").first.click()
    phone.wait_for_url("**/submit/where/")
    clerk.go("/desk/queues/accept/")
    clerk.check()


@pytest.mark.slow  # builds the whole demo
def test_an_empty_home_becomes_a_demo_on_the_page_and_says_how_to_sign_in(
    empty: Empty, window: Callable[[int], Window]
) -> None:
    shown = window(PHONE)
    page = shown.go("/start/")
    fill(page, "main", code=empty.code, kind="demo")
    page.click("main button.main")
    page.wait_for_url("**/start/demo/")
    shown.check()
    page.wait_for_selector("text=演示建好了", timeout=600_000)
    shown.check()
    assert "tangjing" in page.inner_text("main")
    shown.go("/")
    assert "演示" in page.inner_text("body")
