"""Several rows of a list with a mouse, a keyboard, a phone and without script; lists kept; the palette through an input method."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Status
from tests.browser.people import Clerk, Seat
from tests.support.browser import DESK, PHONE, Window
from tests.support.desk import signed_in
from tests.support.village import Place

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SAID = "本周六上午停电检修，下午恢复，请提前安排。"


def ready(town: Place, n: int) -> list[Matter]:
    return [town.classify(town.accept(town.raise_matter())) for _n in range(n)]


def picked(page: Page) -> list[bool]:
    found: list[bool] = page.evaluate("[...document.querySelectorAll('[name=rows]')].map(one => one.checked)")
    return found


def said(page: Page) -> str:
    return page.locator("[data-picked]").inner_text()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_several_are_assigned_from_the_queue(town: Place, sits: Seat, width: int) -> None:
    ready(town, 3)
    clerk: Clerk = sits("刘敏", width)
    page = clerk.shown.go("/desk/queues/assign/")
    clerk.shown.check()
    page.locator("[name=rows]").nth(0).check()
    page.locator("[name=rows]").nth(2).check()
    assert said(page) == "选了 2 件"
    clerk.shown.check()
    page.locator("[data-pick-all] input").check()
    assert said(page) == "选了 3 件" and all(picked(page))
    page.locator("button[name=do][value=assign]").click()
    page.wait_for_url("**/desk/selection/*/")
    clerk.shown.check()
    page.locator("main button.main").click()
    page.locator("[data-first-error]").wait_for()
    clerk.shown.check()
    page.locator("[name=unit]").select_option(str(town.units["城建办"].pk))
    page.locator("[name=reason]").fill("道路照明由城建办管")
    page.locator("main button.main").click()
    page.locator("#done").wait_for()
    clerk.shown.check()
    assert Matter.objects.filter(status=Status.ASSIGNED).count() == 3
    page.locator("main a.btn.main").click()
    page.wait_for_url("**/desk/queues/assign/")


def test_rows_are_ticked_from_the_keyboard_and_in_a_range(town: Place, sits: Seat) -> None:
    ready(town, 5)
    page = sits("刘敏").shown.go("/desk/queues/assign/")
    boxes = page.locator("[name=rows]")
    boxes.nth(1).focus()
    page.keyboard.press("Space")
    assert picked(page) == [False, True, False, False, False]
    boxes.nth(3).focus()
    page.keyboard.press("Shift+Space")
    assert picked(page) == [False, True, True, True, False]
    boxes.nth(4).click(modifiers=["Shift"])
    assert picked(page) == [False, True, True, True, True]
    boxes.nth(2).click()
    boxes.nth(1).click(modifiers=["Shift"])
    assert picked(page) == [False, False, False, True, True] and said(page) == "选了 2 件"
    page.locator("button[name=do][value=tell]").click()
    page.wait_for_url("**/desk/selection/*/")
    assert page.locator("h1").inner_text() == "告知说事人：2 件"


def test_it_is_a_plain_form_without_script(town: Place, window: Callable[..., Window]) -> None:
    matters = [town.matter_in(Status.IN_HANDLING) for _n in range(2)]
    shown = window(PHONE, script=False)
    value = signed_in(town, "刘敏").cookies["session"].value
    shown.page.context.add_cookies([{"name": "session", "value": value, "domain": "127.0.0.1", "path": "/"}])
    page = shown.go("/desk/search/?q=路灯")
    for box in page.locator("[name=rows]").all():
        box.check()
    page.locator("button[name=do][value=tell]").click()
    page.locator("[name=text]").fill(SAID)
    page.locator("main button.main").click()
    page.locator("#done").wait_for()
    assert all(one.entries.filter(action=Action.WRITE_TO_SPEAKER).count() == 1 for one in matters)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_list_is_kept_and_found_again(town: Place, sits: Seat, width: int) -> None:
    town.raise_matter()
    clerk: Clerk = sits("王芳", width)
    page = clerk.shown.go("/desk/queues/accept/?channel=online")
    clerk.shown.check()
    page.locator(".kept-views a", has_text="记成常用视图").click()
    page.wait_for_url("**/desk/views/new/**")
    clerk.shown.check()
    page.locator("main [name=name]").fill("网上来的")
    page.locator("main button.main").click()
    page.wait_for_url("**/desk/queues/accept/?channel=online")
    clerk.shown.check()
    assert page.locator(".kept-views [aria-current]").inner_text() == "网上来的"
    clerk.shown.go("/desk/views/")
    page.locator("details.later summary").click()
    clerk.shown.check()
    page.locator("button[value=first]").click()
    page.locator("#flash .flash").wait_for()
    clerk.shown.go("/desk/queues/accept/")
    assert page.url.endswith("?channel=online")


def test_the_palette_goes_with_arrows_and_waits_for_an_input_method(town: Place, sits: Seat) -> None:
    matter = town.matter_in(Status.ACCEPTED)
    clerk: Clerk = sits("刘敏")
    page = clerk.shown.go(f"/desk/matters/{matter.number}/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if "/all/found/" in request.url else None)
    page.keyboard.press("Control+k")
    page.locator("#palette[open] li").first.wait_for()
    clerk.shown.check()
    assert page.locator("#palette h2").all_inner_texts()[1:3] == ["这一件", "登记"]
    before = len(asked)
    page.evaluate(
        """() => {
            const box = document.getElementById('palette-q');
            box.dispatchEvent(new CompositionEvent('compositionstart'));
            box.value = 'fen lei';
            box.dispatchEvent(new InputEvent('input', {isComposing: true, bubbles: true}));
            box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}));
        }"""
    )
    page.wait_for_timeout(400)
    assert len(asked) == before and page.url.endswith(f"/{matter.number}/")
    page.evaluate(
        """() => {
            const box = document.getElementById('palette-q');
            box.value = '分类';
            box.dispatchEvent(new CompositionEvent('compositionend'));
        }"""
    )
    page.locator("[data-palette-said]", has_text="找到 1 项").wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "分类"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "palette-q"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{matter.number}/classify/")
    page.keyboard.press("Control+k")
    page.keyboard.type(matter.tail[-4:])
    page.keyboard.press("Enter")  # before any answer came
    page.wait_for_url(f"**/desk/matters/{matter.number}/")
