"""Words are read off pictures by the library's own models, on this machine (3.2.2)."""

from __future__ import annotations

import importlib.util

import pytest

from shuoshi.kernel import recognising
from tests.support.sheets import page

pytestmark = pytest.mark.once
LETTER = ("柳湾村三组的自来水，", "最近半个月每天傍晚都没有水，", "希望早点修好。")


def wrong(read: str, written: str) -> int:
    """How many signs differ (Levenshtein)."""
    before = list(range(len(written) + 1))
    for n, sign in enumerate(read, start=1):
        now = [n]
        for m, other in enumerate(written, start=1):
            now.append(min(before[m] + 1, now[m - 1] + 1, before[m - 1] + (sign != other)))
        before = now
    return before[-1]


def test_a_printed_letter_is_read_line_by_line():
    read = recognising.words_on(page(*LETTER)).replace(",", LETTER[0][-1])
    assert wrong(read, "\n".join(LETTER)) <= 2


def test_an_empty_sheet_has_no_words_and_what_is_no_picture_is_told():
    assert recognising.words_on(page()) == ""
    with pytest.raises(recognising.NotRead):
        recognising.words_on(b"no picture")


def test_without_the_extra_it_is_not_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(recognising, "find_spec", importlib.util.find_spec)
    recognising.available.cache_clear()
    try:
        assert not recognising.available()
    finally:
        monkeypatch.undo()
        recognising.available.cache_clear()
    assert recognising.available()
