"""What somebody said who asked to be kept from the handling side, as that side reads it: without their name and numbers.

The words in the row stay as they were said. A letter is often signed, with a telephone beneath: what the card of the
party hides would stand there in full. Who knows them calls them by their name, and what they wrote is read likewise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from shuoshi.kernel import search
from shuoshi.matters import policies
from shuoshi.matters.case import Case
from shuoshi.matters.models import Attachment, Demand, Entry, Matter, Party
from shuoshi.matters.vocabulary import OPEN, Action, Naming, Status
from shuoshi.people.masks import COMPOUND_SURNAMES
from shuoshi.people.scripts import either, simplified

_SPEAKERS_WORDS = frozenset(
    {
        Action.ADD_INFORMATION,
        Action.OPEN_PART,
        Action.RECORD_FOLLOW_UP,
        Action.START_REWORK,
        Action.REOPEN,
        Action.REQUEST_REVIEW,
        Action.CORRECT_REGISTRATION,  # and what stood there before
        Action.REWORD_DEMANDS,
        Action.TYPE_OUT,
        Action.ACCEPT,
        Action.COMPLETE_PAPERS,
        Action.TELL_PART,
        Action.TAKE_UP_PART,
        Action.RECORD_SAMPLE,
        Action.WITHDRAW,
        Action.REVOKE_WITHDRAWAL,
    }
)  # written down by others, said by them
_BY_WHO_KNOWS_THEM = frozenset(
    {
        Action.MERGE,
        Action.UNMERGE,
        Action.TELL_MAIN,  # what a neighbour says of them
        Action.DISPATCH_EMERGENCY,
        Action.REPORT_EMERGENCY,
    }
)  # spoken of them, by whoever may know who they are
_GIVEN_BY_THEM = _SPEAKERS_WORDS | {
    Action.REGISTER,
    Action.REGISTER_GROUP,
    Action.REGISTER_LINKED,
}  # what hangs on these lines came from the speaker, whoever took it in
_TITLES = (
    "先生", "女士", "小姐", "同志", "老师", "师傅", "大爷", "大妈", "大叔", "大姐", "大哥", "阿姨", "某某", "某",
)  # fmt: skip
_BETWEEN = r"[ \t\u00a0\u00ad\u3000\u200b-\u200f\u2060\ufeff·•・.]"  # what one sees, or not, within a name


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


def hears(case: Case) -> bool:
    """Whether what the speaker recorded may be played to them: a voice says who speaks, so it goes where the name goes.

    Who is to be kept from the name reads what was typed; for no reason the sound (4.2.2).
    """
    return case.matter.naming == Naming.NAMED or case.holds(_hears)


def _hears(case: Case) -> bool:
    if case.sides and any(policies.handling_side(one) or policies.works_for_the_lead(one) for one in case.persons):
        return False
    return policies.takes_down(case) or policies.leader_stands_in(case) or _calls(case)


def mute(files: Iterable[Attachment], case: Case) -> None:
    """Tell each recording of the speaker whether it may be played to whoever reads the page."""
    if not hears(case):
        for file in files:
            file.unheard = file.is_sound


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
        if _may_name_them(entry):
            entry.text = veiled(str(entry.text), names)


def _may_name_them(entry: Entry) -> bool:
    """What they said, what the registry that knows them wrote, and any word to them that is not the unit's own."""
    if entry.by_speaker or entry.action in _SPEAKERS_WORDS | _BY_WHO_KNOWS_THEM:
        return True
    if entry.unit_id is not None and entry.unit_id == entry.matter.registry_id:
        return True
    return entry.action == Action.WRITE_TO_SPEAKER and entry.unit_id != entry.matter.lead_unit_id


def covers(entry: Entry) -> bool:
    """Whether files of this line came from the speaker: a picture may show a face, a door, a name on a letter."""
    return entry.by_speaker or entry.action in _GIVEN_BY_THEM


def given_by_them() -> Q:
    """The attachments of which `covers` is true."""
    return Q(entry__by_speaker=True) | Q(entry__action__in=_GIVEN_BY_THEM)


def answers(given: Mapping[str, str], free: Collection[str], parties: Iterable[Party]) -> dict[str, str]:
    """Answers to the questions of a category; what was typed and not chosen is veiled like any other word."""
    names = names_of(parties)
    return {code: veiled(value, names) if code in free else value for code, value in given.items()}


def names_of(parties: Iterable[Party]) -> list[str]:
    """Of those who asked for it; the longest first."""
    return _longest_first(party for party in parties if party.naming == Naming.CONFIDENTIAL)


def without_names(text: str, parties: Iterable[Party]) -> str:
    """As those read it who may not know any of these people: whoever is party to another matter (4.2)."""
    return unnamed(search.scrub(text), parties)


def unnamed(text: str, parties: Iterable[Party]) -> str:
    """Without the names of all these people; numbers and addresses of mail stay."""
    return _hide(text, _longest_first(parties))


def _longest_first(parties: Iterable[Party]) -> list[str]:
    named = {re.sub(_BETWEEN, "", party.person.name) for party in parties}
    return sorted({name for name in named if len(name) > 1}, key=len, reverse=True)


def veiled(text: str, names: Sequence[str]) -> str:
    """Without numbers of seven digits or more and addresses of mail, these names, and their surnames before 先生 and
    the like, in either script and however they are spaced."""
    return _hide(search.scrub(text), names)


def _hide(text: str, names: Sequence[str]) -> str:
    """`names`: the longest first."""
    for name in names:
        compound = len(name) > 2 and simplified(name[:2]) in COMPOUND_SURNAMES
        surname = name[:2] if compound else name[0]
        known = f"{_spelled(name)}|{_spelled(surname)}{_BETWEEN}{{0,3}}(?:{_TITLED})"
        text = re.sub(known, _("〔姓名〕"), text)
    return text


def _spelled(name: str) -> str:
    return f"{_BETWEEN}{{0,3}}".join(either(character) for character in name)


_TITLED = "|".join(map(_spelled, _TITLES))
