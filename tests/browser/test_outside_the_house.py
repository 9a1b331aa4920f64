"""Branches in a browser: an order from above is registered and reported back, papers go to another office, a letter goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shuoshi.kernel import clock
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.browser.people import Clerk, Seat, fill
from tests.matters import outside
from tests.support.browser import PHONE, Window
from tests.support.village import Place

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def in_days(days: int) -> str:
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def opened(matter: Matter, shown: Window) -> Page:
    """The speaker's page, by number and code."""
    page = shown.go("/track/")
    fill(page, "main", number=matter.number, code=query_code.code_of(matter))
    page.locator("main form button.main:visible").first.click()
    page.wait_for_url(f"**/track/{matter.number}/")
    return page


def test_an_order_is_registered_and_nothing_typed_of_it_is_lost(town: Place, seat: Seat) -> None:
    clerk: Clerk = seat("王芳")
    page = clerk.shown.go("/desk/register/")
    fill(page, "main", name="陈大明", content="村口的路灯坏了三盏。", channel="outside")
    page.locator("summary", has_text="上级转来的件").click()
    fill(page, "main", order_number="县转 12 号", order_content="请答复来信人")
    page.get_by_text("Ctrl+Enter", exact=True).click()
    page.locator("[name=order_sender]").wait_for()
    clerk.shown.check()
    assert page.locator("[name=order_number]").input_value() == "县转 12 号"
    fill(page, "main", order_sender="县信访局", order_days="5", order_unit="cd")
    page.get_by_text("Ctrl+Enter", exact=True).click()
    page.wait_for_url("**/desk/matters/**")
    clerk.look("matter")
    matter = Matter.objects.latest("registered_at")
    assert matter.outside_order.limit == "5cd" and matter.outside_order.sender == "县信访局"
    assert "县信访局" in page.locator("main").inner_text()


def test_an_order_is_reported_back_from_its_list(town: Place, seat: Seat) -> None:
    matter = town.follow_up(outside.sent_down(town, Status.IN_FOLLOW_UP), 5)
    clerk: Clerk = seat("刘敏")
    clerk.opens_from("orders", matter)
    clerk.does(matter, "report_back", with_photo=True, text="已经修好并答复")
    matter.refresh_from_db()
    assert matter.status == Status.CLOSED


@pytest.mark.parametrize("script", [True, False])
def test_papers_go_along_and_the_speaker_takes_the_authority_back(
    town: Place, seat: Seat, window: Callable[..., Window], script: bool
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    clerk: Clerk = seat("孙丽")
    authority = {
        "office": "县不动产登记中心",
        "scope": "代交补证申请",
        "until": in_days(10),
        "proof_ref": "委托书 7 号",
    }
    clerk.does(matter, "authorise_agency", with_photo=True, kind="acts", shown_by="signed", **authority)
    clerk.does(matter, "take_papers", originals="不动产权证\n户口簿", copies="身份证", receipt="清单 7 号")
    clerk.does(matter, "record_agency_step", text="在窗口交了申请")
    shown = window(PHONE, script=script)
    page = opened(matter, shown)
    told = page.locator("main").inner_text()
    assert all(part in told for part in ("县不动产登记中心", "户口簿", "在窗口交了申请")) and "7 号" not in told
    shown.check()
    page.click(f'main a[href="/track/{matter.number}/end-agency/"]')
    page.wait_for_url("**/end-agency/")
    shown.check()
    page.click("main form button.main")
    page.wait_for_url(f"**/track/{matter.number}/")
    assert not page.locator(f'main a[href="/track/{matter.number}/end-agency/"]').count()
    clerk.shown.go(f"/desk/matters/{matter.number}/hand_back_papers/")
    for box in clerk.page.locator("#doing [name=papers]").all():
        box.check()
    fill(clerk.page, "#doing", became="returned", receipt="陈大明签收")
    clerk.look("hand_back_papers")
    clerk.page.click("#doing button.main")
    clerk.page.locator("#flash .flash").first.wait_for()
    matter.refresh_from_db()
    assert (matter.papers_out, matter.agent_id) == (0, None)


def test_a_letter_goes_out_is_asked_back_and_answered(town: Place, seat: Seat, window: Callable[..., Window]) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    head: Clerk = seat("周建国")
    letter = {"body": "县供电公司", "ask_where": "95598", "text": "请检修村口的线路", "until": in_days(5)}
    page = head.shown.go(f"/desk/matters/{matter.number}/hand_over_outside/")
    page.locator('#doing [name=given][value="phone"]').check()
    fill(page, "#doing", kind="utility", **letter)
    page.click("#doing button.main")
    page.locator("#doing .error, #doing .errorlist, #doing [aria-invalid=true]").first.wait_for()
    head.look("what is missing")
    assert page.locator("#doing [name=text]").input_value() == letter["text"]
    fill(page, "#doing", ground="law", basis="供电条例第九条")
    page.click("#doing button.main")
    page.locator("#flash .flash").first.wait_for()
    handler: Clerk = seat("孙丽")
    handler.does(matter, "ask_outside", letter="1", text="说已经派单", until=in_days(7))
    handler.does(matter, "record_outside_answer", with_photo=True, letter="1", text="线路已经检修")
    shown = window(PHONE)
    told = opened(matter, shown).locator("main").inner_text()
    assert all(part in told for part in ("县供电公司", "95598", "电话", "线路已经检修"))
    shown.check()
