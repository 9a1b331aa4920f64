"""The desk in a real browser: keyboard only, both widths, nothing for axe to say, no sideways scrolling."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import DESK, PHONE, Window

if TYPE_CHECKING:
    from tests.support.village import Place

PASSWORD = "lantern orchard 47 river"
pytestmark = pytest.mark.browser


@pytest.fixture
def town(transactional_db: None) -> Place:
    from tests.support.village import build_town

    return build_town()


def sign_in(town: Place, shown: Window, name: str) -> None:
    from shuoshi.people.models import Account

    page = shown.go("/desk/sign-in/")
    page.fill("[name=username]", Account.objects.get(person=town.persons[name]).username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_fit_and_satisfy_axe(town: Place, window: Callable[..., Window], width: int) -> None:
    from shuoshi.matters.vocabulary import Status

    matter = town.matter_in(Status.IN_HANDLING, by="王芳")
    shown = window(width)
    sign_in(town, shown, "王芳")
    for path in ("", "queues/accept/", "register/", "search/?q=路灯", "overview/", "receipts/", "all/", "me/"):
        shown.go(f"/desk/{path}")
        shown.check()
    for path in ("", "note/", "as-resident/", "papers/registration/", "receipt/"):
        shown.go(f"/desk/matters/{matter.number}/{path}")
        shown.check()


def test_a_call_is_registered_from_the_keyboard_alone(town: Place, window: Callable[..., Window]) -> None:
    earlier = town.raise_matter(by="王芳")
    shown = window(DESK)
    sign_in(town, shown, "王芳")
    page = shown.go("/desk/register/")
    page.keyboard.type("13800000017")
    page.wait_for_selector(f"#beside >> text={earlier.number}")
    assert page.evaluate("document.activeElement.name") == "phone"
    for key, name in zip("234567", ("content", "area", "channel", "urgency", "tell_by", "category"), strict=True):
        page.keyboard.press(f"Alt+{key}")
        assert page.evaluate("document.activeElement.name") == name
    page.keyboard.press("Alt+2")
    page.keyboard.type("傍晚六点到九点没有水")
    page.keyboard.press("Control+Shift+Enter")
    page.wait_for_selector("#flash >> text=登记好了")
    assert page.url.endswith("/desk/register/")


def test_queues_palette_and_forms_answer_to_the_keyboard(town: Place, window: Callable[..., Window]) -> None:
    from shuoshi.matters.vocabulary import Status

    matter = town.matter_in(Status.IN_HANDLING)
    shown = window(DESK)
    sign_in(town, shown, "孙丽")
    page = shown.page
    page.keyboard.press("Alt+4")
    page.wait_for_url("**/desk/queues/mine/")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] li")
    page.keyboard.type("查找")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search/")
    page = shown.go(f"/desk/matters/{matter.number}/")
    page.click(".acts >> text=告知进展")
    page.wait_for_selector("#doing form")
    assert page.evaluate("document.activeElement.id") == "act-h"
    assert page.url.endswith(f"/{matter.number}/")
    page.fill("#doing [name=done]", "看过现场了")
    page.fill("#doing [name=next_step]", "周五换灯泡")
    page.focus("#doing [name=next_step]")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#flash >> text=告知进展")
    shown.check()


def test_acting_works_without_script(town: Place, window: Callable[..., Window]) -> None:
    matter = town.raise_matter(by="王芳")
    shown = window(DESK, script=False)
    sign_in(town, shown, "王芳")
    page = shown.go(f"/desk/matters/{matter.number}/")
    page.click(".acts >> text=受理 >> nth=0")
    page.check("[name=kind][value=INTEREST_CLAIM]")
    page.fill("[name=title]", "村口路灯不亮")
    page.click("#doing button.main")
    assert "办好了" in page.inner_text("#flash")


def test_the_code_of_a_slip_is_drawn_on_paper_only(town: Place, window: Callable[..., Window]) -> None:
    matter = town.raise_matter(by="王芳")
    shown = window(DESK)
    sign_in(town, shown, "王芳")
    shown.page.add_init_script("window.print = () => {}")  # else its dialog is already open
    page = shown.go(f"/desk/matters/{matter.number}/receipt/")
    page.click("main button.main")
    page.wait_for_selector(".receipt-slip")
    assert not page.is_visible(".code.on-paper") and not page.is_visible(".qr.on-paper")
    assert sheet(page.pdf(prefer_css_page_size=True)) == (420, 595), "A5"
    page.emulate_media(media="print")
    assert page.is_visible(".code.on-paper") and page.is_visible(".qr.on-paper")


def sheet(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page, in points."""
    found = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert found
    return round(float(found[1])), round(float(found[2]))
