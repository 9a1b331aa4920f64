"""Drill 3: every address of the product × everybody × their relation to a matter: only permitted cells answer."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from shuoshi.desk import forms
from shuoshi.desk.urls import urlpatterns
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Naming
from tests.drills.crawler import Answer, crawl, visit
from tests.drills.planted import Thing, everything
from tests.matters.cells import PEOPLE
from tests.portal.resident import Resident
from tests.support.desk import signed_in
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(3)]

PAPERS = ("registration", "order-1", "reply-1", "report-1", "follow_up-1", "receipt")


def table(thing: Thing) -> list[str]:
    """Every address of the desk that names a matter, filled in for this one from what it has: no page is left out."""
    matter = thing.matter
    fillings = {
        "key": [str(file.pk) for file in matter.attachments.all()],
        "party": [str(party.pk) for party in matter.parties.all()],
        "name": PAPERS,
        "action": list(forms.FORMS),
    }
    found: list[str] = []
    for route in (str(one.pattern) for one in urlpatterns if "<str:number>" in str(one.pattern)):
        address = f"/desk/{route}".replace("<str:number>", matter.number)
        hole = re.search(r"<\w+:(\w+)>", address)
        found += [address.replace(hole[0], value) for value in fillings[hole[1]]] if hole else [address]
        assert hole is None or fillings[hole[1]] or matter.naming == Naming.ANONYMOUS, route
    return found


def outsiders(town: Place, thing: Thing, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not visible_to(town.actor(name)).filter(pk=thing.matter.pk).exists()]


@pytest.mark.parametrize(
    ("names", "most"),
    [(("孙丽",), 2), pytest.param(PEOPLE, 100, marks=pytest.mark.slow)],
)
def test_an_address_of_a_matter_out_of_scope_is_not_there(town: Place, names: tuple[str, ...], most: int):
    tried = 0
    for thing in everything(town).things[:most]:
        addresses = table(thing)
        for name in outsiders(town, thing, names):
            browser = signed_in(town, name)
            for address in addresses:
                for answer in (visit(browser, address), posted(browser, address)):
                    assert answer.status in (403, 404, 405), (name, address, answer.status)
                    told = [one for one in (thing.words, thing.inside, *thing.private) if answer.holds(one)]
                    assert not told, (name, address)
                    tried += 1
    assert tried > 100 * len(names)


def posted(browser: Client, address: str) -> Answer:
    """The form of this address, sent without anything a page would have filled in."""
    answer = browser.post(address, {"reason": "contact_speaker", "text": "试一试", "turn": "1", "key": "k"})
    return Answer(answer.status_code, str(answer.headers), answer.content)


def test_whether_a_matter_exists_is_told_to_nobody_out_of_scope(town: Place):
    planted = everything(town)
    thing = planted.things[0]
    for name in outsiders(town, thing, PEOPLE):
        browser = signed_in(town, name)
        there = visit(browser, f"/desk/matters/{thing.matter.number}/")
        nowhere = visit(browser, f"/desk/matters/{thing.matter.number[:-4]}9999/")
        assert there.status == nowhere.status == 404
        settled = [page.settled().replace(thing.matter.number[-4:], "9999") for page in (there, nowhere)]
        assert settled[0] == settled[1], name


def test_the_code_of_one_matter_opens_no_address_of_another(town: Place):
    planted = everything(town)
    mine, other = planted.things[3], planted.things[6]
    owner = Resident(Client())
    owner.opens(other.matter)
    paths = [urlsplit(path).path for path in crawl(owner.browser, f"/track/{other.matter.number}/")]
    of_other = {path for path in paths if other.matter.number in path}
    assert any("/files/" in path for path in of_other)
    stranger = Resident(Client())
    stranger.opens(mine.matter)
    for path in of_other:
        for address in (path, path.replace(other.matter.number, mine.matter.number)):
            answer = visit(stranger.browser, address)
            assert answer.status in (200, 302, 404, 405)
            assert not [one for one in (other.words, *other.private) if answer.holds(one)], address


def test_a_draft_of_one_person_is_shown_to_no_other(town: Place):
    writer, reader = signed_in(town, "王芳"), signed_in(town, "刘敏")
    assert writer.post("/desk/register/draft/", {"content": "抽屉里的草稿", "channel": "hotline"}).status_code == 200
    assert "抽屉里的草稿" in writer.get("/desk/register/?kept=1").content.decode()
    for address in ("/desk/", "/desk/register/", "/desk/register/?kept=1"):
        assert not visit(reader, address).holds("抽屉里的草稿"), address
