"""A ledger that was imported by mistake: asked for by whoever brought it, agreed to by another, read of by the leader."""

from __future__ import annotations

import pytest

from shuoshi.channels.spreadsheets import undoing
from shuoshi.channels.spreadsheets.models import Run, RunState
from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from tests.browser.people import Seat, fill
from tests.support.browser import DESK, PHONE
from tests.support.tables import begun, carried_through, given
from tests.support.village import Place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_ledger_is_undone_by_two(town: Place, sits: Seat, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "ALONE", 1)
    run = begun(town, given(town))
    carried_through()
    path = f"/desk/import/runs/{run.pk}/"
    clerk = sits("王芳", width)
    page = clerk.shown.go(path)
    page.locator("summary", has_text="整批撤销").click()
    page.get_by_role("button", name="撤销这次导入").click()
    page.locator("details[open] [aria-invalid=true]").wait_for()
    clerk.shown.check()
    fill(page, "details", reason="传成了去年的台账")
    page.get_by_role("button", name="撤销这次导入").click()
    page.get_by_text("等另一个人同意").wait_for()
    assert not page.get_by_role("button", name="同意撤销", exact=True).count()
    clerk.shown.check()
    other = sits("刘敏", width)
    page = other.shown.go(path)
    page.get_by_role("button", name="同意撤销", exact=True).click()
    page.get_by_role("heading", name="正在撤销").wait_for()
    while Run.objects.filter(state=RunState.UNDOING).exists():
        undoing.carry_on(clock.now())
    page = other.shown.go(path)
    assert "传成了去年的台账" in page.inner_text("main") and not Matter.objects.exists()
    other.shown.check()
    leader = sits("马镇长", width)
    page = leader.shown.go("/desk/left-out/")
    assert "撤销过的导入" in page.inner_text("main")
    leader.shown.check()
