"""A list on its way out, and a form of those above from its file to the filled one, on both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.desk.test_in_a_browser import sign_in, town  # noqa: F401 a fixture
from tests.support.browser import DESK, PHONE, Window

if TYPE_CHECKING:
    from tests.support.village import Place

pytestmark = pytest.mark.browser


def seated(shown: Window, town: Place, name: str) -> Window:  # noqa: F811
    """With the session of somebody whose post asks for a second factor."""
    from tests.support.desk import signed_in

    session = signed_in(town, name).cookies["session"].value
    shown.page.context.add_cookies([{"name": "session", "value": session, "domain": "127.0.0.1", "path": "/"}])
    return shown


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.usefixtures("papers_made_here")
def test_a_list_is_asked_for_watched_and_taken(town: Place, window: Callable[..., Window], width: int) -> None:  # noqa: F811
    from shuoshi.matters.vocabulary import Status
    from tests.support.exports import carried_through, numbers

    matter = town.matter_in(Status.IN_FOLLOW_UP)
    shown = window(width)
    sign_in(town, shown, "赵红")
    page = shown.go("/desk/queues/follow_up/")
    page.click("text=导出台账")
    page.wait_for_selector("text=全部行都在里面")
    shown.check()
    page.click("main form button.main")
    page.wait_for_selector("text=这里还没有填")
    page.check("input[name=purpose][value=check]")
    page.check("input[name=kind][value=csv]")
    page.click("main form button.main")
    page.wait_for_selector("text=看现在到哪里了")
    shown.check()
    carried_through()
    page.wait_for_selector("text=做好了")  # by itself: the page asks again
    shown.check()
    with page.expect_download() as taken:
        page.click("text=下载")
    assert numbers(taken.value.path().read_bytes()) == [matter.number]
    shown.go("/desk/exports/")
    shown.check()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.usefixtures("papers_made_here")
def test_registers_and_forms_of_those_above(town: Place, window: Callable[..., Window], width: int) -> None:  # noqa: F811
    from shuoshi.ledgers.models import ReportForm
    from shuoshi.matters.vocabulary import Status
    from tests.support.exports import carried_through
    from tests.support.report_forms import workbook

    for status in (Status.CLOSED, Status.PARKED, Status.IN_HANDLING):
        town.matter_in(status)
    shown = seated(window(width), town, "管理员")
    page = shown.go("/desk/settings/report-forms/new/")
    shown.check()
    page.fill("input[name=name]", "县信访局月报表")
    page.set_input_files("input[name=file]", {"name": "月报.xlsx", "mimeType": "", "buffer": workbook()})
    page.click("main form button.main")
    page.wait_for_selector("text=没有对上的列")
    shown.check()
    page.fill("textarea[name=cells]", "B2=新登记")
    page.click("text=存成新的一版")
    page.wait_for_selector("text=存下了")
    shown.go("/desk/settings/report-forms/")
    shown.check()

    shown = seated(window(width), town, "马镇长")
    for name in ("registered", "assigned", "ended", "followed-up", "parked"):
        shown.go(f"/desk/registers/{name}/")
        shown.check()
    page = shown.go("/desk/balance/")
    page.click("text=从哪天到哪天")
    shown.check()
    page.click("text=照上级的表报")
    page.wait_for_selector("text=县信访局月报表")
    shown.check()
    shown.go(f"/desk/report-forms/{ReportForm.objects.get().pk}/")
    shown.check()
    page.click("text=填好这张表")
    page.wait_for_selector("text=看现在到哪里了")
    carried_through()
    page.wait_for_selector("text=做好了")
