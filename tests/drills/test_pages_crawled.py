"""Drill 14: a stranger's walk through the public pages, and the log it leaves, hold nothing that somebody confided."""

from __future__ import annotations

import io
import logging
import re

import pytest
from django.test import Client

from shuoshi.config.logs import PlainFormatter
from shuoshi.matters import query_code
from shuoshi.matters.intake import PersonSaid
from tests.portal.resident import Resident
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(14)]

PLANTED = ("欧阳阿婆", "13711112222", "水缸底下")


def crawl(browser: Client, start: str) -> dict[str, str]:
    """Every page that links lead to from here, by address."""
    pages: dict[str, str] = {}
    waiting = [start]
    while waiting and len(pages) < 60:
        address = waiting.pop(0)
        if address in pages:
            continue
        answer = browser.get(address, follow=True)
        pages[address] = answer.content.decode(errors="replace") if not answer.streaming else ""
        waiting += [link for link in re.findall(r'href="(/[^"#]*)"', pages[address]) if not link.startswith("/static/")]
    return pages


def test_what_was_confided_is_on_no_public_page_and_in_no_log(town: Place):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(PlainFormatter("{levelname} {name}: {message}", style="{"))
    logging.getLogger().addHandler(handler)
    try:
        matter = town.raise_matter(
            content="钥匙藏在水缸底下。", speaker=PersonSaid(name="欧阳阿婆", phone="13711112222"), place="水缸底下"
        )
        code = query_code.code_of(matter)
        owner, stranger = Resident(Client()), Client(REMOTE_ADDR="198.51.100.7")
        assert "水缸底下" in owner.opens(matter), "the owner reads it"
        pages = crawl(stranger, "/")
        pages["number"] = stranger.get(f"/track/{matter.number}/", follow=True).content.decode()
        pages["forged"] = stranger.get("/track/%0aERROR%20root:%20forged/?phone=13711112222").content.decode()
    finally:
        logging.getLogger().removeHandler(handler)
    assert len(pages) > 5
    shown = {address for address, page in pages.items() if any(thing in page for thing in (*PLANTED, code))}
    assert not shown
    assert not [thing for thing in (*PLANTED, code) if thing in log.getvalue()]
    assert not [line for line in log.getvalue().splitlines() if line.startswith("ERROR root: forged")]


def test_what_the_owner_reads_is_kept_by_no_cache(town: Place):
    matter = town.raise_matter()
    owner = Resident(Client())
    owner.opens(matter)
    assert "no-store" in owner.browser.get(f"/track/{matter.number}/").headers["Cache-Control"]
