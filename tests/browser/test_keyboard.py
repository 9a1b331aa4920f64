"""The desk without a mouse: a call registered, a row and an action reached, the palette, and Esc that asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Naming, Status, TellBy, Urgency
from tests.browser.people import Clerk, Seat
from tests.support.village import Place

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

pytestmark = pytest.mark.browser


def focused(page: Page, attribute: str = "name") -> str:
    """What has the focus; its ring must be there to be seen."""
    return str(page.evaluate("name => document.activeElement[name] ?? ''", attribute))


def tab_to(page: Page, where: str, at_most: int = 60) -> None:
    """Tab on until the focus is on what `where` selects, seeing the ring at each stop."""
    for _step in range(at_most):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """where => {
                const one = document.activeElement, look = getComputedStyle(one);
                const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
                return {there: one.matches(where), seen: ring || look.boxShadow !== 'none', html: one.outerHTML};
            }""",
            where,
        )
        assert stop["seen"], f"no ring around {stop['html'][:200]}"
        if stop["there"]:
            return
    pytest.fail(f"{stop['html'][:200]}: {where} cannot be reached with Tab on {page.url}")


def comes_to(page: Page, one: str) -> None:
    """Wait until the page has given the focus to what `one` selects; it does so a moment after it stands."""
    page.wait_for_function("one => document.activeElement.matches(one)", arg=one)


def test_a_call_is_registered_while_one_hand_holds_the_phone(town: Place, seat: Seat) -> None:
    """Every group by Alt and its digit, Tab inside a group, arrows for a choice, Ctrl+Shift+Enter for the next caller."""
    clerk: Clerk = seat("王芳")
    page = clerk.page
    tab_to(page, 'a[href="/desk/register/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/register/")
    comes_to(page, "[name=phone]")
    page.keyboard.type("138 0000 0018")
    page.keyboard.press("Tab")
    page.keyboard.type("李秀英")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+2")
    page.keyboard.type("傍晚六点到九点没有水，已经半个月了。")
    page.keyboard.press("Tab")
    page.keyboard.type("晚饭时间有水用")
    page.keyboard.press("Alt+3")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=place]", at_most=1)
    page.keyboard.type("三组 12 号")
    page.keyboard.press("Alt+4")
    assert focused(page) == "channel"
    page.keyboard.press("Alt+5")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+6")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+7")
    assert focused(page) == "category"
    page.keyboard.press("Control+Shift+Enter")
    page.locator("#flash .flash").wait_for()
    assert page.url.endswith("/desk/register/")
    comes_to(page, "[name=phone]")
    assert not page.locator("[name=content]").input_value()

    matter = Matter.objects.get()
    assert (matter.content, matter.place) == ("傍晚六点到九点没有水，已经半个月了。", "三组 12 号")
    assert (matter.channel, matter.naming, matter.urgency) == (Channel.HOTLINE, Naming.CONFIDENTIAL, Urgency.U3)
    assert matter.area_id == (town.area.pk if town.area else None)
    assert [demand.text for demand in matter.demands.all()] == ["晚饭时间有水用"]
    assert matter.tell_by == TellBy.SMS


def test_a_row_an_action_and_its_form_are_reached_with_tab(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.REGISTERED)
    clerk: Clerk = seat("王芳")
    page = clerk.page
    page.keyboard.press("Alt+1")
    page.wait_for_url("**/desk/queues/accept/")
    tab_to(page, "table.queue a.title")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/matters/{matter.number}/?from=accept")
    tab_to(page, '.acts a[href*="/accept/"]')
    page.keyboard.press("Enter")
    comes_to(page, "#act-h")
    tab_to(page, "#doing [name=kind]", at_most=2)
    page.keyboard.press("Space")
    tab_to(page, "#doing [name=title]", at_most=2)
    page.keyboard.type("村口路灯不亮")
    page.keyboard.press("Control+Enter")
    page.locator("#flash .flash").wait_for()
    matter.refresh_from_db()
    assert (matter.status, matter.title) == (Status.ACCEPTED, "村口路灯不亮")


def test_the_next_of_a_queue_is_two_keys_away(town: Place, seat: Seat) -> None:
    """Twenty letters in a row: what is next opens with the keyboard at its title, the main action right behind."""
    town.raise_matter(), town.raise_matter()
    clerk: Clerk = seat("王芳")
    page = clerk.page
    clerk.shown.go("/desk/queues/accept/")
    page.locator("table.queue a.title").first.click()
    for _n in range(2):
        comes_to(page, "h1")
        tab_to(page, '.acts a[href*="/accept/"]', at_most=1)
        page.keyboard.press("Enter")
        comes_to(page, "#act-h")
        page.locator("#doing [name=kind]").first.check()
        page.locator("#doing [name=title]").fill("村口路灯不亮")
        page.keyboard.press("Control+Shift+Enter")
        page.locator("#flash .flash").wait_for()
        page.locator("#doing form").wait_for(state="detached")
    assert not Matter.objects.filter(status=Status.REGISTERED).exists()


def test_a_category_is_found_by_a_few_of_its_signs(town: Place, seat: Seat) -> None:
    """Nobody steps through ninety choices, and an input method cannot type into a select."""
    matter = town.accept(town.raise_matter())
    clerk: Clerk = seat("刘敏")
    page = clerk.page
    clerk.shown.go(f"/desk/matters/{matter.number}/?from=assign")
    page.locator('.acts a[href*="/classify/"]').click()
    comes_to(page, "#act-h")
    chosen = page.locator("#doing [name=category]")
    everything = chosen.locator("option").count()
    first = chosen.locator("optgroup").first.get_attribute("label")
    assert first and first.startswith("利益诉求"), "what it was accepted as comes first"
    tab_to(page, "#doing .narrows input", at_most=4)  # after the categories that are offered, three at most
    clerk.shown.check()
    page.keyboard.insert_text("供")
    assert 1 < chosen.locator("option").count() < 8 and chosen.input_value() == ""
    page.keyboard.press("Backspace")
    assert chosen.locator("option").count() == everything
    page.keyboard.insert_text("照明")
    assert chosen.input_value() == "B604"
    page.keyboard.press("Enter")
    assert focused(page) == "category"
    page.keyboard.press("Control+Enter")
    page.locator("#flash .flash").wait_for()
    matter.refresh_from_db()
    assert matter.category == "B604"


def test_esc_asks_only_when_something_was_typed(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk: Clerk = seat("孙丽")
    page, address = clerk.page, f"/desk/matters/{matter.number}/"
    asked: list[str] = []
    stays = True

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss() if stays else dialog.accept()

    page.on("dialog", answer)
    clerk.shown.go(f"{address}report_progress/")
    page.locator("#doing [name=done]").focus()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{address}")
    assert not asked
    clerk.shown.go(f"{address}report_progress/")
    page.locator("#doing [name=done]").focus()
    page.keyboard.type("看过现场")
    page.keyboard.press("Escape")
    assert len(asked) == 1 and page.url.endswith("/report_progress/")
    assert page.locator("#doing [name=done]").input_value() == "看过现场"
    stays = False
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{address}")
    assert len(asked) == 2


def test_the_palette_opens_narrows_goes_and_gives_the_focus_back(town: Place, seat: Seat) -> None:
    clerk: Clerk = seat("王芳")
    page = clerk.page
    page.locator("#top-q").focus()
    page.keyboard.press("Control+k")
    page.locator("#palette[open] li").first.wait_for()
    assert focused(page, "id") == "palette-q"
    clerk.shown.check()
    everything = page.locator("#palette li:visible").count()
    page.keyboard.type("登记一件事")
    assert 1 <= page.locator("#palette li:visible").count() < everything
    page.keyboard.press("Escape")  # a search box is emptied first
    page.keyboard.press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    assert focused(page, "id") == "top-q"
    page.keyboard.press("Control+k")
    page.keyboard.type("登记一件事")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/register/")
