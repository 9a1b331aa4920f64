"""A receipt is lost, a number is wrong, one person has two records: told from the resident's phone to the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import actions, query_code, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Naming
from shuoshi.notices import actions as notices
from shuoshi.notices import codes
from shuoshi.notices.models import LostCode, Provider, Way
from shuoshi.people.models import Change, ContactPoint, Person
from tests.browser.people import Clerk, Seat, fill
from tests.notices.told import Kept
from tests.support.browser import DESK, PHONE, Window
from tests.support.village import Place

pytestmark = pytest.mark.browser

GIVEN = {
    "key_id": "L",
    "key_secret": "s",
    "sign": "青禾镇",
    "template": "A",
    "template_staff": "B",
    "template_code": "C",
}
Open = Callable[..., Window]


def pressed(shown: Window, where: str = "main form button.main") -> None:
    with shown.page.expect_navigation():
        shown.page.locator(f"{where}:visible").first.click()
    shown.check()


@pytest.mark.parametrize(("width", "script"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_a_resident_finds_the_code_back_and_hides_the_name(
    town: Place, window: Open, monkeypatch: pytest.MonkeyPatch, width: int, script: bool
) -> None:
    monkeypatch.setattr("shuoshi.notices.codes.opened", lambda gateway: Kept())
    notices.set_gateway(Way.SMS, Provider.ALIYUN, GIVEN, active=True, actor=SYSTEM)
    matter = town.raise_matter()
    shown = window(width, script=script)
    shown.go("/track/")
    pressed(shown, 'a[href="/track/lost/"]')
    fill(shown.page, "main", phone="138 0000 0017")
    pressed(shown)
    assert codes.send_due(clock.now()) == 1
    fill(shown.page, "main", code=codes.code_of(LostCode.objects.get().pk))
    pressed(shown)
    assert matter.number in shown.page.inner_text("main")
    pressed(shown, "main form button.wide")
    matter.refresh_from_db()
    assert query_code.in_fours(query_code.code_of(matter)) in shown.page.inner_text("main")
    shown.go(f"/track/{matter.number}/")
    shown.check()
    pressed(shown, f'a[href="/track/{matter.number}/naming/"]')
    pressed(shown)
    assert Matter.objects.get(pk=matter.pk).naming == Naming.CONFIDENTIAL
    assert "承办单位看不到您的姓名" in shown.page.inner_text("main")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_at_the_counter_and_at_the_desk(town: Place, sits: Seat, width: int) -> None:
    other = town.raise_matter(by="王芳")
    matter = town.raise_matter(by="王芳")
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    town.run("王芳", terms.HandOverReceipt(to_whom="本人"), matter)
    clerk: Clerk = sits("王芳", width)
    shown = clerk.shown
    shown.go(f"/desk/matters/{matter.number}/lost-receipt/")
    shown.check()
    fill(shown.page, "main", document="id_card", last_four="002X", words="洗衣服洗坏了")
    shown.page.locator("main [name=facts]").nth(0).check()
    shown.page.locator("main [name=facts]").nth(4).check()
    pressed(shown)
    matter.refresh_from_db()
    assert matter.query_generation == 2
    assert query_code.in_fours(query_code.code_of(matter)) not in shown.page.inner_text("main"), "on paper only"

    speaker = matter.parties.get()
    shown.go(f"/desk/matters/{matter.number}/parties/{speaker.pk}/correct/")
    shown.check()
    fill(shown.page, "main", kind="PHONE", value="139 0000 0021", reason="new", words="本人来说换了号")
    pressed(shown)
    second: Clerk = sits("刘敏", width)
    second.shown.go("/desk/people/changes/")
    second.shown.check()
    pressed(second.shown, f'main a[href="/desk/people/changes/{Change.objects.get().pk}/"]')
    fill(second.shown.page, "main", shown_by="called_old")
    pressed(second.shown)
    assert str(ContactPoint.objects.get(pk=speaker.contact_id).value) == "13900000021"

    namesake = town.raise_matter(by="王芳").parties.get().person_id
    shown.go(f"/desk/people/{other.parties.get().person_id}/")
    shown.check()
    pressed(shown, f'main a[href$="/join/{namesake}/"]')
    fill(shown.page, "main", stays=str(namesake), reason="said_so", words="本人说都是他说的")
    pressed(shown)
    assert Person.objects.get(pk=namesake).joined_here == 1
    pressed(shown, 'main a[href$="/part/"]')
    fill(shown.page, "main", reason="mistaken", words="是父子")
    pressed(shown)
    assert Person.objects.get(pk=namesake).joined_here == 0
