"""说事渠道 (3): every figure of a way or a point opens as many matters as it says, and what needs somebody is marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time, timedelta
from html import unescape

from django.test import Client

from shuoshi.channels.platforms import keeping
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import periods, ways
from shuoshi.matters.queries.overview import Figure
from shuoshi.matters.queries.ways import Line
from shuoshi.matters.vocabulary import Action, Channel, Satisfaction, Solved, Status
from shuoshi.organization.actions.places import OpeningGiven
from shuoshi.organization.models import Point
from shuoshi.portal import institution
from tests.matters import divided
from tests.matters.test_drills import practised
from tests.support.attempts import sample
from tests.support.platforms import let_in, posted
from tests.support.points import closed, kept_open, opened
from tests.support.statements import Statements
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE = "/desk/ways/"
_FIGURE = re.compile(r'<a href="(/desk/ways/[\w-]+/\?[^"]+)">([^<]+)<')


def lines(town: Place, who: str = "马镇长") -> dict[str, Line]:
    now = clock.now()
    return dict(ways.by_way(town.actor(who), periods.month(clock.local(now).date()), now))


def rated(town: Place, level: Satisfaction, **said: object) -> Matter:
    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳", **said)
    answers = terms.Answers(contacted=True, solved=Solved.YES, result=level, attitude=level)
    return town.run(town.speaker(matter), terms.Rate(answers=answers), matter)


def on_the_spot(town: Place, **said: object) -> Matter:
    matter = town.raise_matter(by="王芳", **said)
    return town.run("王芳", sample(town, Action.ANSWER_ON_THE_SPOT, matter), matter)


def some(town: Place) -> None:
    """Something in every column of the hotline, and one matter online."""
    on_the_spot(town)
    rated(town, Satisfaction.GOOD)
    town.raise_matter(by="王芳")
    town.raise_matter()


def test_a_way_counts_what_came_by_it_and_what_became_of_it(town: Place) -> None:
    on_the_spot(town)
    rated(town, Satisfaction.GOOD)
    rated(town, Satisfaction.BAD)
    for_another = {"on_behalf_of": PersonSaid(name="李奶奶", phone="13800000099")}
    rated(town, Satisfaction.GOOD, **for_another)
    last = town.raise_matter(by="王芳")
    found = lines(town)[Channel.HOTLINE]
    assert (found.came, found.on_the_spot, found.last) == (5, 1, last.registered_at)
    assert found.satisfied == Figure(1, 2), "what is said for another is counted apart"
    assert found.open == 2, "one not accepted yet, one done again"
    assert set(lines(town)) == {Channel.HOTLINE}


def test_what_was_accepted_late_or_not_at_all_was_not_accepted_in_time(town: Place) -> None:
    town.accept(town.raise_matter())
    late = town.raise_matter()
    assert lines(town)[Channel.ONLINE].in_time == Figure(1, 1), "the other is still in time"
    begun = periods.month(clock.local(clock.now()).date())
    with clock.simulated(clock.now() + timedelta(days=9)):
        now = clock.now()
        seen = ways.by_way(town.actor("马镇长"), begun, now)[Channel.ONLINE]
        assert seen.in_time == Figure(1, 2)
        late = town.accept(late)
        assert ways.by_way(town.actor("马镇长"), begun, now)[Channel.ONLINE].in_time == Figure(1, 2)


def test_a_divided_matter_is_one_and_a_drill_is_none(town: Place) -> None:
    divided.divide(town)
    practised(town)
    assert sum(line.came for line in lines(town).values()) == 1


def test_what_one_must_not_know_of_is_not_counted(town: Place, at_desk: Desk) -> None:
    kept = town.raise_matter(concerns_people=(town.persons["马镇长"],))
    assert not lines(town)
    assert kept.number not in at_desk("马镇长").get(f"{PAGE}came/").content.decode()


def test_every_figure_opens_as_many_matters_as_it_says(town: Place, at_desk: Desk) -> None:
    point = opened(town)
    some(town)
    on_the_spot(town, said_point=point.pk)
    client = at_desk("马镇长")
    page = client.get(PAGE)
    found = _FIGURE.findall(page.content.decode())
    assert len(found) >= 7
    counts = {
        cell.query + cell.column: cell.n
        for row in (*page.context["ways"], *page.context["points"])
        for cell in row.cells
    }
    for opens, _said in found:
        column = opens.split("/")[3]
        address, query = unescape(opens), unescape(opens).partition("?")[2]
        listed = client.get(address)
        assert len(listed.context["rows"].rows) == counts[query + column] > 0, address
    (row,) = (one for one in page.context["points"] if one.label == point.name)
    assert [cell.n for cell in row.cells][:3] == [1, 1, 0]


def test_another_period_is_another_count(town: Place, at_desk: Desk) -> None:
    town.raise_matter()
    with clock.simulated(periods.month(clock.local(clock.now()).date()).ends + timedelta(days=3)):
        client = at_desk("马镇长")
        assert not _FIGURE.findall(client.get(PAGE).content.decode())
        year = client.get(f"{PAGE}?period={clock.local(clock.now() - timedelta(days=10)).year}")
        assert _FIGURE.findall(year.content.decode())
        assert "没有“2026-13”这一期" in client.get(f"{PAGE}?period=2026-13").content.decode()


def test_a_point_nobody_opens_is_marked(town: Place, at_desk: Desk) -> None:
    point = opened(town)
    kept_open(town, point)
    client = at_desk("马镇长")
    assert _wrong(client, point) == "没有写开放时间"
    today = clock.local(clock.now()).date()
    kept_open(town, point, OpeningGiven(matter_day=today + timedelta(days=20), opens=time(8), closes=time(11)))
    assert _wrong(client, point) == "两周内不开放"
    kept_open(town, point, OpeningGiven(matter_day=today + timedelta(days=3), opens=time(8), closes=time(11)))
    (row,) = (one for one in client.get(PAGE).context["points"] if one.label == point.name)
    assert (row.wrong, row.day) == ("", today + timedelta(days=3))
    body = client.get(PAGE).content.decode()
    assert "8:00–11:00" in body


def _wrong(client: Client, point: Point) -> str:
    (row,) = (one for one in client.get(PAGE).context["points"] if one.label == point.name)
    return str(row.wrong)


def test_a_closed_point_is_shown_where_something_was_said(town: Place, at_desk: Desk) -> None:
    point = opened(town)
    town.raise_matter(by="王芳", said_point=point.pk)
    closed(point)
    client = at_desk("马镇长")
    body = client.get(PAGE).content.decode()
    assert point.name in body and "已经停用" in body
    with clock.simulated(clock.now() + timedelta(days=70)):
        assert point.name not in at_desk("马镇长").get(PAGE).content.decode()


def test_it_is_for_those_who_see_the_overview_and_linked_from_it(town: Place, at_desk: Desk) -> None:
    for address in (PAGE, f"{PAGE}came/"):
        assert at_desk("孙丽").get(address).status_code == 403, address
    client = at_desk("马镇长")
    assert f'href="{PAGE}"' in client.get("/desk/overview/").content.decode()
    for address in ("nothing/", "came/?way=X", "came/?point=X"):
        assert client.get(f"{PAGE}{address}").status_code == 404, address


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

    before = [cost(PAGE), cost(f"{PAGE}came/")]
    some(town)
    assert [cost(PAGE), cost(f"{PAGE}came/")] == before


def test_platforms_stand_there_with_who_runs_them_and_what_is_wrong(town: Place, at_desk: Desk) -> None:
    assert "王工" not in at_desk("马镇长").get(PAGE).content.decode()
    platform, key = let_in(until=clock.local(clock.now()).date())
    assert posted(key).status_code == 200
    body = at_desk("马镇长").get(PAGE).content.decode()
    assert "县民生服务平台" in body and "王工 0571-8600000" in body and "密钥快到期了" in body
    assert lines(town)[Channel.PLATFORM].came == 1
    keeping.end(platform.pk, actor=SYSTEM)
    body = at_desk("马镇长").get(PAGE).content.decode()
    assert "县民生服务平台" in body and "已经停用" in body, "what it sent in this period is not without its name"
