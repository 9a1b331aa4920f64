"""What somebody said who asked to be kept from the handling side, as that side reads it: without their name and numbers.

The words in the row stay as they were said. A letter is often signed, with a telephone beneath: what the card of the
party hides would stand there in full.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from shuoshi.kernel import search
from shuoshi.matters import policies
from shuoshi.matters.case import Case
from shuoshi.matters.models import Demand, Entry, Matter, Party
from shuoshi.matters.vocabulary import OPEN, Action, Naming, Status
from shuoshi.people.masks import COMPOUND_SURNAMES

_SPEAKERS_WORDS = frozenset(
    {
        Action.RECORD_FOLLOW_UP,
        Action.START_REWORK,
        Action.REOPEN,
        Action.REQUEST_REVIEW,
        Action.CORRECT_REGISTRATION,  # and what stood there before
        Action.ACCEPT,
        Action.COMPLETE_PAPERS,
        Action.TELL_PART,
        Action.TAKE_UP_PART,
    }
)  # written down by others, said by them
_GIVEN_BY_THEM = _SPEAKERS_WORDS | {
    Action.REGISTER,
    Action.REGISTER_GROUP,
    Action.REGISTER_LINKED,
    Action.ADD_INFORMATION,
    Action.OPEN_PART,
}  # what hangs on these lines came from the speaker, whoever took it in
_TITLES = "先生|女士|小姐|同志|老师|师傅|大爷|大妈|大叔|大姐|大哥|阿姨|某某?"


def knows_the_speaker(case: Case) -> bool:
    """The registry that answers to the speaker, and whose duty it is now to ring up without handling."""
    return case.holds(_knows)


def _knows(case: Case) -> bool:
    """Whoever stands in is kept from it with the handling side, be it as themselves or by whose place it is."""
    if case.sides and any(policies.handling_side(one) or policies.works_for_the_lead(one) for one in case.persons):
        return False
    return policies.home_registrar(case) or _calls(case)


def calls_the_speaker(case: Case) -> bool:
    """The follow-up whoever's turn it is, the duty officer."""
    return case.holds(_calls)


def _calls(case: Case) -> bool:
    if case.matter.status == Status.IN_FOLLOW_UP:
        asks = policies.follow_up_agent(case) and not any(policies.involved(one) for one in case.persons)
        return asks and not any(policies.subordinate_of_handler(one) for one in case.persons)
    if policies.called(case) and any(policies.handling_side(one) for one in case.persons):
        return False  # called at night, and on the side the speaker wants to be kept from
    return case.matter.status in OPEN and policies.duty_officer_in_emergency(case)


def drawn_for(case: Case) -> bool:
    return case.matter.naming == Naming.CONFIDENTIAL and not knows_the_speaker(case)


def draw(
    matter: Matter, parties: Iterable[Party], demands: Sequence[Demand] = (), entries: Sequence[Entry] = ()
) -> None:
    """Draw it over rows that were read for a page. Nobody may write these rows back; actions read their own."""
    names = names_of(parties)
    matter.content = veiled(str(matter.content), names)
    if matter.round is not None:
        matter.round.words = veiled(str(matter.round.words), names)
    for demand in demands:
        demand.text = veiled(str(demand.text), names)
    for entry in entries:
        if entry.by_speaker or entry.action in _SPEAKERS_WORDS:
            entry.text = veiled(str(entry.text), names)


def covers(entry: Entry) -> bool:
    """Whether files of this line came from the speaker: a picture may show a face, a door, a name on a letter."""
    return entry.by_speaker or entry.action in _GIVEN_BY_THEM


def answers(given: Mapping[str, str], free: Collection[str], parties: Iterable[Party]) -> dict[str, str]:
    """Answers to the questions of a category; what was typed and not chosen is veiled like any other word."""
    names = names_of(parties)
    return {code: veiled(value, names) if code in free else value for code, value in given.items()}


def names_of(parties: Iterable[Party]) -> list[str]:
    """Of those who asked for it; the longest first."""
    asked = (party.person.name.strip() for party in parties if party.naming == Naming.CONFIDENTIAL)
    return sorted({name for name in asked if len(name) > 1}, key=len, reverse=True)


def without_names(text: str, parties: Iterable[Party]) -> str:
    """As those read it who may not know any of these people: whoever is party to another matter (4.2)."""
    named = {party.person.name.strip() for party in parties}
    return veiled(text, sorted({name for name in named if len(name) > 1}, key=len, reverse=True))


def veiled(text: str, names: Sequence[str]) -> str:
    """Without numbers of seven digits or more, these names, and their surnames before 先生 and the like."""
    text = search.scrub(text)
    for name in names:
        surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[0]
        known = rf"{re.escape(name)}|{re.escape(surname)}(?:{_TITLES})"
        text = re.sub(known, _("〔姓名〕"), text)
    return text
