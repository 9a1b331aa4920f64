"""The overview: every figure and every bar opens a list with exactly as many matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from shuoshi.desk import lists
from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.overview import Figure, overview
from shuoshi.matters.vocabulary import Complexity, Kind, Satisfaction, Solved, Status
from tests.support.village import Place

Desk = Callable[[str], Client]


def rows(client: Client, address: str) -> list[Matter]:
    found: list[Matter] = []
    page = client.get(address)
    while True:
        assert page.status_code == 200, address
        assert not page.context["bar"].dropped, address
        found += page.context["rows"].rows
        after = page.context["rows"].next
        if not after:
            return found
        page = client.get(f"{address}{'&' if '?' in address else '?'}after={after}")


def rate(town: Place, matter: Matter, level: Satisfaction) -> Matter:
    solved = Solved.YES if level >= Satisfaction.FAIR else Solved.NO
    answers = terms.Answers(contacted=True, solved=solved, result=level, attitude=level)
    return town.run(town.speaker(matter), terms.Rate(answers=answers), matter)


def three_months(town: Place) -> datetime:
    """Matters of many weeks: two categories of one group, reworked, late, answered late, rated well and badly.

    People hold their posts from now on, so the months lie ahead; returns their end.
    """
    now = clock.now() + timedelta(days=100)
    for days in (83, 60, 25, 12, 5, 1):
        with clock.simulated(now - timedelta(days=days)):
            town.matter_in(Status.IN_HANDLING, by="王芳")
            for category in ("B604", "B601"):
                town.classify(town.accept(town.raise_matter()), category)
    with clock.simulated(now - timedelta(days=28)):
        reworked = town.matter_in(Status.IN_FOLLOW_UP)
        late = town.sign_for(
            town.assign(town.classify(town.accept(town.raise_matter()), "B602", Kind.INTEREST_CLAIM, Complexity.SIMPLE))
        )
    with clock.simulated(now - timedelta(days=14)):
        reworked = town.prepare(town.sign_for(rate(town, reworked, Satisfaction.BAD)))
        rate(town, town.sign(reworked), Satisfaction.VERY_GOOD)
        rate(town, town.sign(town.prepare(late)), Satisfaction.GOOD)
    return now


def test_every_figure_and_every_bar_opens_as_many_matters_as_it_says(town: Place, at_desk: Desk) -> None:
    with clock.simulated(three_months(town)):
        everything_opens(at_desk("马镇长"))


def everything_opens(client: Client) -> None:
    page = client.get("/desk/overview/")
    body = page.content.decode()
    opened = 0
    for address, inside in re.findall(r'<a href="(/desk/overview/[^"]+)">(.*?</a>.*?)</li>', body, re.DOTALL):
        said = re.search(r'class="(?:num|figure)">(\d+)<', inside)
        if said:
            assert len(rows(client, address.replace("&amp;", "&"))) == int(said[1]), address
            opened += 1
    assert opened >= 2 + 12 + 4 + 3 + 2, "two figures, weeks, ages, categories, ways in"
    figures = page.context["figures"]
    for name, figure in (("due", figures.on_time), ("rated", figures.satisfied)):
        assert len(rows(client, f"/desk/overview/{name}/")) == figure.n, name
    assert 0 < figures.on_time.n < figures.on_time.of
    assert (figures.satisfied.n, figures.satisfied.of) == (1, 2), "one of the two had a round that did not satisfy"


def test_a_category_of_the_overview_is_not_its_whole_group(town: Place, at_desk: Desk) -> None:
    town.classify(town.accept(town.raise_matter()), "B604")
    other = town.classify(town.accept(town.raise_matter()), "B601")
    client = at_desk("马镇长")
    assert other.number not in {row.number for row in rows(client, "/desk/overview/recent/?category=B604")}
    assert len(rows(client, "/desk/overview/recent/?category=B6")) == 2
    page = client.get("/desk/overview/recent/?category=B604")
    assert "去掉" in page.content.decode() and page.context["bar"].chips[0].words.count("›") == 1


def test_a_week_stays_when_its_list_is_narrowed_and_a_wrong_one_is_named(town: Place, at_desk: Desk) -> None:
    client = at_desk("马镇长")
    first = overview(town.actor("马镇长"), clock.now()).weeks[0][0]
    address = f"/desk/overview/weeks/?week={first}"
    page = client.get(address)
    assert f'name="week" value="{first}"' in page.content.decode()
    there = client.post("/desk/overview/weeks/", {"week": str(first), "channel": "hotline", "q": ""})["Location"]
    assert f"week={first}" in there and "channel=hotline" in there
    assert "没有“2026-13-40”这一周" in client.get("/desk/overview/weeks/?week=2026-13-40").content.decode()


def test_a_unit_that_is_closed_keeps_its_bar(town: Place, at_desk: Desk) -> None:
    from shuoshi.kernel.actors import SYSTEM
    from shuoshi.organization import actions as organization
    from shuoshi.organization.models import Post

    unit = town.units["水利站"]
    for post in Post.objects.filter(unit=unit, until__isnull=True):
        organization.end_post(post.pk, actor=SYSTEM)
    organization.close_unit(unit.pk, actor=SYSTEM)
    page = at_desk("马镇长").get(f"/desk/overview/over/?unit={unit.pk}")
    assert not page.context["bar"].dropped and page.context["bar"].chips[0].words == "水利站"
    assert unit.name not in [
        option.label for option in at_desk("马镇长").get("/desk/overview/over/").context["bar"].selects[-1].options
    ]


@pytest.mark.parametrize(
    ("n", "of", "said"),
    [
        (0, 0, "—"),
        (3, 4, "样本不足"),
        (299, 300, "99%"),
        (1, 300, "1%"),
        (0, 300, "0%"),
        (300, 300, "100%"),
        (4, 5, "80%"),
    ],
)
def test_a_share_says_all_or_none_only_when_it_is_so(db: None, n: int, of: int, said: str) -> None:
    assert lists.share(Figure(n, of)).words == said
