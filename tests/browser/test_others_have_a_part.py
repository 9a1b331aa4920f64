"""Branches in a browser: another unit helps, a leader writes, it goes up, and the tier above reviews the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shuoshi.kernel import clock
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import BeyondUs, Status
from shuoshi.organization.roles import Role
from tests.browser.people import Clerk, Seat, fill
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


def test_a_unit_helps_and_a_leader_writes(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    leader: Clerk = seat("马镇长")
    leader.does(matter, "instruct", text="这周办完", until=in_days(5))
    leader.does(matter, "sponsor", text="我来盯", until=in_days(7))
    handler: Clerk = seat("孙丽")
    handler.does(matter, "answer_instruction", text="后天装好")
    handler.does(matter, "add_co_unit", unit=str(town.units["水利站"].pk), task="查线路", until=in_days(1))
    helper: Clerk = seat("赵立新")
    helper.opens_from("co", matter)
    helper.does(matter, "give_co_opinion", with_photo=True, text="线路没有问题")
    dispatcher: Clerk = seat("刘敏")
    dispatcher.shown.go(f"/desk/matters/{matter.number}/confer/")
    dispatcher.shown.check()
    for name in ("城建办", "水利站"):
        dispatcher.page.check(f'#doing [name=units][value="{town.units[name].pk}"]')
    dispatcher.page.fill("#doing [name=text]", "城建办主办，水利站配合")
    dispatcher.page.click("#doing button.main")
    dispatcher.page.locator("#flash .flash").first.wait_for()
    matter.refresh_from_db()
    assert matter.conferred_at is not None and matter.sponsor_id == town.persons["马镇长"]


def test_it_goes_up_and_the_county_assigns(town: Place, seat: Seat) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    head: Clerk = seat("周建国")
    head.does(matter, "request_escalation", reason=BeyondUs.POWERS, text="要县里的执法队才能拆")
    above: Clerk = seat("县分办")
    above.opens_from("to_sign", matter)
    assert "要县里的执法队才能拆" in above.page.locator("main").inner_text()
    above.does(matter, "rule_escalation", granted="yes", text="县里来办")
    matter.refresh_from_db()
    assert (matter.status, matter.tier_path) == (Status.ACCEPTED, town.units["青禾县"].path)


@pytest.mark.parametrize("script", [True, False])
def test_the_speaker_asks_for_a_review_and_reads_the_decision(
    town: Place, seat: Seat, window: Callable[..., Window], script: bool
) -> None:
    town.person("县长", ("青禾县", Role.LEADER))
    matter = town.matter_in(Status.CLOSED)
    shown = window(PHONE, script=script)
    page = opened(matter, shown)
    page.click(f'main a[href="/track/{matter.number}/review/"]')
    page.wait_for_url("**/review/")
    page.click("main form button.main")
    page.wait_for_selector("main .error, main [data-first-error], main .errorlist")
    shown.check()
    page.fill("[name=text]", "只换了一盏，不能算办好")
    page.click("main form button.main")
    page.wait_for_url(f"**/track/{matter.number}/")
    assert "复核中" in page.locator("main").inner_text()
    shown.check()
    leader: Clerk = seat("县长")
    leader.opens_from("to_sign", matter)
    assert "只换了一盏" in leader.page.locator("main").inner_text()
    leader.does(
        matter, "decide_review", decision="stands", text="三盏都换了", basis="照明维护办法", remedies="向法院起诉"
    )
    matter.refresh_from_db()
    assert matter.status == Status.IN_FOLLOW_UP
    shown.go(f"/track/{matter.number}/")
    assert "向法院起诉" in shown.page.locator("main").inner_text()
    shown.check()
