"""A slip is printed once; another sheet has another code, and the one before opens nothing any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions, query_code, terms
from shuoshi.matters.models import Matter
from tests.support.village import Place

Desk = Callable[[str], Client]


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.raise_matter(by="王芳")


def prints(client: Client, matter: Matter, **why: str) -> Any:
    return client.post(f"/desk/matters/{matter.number}/receipt/", why)


def test_the_first_sheet_is_printed_once(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("王芳")
    code = query_code.in_fours(query_code.code_of(matter))
    first = prints(client, matter)
    assert code in first.content.decode()
    assert first["Cache-Control"] == "no-store" and first["Refresh"].endswith("/desk/receipts/")
    again = prints(client, matter)
    assert again.status_code == 422 and code not in again.content.decode()
    asked = client.get(f"/desk/matters/{matter.number}/receipt/").content.decode()
    assert "王芳在" in asked and "换一个新的查询码" in asked


def test_another_sheet_has_another_code_and_the_old_one_opens_nothing(at_desk: Desk, matter: Matter) -> None:
    client, old = at_desk("王芳"), query_code.code_of(matter)
    prints(client, matter)
    body = prints(client, matter, reason="missing").content.decode()
    matter.refresh_from_db()
    fresh = query_code.code_of(matter)
    assert fresh != old and query_code.in_fours(fresh) in body and query_code.in_fours(old) not in body
    resident = Client()
    assert resident.post("/track/", {"number": matter.number, "code": old}).status_code == 422
    assert resident.post("/track/", {"number": matter.number, "code": fresh}).status_code == 302
    told = Event.objects.get(stream_id=str(matter.pk), action="reprint_receipt")
    assert "missing" in told.payload and "query_generation" in told.payload and fresh not in told.payload


def test_a_leader_hands_over_where_the_registry_is_kept_away(at_desk: Desk, town: Place) -> None:
    other = town.raise_matter(by="王芳")
    kept = town.raise_matter(by="王芳", concerns_people=(town.persons["刘敏"],))
    leader = at_desk("马镇长")
    listed = leader.get("/desk/receipts/").content.decode()
    assert kept.number in listed and other.number not in listed
    assert query_code.in_fours(query_code.code_of(kept)) in prints(leader, kept).content.decode()


def test_a_page_that_was_open_under_the_old_code_is_closed(at_desk: Desk, matter: Matter) -> None:
    resident = Client()
    resident.post("/track/", {"number": matter.number, "code": query_code.code_of(matter)})
    assert resident.get(f"/track/{matter.number}/").status_code == 200
    client = at_desk("王芳")
    prints(client, matter)
    prints(client, matter, reason="spoilt")
    assert resident.get(f"/track/{matter.number}/").status_code != 200


def test_two_windows_cannot_both_print_the_first_sheet(town: Place, matter: Matter) -> None:
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    with pytest.raises(Refused) as refused:
        actions.print_slip(matter.pk, again="", actor=town.actor("刘敏"))
    assert refused.value.code == "printed_before"


def test_nobody_prints_what_was_handed_over_or_is_not_theirs_to_hand_over(town: Place, matter: Matter) -> None:
    with pytest.raises(Refused):
        actions.print_slip(matter.pk, again="", actor=town.actor("孙丽"))
    town.run("王芳", terms.HandOverReceipt(to_whom="本人"), matter)
    with pytest.raises(Refused):
        actions.print_slip(matter.pk, again="missing", actor=town.actor("王芳"))
    matter.refresh_from_db()
    assert matter.query_generation == 1


def test_sheets_printed_again_are_counted_in_the_overview(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("王芳")
    prints(client, matter)
    assert client.get("/desk/overview/").context["figures"].reprinted == 0
    prints(client, matter, reason="spoilt")
    assert client.get("/desk/overview/").context["figures"].reprinted == 1
    assert matter.number in client.get("/desk/overview/reprinted/").content.decode()


def test_a_matter_without_a_place_ends_with_its_time(town: Place, at_desk: Desk) -> None:
    town.raise_matter(by="王芳", area=None)
    town.raise_matter(by="王芳")
    lines = re.findall(r'<span class="soft small">(.*?)</li>', at_desk("王芳").get("/desk/receipts/").content.decode())
    words = [re.sub(r"<[^>]+>.*", "", line.partition("</span>")[2]) for line in lines]
    assert sorted(line.count(" · ") for line in words) == [1, 2]
