"""台账结转: every figure opens as many matters as it says, for those who see the overview, as a page, a sheet and a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import periods
from shuoshi.matters.vocabulary import Status
from shuoshi.portal import institution
from tests.support.statements import Statements
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE = "/desk/balance/"
_FIGURE = re.compile(r'<a href="(/desk/balance/\w+/\?[^"]+)">(\d+)<.*?</a>(?: <span class="soft">（(\d+) 件）</span>)?')


def this_month(town: Place) -> None:
    """Something in every column, one matter in two of them twice."""
    town.raise_matter()
    town.matter_in(Status.SCREENED_OUT)
    town.matter_in(Status.IN_HANDLING)
    matter = town.matter_in(Status.CLOSED)
    for _each in range(2):
        matter = town.run(town.speaker(matter), terms.Reopen(text="又坏了"), matter)
        matter = town.follow_up(town.sign(town.prepare(town.sign_for(town.assign(matter)))), 5)


def figures_open(client: Client, address: str) -> int:
    body = client.get(address).content.decode()
    found = _FIGURE.findall(body)
    for opens, said, matters in found:
        assert len(_rows(client, unescape(opens))) == int(matters or said), opens
    return len(found)


def _rows(client: Client, address: str) -> list[Matter]:
    page = client.get(address)
    assert page.status_code == 200
    assert not page.context["rows"].next
    return list(page.context["rows"].rows)


def test_every_figure_opens_as_many_matters_as_it_says(town: Place, at_desk: Desk) -> None:
    this_month(town)
    client = at_desk("马镇长")
    page = client.get(PAGE)
    line, body = page.context["line"], page.content.decode()
    assert (line.carried, line.new, line.back, line.ended, line.open) == (0, 4, 2, 4, 2)
    assert "上期结转 0 ＋ 新登记 4 ＋ 再提 2 － 办结 4 ＝ 期末未办结 2，每一行都对得上" in body
    assert "4<" in body and "（2 件）" in body, "one ended three times"
    assert figures_open(client, PAGE) >= 4 + 2 * 3
    with clock.simulated(periods.month(clock.local(clock.now()).date()).ends + timedelta(days=3)):
        client = at_desk("马镇长")
        assert client.get(PAGE).context["line"].carried == 2
        assert figures_open(client, PAGE) >= 4
        assert figures_open(client, f"{PAGE}?period={clock.local(clock.now()).year}") >= 4


def test_it_is_for_those_who_see_the_overview_and_linked_from_it(town: Place, at_desk: Desk) -> None:
    for address in (PAGE, f"{PAGE}open/", f"{PAGE}xlsx/", f"{PAGE}pdf/"):
        assert at_desk("孙丽").get(address).status_code == 403, address
    assert f'href="{PAGE}"' in at_desk("马镇长").get("/desk/overview/").content.decode()


def test_what_is_no_period_no_column_and_no_unit_is_said(town: Place, at_desk: Desk) -> None:
    client = at_desk("马镇长")
    page = client.get(f"{PAGE}?period=2026-13")
    assert "没有“2026-13”这一期" in page.content.decode()
    assert page.context["name"] == periods.month(clock.local(clock.now()).date()).name
    for address in ("nothing/", "open/?kind=X", "open/?unit=X"):
        assert client.get(f"{PAGE}{address}").status_code == 404, address
    long_ago = client.get(f"{PAGE}?period=2019-Q2")
    assert 'value="2019-Q2" selected' in long_ago.content.decode() and not long_ago.context["unknown"]


def test_it_is_printed_and_downloaded_with_the_same_figures(town: Place, at_desk: Desk) -> None:
    this_month(town)
    client = at_desk("马镇长")
    book = client.get(f"{PAGE}xlsx/")
    assert book.status_code == 200 and book.content[:2] == b"PK" and "no-store" in book["Cache-Control"]
    assert client.get(f"{PAGE}pdf/?open").content[:5] == b"%PDF-"


def test_the_sheet_repeats_the_lines_of_the_page(town: Place) -> None:
    from shuoshi.matters.papers import balance as sheets
    from shuoshi.matters.queries.balance import balance

    this_month(town)
    period = periods.month(clock.local(clock.now()).date())
    made = sheets.sheet(balance(town.actor("马镇长"), period), period, "马镇长", clock.now())
    assert list(made.rows[0]) == ["全部", "合计", 0, 4, 2, 4, 2]
    by_unit = [row[2:] for row in made.rows if row[0] == "按单位"]
    assert [sum(column) for column in zip(*by_unit, strict=True)] == [0, 4, 2, 4, 2]
    assert "上期结转 0 ＋ 新登记 4 ＋ 再提 2 － 办结 4 ＝ 期末未办结 2" in made.notes[0]


def test_the_page_costs_the_same_with_nothing_and_with_some(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    def cost(address: str) -> int:
        with clock.simulated(clock.now()):
            client = at_desk("马镇长")
            client.get(address)
            institution.forget()  # else a slow machine reads it anew in one of the two
            with statements() as seen:
                assert client.get(address).status_code == 200
        return seen.count

    addresses = (PAGE, f"{PAGE}open/")
    before = [cost(address) for address in addresses]
    this_month(town)
    assert [cost(address) for address in addresses] == before


def test_another_page_of_a_figure_follows(town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from shuoshi.kernel.web import pager

    for _each in range(3):
        town.raise_matter()
    monkeypatch.setattr(pager.keyset, "__defaults__", (2,))
    found = rows_of(at_desk("马镇长"), f"{PAGE}new/")
    assert len(found) == len({one.pk for one in found}) == 3


def rows_of(client: Client, address: str) -> list[Matter]:
    found: list[Matter] = []
    after = ""
    while True:
        page = client.get(f"{address}?after={after}").context["rows"]
        found += page.rows
        after = page.next
        if not after:
            return found
