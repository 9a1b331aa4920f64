"""今天 tells what changed in words, and only what still stands."""

from __future__ import annotations

import re
from pathlib import Path

import shuoshi.matters
from shuoshi.desk import news
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place

HEART = Path(shuoshi.matters.__file__).parent


def test_every_kind_of_notice_has_words():
    source = "\n".join(path.read_text(encoding="utf-8") for path in HEART.rglob("*.py"))
    kinds = set(re.findall(r'\.notify\(\s*"(\w+)"', source)) | set(re.findall(r'_tell\(matter, "(\w+)"', source))
    assert len(kinds) > 20
    assert kinds - set(news.WORDS) - {"not_solved"} == set()


def test_a_notice_leaves_when_what_it_asked_for_is_done(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    assert [line.number for line in news.lines(town.actor("孙丽"))] == [matter.number]
    town.sign_for(matter)
    assert news.lines(town.actor("孙丽")) == []
