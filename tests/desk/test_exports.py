"""A list leaves the desk: asked for on its page, watched, taken by whoever asked; registers of a period on screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.ledgers.models import Export, ExportState
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Status
from tests.support.exports import carried_through, numbers
from tests.support.statements import counted
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")

Desk = Callable[[str], Client]


def test_a_list_leaves_the_house_as_it_is_filtered_and_stands_in_an_event(at_desk: Desk, town: Place) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("周建国")
    address = "/desk/ledger/?list=queue.mine&kind=INTEREST_CLAIM"
    queue = client.get("/desk/queues/mine/?kind=INTEREST_CLAIM").content.decode()
    assert address.replace("&", "&amp;") in queue
    page = client.get(address).content.decode()
    assert "我在办；种类：利益诉求" in page and "编号，登记日期" in page
    wrong = client.post(address, {"kind": "xlsx"})
    assert wrong.status_code == 422 and "这里还没有填" in wrong.content.decode()
    form = {"kind": "xlsx", "purpose": "report", "key": uuid4().hex}
    here = {client.post(address, form)["Location"] for _again in range(2)}
    assert len(here) == 1 and Export.objects.count() == 1
    (one,) = here
    page = client.get(one).content.decode()
    assert "正在做" in page and 'hx-get="' in page and "0 / 1" in page
    carried_through()
    page = client.get(one).content.decode()
    assert "做好了" in page and "hx-get" not in page.split('id="making"')[1].split(">")[0]
    assert one in client.get("/desk/exports/").content.decode()
    assert client.get(f"{one}file/").status_code == 405
    sheet = client.post(f"{one}file/")
    assert numbers(sheet.content) == [matter.number] and sheet["Content-Disposition"].endswith(".xlsx")
    assert "no-store" in sheet["Cache-Control"]
    told = Event.objects.get(stream_kind="export", action="ask_export")
    assert told.facts()["filters"] == {"kind": "INTEREST_CLAIM"}
    assert client.post(one, {"do": "throw_away"})["Location"] == "/desk/exports/"
    assert client.post(f"{one}file/").status_code == 409 and "文件已清理" in client.get(one).content.decode()


def test_what_was_searched_for_goes_along_and_a_number_never_stands_in_the_address(at_desk: Desk, town: Place) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("刘敏")
    found = client.post("/desk/search/", {"q": "13800000017"})["Location"]
    page = client.get(found).content.decode()
    link = page.split('href="/desk/ledger/')[1].split('"')[0].replace("&amp;", "&")
    assert "kept=" in link and "0017" not in link
    page = client.get(f"/desk/ledger/{link}").content.decode()
    assert "查找；按查找的内容" in page and "0017" not in page
    one = client.post(f"/desk/ledger/{link}", {"kind": "csv", "purpose": "check"})["Location"]
    carried_through()
    assert numbers(client.post(f"{one}file/").content) == [matter.number]
    with clock.simulated(clock.now() + timedelta(minutes=31)):
        gone = at_desk("刘敏").get(f"/desk/ledger/{link}")
        assert gone.status_code == 409 and "再查一次" in gone.content.decode()


def test_nobody_opens_the_export_of_another(at_desk: Desk, town: Place) -> None:
    one = at_desk("周建国").post("/desk/ledger/?list=queue.mine", {"kind": "csv", "purpose": "check"})["Location"]
    carried_through()
    for other in ("孙丽", "管理员", "马镇长"):
        client = at_desk(other)
        assert client.get(one).status_code == client.post(f"{one}file/").status_code == 404
        assert client.post(one, {"do": "throw_away"}).status_code == 404
        assert one not in client.get("/desk/exports/").content.decode()
    assert Export.objects.get().state == ExportState.MADE


def test_a_desk_left_open_is_asked_again_before_a_list_is_asked_for_or_taken(at_desk: Desk, town: Place) -> None:
    client = at_desk("孙丽")
    one = client.post("/desk/ledger/?list=queue.mine", {"kind": "csv", "purpose": "check"})["Location"]
    carried_through()
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        for address in (f"{one}file/", "/desk/ledger/?list=queue.mine"):
            asked = client.post(address, {"kind": "xlsx", "purpose": "check"})
            assert 'name="password"' in asked.content.decode()
    assert not Event.objects.filter(stream_kind="export", action="take_export").exists()


@pytest.mark.parametrize(
    "listed",
    ["", "queue.nothing", "figure.open", "queue", "x.y", "register.ended&period=2026-11", "balance.new&period=2026-11"],
)
def test_a_list_that_is_none_or_not_ones_own_is_not_there(at_desk: Desk, town: Place, listed: str) -> None:
    assert at_desk("孙丽").get(f"/desk/ledger/?list={listed}").status_code == 404


def test_a_paper_that_cannot_hold_the_list_says_so_at_its_field(
    at_desk: Desk, town: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shuoshi.ledgers import sources

    town.matter_in(Status.IN_HANDLING)
    monkeypatch.setattr(sources, "MOST_ON_PAPER", 0)
    answer = at_desk("周建国").post("/desk/ledger/?list=queue.mine", {"kind": "pdf", "purpose": "check"})
    assert answer.status_code == 422 and "请换一种文件" in answer.content.decode()


def test_an_empty_list_offers_nothing_to_take(at_desk: Desk, town: Place) -> None:
    page = at_desk("周建国").get("/desk/ledger/?list=queue.mine").content.decode()
    assert "没有可以导出的" in page and 'name="purpose"' not in page


# ── periods and registers ──────────────────────────────────────────────────────────────────────────────────────────────


def test_any_two_days_are_a_period_and_its_figures_lead_to_lists_that_can_be_taken(at_desk: Desk, town: Place) -> None:
    town.matter_in(Status.CLOSED)
    today, client = clock.local(clock.now()).date(), at_desk("马镇长")
    first = today - timedelta(days=9)
    page = client.get(f"/desk/balance/?from={first}&to={today}").content.decode()
    name = f"{first}--{today}"
    assert f"period={name}" in page and f"{first.year}年{first.month}月{first.day}日至" in page
    text = client.get(f"/desk/balance/csv/?period={name}")
    assert text.content.startswith(b"\xef\xbb\xbf") and "期末未办结" in text.content.decode("utf-8-sig")
    page = client.get(f"/desk/balance/new/?period={name}").content.decode()
    assert f"list=balance.new&amp;period={name}" in page
    for bad in (f"from={today}&to={first}", "from=x&to=y", f"from={today}", "from=2026-02-30&to=2026-03-01"):
        answer = client.get(f"/desk/balance/?{bad}")
        assert answer.status_code == 200 and "这一期，下面是" in answer.content.decode()


def test_every_register_lists_what_happened_and_can_be_taken_away(at_desk: Desk, town: Place) -> None:
    closed = town.matter_in(Status.CLOSED)
    parked = town.matter_in(Status.PARKED)
    again = town.run(town.speaker(closed), terms.Reopen(text="又坏了两盏"), closed)
    period, client = f"{clock.local(clock.now()):%Y-%m}", at_desk("马镇长")
    expected = {
        "registered": {closed.number: "热线" if again.staff_entered else "网上", parked.number: "利益诉求"},
        "assigned": {closed.number: "城建办", parked.number: "城建办"},
        "ended": {closed.number: "满意"},
        "followed-up": {closed.number: "满意"},
        "parked": {parked.number: "挂账"},
    }
    for name, rows in expected.items():
        address = f"/desk/registers/{name}/?period={period}"
        body = client.get(address).content.decode()
        for number, words in rows.items():
            assert number in body and words in body, name
        link = f"/desk/ledger/?list=register.{name}&period={period}"
        assert link.replace("&", "&amp;") in body
        one = client.post(link, {"kind": "csv", "purpose": "archive"})["Location"]
        carried_through()
        taken = client.post(f"{one}file/").content
        assert set(rows) <= set(numbers(taken)), name
        assert len(numbers(taken)) == body.count('role="rowheader"'), name
    assert at_desk("孙丽").get(f"/desk/registers/ended/?period={period}").status_code == 403
    assert client.get(f"/desk/registers/other/?period={period}").status_code == 404


def test_a_register_costs_the_same_with_one_row_and_with_many(at_desk: Desk, town: Place) -> None:
    with clock.simulated(clock.now()):
        period, client = f"{clock.local(clock.now()):%Y-%m}", at_desk("马镇长")

        def cost(name: str) -> int:
            with counted() as seen:
                client.get(f"/desk/registers/{name}/?period={period}")
            return sum("matters_" in one for one in seen.sql)  # the institution is remembered for a while

        town.matter_in(Status.CLOSED)
        town.matter_in(Status.PARKED)
        names = ("registered", "assigned", "ended", "followed-up", "parked")
        cost("ended")  # what is read once for all
        before = [cost(name) for name in names]
        for status in (Status.CLOSED, Status.PARKED):
            town.matter_in(status)
        assert [cost(name) for name in names] == before
