"""A queue at work: the first row, decide and go on to the next, a word when others acted, pages, marked words, the next date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils.html import escape

from shuoshi.kernel import clock
from shuoshi.kernel.web.pager import ROWS
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.models.matter import NEVER
from shuoshi.matters.vocabulary import Kind, Status
from tests.support.village import Place

Desk = Callable[[str], Client]


def decide(client: Client, opened: str, action: str, **data: str) -> Any:
    """Follow the button on the page of a matter, fill its form as it is drawn, and press."""
    href = re.search(rf'href="(/desk/matters/[^"]*/{action}/[^"]*)"', client.get(opened).content.decode())
    assert href
    page = client.get(href[1].replace("&amp;", "&"))
    body = page.content.decode()
    origin = re.search(r'name="from" value="(\w+)"', body)
    form = page.context["form"]
    carried = {"turn": form["turn"].value(), "key": form["key"].value(), "from": origin[1] if origin else ""}
    return client.post(f"/desk/matters/{page.context['matter'].number}/{action}/", {**carried, **data})


def test_the_main_button_of_a_queue_opens_its_first_row(town: Place, at_desk: Desk) -> None:
    first = town.raise_matter()
    town.raise_matter()
    Matter.objects.filter(pk=first.pk).update(next_due_at=clock.now() + timedelta(minutes=5))
    body = at_desk("王芳").get("/desk/queues/accept/").content.decode()
    assert f'class="btn main" href="/desk/matters/{first.number}/?from=accept"' in body
    assert "btn main" not in at_desk("王芳").get("/desk/queues/words/").content.decode()


def test_after_deciding_one_goes_on_to_the_next_and_from_the_last_to_the_queue(town: Place, at_desk: Desk) -> None:
    matters = [town.classify(town.accept(town.raise_matter())) for _n in range(2)]
    client = at_desk("刘敏")
    there = [row.number for row in client.get("/desk/queues/assign/").context["rows"].rows]
    assert set(there) == {matter.number for matter in matters}
    page = client.get(f"/desk/matters/{there[0]}/assign/?from=assign").content.decode()
    assert (
        "办好并看下一件" in page
        and "办好并看下一件" not in client.get(f"/desk/matters/{there[0]}/assign/").content.decode()
    )
    given = {"unit": str(town.units["城建办"].pk), "reason": "道路照明由城建办管", "next": "1"}
    answer = decide(client, f"/desk/matters/{there[0]}/?from=assign", "assign", **given)
    assert answer["Location"] == f"/desk/matters/{there[1]}/?from=assign"
    answer = decide(client, answer["Location"], "assign", **given)
    assert answer["Location"] == "/desk/queues/assign/"


def test_what_was_passed_over_does_not_come_back_after_each_deed(town: Place, at_desk: Desk) -> None:
    """The first row waits for somebody else: whoever goes on from the second comes to the third, and only then to it."""
    numbers = [town.raise_matter().number for _n in range(4)]
    for hours, number in enumerate(numbers, start=1):
        Matter.objects.filter(number=number).update(next_due_at=clock.now() + timedelta(hours=hours))
    client, met = at_desk("王芳"), []
    at = f"/desk/matters/{numbers[1]}/?from=accept"
    for _n in range(3):
        at = decide(client, at, "accept", kind=Kind.INTEREST_CLAIM, title="灯", next="1")["Location"]
        met.append(next((number for number in numbers if number in at), ""))
    assert met == [numbers[2], numbers[3], numbers[0]]


def test_without_going_on_one_stays_with_the_matter_and_a_foreign_place_is_none(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter()
    client = at_desk("王芳")
    answer = decide(
        client, f"/desk/matters/{matter.number}/?from=accept", "accept", kind=Kind.INTEREST_CLAIM, title="灯"
    )
    assert answer["Location"] == f"/desk/matters/{matter.number}/?from=accept"
    note = client.get(f"/desk/matters/{matter.number}/note/?from=//evil.example")
    assert note.context["origin"] == "" and "evil" not in note.content.decode()


def test_a_receipt_handed_over_from_the_list_leads_back_to_the_list(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳")
    client = at_desk("王芳")
    answer = decide(client, "/desk/receipts/", "hand_over_receipt", to_whom="本人")
    assert answer["Location"] == "/desk/receipts/"
    assert matter.number not in client.get("/desk/receipts/").content.decode()


def changes(client: Client, page: Any) -> str:
    return str(client.post("/desk/queues/accept/changes/", {"shown": page.context["shown"]}).content.decode()).strip()


def test_what_others_did_meanwhile_is_said_above_the_rows(town: Place, at_desk: Desk) -> None:
    stays, goes = town.raise_matter(), town.raise_matter()
    client = at_desk("王芳")
    page = client.get("/desk/queues/accept/")
    town.run("王芳", terms.Note(text="看过了"), stays)
    assert changes(client, page) == "", "a note moves nothing"
    town.accept(goes)
    town.raise_matter()
    assert "有 2 件变动" in changes(client, page)
    assert changes(client, client.get("/desk/queues/accept/")) == ""


def test_a_queue_left_open_does_not_keep_its_session_alive(town: Place, at_desk: Desk) -> None:
    client = at_desk("王芳")
    page = client.get("/desk/queues/accept/")
    for minutes in (10, 20, 29):
        with clock.simulated(clock.now() + timedelta(minutes=minutes)):
            assert client.post("/desk/queues/accept/changes/", {"shown": page.context["shown"]}).status_code == 200
    with clock.simulated(clock.now() + timedelta(minutes=31)):
        assert client.post("/desk/queues/accept/changes/", {"shown": ""}).status_code == 401
        assert client.get("/desk/queues/accept/").status_code == 302


def test_a_day_without_dates_names_the_next_one_however_far(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    far = clock.now() + timedelta(days=9)
    Matter.objects.update(next_due_at=NEVER)
    Matter.objects.filter(pk=matter.pk).update(next_due_at=far)
    page = at_desk("孙丽").get("/desk/")
    assert page.context["next_due_at"] == far
    day = clock.local(far).date()
    assert (
        f"今天没有到期的事。下一件 {'' if day.year == clock.local(clock.now()).year else f'{day.year}年'}{day.month}月{day.day}日"
        in page.content.decode()
    )
    assert at_desk("李国强").get("/desk/").context["next_due_at"] is None


def test_hits_have_their_words_marked_in_title_and_text(town: Place, at_desk: Desk) -> None:
    town.accept(town.raise_matter(content="村口的<b>水井</b>旁边，路灯坏了三盏，孩子放学看不清路。" * 3))
    client = at_desk("王芳")
    body = client.get("/desk/search/?q=路灯").content.decode()
    assert "村口<mark>路灯</mark>不亮" in body and escape("<b>") in body and "<b>水井" not in body
    assert len(re.findall("<mark>路灯</mark>", body)) >= 2 and "……" in body
    assert "<mark>路灯</mark>" in client.get("/desk/overview/recent/?q=路灯").content.decode()
    tail = town.raise_matter().tail
    assert "<mark>" not in client.get(f"/desk/search/?q={tail}").content.decode()


def many(town: Place, size: int) -> None:
    """So many matters of one person, entered at the desk; copies of one row, for the list only shows them."""
    for _n in range(size):
        town.raise_matter(by="王芳")


def test_long_lists_have_pages(town: Place, at_desk: Desk) -> None:
    many(town, ROWS + 2)
    client = at_desk("王芳")
    person = Matter.objects.order_by("registered_at")[0].parties.get().person_id
    for address, name in ((f"/desk/people/{person}/", "listed"), ("/desk/receipts/", "page")):
        first = client.get(address)
        assert first.status_code == 200
        rows = list(first.context[name].rows)
        if first.context[name].next:
            assert "下一页" in first.content.decode()
            rows += client.get(f"{address}?after={first.context[name].next}").context[name].rows
        assert len({row.pk for row in rows}) == len(rows)
        assert len(rows) == (ROWS + 2 if name == "page" else 1)


def test_fifty_rows_weigh_little(town: Place, at_desk: Desk) -> None:
    """The rows of a full page, each with a title of ordinary length, a unit, a handler and a box to tick."""
    for _n in range(ROWS):
        town.sign_for(town.assign(town.classify(town.accept(town.raise_matter()))))
    body = at_desk("周建国").get("/desk/queues/mine/").content.decode()
    rows = body.split("<table", 1)[1].split("</table>")[0]
    assert rows.count("<tr") == ROWS + 1
    assert len(rows.encode()) <= 43 * 1024, len(rows.encode())
