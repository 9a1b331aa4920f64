"""4.2.2 in a real browser: one matter is divided, each unit answers its part, and the speaker reads it on one page."""

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
def test_one_matter_is_divided_and_answered_as_one(town: Place, window: Callable[..., Window], width: int) -> None:
    from shuoshi.matters import query_code
    from shuoshi.matters.models import Matter
    from tests.matters.divided import answer, to_divide

    matter = to_divide(town)
    shown = window(width)
    sign_in(town, shown, "刘敏")
    page = shown.go(f"/desk/matters/{matter.number}/")
    page.click(".acts >> text=分项交办")
    page.wait_for_selector("#doing form")
    shown.check()
    for n, unit in enumerate(("城建办", "水利站", "柳湾村"), start=1):
        page.select_option(f"#doing [name=unit_{n}]", str(town.units[unit].pk))
    page.fill("#doing [name=reason]", "三条要求归三个单位管。")
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=分项交办")
    shown.go(f"/desk/matters/{matter.number}/")
    shown.check()
    words = page.inner_text("main")
    assert "分项办理中" in words and all(unit in words for unit in ("城建办", "水利站", "柳湾村"))
    shown.go(f"/desk/matters/{matter.number}-2/")
    shown.check()
    assert matter.number in page.inner_text("main") and "这一项" in page.inner_text("main")
    resident = window(width)
    page = resident.go("/track/")
    page.fill("main [name=number]", matter.number)
    page.fill("main [name=code]", query_code.code_of(matter))
    with page.expect_navigation():
        page.locator("main form button.main").first.click()
    resident.check()
    words = page.inner_text("main")
    assert "分几项办，由谁办" in words and "水利站" in words and "一起答复您" in words
    for part in Matter.objects.filter(part_of=matter).select_related("lead_unit").order_by("part"):
        answer(town, part, f"第 {part.part} 项办好了。")
    resident.go(f"/track/{matter.number}/")
    resident.check()
    assert all(f"第 {n} 项办好了。" in page.inner_text("main") for n in (1, 2, 3))
    registry = window(width)
    sign_in(town, registry, "王芳")
    page = registry.go(f"/desk/matters/{matter.number}/return_report/")
    registry.check()
    page.check("main [name=parts][value='2']")
