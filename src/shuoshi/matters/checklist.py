"""What a category asks to be looked at while a matter is handled, and what of it was: folded from the lines of the timeline.

A tick belongs to one assignment and one category: whoever is given the matter anew, or as something else, looks again.
Pure but for `ticked_now`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.vocabulary import Action
from shuoshi.organization.profile import Profile
from shuoshi.organization.profile.asked import CheckItem


@dataclass(frozen=True)
class Line:
    """One item, and the line of the timeline that ticked it; None where nobody did."""

    item: CheckItem
    entry: Entry | None


def items(profile: Profile, matter: Matter) -> Sequence[CheckItem]:
    """What is to be looked at; nothing before it is classified."""
    return profile.category(matter.category).checklist if matter.category else ()


def lines(profile: Profile, matter: Matter, entries: Iterable[Entry]) -> list[Line]:
    """Every item in the order of the rules."""
    found = ticked(matter, entries)
    return [Line(item, found.get(item.code)) for item in items(profile, matter)]


def ticked(matter: Matter, entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """By code what is ticked now, each with the line that did it; `entries` in their order."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.action != Action.TICK_ITEMS or entry.assignment_id != matter.assignment_id:
            continue
        facts = entry.facts
        if facts["category"] == matter.category:
            for code in codes(facts["unticked"]):
                found.pop(code, None)
            found |= dict.fromkeys(codes(facts["ticked"]), entry)
    return found


def ticked_now(matter: Matter) -> Mapping[str, Entry]:
    """The same for whoever has not read the timeline; one statement."""
    rows = Entry.objects.filter(matter=matter, action=Action.TICK_ITEMS, assignment=matter.assignment_id)
    return ticked(matter, rows.defer("text").order_by("at", "id"))


def missing(profile: Profile, matter: Matter, done: Mapping[str, Entry]) -> list[CheckItem]:
    """What has to be ticked before the answer goes to be signed, and is not."""
    return [item for item in items(profile, matter) if item.needed and item.code not in done]


def said(profile: Profile, entry: Entry) -> tuple[list[str], list[str]]:
    """What a line of the timeline ticked and took back, in words; the code where the rules do not know it."""
    category = str(entry.facts["category"])
    known = {item.code: str(item) for item in profile.category(category).checklist}
    done, undone = (codes(entry.facts[name]) for name in ("ticked", "unticked"))
    return [known.get(code, code) for code in done], [known.get(code, code) for code in undone]


def codes(written: object) -> list[str]:
    return [code for code in str(written).split(",") if code]
