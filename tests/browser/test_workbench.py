"""The own work at the desk: what is typed survives everything, phrases come by keyboard, watched matters and reminders."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from shuoshi.kernel import clock
from shuoshi.kernel.drafts import Draft
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Status
from shuoshi.workbench import phrases
from shuoshi.workbench.models import Scope
from shuoshi.workbench.phrases import PhraseGiven
from tests.browser.people import Clerk, Seat, fill
from tests.browser.test_keyboard import comes_to
from tests.support.browser import DESK, PHONE
from tests.support.village import Place

pytestmark = pytest.mark.browser

DONE, NEXT = "看过现场，三盏灯的灯头都坏了 䶮𠮷", "周四下午换灯头"
Sits = Callable[..., Clerk]


def types(clerk: Clerk, number: str) -> None:
    """Half a progress report in the form that opens in place, and no press of a button."""
    page = clerk.shown.go(f"/desk/matters/{number}/")
    page.locator('.acts a[href$="/report_progress/"]').click()
    page.locator("#doing form").wait_for()
    fill(page, "#doing", done=DONE, next_step=NEXT, next_on="2031-05-06")


def stands(clerk: Clerk) -> None:
    page = clerk.page
    page.locator("#doing [name=done]").wait_for()
    assert page.locator("#doing [name=done]").input_value() == DONE
    assert page.locator("#doing [name=next_step]").input_value() == NEXT
    assert page.locator("#doing [name=next_on]").input_value() == "2031-05-06"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_half_a_form_outlives_a_reload_and_waits_on_another_device(town: Place, sits: Sits, width: int) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk = sits("孙丽", width)
    types(clerk, matter.number)
    clerk.page.locator("#doing [data-draft-note]").get_by_text("草稿已存").wait_for(timeout=15_000)
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.page.reload()
    clerk.page.locator('.acts a[href$="/report_progress/"]').click()
    stands(clerk)
    assert clerk.page.locator("#doing").get_by_text("还没有交的").is_visible()
    clerk.shown.check()

    elsewhere = sits("孙丽", width)
    page = elsewhere.shown.go("/desk/me/drafts/")
    elsewhere.shown.check()
    page.locator("main ul.brief a").first.click()
    stands(elsewhere)
    page.locator("#doing button.main").click()
    page.locator("#flash .flash").first.wait_for()
    assert matter.entries.filter(action="report_progress").count() == 1
    elsewhere.shown.go("/desk/me/drafts/")
    assert page.locator("main ul.brief").count() == 0
    clerk.page.close()


def test_what_was_typed_a_second_before_the_page_was_left_is_kept(town: Place, sits: Sits) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk = sits("孙丽")
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    types(clerk, matter.number)
    page = clerk.shown.go("/desk/me/drafts/")
    for _try in range(40):  # it is kept beside the page that comes next
        if page.locator("main ul.brief").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    page.locator("main ul.brief a").first.click()
    stands(clerk)
    page.get_by_text("丢掉，从头写").click()
    page.wait_for_load_state()
    assert page.locator("#doing [name=done]").input_value() == ""
    assert not Draft.objects.filter(form__startswith="desk.acting").exists()


def test_a_session_that_ended_and_somebody_faster_cost_no_word(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk: Clerk = seat("孙丽")
    types(clerk, matter.number)
    Session.objects.all().delete()
    town.run("周建国", terms.ChangeHandler(handler=town.persons["周建国"], reason="孙丽请假"), matter)
    town.run("周建国", terms.ChangeHandler(handler=town.persons["孙丽"], reason="回来了"), matter)
    page = clerk.page
    page.locator("#doing button.main").click()
    page.wait_for_url("**/desk/sign-in/**")
    clerk.sign_in()
    stands(clerk)

    page.evaluate("document.querySelector('#doing [name=turn]').value = '0'")
    with page.expect_navigation() as left:
        page.locator("#doing button.main").click()
    assert left.value.status == 409
    stands(clerk)
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.shown.go(f"/desk/matters/{matter.number}/report_progress/")
    stands(clerk)


def keep_phrases(town: Place) -> None:
    for short, text in (("hf", "{称呼}，{编号}最晚{答应的日期}答复您。"), ("kc", "我们到现场看过了。\n请您放心。")):
        given = PhraseGiven(scope=Scope.OWN, short=short, text=text)
        phrases.write(given, actor=town.actor("孙丽"), key=uuid4().hex)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_phrases_come_by_abbreviation_and_from_the_list(town: Place, sits: Sits, width: int) -> None:
    keep_phrases(town)
    matter = town.matter_in(Status.IN_HANDLING)
    clerk = sits("孙丽", width)
    page = clerk.shown.go(f"/desk/matters/{matter.number}/")
    field = page.locator("section.say textarea")
    field.click()
    page.keyboard.type("先说一句，;hf ")
    page.wait_for_function("() => document.querySelector('section.say textarea').value.includes('答复您。')")
    said = field.input_value()
    assert said.startswith("先说一句，陈某某，SS-") and said.endswith("答复您。") and ";hf" not in said
    page.keyboard.type(";xx 不是缩写")
    assert field.input_value().endswith(";xx 不是缩写")

    page.keyboard.press("Alt+0")
    comes_to(page, "#phrases-q")
    page.locator("#phrases .phrase-picks button").nth(1).wait_for()
    clerk.shown.check()
    page.keyboard.type("现场")
    page.keyboard.press("Enter")
    comes_to(page, "section.say textarea")
    assert field.input_value().endswith("不是缩写我们到现场看过了。\n请您放心。")

    page.locator('.acts a[href$="/report_progress/"]').click()
    page.locator("#doing [name=done]").fill("前 后")
    page.locator("#doing [name=done]").evaluate("box => box.setSelectionRange(2, 2)")
    page.locator("#doing [name=done]").focus()
    page.keyboard.type("；KC ")  # as an input method leaves it
    page.wait_for_function("() => document.querySelector('#doing [name=done]').value.includes('现场')")
    assert page.locator("#doing [name=done]").input_value() == "前 我们到现场看过了。\n请您放心。后"


def test_phrases_can_be_switched_off_and_are_a_page_without_a_script(
    town: Place, sits: Sits, window: Callable[..., object]
) -> None:
    keep_phrases(town)
    matter = town.matter_in(Status.IN_HANDLING)
    clerk = sits("孙丽")
    clerk.page.context.add_cookies([{"name": "shortcuts", "value": "off", "domain": "127.0.0.1", "path": "/"}])
    page = clerk.shown.go(f"/desk/matters/{matter.number}/")
    page.locator("section.say textarea").click()
    page.keyboard.type(";hf ")
    page.keyboard.press("Alt+0")
    assert not page.locator("#phrases").is_visible()
    assert page.locator("section.say textarea").input_value() == ";hf "
    page.locator("a[data-phrases]").click()
    comes_to(page, "#phrases-q")

    page = clerk.shown.go(f"/desk/matters/{matter.number}/phrases/")
    assert "陈某某" in page.locator("#phrase-list").inner_text()
    clerk.shown.check()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_matter_is_watched_a_reminder_kept_and_the_list_ticked(town: Place, sits: Sits, width: int) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk = sits("孙丽", width)
    page = clerk.shown.go(f"/desk/matters/{matter.number}/")
    page.locator("#check-h").scroll_into_view_if_needed()
    page.locator('section:has(#check-h) [name=items][value="scene"]').check()
    page.locator("section:has(#check-h) button").click()
    page.locator("#flash .flash").wait_for()
    assert page.locator('section:has(#check-h) [name=items][value="scene"]').is_checked()
    clerk.shown.check()
    page.get_by_text("关注、到时提醒").first.click()
    page.get_by_role("button", name="关注", exact=True).click()
    page.locator("#flash .flash").wait_for()
    page.get_by_text("关注、到时提醒").first.click()
    page.get_by_role("button", name="不再关注").wait_for()
    clerk.shown.check()
    page.get_by_role("link", name="到时提醒我").click()
    clerk.shown.check()
    page.locator("[name=on]").fill(clock.local(clock.now()).date().isoformat())
    page.locator("[name=words]").fill("问灯具到货没有")
    page.locator("main button.main").click()
    page.locator("#flash .flash").wait_for()
    clerk.shown.check()
    town.run("周建国", terms.Note(text="抓紧"), matter)

    page = clerk.shown.go("/desk/")
    assert (
        page.get_by_text("问灯具到货没有", exact=True).is_visible() and page.get_by_text("内部备注").first.is_visible()
    )
    clerk.shown.check()
    page.locator("section:has(#d-remind) button").click()
    page.locator("#d-remind").wait_for(state="detached")
    page = clerk.shown.go("/desk/watched/")
    clerk.shown.check()
    page.get_by_role("button", name="都知道了").click()
    page.locator("#w-quiet").wait_for()
    clerk.shown.check()
