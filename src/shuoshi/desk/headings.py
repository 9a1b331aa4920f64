"""How a letter without a title is called until it gets one: by its own heading, or by its first words after the greeting."""

from __future__ import annotations

import re

from shuoshi.kernel import search
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import TITLE_LIMIT

_SHOWN = 36  # characters
_SIGNS = r"[，,：:、；;！!。.\s]+"  # what is greeted is set apart: 王镇长，您好 is a greeting, 王镇长打人 is the matter
_HELLO = r"(?:您们|您|你们|你|大家)好[呀啊]?"
_ADDRESSED = (
    r"(?:(?:尊敬|敬爱|亲爱)的?[^，,：:！!。；;\s]{0,14}?(?:领导们?|书记|[省市区县乡镇局]长|主任|同志们?|政府|部门)"
    r"|各?位?领导们?|[\u4e00-\u9fff]{1,6}(?:书记|[省市区县乡镇局]长|主任)|Dear\b[^,:]{0,40})"
)
_GREETING = re.compile(rf"(?:{_ADDRESSED}(?:{_HELLO})?{_SIGNS}(?:{_HELLO}{_SIGNS})?|{_HELLO}{_SIGNS})", re.I)
_NO_HEADING = re.compile(rf"[，,：:、；;]$|{_HELLO}")  # goes on in the next line, or speaks to somebody
_ABOUT = re.compile(r"^关于\s*(?=.{4})")  # papers say 关于“…”的报告 themselves, and go on after it


def of(matter: Matter) -> str:
    """The title; before acceptance the heading of the letter, or the beginning of what is said in it."""
    if matter.title:
        return matter.title
    heading = _heading(matter)
    if heading:
        return heading
    words = " ".join(str(matter.content).split())
    greeting = _GREETING.match(words)
    words = (words[greeting.end() :] if greeting else "") or words
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}……"


def fit_for_title(matter: Matter) -> str:
    """The letter's own heading, where no number in it leads to anybody; "" where it has none. Somebody reads it first."""
    heading = _heading(matter)
    return _ABOUT.sub("", heading).rstrip("。.") if heading == search.scrub(heading) else ""


def _heading(matter: Matter) -> str:
    """The first line, where it stands above the rest like a title."""
    first, _end, rest = str(matter.content).strip().partition("\n")
    heading = " ".join(first.split())
    greets = _GREETING.fullmatch(f"{heading} ") or _NO_HEADING.search(heading)
    return heading if rest.strip() and len(heading) <= TITLE_LIMIT and not greets else ""
