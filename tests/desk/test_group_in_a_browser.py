"""条例 20 in a real browser: several people are registered, one of them is asked, and another reads of it."""

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
def test_several_come_and_each_is_asked_alone(town: Place, window: Callable[..., Window], width: int) -> None:
    from shuoshi.matters import query_code
    from shuoshi.matters.models import Matter
    from shuoshi.matters.vocabulary import Status
    from tests.support.village import group

    shown = window(width)
    sign_in(town, shown, "王芳")
    page = shown.go("/desk/register/")
    page.fill("main [name=phone]", "13800000017")
    page.fill("main [name=name]", "陈大明")
    page.get_by_text("几个人一起来说的").click()
    page.check("main [name=group]")
    page.fill("main [name=name_2]", "李秀英")
    page.fill("main [name=content]", "村东的路坑洼难行，几十户一起来说。")
    shown.check()
    page.click("[data-plain-save]")
    page.wait_for_selector("text=请写一共多少人。")
    shown.check()
    assert page.input_value("main [name=name_2]") == "李秀英"
    page.fill("main [name=headcount]", "60")
    page.click("[data-plain-save]")
    page.wait_for_selector("text=集体 60 人")
    shown.check()
    registered = Matter.objects.get()
    shown.go(f"/desk/matters/{registered.number}/receipt/")
    shown.check()

    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳", group=group())
    first, second, _third = matter.spokespersons.order_by("seat")
    town.follow_up(matter, 5, whom=first.pk)
    caller = window(width)
    sign_in(town, caller, "赵红")
    page = caller.go(f"/desk/matters/{matter.number}/")
    page.click(".acts >> text=记回访")
    page.wait_for_selector(f"#doing [name=spokesperson][value='{second.pk}']")
    assert page.locator("#doing [name=spokesperson]").count() == 2
    caller.check()
    caller.go(f"/desk/matters/{matter.number}/register_linked/")
    caller.check()

    resident = window(width)
    page = resident.go("/track/")
    page.fill("main [name=number]", matter.number)
    page.fill("main [name=code]", query_code.code_of(second))
    page.click("main form button.main")
    page.wait_for_selector("text=30 人一起说的事")
    resident.check()
    page.click("text=我不再参加，撤回我的这一份")
    page.wait_for_selector("text=您不再是这件事的代表")
    resident.check()
