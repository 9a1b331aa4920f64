"""Years later: the registrar appraises what is over, a leader approves, the worker destroys; and the dossier of a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shuoshi.archive import carrying_out, making
from shuoshi.archive.models import Destruction, MadeFile
from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.browser.people import Seat
from tests.support.archived import over_long_ago, reckoned
from tests.support.browser import DESK, PHONE
from tests.support.village import Place

if TYPE_CHECKING:
    from tests.browser.people import Clerk

pytestmark = pytest.mark.browser


def look(clerk: Clerk) -> None:
    for width in (PHONE, DESK):
        clerk.page.set_viewport_size({"width": width, "height": 812 if width == PHONE else 900})
        clerk.shown.check()


def test_one_appraises_another_approves_and_nobody_can_read_it_any_more(town: Place, sits: Seat) -> None:
    matter, other = (over_long_ago(town.matter_in(Status.CLOSED)) for _ in range(2))
    reckoned()
    registrar = sits("王芳")
    page = registrar.shown.go("/desk/archive/")
    look(registrar)
    page.get_by_label(matter.number).check()
    page.locator("main button.main").click()  # nothing was decided of it
    page.locator("#errors").wait_for()
    assert page.get_by_label(matter.number).is_checked()
    look(registrar)
    page.locator('[name=verdict][value="destroy"]').check()
    page.locator("main button.main").click()
    page.locator("#flash .flash").first.wait_for()
    row = Destruction.objects.get()
    page.get_by_role("link", name=row.number).click()
    look(registrar)
    page.locator('button[value="propose"]').click()
    page.locator("#flash .flash").first.wait_for()
    leader = sits("马镇长", PHONE)
    shown = leader.shown.go(f"/desk/archive/lists/{row.pk}/")
    look(leader)
    shown.locator('button[value="approve"]').click()
    shown.locator("#flash .flash").first.wait_for()
    while carrying_out.carry_on(clock.now()):
        pass
    leader.shown.go(f"/desk/archive/lists/{row.pk}/")
    look(leader)
    registrar.shown.go(f"/desk/matters/{matter.number}/")
    assert "已销毁" in page.locator("main").inner_text()
    look(registrar)
    assert not Matter.objects.get(pk=other.pk).is_erased
    registrar.shown.go("/desk/archive/asked/")
    page.locator("[name=number]").fill(other.number)
    page.locator("main button.main").click()
    page.get_by_text("保管期满了，可以销毁").wait_for()
    look(registrar)


def test_a_dossier_is_asked_for_made_and_fetched(town: Place, sits: Seat, papers_made_here: None) -> None:
    matter = town.matter_in(Status.CLOSED)
    clerk = sits("王芳")
    page = clerk.shown.go(f"/desk/matters/{matter.number}/")
    page.locator(f'main a[href$="/{matter.number}/dossier/"]').click()
    look(clerk)
    page.locator('[name=purpose][value="archive"]').check()
    page.locator("main button.main").click()
    page.locator("#flash .flash").first.wait_for()
    look(clerk)
    making.make.call(str(MadeFile.objects.get().pk), "https://example.test/paper/")
    clerk.shown.go(f"/desk/matters/{matter.number}/dossier/")
    look(clerk)
    with page.expect_download() as waited:
        page.locator('main a[href*="/archive/made/"]').click()
    assert waited.value.suggested_filename == f"{matter.number}-dossier.pdf"
