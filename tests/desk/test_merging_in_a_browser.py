"""4.2 in a real browser: one matter is merged into another, and the speaker of each reads of it."""

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
def test_two_become_one_and_each_reads_of_it(town: Place, window: Callable[..., Window], width: int) -> None:
    from shuoshi.matters import query_code, terms
    from shuoshi.matters.models import Matter
    from shuoshi.matters.vocabulary import Status

    main = town.matter_in(Status.IN_HANDLING)
    matter = town.matter_in(Status.ACCEPTED, content="村口到小学的路灯坏了，晚上孩子看不清路。")
    shown = window(width)
    sign_in(town, shown, "刘敏")
    page = shown.go(f"/desk/matters/{matter.number}/")
    page.click(".acts >> text=并单")
    page.wait_for_selector("#doing form")
    shown.check()
    page.check(f"#doing [name=main][value='{main.pk}']")
    page.fill("#doing [name=why]", "地点和要求都一样，是同一件事，一起查、一起答。")
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=并单")
    for number in (matter.number, main.number):
        shown.go(f"/desk/matters/{number}/")
        shown.check()
    assert page.locator(f"text={matter.number}").count()
    merged = Matter.objects.get(pk=matter.pk)
    town.run(town.speaker(merged), terms.AddInformation(text="又坏了一盏"), merged)
    resident = window(width)
    for one in (matter, main):
        page = resident.go("/track/")
        page.fill("main [name=number]", one.number)
        page.fill("main [name=code]", query_code.code_of(one))
        with page.expect_navigation():
            page.locator("main form button.main").first.click()
        resident.check()
        words = page.inner_text("main")
        assert "已并入" in words and main.number in words if one is matter else "还有人说了同一件事" in words
    shown.go(f"/desk/matters/{matter.number}/unmerge/")
    shown.check()
