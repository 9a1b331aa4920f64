"""What the invented people say, read from `content/stories`: plain values, checked while they are read. Nothing acts.

A family shares how a kind of thing is handled (`checked`, `done`, `next`) and what people answer afterwards (`good`,
`bad`); a voice is one matter. A line of `wants` is "demand → answer"; "~→" partly, "×→" cannot act, "≠→" not
justified, the last two with "answer｜because". `about` names units or people the matter concerns, `to` the unit it is
given to then, `complains` the words in which a resident online complains of somebody, who is looked up among them,
`corrected` the place as the registry corrects it, `knows` what the speaker answers to the questions of
the category, `also` what another resident says of the same while it is handled. `as` holds the channel, how the person is named, the urgency and the
paths the matter takes. {m-2} is the month two before the day it is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shuoshi.matters.vocabulary import Channel, Naming, Outcome, Urgency

CONTENT = Path(__file__).parent / "content"

PATHS = frozenset(
    [
        "straight",
        "spot",
        "praise",
        "other",
        "void",
        "screened",
        "returned",
        "returned_refused",
        "designated",
        "late",
        "rework_once",
        "rework_twice",
        "exit_explained",
        "exit_statutory",
        "exit_refused",
        "exit_unruled",
        "unreached",
        "unrated",
        "withdrawn",
        "withdrawal_revoked",
        "suspected_lowered",
        "suspected_confirmed",
        "suspected_new",
        "report_returned",
        "sent_back",
        "nudged",
        "urged",
        "info_added",
        "reworded",
        "conflict",
        "changed",
        "consents",
        "consent_withdrawn",
        "unchecked",
        "referred",
        "referred_on",
        "second_thoughts",
        "reopened",
        "objected",
        "review_upheld",
        "review_changed",
        "stalled_review",
        "self",
        "dispatched",
        "nobody_came",
        "co",
        "recent",
        "behalf",
        "helped",
        "stalled_help",
        "instructed",
        "ordered",
        "ordered_objected",
        "handed_over",
        "entrusted",
        "entrusted_revoked",
        "entrusted_lapsed",
        "sponsored",
        "conferred",
        "put_above",
        "put_above_refused",
        "extended",
        "extension_refused",
        "paused",
        "paused_word",
        "parked",
        "parted",
        "mediated",
        "mediated_oral",
        "mediated_bad",
        "mediated_ended",
        "mediating",
        "struck_off",
        "stalled_extension",
        "stalled_pause",
        "stalled_accept",
        "stalled_assign",
        "stalled_sign",
        "stalled_handling",
        "stalled_signing",
        "stalled_return",
        "stalled_report",
        "stalled_exit",
        "stalled_words",
        "stalled_conflict",
        "stalled_above",
        "stalled_follow_up",
    ]
)
_ARROWS = (
    ("~→", Outcome.PARTLY),
    ("×→", Outcome.CANNOT_ACT),
    ("≠→", Outcome.NOT_JUSTIFIED),
    ("→", Outcome.SOLVED),
)
_NAMING = {"anon": Naming.ANONYMOUS, "conf": Naming.CONFIDENTIAL}
_MONTHS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]


@dataclass(frozen=True)
class Want:
    """One demand and what becomes of it. `because` says why not and who can, or the ground."""

    demand: str
    outcome: Outcome
    answer: str
    because: str = ""

    @property
    def unfinished(self) -> bool:
        """The answer is still being worked on, so the matter stays in hand."""
        return self.answer.startswith("正在")


@dataclass(frozen=True)
class Family:
    """How matters of one category are handled, in words that fit all of its voices."""

    category: str
    complexity: str = "standard"
    checked: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


@dataclass(frozen=True)
class Voice:
    """One matter as it was said."""

    family: Family
    title: str
    says: str
    area: tuple[str, ...]  # village or community, then the group; () where nothing was said
    place: str = ""
    channel: Channel = Channel.ONLINE
    naming: Naming = Naming.NAMED
    urgency: Urgency = Urgency.U4
    paths: frozenset[str] = field(default_factory=frozenset)
    wants: tuple[Want, ...] = ()
    answer: str = ""  # to praise and other, the way told when it is not accepted, the last one after a leader's word
    reason: str = ""  # of a screening or a voiding
    about: tuple[str, ...] = ()  # keys of units and people it concerns: kept from them
    complains: str = ""  # of whom, in the words of the resident: nobody of the town, or those of `about`
    to: str = ""  # the unit it is given to, where the duty list would meet whom it concerns
    corrected: str = ""  # the place as it really is
    also: str = ""  # said by another: merged into this one, and `parted` from it again
    knows: tuple[tuple[str, str], ...] = ()  # code of a question of the category, and the answer

    def takes(self, path: str) -> bool:
        return path in self.paths

    @property
    def suspected(self) -> bool:
        """The resident ticked that there is danger; somebody looks into it."""
        return any(path.startswith("suspected") for path in self.paths)


@cache
def voices() -> tuple[Voice, ...]:
    """All voices in the order of the files. Raises ValueError naming the title that is wrong."""
    families: dict[str, Family] = {}
    found: list[Voice] = []
    for file in sorted((CONTENT / "stories").glob("*.yaml")):
        for given in yaml.safe_load(file.read_text("utf-8")):
            found += _voices(given, families)
    return tuple(found)


def in_month(text: str, month: int) -> str:
    """`text` with {m}, {m-2}, {m+1} as the names of months around `month` (1 to 12)."""

    def name(match: re.Match[str]) -> str:
        return _MONTHS[(month - 1 + int(match[1] or 0)) % 12] + "月"

    return re.sub(r"\{m([+-]\d)?\}", name, text)


def _voices(given: dict[str, Any], families: dict[str, Family]) -> Iterator[Voice]:
    if "more" in given:
        family = families[given["more"]]
    else:
        lists = {key: tuple(given.get(key, ())) for key in ("checked", "done", "next", "good", "bad")}
        family = Family(given["family"], given.get("complexity", "standard"), **lists)
        families[family.category] = family
    for voice in given["voices"]:
        yield _voice(voice, family)


def _voice(given: dict[str, Any], family: Family) -> Voice:
    channel, naming, urgency, paths = Channel.ONLINE, Naming.NAMED, Urgency.U4, set()
    for word in str(given.get("as", "")).split():
        if word in Channel.values:
            channel = Channel(word)
        elif word in _NAMING:
            naming = _NAMING[word]
        elif word in Urgency.values:
            urgency = Urgency(word)
        elif word in PATHS or word == "named":
            paths.add(word)
        else:
            raise ValueError(f"{given['title']}: nobody knows the path {word}")
    return Voice(
        family=family,
        title=given["title"],
        says=given["says"].strip(),
        area=tuple(part for part in str(given.get("at", "")).split("/") if part),
        place=str(given.get("place", "")),
        channel=channel,
        naming=naming,
        urgency=urgency,
        paths=frozenset(paths - {"named"}),
        wants=tuple(_want(line) for line in given.get("wants", ())),
        answer=given.get("answer", ""),
        reason=given.get("screen", given.get("reason", "")),
        about=tuple(given.get("about", ())),
        complains=given.get("complains", ""),
        to=given.get("to", ""),
        corrected=given.get("corrected", ""),
        also=given.get("also", ""),
        knows=tuple((code, str(answer)) for code, answer in given.get("knows", {}).items()),
    )


def _want(line: str) -> Want:
    for arrow, outcome in _ARROWS:
        if arrow in line:
            demand, answer = (part.strip() for part in line.split(arrow, 1))
            answer, _bar, because = answer.partition("｜")
            return Want(demand, outcome, answer.strip(), because.strip())
    raise ValueError(f"no answer in: {line}")
