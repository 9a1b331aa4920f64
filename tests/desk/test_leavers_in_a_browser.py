"""4.3.1 in a real browser: the head enters an absence of the unit and hands over what somebody has in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.desk.test_in_a_browser import sign_in
from tests.support.browser import DESK, PHONE, Window

if TYPE_CHECKING:
    from tests.support.village import Place

pytestmark = pytest.mark.browser


@pytest.fixture
def town(transactional_db: None) -> Place:
    from tests.support.village import build_town

    return build_town()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_absence_is_entered_and_what_is_in_hand_goes_over(
    town: Place, window: Callable[..., Window], width: int
) -> None:
    from shuoshi.matters.vocabulary import Status

    matters = [town.matter_in(Status.IN_HANDLING) for _ in range(2)]
    shown = window(width)
    sign_in(town, shown, "周建国")
    page = shown.go("/desk/absences/")
    page.select_option("[name=person]", str(town.persons["孙丽"]))
    page.check("[name=why][value=trip]")
    page.fill("[name=starts_at]", "2030-01-07T08:30")
    page.fill("[name=ends_at]", "2030-01-09T17:30")
    page.select_option("[name=deputy]", str(town.persons["李国强"]))
    shown.check()
    page.click("text=登记请假 >> nth=-1")
    page.wait_for_selector("text=代理人：李国强")
    shown.check()
    page.click(f"a[href='/desk/hand-over/{town.persons['孙丽']}/']")
    page.wait_for_selector("text=在办的 2 件")
    shown.check()
    page.select_option("[name=everything]", str(town.persons["周建国"]))
    page.fill("[name=reason]", "孙丽调走，由周建国接着办")
    page.click("button.main >> text=交接")
    page.wait_for_selector("text=交接了 2 件")
    shown.check()
    for matter in matters:
        matter.refresh_from_db()
        assert matter.handler_id == town.persons["周建国"]
