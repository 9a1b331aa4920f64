"""The terminal at a point (3.1.1): what one left, the next does not find; nobody's own browser becomes one by a link."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shuoshi.kernel.drafts import Draft
from tests.portal.resident import Resident
from tests.support.desk import signed_in
from tests.support.points import closed, opened
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def set_up(town: Place, resident: Resident) -> str:
    address = f"/kiosk/{opened(town).pk}/"
    assert resident.browser.post(address, {"do": "begin"}).headers["Location"] == address
    return address


def left_behind(resident: Resident) -> set[str]:
    return {name for name, kept in resident.browser.cookies.items() if kept.value} - {"csrf", "messages"}


def test_a_browser_becomes_a_terminal_by_a_press_not_by_a_link(town: Place, resident: Resident) -> None:
    address = f"/kiosk/{opened(town).pk}/"
    assert "设成终端" in resident.page(address) and "我用完了，清空" not in resident.page("/")
    resident.browser.post(address, {"do": "begin"})
    assert "我要说事" in resident.page(address) and "设成终端" not in resident.page(address)
    assert "我用完了，清空" in resident.page("/")
    resident.browser.post(address, {"do": "end"})
    assert "设成终端" in resident.page(address) and "我用完了，清空" not in resident.page("/")


def test_words_that_were_not_sent_are_gone(town: Place, resident: Resident) -> None:
    address = set_up(town, resident)
    resident.says("我要说的话只有我知道")
    assert Draft.objects.exists() and "我要说的话只有我知道" in resident.page("/submit/what/")
    left = resident.browser.post("/kiosk/leave/")
    assert left.headers["Location"] == address and left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Draft.objects.exists()
    assert "我要说的话只有我知道" not in resident.page("/submit/what/")
    assert left_behind(resident) == {"kiosk"}


def test_a_receipt_and_an_opened_matter_are_closed(town: Place, resident: Resident) -> None:
    set_up(town, resident)
    resident.goes_through()
    matter = resident.sends()
    receipt = resident.page("/submit/done/")
    assert matter.number in receipt and "data-print" in receipt
    assert "/receipt/pdf/" not in receipt, "a file would stay on the machine, with the code on it"
    resident.browser.post("/kiosk/leave/")
    for address in ("/submit/done/", f"/track/{matter.number}/", f"/track/{matter.number}/receipt/"):
        assert resident.browser.get(address).status_code == 302, address
    resident.opens(matter)
    resident.browser.post("/kiosk/leave/")
    assert resident.browser.get(f"/track/{matter.number}/").status_code == 302
    assert left_behind(resident) == {"kiosk"}


def test_language_size_and_a_sign_in_are_forgotten_too(town: Place, resident: Resident) -> None:
    point = opened(town)
    resident.browser = signed_in(town, "王芳")
    resident.browser.post(f"/kiosk/{point.pk}/", {"do": "begin"})
    assert resident.browser.get("/desk/").status_code == 302, "whoever set it up is signed out"
    resident.browser.get("/?lang=en")
    resident.browser.get("/?size=large")
    resident.browser.post("/kiosk/leave/")
    assert left_behind(resident) == {"kiosk"}


def test_somebody_s_own_browser_only_goes_home(town: Place, resident: Resident) -> None:
    assert resident.browser.post("/kiosk/leave/").headers["Location"] == "/"
    for odd in ("x", str(uuid4())):
        resident.browser.cookies["kiosk"] = odd
        assert resident.browser.get("/").status_code == 200
        assert resident.browser.post("/kiosk/leave/").status_code == 302


def test_the_confidential_route_stays_without_a_form_and_a_closed_point_has_none(
    town: Place, resident: Resident
) -> None:
    address = set_up(town, resident)
    assert "<form" not in resident.page("/sealed/") and "<script" not in resident.page("/sealed/")
    from shuoshi.organization.queries import points

    closed(points()[0])
    assert resident.browser.get(address).status_code == 404
