"""What the invented town knows: written by one and published by another, in categories and voices that exist."""

from __future__ import annotations

import re
from datetime import date

from shuoshi.demo.knowledge import Shelf, content, given
from shuoshi.demo.stories import voices
from shuoshi.demo.town import HANDLES, Town
from shuoshi.demo.town import content as town
from shuoshi.knowledge.actions.changes import check
from shuoshi.organization.profile.load import load
from tools import words

ENTRIES = content()["entries"]
WRITTEN = [*ENTRIES, *(step for step in content()["later"] if step["do"] == "propose")]


def test_there_are_about_forty_and_each_has_a_key_of_its_own() -> None:
    assert 38 <= len(ENTRIES) <= 50
    keys = [said["key"] for said in WRITTEN]
    assert len(set(keys)) == len(keys) and len({said["ask"] for said in WRITTEN}) == len(WRITTEN)


def test_every_entry_is_one_that_the_verbs_take() -> None:
    profile, day = load(), date(2026, 5, 11)
    for said in WRITTEN:
        entry = given(said, date(2026, 11, 20))
        check(entry, profile, day)
        assert entry.sources, said["key"]


def test_what_an_answer_is_cited_for_is_said_by_somebody() -> None:
    cited = [title for said in WRITTEN for title in said.get("for", ())]
    enquiries = {voice.title for voice in voices() if voice.family.category[0] == "A"}
    assert len(set(cited)) == len(cited)
    assert set(cited) <= enquiries
    assert len(enquiries) - len(cited) >= 10, "some questions are still without an answer"


def test_nobody_of_the_town_publishes_what_they_wrote_for_residents() -> None:
    held: dict[tuple[str, str], list[str]] = {}
    for person in town()["people"]:
        for post in person["posts"]:
            unit, role, _title = post.split()
            held.setdefault((unit, role), []).append(person["key"])
    shelf = Shelf(Town(holders=held), date(2026, 11, 20))
    for said in ENTRIES:
        writes = {
            key for role in (*HANDLES, "department_head", "registrar") for key in held.get((said["unit"], role), [])
        }
        assert said["by"] in writes, said["key"]
        assert said.get("audience") == "staff" or shelf.publisher(said) != said["by"], said["key"]


def test_what_happens_later_names_entries_that_are_there_by_then() -> None:
    known = {said["key"] for said in ENTRIES}
    for step in sorted(content()["later"], key=lambda step: -step["back"]):
        if step["do"] == "propose":
            known.add(step["key"])
        assert step["key"] in known, step
    assert {step["entry"] for step in content()["settled"] if "entry" in step} <= known


def test_it_is_written_as_a_careful_office_does() -> None:
    for said in WRITTEN:
        for text in (said["ask"], said["answer"], *said["words"]):
            assert words.faults(text) == [], text
            assert not re.search(r"1[3-9]\d{9}|\d{17}[\dXx]", text)
            assert not re.search(r"第[一二三四五六七八九十百零\d]+条", text), f"an article nobody checked: {text}"
