"""Words in a form that is open, or in a composer: asked before they go, and found again where nobody could be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session

from shuoshi.kernel.drafts import Draft
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.browser.people import Seat
from tests.support.village import Place

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

pytestmark = pytest.mark.browser
WORD, DONE = "灯泡周五到货，当天换上", "看过现场，三盏灯的灯头都坏了"


def sits_at(seat: Seat, matter: Matter) -> Page:
    return seat("孙丽").shown.go(f"/desk/matters/{matter.number}/")


def opens(page: Page, action: str) -> None:
    page.locator(f'.acts a[href$="/{action}/"]').click()
    page.locator(f'#doing form[action$="/{action}/"]').wait_for()


def test_another_action_asks_before_it_takes_the_place_of_what_was_written(town: Place, seat: Seat) -> None:
    page = sits_at(seat, town.matter_in(Status.IN_HANDLING))
    asked: list[str] = []
    stays = True

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss() if stays else dialog.accept()

    page.on("dialog", answer)
    opens(page, "report_progress")
    opens(page, "record_first_contact")
    assert not asked, "nothing was typed"
    page.locator('#doing [name=reached][value="yes"]').check()
    page.locator("#doing [name=text]").fill(DONE)
    page.locator('.acts a[href$="/report_progress/"]').click()
    assert len(asked) == 1 and page.locator("#doing [name=text]").input_value() == DONE
    stays = False
    opens(page, "report_progress")
    assert len(asked) == 2


def test_words_that_came_back_with_an_error_are_asked_about_like_typed_ones(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    page = sits_at(seat, matter)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", answer)
    page.goto(f"/desk/matters/{matter.number}/report_progress/")
    page.locator("#doing [name=done]").fill(DONE)
    page.locator("#doing button.main").click()
    page.locator("#doing .err").first.wait_for()
    page.locator("#doing [name=done]").focus()
    page.keyboard.press("Escape")
    assert len(asked) == 1 and page.locator("#doing [name=done]").input_value() == DONE


def test_a_word_half_written_stays_when_the_session_is_over(town: Place, seat: Seat) -> None:
    """The text stays on the page, which says so and opens the sign-in beside it."""
    page = sits_at(seat, town.matter_in(Status.IN_HANDLING))
    page.locator(".say textarea").fill(WORD)
    Session.objects.all().delete()
    page.locator('.acts a[href$="/report_progress/"]').click()
    page.locator("#flash a[target=_blank]").wait_for()
    assert "/desk/matters/" in page.url and page.locator(".say textarea").input_value() == WORD
    assert "太久没有动" in page.locator("#flash").inner_text()


def test_a_draft_is_kept_within_five_seconds_of_the_first_key_however_long_one_types(town: Place, seat: Seat) -> None:
    page = sits_at(seat, town.matter_in(Status.IN_HANDLING))
    box = page.locator(".say textarea")
    box.focus()
    for _key in range(14):  # seven seconds without a pause
        page.keyboard.type("灯")
        page.wait_for_timeout(500)
    assert "草稿已存" in page.locator(".say [data-draft-note]").inner_text()
    Session.objects.all().delete()
    page.keyboard.type("灯")
    page.locator(".say [data-draft-note].late").wait_for(timeout=8000)
    assert "没有存上" in page.locator(".say [data-draft-note]").inner_text()


def test_what_was_typed_last_goes_along_when_the_page_is_left(town: Place, seat: Seat) -> None:
    page = sits_at(seat, town.matter_in(Status.IN_HANDLING))
    page.locator(".memo textarea").fill(WORD)
    page.locator('.rail a[href="/desk/search/"]').click()
    page.wait_for_url("**/desk/search/")
    page.go_back()
    page.wait_for_url("**/desk/matters/**")
    page.reload()
    assert page.locator(".memo textarea").input_value() == WORD
    assert Draft.objects.count() == 1
