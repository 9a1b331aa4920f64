"""Calendars as RFC 5545 wants them, and the numbers that decide (rules)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shuoshi.meetings import rules
from shuoshi.meetings.ical import Entry, calendar, escaped, folded
from shuoshi.meetings.vocabulary import Kind

pytestmark = pytest.mark.once


def test_no_line_is_longer_than_75_octets_and_none_tears_a_sign_apart():
    for line in ("SUMMARY:" + "水" * 100, "X" * 75, "X" * 76, "SUMMARY:" + "a水😀" * 40):
        pieces = folded(line).split("\r\n")
        assert all(len(one.encode()) <= 75 for one in pieces)
        assert all(one.startswith(" ") for one in pieces[1:])
        assert pieces[0] + "".join(one[1:] for one in pieces[1:]) == line
    assert folded("X" * 75) == "X" * 75


def test_what_a_text_must_escape_is_escaped():
    assert escaped("a\\b;c,d\r\ne\rf\x00\x7f") == "a\\\\b\\;c\\,d\\ne\\nf"


def test_a_title_cannot_add_a_line_of_its_own():
    at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    entry = Entry(uid="1", stamp=at, begins=at, ends=at, summary="会\r\nATTENDEE:mailto:x@example.com", sequence=2)
    text = calendar("会", [entry])
    assert "\r\nATTENDEE" not in text and "SEQUENCE:2\r\n" in text and "DTSTART:20261201T010000Z\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("kind", "due", "need"),
    [
        (Kind.MATTER_MEETING, None, 0),
        (Kind.MATTER_MEETING, 50, 0),
        (Kind.DELEGATE_MEETING, 30, 20),
        (Kind.DELEGATE_MEETING, 31, 21),
        (Kind.VILLAGERS_MEETING, 100, 51),
        (Kind.VILLAGERS_MEETING, 101, 51),
        (Kind.PARTY_MEETING, 10, 7),
        (Kind.BRANCH_MEETING, 3, 2),
    ],
)
def test_how_many_have_to_be_there(kind: Kind, due: int | None, need: int):
    assert rules.needed(kind, due) == need


@pytest.mark.parametrize(
    ("kind", "due", "present", "yes", "passed"),
    [
        (Kind.MATTER_MEETING, None, 4, 2, False),  # half is no majority
        (Kind.MATTER_MEETING, None, 4, 3, True),
        (Kind.DELEGATE_MEETING, 30, 19, 19, False),  # one too few came
        (Kind.DELEGATE_MEETING, 30, 20, 11, True),
        (Kind.PARTY_MEETING, 10, 7, 5, False),  # more than half of those due, not of those present
        (Kind.PARTY_MEETING, 10, 7, 6, True),
        (Kind.OTHER, None, 0, 0, False),
    ],
)
def test_what_carries_it(kind: Kind, due: int | None, present: int, yes: int, passed: bool):
    assert rules.passed(kind, due, present, yes) is passed
