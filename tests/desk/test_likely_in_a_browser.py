"""4.2.1 in a real browser: an offered category goes into the choice when it is pressed, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.desk.test_in_a_browser import sign_in
from tests.support.browser import DESK, PHONE, Window

if TYPE_CHECKING:
    from tests.support.village import Place

pytestmark = pytest.mark.browser
CHOICE = "#doing [name=category]"


@pytest.fixture
def town(transactional_db: None) -> Place:
    from tests.support.village import build_town

    return build_town()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pressed_it_is_chosen_whatever_the_box_above_left(
    town: Place, window: Callable[..., Window], width: int
) -> None:
    from shuoshi.matters.vocabulary import Status

    matter = town.matter_in(Status.ACCEPTED)
    shown = window(width)
    sign_in(town, shown, "刘敏")
    page = shown.go(f"/desk/matters/{matter.number}/")
    page.click(".acts >> text=分类")
    page.wait_for_selector("#doing .likely")
    shown.check()
    assert page.input_value(CHOICE) == ""
    page.fill("#doing .narrows input", "噪声")
    assert page.input_value(CHOICE) == "B502"
    page.click("#doing .likely >> text=道路、照明、排水")
    assert page.input_value(CHOICE) == "B604" and page.input_value("#doing .narrows input") == ""
    assert page.evaluate("document.activeElement.name") == "category"
    shown.check()
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=分类")


def test_enter_in_a_field_presses_none_of_them(town: Place, window: Callable[..., Window]) -> None:
    from shuoshi.matters.vocabulary import Status

    matter = town.matter_in(Status.ACCEPTED)
    for script in (True, False):
        shown = window(DESK, script=script)
        sign_in(town, shown, "刘敏")
        page = shown.go(f"/desk/matters/{matter.number}/classify/")
        with page.expect_navigation():
            page.press("[name=complexity] >> nth=0", "Enter")
        assert page.input_value("[name=category]") == "" and page.is_visible(".summary")


def test_without_script_it_comes_back_chosen(town: Place, window: Callable[..., Window]) -> None:
    from shuoshi.matters.models import Matter
    from shuoshi.matters.vocabulary import Status

    matter = town.matter_in(Status.ACCEPTED)
    shown = window(DESK, script=False)
    sign_in(town, shown, "刘敏")
    page = shown.go(f"/desk/matters/{matter.number}/classify/")
    with page.expect_navigation():
        page.click(".likely >> text=道路、照明、排水")
    assert page.input_value("[name=category]") == "B604"
    assert Matter.objects.get(pk=matter.pk).category == ""


def test_while_a_call_is_typed_the_category_is_offered(town: Place, window: Callable[..., Window]) -> None:
    shown = window(DESK)
    sign_in(town, shown, "王芳")
    page = shown.go("/desk/register/")
    page.fill("[name=content]", "村口到小学的路灯坏了三盏，晚上看不清路。")
    page.press("[name=content]", "Tab")
    page.wait_for_selector("#likely .likely")
    assert page.input_value("#register [name=category]") == ""
    page.click("#likely >> text=道路、照明、排水")
    assert page.input_value("#register [name=category]") == "B604"
    shown.check()
