"""The duty officer's way with a phone in the hand: called, people sent, reported, over; and a drill, marked as one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status, Urgency
from shuoshi.people.models import Account
from tests.browser.people import PASSWORD
from tests.support.browser import DESK, PHONE, Window
from tests.support.village import Place, build_town

pytestmark = pytest.mark.browser


@pytest.fixture
def town(transactional_db: None) -> Place:
    return build_town()


def sign_in(town: Place, shown: Window, name: str) -> None:
    page = shown.go("/desk/sign-in/")
    page.fill("[name=username]", Account.objects.get(person=town.persons[name]).username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")


def seen(shown: Window, name: str) -> None:
    """Nothing wrong with the page; a picture for the eye, where somebody wants one."""
    shown.check()
    folder = os.environ.get("SHOTS_DIR")
    if folder:
        width = shown.page.viewport_size["width"] if shown.page.viewport_size else 0
        shown.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_the_call_to_the_end_of_an_emergency(town: Place, window: Callable[..., Window], width: int) -> None:
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    shown = window(width)
    sign_in(town, shown, "何勇")
    page = shown.page
    assert "有急事，请您马上处置" in page.inner_text("main")
    page.goto("/desk/queues/emergency/")
    seen(shown, "queue")
    page.click(f"a[href*='{matter.number}']")
    assert "到时没有人处置" not in page.inner_text(".emergency")
    seen(shown, "called")
    page.click(".acts >> text=先处置后补单")
    page.wait_for_selector("#doing form")
    page.select_option("#doing [name=handler]", label="孙丽（承办人）")
    page.fill("#doing [name=goes]", "孙丽带两名电工")
    page.fill("#doing [name=done]", "已经打了供电所的抢修电话，请村干部拦住路口。")
    page.fill("#doing [name=title]", "村口电线垂下来了")
    seen(shown, "dispatch")
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=办好了")
    assert Matter.objects.get(pk=matter.pk).status == Status.IN_HANDLING

    page.goto(f"/desk/matters/{matter.number}/report_emergency/")
    page.fill("[name=happened]", "电线垂到一人高，放学的路上")
    page.fill("[name=measures]", "断了电，拦了路，抢修的人到了")
    page.check("[name=arrived]")
    seen(shown, "report")
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=办好了")
    page.goto(f"/desk/matters/{matter.number}/report_emergency/")
    page.check("[name=kind][value=final]")
    page.fill("[name=measures]", "换了新线，架高了")
    page.click("#doing button.main")
    assert "终报" in page.inner_text("main")  # what is missing is said, and what was typed stands there still
    assert page.input_value("[name=measures]") == "换了新线，架高了"
    page.fill("[name=losses]", "没有")
    page.fill("[name=advice]", "沿线再查一遍")
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=办好了")

    page.goto(f"/desk/matters/{matter.number}/stand_down/")
    page.fill("[name=text]", "电线架高了，路可以走了。")
    seen(shown, "stand-down")
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=办好了")
    page.goto(f"/desk/matters/{matter.number}/")
    assert "解除，何勇" in page.inner_text(".emergency")
    seen(shown, "over")
    assert Matter.objects.get(pk=matter.pk).duty_since is None


def test_the_registry_writes_up_what_was_dispatched(town: Place, window: Callable[..., Window]) -> None:
    from shuoshi.matters.vocabulary import Action
    from tests.support.attempts import sample

    matter = town.raise_matter(by="王芳", urgency=Urgency.U2)
    matter = town.run("何勇", sample(town, Action.DISPATCH_EMERGENCY, matter), matter)
    shown = window(DESK)
    sign_in(town, shown, "王芳")
    page = shown.go("/desk/queues/papers/")
    page.click(f"a[href*='{matter.number}']")
    page.click(".acts >> text=补单")
    page.wait_for_selector("#doing form")
    page.select_option("#doing [name=category]", "B604")
    page.fill("#doing [name=reason]", "夜里城建办离得最近。")
    seen(shown, "papers")
    page.click("#doing button.main")
    page.wait_for_selector("#flash >> text=办好了")
    assert not Matter.objects.get(pk=matter.pk).papers_owed


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_drill_is_marked_wherever_it_stands(town: Place, window: Callable[..., Window], width: int) -> None:
    shown = window(width)
    sign_in(town, shown, "何勇")
    page = shown.go("/desk/register/")
    seen(shown, "register")
    page.check("[name=naming][value=anonymous]")
    page.fill("[name=content]", "演练：小饭店的液化气瓶漏气。")
    page.check("[name=urgency][value=U1]")
    page.check("[name=drill]")
    page.click("[data-plain-save]")
    page.wait_for_selector("#flash >> text=演练")
    matter = Matter.objects.get(drill=True)
    assert page.inner_text("h1 + p .tag >> nth=0") == "演练"
    assert "这是演练，不是真的" in page.inner_text(".emergency")
    seen(shown, "drill")
    page.goto("/desk/")
    assert "【演练】有急事，请您马上处置" in page.inner_text("main")
    page.goto("/desk/queues/emergency/")
    assert "演练" in page.inner_text(f"tr:has-text('{matter.number}')")
    page.goto("/track/")
    page.fill("[name=number]", matter.number)
    page.fill("[name=code]", "7K3M9QXT")
    page.keyboard.press("Enter")
    assert "演练" not in page.inner_text("main")
