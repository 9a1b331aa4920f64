"""Drill 14: whoever walks through every page, as a stranger and as everybody of the staff, meets nothing that is not theirs.

Everything confided is planted in matters of every situation. Words stand where the matter is in scope and nowhere else;
names, numbers and codes stand on no page that a link opens; nothing of it is in a log, an address, a header, a notice, a
session or a cache. And what is kept from somebody leaves no trace at all: their pages are the same with it and without.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from shuoshi.config.logs import PlainFormatter
from shuoshi.kernel import clock
from shuoshi.kernel.outbox import Notice
from shuoshi.matters import query_code, terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Naming, Status
from tests.drills.crawler import Answer, crawl, visit
from tests.drills.planted import COMMON, Planted, Thing, everything
from tests.matters.cells import PEOPLE
from tests.portal.resident import Resident
from tests.support.desk import signed_in
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(14)]

CONFIDED = PersonSaid(name="欧阳阿婆", phone="13711112222")
HANDLING_SIDE = ("周建国", "孙丽")


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Everything the product writes to its log meanwhile."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(PlainFormatter("{levelname} {name}: {message}", style="{"))
    logging.getLogger().addHandler(handler)
    try:
        yield written
    finally:
        logging.getLogger().removeHandler(handler)


def found(things: Iterable[str], pages: dict[str, Answer]) -> list[tuple[str, str]]:
    """Which thing stands at which address."""
    sought = list(things)
    return [(thing, address) for address, page in pages.items() for thing in sought if page.holds(thing)]


# ── the stranger ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_confided_is_on_no_public_page_and_in_no_log(town: Place):
    with logged() as log:
        matter = town.raise_matter(content="钥匙藏在水缸底下。", speaker=CONFIDED, place=COMMON)
        code = query_code.code_of(matter)
        owner, stranger = Resident(Client()), Client(REMOTE_ADDR="198.51.100.7")
        assert COMMON in owner.opens(matter), "the owner reads it"
        pages = crawl(stranger, "/", f"/track/{matter.number}/")
        visit(stranger, "/track/%0aERROR%20root:%20forged/?phone=13711112222")
        pages["draft"] = visit(stranger, "/submit/check/")
    assert len(pages) > 5
    planted = (CONFIDED.name, CONFIDED.phone, COMMON, code, query_code.in_fours(code))
    assert not found(planted, pages)
    assert not [thing for thing in planted if thing in log.getvalue()]
    assert not [line for line in log.getvalue().splitlines() if line.startswith("ERROR root: forged")]


def test_what_the_owner_reads_is_kept_by_no_cache(town: Place):
    matter = town.raise_matter()
    owner = Resident(Client())
    owner.opens(matter)
    assert "no-store" in owner.browser.get(f"/track/{matter.number}/").headers["Cache-Control"]


def test_what_a_resident_opens_holds_the_own_matter_and_no_word_from_inside(town: Place):
    planted = everything(town)
    mine = planted.things[3]
    owner = Resident(Client())
    owner.opens(mine.matter)
    pages = crawl(owner.browser, f"/track/{mine.matter.number}/")
    assert found([mine.words], pages)
    others = [thing for thing in planted.things if thing is not mine]
    assert not found([thing.words for thing in others], pages)
    assert not found([one for thing in others for one in thing.private], pages)
    assert not found([thing.inside for thing in planted.things], pages)


# ── the staff ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [one if one == "孙丽" else pytest.param(one, marks=pytest.mark.slow) for one in PEOPLE],
)
def test_staff_find_what_is_in_their_scope_and_nothing_else(town: Place, name: str):
    with logged() as log:
        planted = everything(town)
        browser, readable = signed_in(town, name), planted.visible(name)
        mine = [f"/desk/matters/{thing.matter.number}/" for thing in planted.things if thing.words in readable]
        pages = crawl(browser, "/desk/", *mine) | searched(browser, planted)
    statuses = {page.status for page in pages.values()}
    assert statuses <= {200, 302, 403}, [address for address, page in pages.items() if page.status not in (200, 302)]
    assert {words for words, _ in found((thing.words for thing in planted.things), pages)} == readable
    hidden = [thing for thing in planted.things if thing.words not in readable]
    without_echo = {address: page for address, page in pages.items() if "?q=" not in address}
    assert not found((thing.matter.number for thing in hidden), without_echo)
    assert not found(planted.private, pages)
    assert not [address for address in pages for thing in planted.things if thing.words in address]
    shown_as_resident = {address: page for address, page in pages.items() if "/as-resident/" in address}
    assert not found((thing.inside for thing in planted.things), shown_as_resident)
    if name in HANDLING_SIDE:
        nameless_to_the_unit(planted, pages)
    assert not [thing for thing in everything_planted(planted) if thing in log.getvalue()]


def searched(browser: Client, planted: Planted) -> dict[str, Answer]:
    """The search for words that stand in every matter, for each number, and for the last digits of it."""
    numbers = [thing.matter.number for thing in planted.things]
    asked = [COMMON, "钥匙", *numbers, *{number[-4:] for number in numbers}]
    return {address: visit(browser, address) for address in (f"/desk/search/?q={quote(words)}" for words in asked)}


def nameless_to_the_unit(planted: Planted, pages: dict[str, Answer]) -> None:
    """A confidential speaker is not even masked for the handling side: in a village a surname can be enough."""
    for thing in planted.things:
        if thing.matter.naming == Naming.CONFIDENTIAL:
            own = {address: page for address, page in pages.items() if thing.matter.number in address}
            assert own
            assert not found(["褚", "濮"], own)


def everything_planted(planted: Planted) -> list[str]:
    return [*planted.private, *(thing.words for thing in planted.things), *(thing.inside for thing in planted.things)]


@pytest.mark.slow
def test_notices_sessions_and_caches_hold_nothing_confided(town: Place):
    planted = everything(town)
    for thing in planted.things:
        Resident(Client()).opens(thing.matter)
    crawl(signed_in(town, "孙丽"), "/desk/")
    kept = [str(row) for row in Notice.objects.values()]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    kept += [str(value) for value in getattr(cache, "_cache", {}).values()]
    assert len(kept) > 10
    whole = "\0".join(kept)
    assert not [thing for thing in everything_planted(planted) if thing in whole]


# ── no trace ───────────────────────────────────────────────────────────────────────────────────────────────────────


def concerning(town: Place, name: str) -> list[dict[str, object]]:
    """What may be said so that a matter is kept from this person: the person, or a unit of theirs."""
    units = {post.unit_id for post in town.actor(name).posts}
    return [{"concerns_people": (town.persons[name],)}, *({"concerns_units": (unit,)} for unit in units)]


@pytest.mark.parametrize(
    "name",
    [
        "孙丽",
        *(pytest.param(one, marks=pytest.mark.slow) for one in ("周建国", "刘敏", "赵红", "马镇长", "王芳", "何勇")),
    ],
)
def test_what_is_kept_from_somebody_changes_no_page_of_theirs(town: Place, name: str):
    """Lists, counts, overview, search, notices and times: the same, byte for byte, with the matter and without."""
    planted = Planted(town)
    plain = planted.plant(Status.IN_HANDLING)
    planted.plant(Status.IN_FOLLOW_UP)
    moment = clock.now() + timedelta(minutes=5)
    with clock.simulated(moment):
        browser = signed_in(town, name)
        starts = ("/desk/", f"/desk/search/?q={quote(COMMON)}", f"/desk/matters/{plain.matter.number}/")
        before = crawl(browser, *starts)
        kept = [planted.plant(**said) for said in concerning(town, name)]
        for thing in kept:
            moved(town, thing)
        after = crawl(browser, *starts)
    assert planted.visible(name) <= {thing.words for thing in planted.things if thing not in kept}
    assert set(before) == set(after)
    fresh = {"/desk/me/second-factor/", "/desk/all/"}  # another secret each time; what this browser opened before
    changed = [one for one in before if one not in fresh and before[one].settled() != after[one].settled()]
    assert not changed, differences(before[changed[0]], after[changed[0]])


def moved(town: Place, thing: Thing) -> None:
    """A step or two by whoever else may, with a word of the speaker's and an hour gone by."""
    speaker = town.speaker(thing.matter)
    thing.matter = town.run(speaker, terms.AddInformation(text=f"{thing.words}还有话"), thing.matter)
    thing.matter = town.run(speaker, terms.Nudge(), thing.matter)
    assert Matter.objects.get(pk=thing.matter.pk).unread_words


def differences(one: Answer, other: Answer) -> str:
    import difflib

    return "\n".join(difflib.unified_diff(one.settled().splitlines(), other.settled().splitlines(), n=0, lineterm=""))
