"""3.1.1 in a browser: somebody says it into the microphone of a telephone, and the registrar hears it and types it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shuoshi.kernel.drafts import DraftFile
from shuoshi.matters.models import Matter
from tests.browser.people import Clerk
from tests.portal.resident import photo
from tests.support.browser import PHONE, Window
from tests.support.village import Place

pytestmark = pytest.mark.browser


def look(shown: Window, name: str) -> None:
    shown.check()
    if os.environ.get("SHOTS"):
        shown.page.screenshot(path=str(Path(os.environ["SHOTS"]) / f"voice-{name}.png"), full_page=True)


def test_what_was_said_is_heard_and_typed(
    town: Place, window: Callable[..., Window], sits: Callable[..., Clerk]
) -> None:
    shown = window(PHONE)
    page = shown.go("/submit/what/")
    look(shown, "empty")
    page.get_by_role("button", name="按一下，开始说").press("Enter")
    page.get_by_text("正在录，请说话").wait_for()
    look(shown, "speaking")
    page.wait_for_timeout(1600)
    page.get_by_role("button", name="下一步：在哪里").click()  # who presses on while speaking has said it all
    page.get_by_label("具体在哪里？").fill("村口水井旁")
    page.go_back()
    page.get_by_text("您的录音，已收下").wait_for()
    look(shown, "taken")
    page.get_by_role("button", name="删除录音").click()
    page.get_by_role("button", name="按一下，开始说").evaluate("one => { one.click(); one.click(); }")  # pressed twice
    page.wait_for_timeout(1600)
    page.get_by_role("button", name="说完了").click()
    page.get_by_text("录好了，可以听一遍").wait_for()
    page.wait_for_timeout(400)
    assert not page.locator("form[data-held]").count(), "no second recorder runs on"
    one = photo()
    sent = {"name": str(one.name), "mimeType": "image/jpeg", "buffer": one.read()}
    page.locator("[data-photos] input[type=file]").set_input_files([sent])
    page.get_by_text("照片 1").first.wait_for()
    assert not DraftFile.objects.filter(media_type__startswith="audio/").exists(), "it goes out once, with the form"
    look(shown, "heard")
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_label("具体在哪里？").fill("村口水井旁")
    page.get_by_role("button", name="下一步：您是谁").click()
    page.get_by_label("不留名字").check()
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_text("录音：只有受理中心能听").wait_for()
    look(shown, "check")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="您说的事登记好了").wait_for()
    matter = Matter.objects.get()
    file = matter.attachments.exclude(media_type__startswith="image/").get()
    assert file.media_type == "audio/webm" and 1 <= file.seconds <= 4

    clerk = sits("王芳")
    desk = clerk.shown.go(f"/desk/matters/{matter.number}/")
    look(clerk.shown, "matter")
    desk.goto(f"{desk.url}type_out/")
    heard = "a => new Promise((ok, no) => { a.onloadeddata = () => ok(a.duration); a.onerror = no; a.load(); })"
    desk.locator("audio").evaluate("a => { a.preload = 'auto'; }")
    length = desk.locator("audio").evaluate(heard)
    assert 1 <= length <= 4, "the player knows how long it is, and can move to a place"
    look(clerk.shown, "typing")
    desk.get_by_label("录音里说的").fill("村口的路灯坏了半个月。")
    desk.get_by_role("button", name="记好了", exact=True).click()
    desk.get_by_text("照录音记下").first.wait_for()
    look(clerk.shown, "typed")
    matter.refresh_from_db()
    assert matter.content == "村口的路灯坏了半个月。" and not matter.untyped
