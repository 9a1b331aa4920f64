"""The knowledge base in a real browser: a call answered from the keyboard with a citation, both widths, axe, no script."""

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


def test_a_call_is_answered_with_a_citation_from_the_keyboard_alone(town: Place, window: Callable[..., Window]) -> None:
    from shuoshi.matters.models import Citation, Matter
    from tests.knowledge.written import ANSWER, QUESTION, published

    published(town)
    shown = window(DESK)
    sign_in(town, shown, "王芳")
    page = shown.go("/desk/register/")
    keys = page.keyboard
    keys.type("13800000017")
    keys.press("Alt+2")
    keys.type("我下个月满六十，新农保怎么领？")
    page.wait_for_selector(f"#known >> text={QUESTION}")
    assert page.evaluate("document.activeElement.name") == "content", "looking takes no focus away"
    keys.press("Alt+8")
    assert page.evaluate("document.activeElement.name") == "look"
    while page.evaluate("document.activeElement.name") != "cite":
        keys.press("Tab")
    shown.check()
    keys.press("Enter")
    assert page.evaluate("document.activeElement.name") == "answer"
    assert page.input_value("[name=answer]") == ANSWER
    assert page.input_value("[name=spot_title]") == QUESTION
    assert page.is_checked("[name=cites]")
    keys.press("Control+End")
    keys.type("带上身份证。")
    while page.evaluate("document.activeElement.name") != "clear":
        keys.press("Tab")
    keys.press("Space")
    shown.check()
    while page.evaluate("document.activeElement.name") != "done":
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_selector("#flash >> text=答复已记下")
    matter = Matter.objects.get()
    assert Citation.objects.get().matter == matter and matter.exit == "ANSWERED"
    shown.check()


def test_looking_for_words_does_not_send_the_form(town: Place, window: Callable[..., Window]) -> None:
    from shuoshi.matters.models import Matter
    from tests.knowledge.written import QUESTION, published

    published(town)
    matter = town.raise_matter(by="王芳", content="路灯坏了。")
    shown = window(DESK)
    sign_in(town, shown, "王芳")
    page = shown.go(f"/desk/matters/{matter.number}/")
    page.click(".acts >> text=当场答复")
    page.wait_for_selector("#doing form")
    page.fill("#doing [name=look]", "社会保障卡")
    page.press("#doing [name=look]", "Enter")
    page.click(f"#known >> text={QUESTION}")
    page.click("#known [data-cite]")
    assert page.input_value("#doing [name=title]") == QUESTION
    page.check("#doing [name=kind][value=POLICY_ENQUIRY]")
    page.check("#doing [name=clear]")
    page.press("#doing [name=title]", "Enter")
    page.wait_for_selector("#flash >> text=办好了")
    assert Matter.objects.get().exit == "ANSWERED"
    shown.check()


def test_an_entry_is_taken_without_script(town: Place, window: Callable[..., Window]) -> None:
    from tests.knowledge.written import ANSWER, published

    published(town)
    shown = window(DESK, script=False)
    sign_in(town, shown, "王芳")
    page = shown.go("/desk/register/")
    page.fill("[name=content]", "新农保怎么领？")
    page.click("text=查以前的和相似的事")
    page.click("#known [name=cite]")
    assert page.input_value("[name=answer]") == ANSWER and page.is_checked("[name=cites]")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_the_knowledge_base_fit_and_satisfy_axe(
    town: Place, window: Callable[..., Window], width: int
) -> None:
    from datetime import timedelta

    from shuoshi.knowledge import actions
    from shuoshi.knowledge.models import KnowledgeTask
    from tests.knowledge.written import answered, duty, given, propose, published, today

    duty(town)
    entry = published(town, review_on=today() + timedelta(days=9))
    actions.revise(entry.pk, given(answer="改过的。" * 60), seen=1, actor=town.actor("孙丽"))
    propose(town, question="一个很长很长的问题" * 8)
    answered(town)
    shown = window(width)
    for path in ("", f"{entry.number}/", "99/"):
        shown.go(f"/knowledge/{path}")
        shown.check()
    shown.go("/knowledge/")
    shown.page.fill("#k-q", "养老金")
    shown.page.press("#k-q", "Enter")
    shown.page.wait_for_selector("text=最像的在前")
    shown.check()
    sign_in(town, shown, "周建国")
    for path in ("", "1/", "2/", "tasks/", f"tasks/{KnowledgeTask.objects.get().pk}/", "new/", "1/edit/"):
        shown.go(f"/desk/knowledge/{path}")
        shown.check()
    shown.page.click("button[name=preview]")
    shown.page.wait_for_selector("text=群众会看到")
    shown.check()
