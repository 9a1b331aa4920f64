"""Time-outs, somebody faster, unfit photos, an impatient finger: what was written is still there, and counts once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.browser.people import SAID, Clerk, Resident, Seat, fill, photo, pictures
from tests.support.browser import PHONE, Window
from tests.support.village import Place

pytestmark = pytest.mark.browser

DONE, NEXT = "看过现场，三盏灯的灯头都坏了 䶮𠮷", "周四下午换灯头"


def test_a_session_that_ends_in_the_middle_of_a_form_costs_no_word(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk: Clerk = seat("孙丽")
    page = clerk.shown.go(f"/desk/matters/{matter.number}/")
    page.locator('.acts a[href$="/report_progress/"]').click()
    page.locator("#doing form").wait_for()
    fill(page, "#doing", done=DONE, next_step=NEXT, next_on="2031-05-06")
    Session.objects.all().delete()
    page.locator("#doing button.main").click()
    page.wait_for_url("**/desk/sign-in/**")
    assert page.locator(".flash").is_visible()
    clerk.shown.check()
    clerk.sign_in()
    assert page.locator("#doing [name=done]").input_value() == DONE
    assert page.locator("#doing [name=next_step]").input_value() == NEXT
    assert page.locator("#doing [name=next_on]").input_value() == "2031-05-06"
    assert not matter.entries.filter(action="report_progress").exists()
    page.locator("#doing button.main").click()
    page.wait_for_url(f"**/desk/matters/{matter.number}/")
    assert matter.entries.filter(action="report_progress").count() == 1


def test_a_form_asked_for_after_the_session_ended_opens_after_the_sign_in(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk: Clerk = seat("孙丽")
    page = clerk.shown.go(f"/desk/matters/{matter.number}/")
    Session.objects.all().delete()
    page.locator('.acts a[href$="/report_progress/"]').click()
    page.wait_for_url("**/desk/sign-in/**")
    clerk.sign_in()
    page.locator("#doing [name=done]").wait_for()
    clerk.shown.check()


def test_a_call_half_registered_outlives_the_session(town: Place, seat: Seat) -> None:
    clerk: Clerk = seat("王芳")
    page = clerk.shown.go("/desk/register/")
    fill(page, "#register", phone="13800000018", name="李秀英", content=SAID, naming="confidential", urgency="U3")
    Session.objects.all().delete()
    page.locator("#register [data-plain-save]").click()
    page.wait_for_url("**/desk/sign-in/**")
    clerk.sign_in()
    page.locator("#register").wait_for()
    assert page.locator("#register [name=content]").input_value() == SAID
    assert page.locator("#register [name=phone]").input_value() == "13800000018"
    assert page.locator('#register [name=naming][value="confidential"]').is_checked()
    assert page.locator('#register [name=urgency][value="U3"]').is_checked()
    page.locator("#register [data-plain-save]").click()
    page.wait_for_url("**/desk/matters/**")
    assert Matter.objects.get().content == SAID


def test_who_was_slower_is_told_who_was_faster_and_keeps_the_text(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.ASSIGNED)
    clerk: Clerk = seat("周建国")
    page = clerk.shown.go(f"/desk/matters/{matter.number}/request_return/")
    typed = "这段路灯是县里公路局装的，归他们管"
    reason = page.locator("#doing [name=reason] option").nth(1).get_attribute("value") or ""
    fill(page, "#doing", reason=reason, text=typed)
    fill(page, "#doing", proper_unit=str(town.units["水利站"].pk))
    town.sign_for(matter)
    with page.expect_navigation() as left:
        page.locator("#doing button.main").click()
    assert left.value.status == 409
    said = page.locator("main").inner_text()
    assert "孙丽" in said and "签收了这件事" in said and typed in page.content()
    clerk.shown.check()


def test_a_word_kept_from_a_stale_form_can_be_sent_after_all(town: Place, seat: Seat) -> None:
    """The action is still allowed: the form is there, filled in, and says what happened."""
    matter = town.matter_in(Status.IN_HANDLING)
    clerk: Clerk = seat("孙丽")
    page = clerk.shown.go(f"/desk/matters/{matter.number}/report_progress/")
    fill(page, "#doing", done=DONE, next_step=NEXT)
    given = terms.ChangeHandler(handler=town.persons["周建国"], reason="孙丽请假")
    town.run("周建国", given, matter)
    town.run("周建国", terms.ChangeHandler(handler=town.persons["孙丽"], reason="孙丽回来了"), matter)
    with page.expect_navigation() as left:
        page.locator("#doing button.main").click()
    assert left.value.status == 409
    assert "换了承办人" in page.locator("#doing").inner_text()
    clerk.shown.check()
    assert page.locator("#doing [name=done]").input_value() == DONE
    assert page.locator("#doing [name=next_step]").input_value() == NEXT
    page.locator("#doing button.main").click()
    page.locator("#flash .flash").wait_for()
    assert matter.entries.filter(action="report_progress").count() == 1


def test_what_can_no_longer_be_done_still_shows_what_was_written(town: Place, seat: Seat) -> None:
    """In either language: the form is gone for good, the words can be read and copied."""
    matter = town.matter_in(Status.IN_HANDLING)
    clerk: Clerk = seat("孙丽")
    page = clerk.shown.go(f"/desk/matters/{matter.number}/report_progress/")
    fill(page, "#doing", done=DONE, next_step="New lamp heads on Thursday")
    town.sign(town.prepare(matter))
    with page.expect_navigation() as left:
        page.locator("#doing button.main").click()
    assert left.value.status == 409
    said = page.locator("main").inner_text()
    assert DONE in said and "New lamp heads on Thursday" in said
    clerk.shown.check()
    assert not matter.entries.filter(action="report_progress").exists()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_unfit_photos_cost_neither_the_text_nor_the_others(
    town: Place, window: Callable[..., Window], tmp_path: Path, script: bool
) -> None:
    shown = window(PHONE, script=script)
    page = shown.go("/submit/what/")
    page.locator("[name=what]").fill(SAID)
    page.locator("#photo").set_input_files(pictures(tmp_path))
    page.locator("main form button.main").click()
    page.locator("#photo-e").get_by_text("第 3 张没有收下").wait_for()
    refusals = page.locator("#photo-e").inner_text()
    assert "第 2 张没有收下" in refusals and "第 3 张没有收下" in refusals and "10 MB" in refusals
    assert page.locator("ul.files li").count() == 1
    assert page.locator("[name=what]").input_value() == SAID
    shown.check()
    page.locator("#photo").set_input_files([photo(f"{n}.jpg", f"#{n * 12:02x}4040") for n in range(20)])
    page.locator("main form button.main").click()
    page.locator("#photo-e").get_by_text("后面 12 张" if script else "后面 15 张").first.wait_for(timeout=60_000)
    assert page.locator("ul.files li").count() == (9 if script else 6)
    assert page.locator("[name=what]").input_value() == SAID
    shown.check()
    page.locator("main form button.main").click()
    page.wait_for_url("**/submit/where/")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_second_press_makes_no_second_matter(town: Place, window: Callable[..., Window], script: bool) -> None:
    resident = Resident(window(PHONE, script=script))
    page = resident.shown.go("/submit/what/")
    page.locator("[name=what]").fill(SAID)
    resident.next()
    resident.next()
    fill(page, "main", naming="anonymous")
    resident.next()
    page.wait_for_url("**/submit/check/")
    page.locator("main form button.main").dblclick()
    page.wait_for_url("**/submit/done/")
    first = page.locator(".receipt .num").inner_text()
    resident.shown.go("/submit/check/")
    page.wait_for_url("**/submit/done/")
    assert page.locator(".receipt .num").inner_text() == first
    assert Matter.objects.count() == 1
