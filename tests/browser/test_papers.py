"""A paper from the desk to the hand that checks it: previewed, issued, confirmed by its QR code, on both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.desk.test_in_a_browser import sign_in, town  # noqa: F401 a fixture
from tests.support.browser import DESK, PHONE, Window

if TYPE_CHECKING:
    from tests.support.village import Place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.usefixtures("papers_made_here")
def test_a_paper_is_issued_and_checked(town: Place, window: Callable[..., Window], width: int) -> None:  # noqa: F811
    from shuoshi.matters import paper_check
    from shuoshi.matters.models import Document
    from shuoshi.matters.vocabulary import Status

    matter = town.matter_in(Status.IN_FOLLOW_UP)
    shown = window(width)
    sign_in(town, shown, "赵红")
    shown.go(f"/desk/matters/{matter.number}/documents/")
    shown.check()
    page = shown.go(f"/desk/matters/{matter.number}/documents/reply-1/")
    page.locator("img.leaf").first.evaluate("(leaf) => leaf.decode()")
    shown.check()
    page.click("main form button")
    page.wait_for_selector("text=下载 PDF")
    page.locator("img.leaf").first.evaluate("(leaf) => leaf.decode()")
    shown.check()
    for path in ("documents/reply-1/named/", "receipt/"):
        shown.go(f"/desk/matters/{matter.number}/{path}")
        shown.check()
    shown.go("/desk/ledger/?list=queue.follow_up")
    shown.check()
    document = Document.objects.get()
    page = shown.go(f"/paper/#{document.number}.{paper_check.check_of(document)}")
    page.wait_for_selector("text=这份文书是我们出具的")
    assert document.fingerprint in page.inner_text("main") and "#" not in page.url
    shown.check()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.usefixtures("papers_made_here")
def test_papers_of_the_further_steps_are_listed_and_shown(
    town: Place,  # noqa: F811
    window: Callable[..., Window],
    width: int,
) -> None:
    from shuoshi.matters import terms
    from shuoshi.matters.vocabulary import Status

    matter = town.run("刘敏", terms.Remind(text="请抓紧"), town.matter_in(Status.PARKED))
    matter = town.run("马镇长", terms.OrderSupervision(text="写清楚哪天办完"), matter)
    shown = window(width)
    sign_in(town, shown, "赵红")
    page = shown.go(f"/desk/matters/{matter.number}/documents/")
    for words in ("第 1 份挂账审批单", "第 1 份催办单", "第 1 份督办单"):
        assert words in page.inner_text("main")
    shown.check()
    page.click("text=第 1 份挂账审批单")
    page.locator("img.leaf").first.evaluate("(leaf) => leaf.decode()")
    shown.check()
    page.click("main form button")
    page.wait_for_selector(f"text={matter.number}-GZ01")
    shown.check()
