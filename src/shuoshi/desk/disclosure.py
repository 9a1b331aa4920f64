"""Who may see a party of a matter unmasked, and for which reason. Recording the look is people's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.models import Entry, Party, Spokesperson
from shuoshi.matters.policies import home_registrar, mediator, their_own_work, works_for_the_lead, works_on_it
from shuoshi.matters.veil import calls_the_speaker, knows_the_speaker
from shuoshi.matters.vocabulary import OPEN, THEIR_SIDE, Action, Audience, Naming, PartyRole
from shuoshi.people.masks import masked_name, masked_phone

NAMES_THEM = frozenset(
    {
        Action.HAND_OVER_RECEIPT,
        Action.WITHDRAW,
        Action.REQUEST_REVIEW,
        Action.REVOKE_AGENCY,
        Action.REWORD_DEMANDS,
    }
)
SECONDS = 60  # how long unmasked data stands on a screen

CONTACT_SPEAKER = "contact_speaker"
OTHER = "other"
REASONS = {
    CONTACT_SPEAKER: _("联系说事人"),
    "deliver": _("送达答复或文书"),
    "verify": _("核对身份"),
    OTHER: _("其他"),
}

FILE_REASONS = {
    "scene": _("办这件事要看"),
    "proof": _("核对凭据"),
    OTHER: _("其他"),
}


@dataclass(frozen=True)
class Card:
    """A party as this person may see it. `preset`: own open matter, one press; else a reason is typed."""

    party: Party
    role: str
    name: str
    phone: str
    hidden: bool  # confidential towards the handling side: reached through the registry only
    may_reveal: bool
    preset: bool
    spokesperson: Spokesperson | None  # of a group, with what came of asking them
    may_correct: bool  # the registry that answers to them
    earlier: bool  # what else this person said may be listed: not by way of a confidential matter

    @property
    def opponent(self) -> bool:
        return self.party.role not in THEIR_SIDE


def cards(case: Case, parties: Sequence[Party]) -> list[Card]:
    """Who said it first, the other side of a dispute last."""
    return [card(case, party) for party in sorted(parties, key=lambda party: party.role not in THEIR_SIDE)]


def card(case: Case, party: Party) -> Card:
    """A confidential party is not even masked for the handling side: a surname can be enough in a village."""
    calls = calls_the_speaker(case)
    hidden = party.naming == Naming.CONFIDENTIAL and not knows_the_speaker(case)
    speaking = party.role in THEIR_SIDE  # the other side is looked up for a reason that is typed
    own = calls or case.holds(_has_it) or case.holds(home_registrar)
    return Card(
        party=party,
        role=str(party.get_role_display()),
        name="" if hidden else masked_name(party.person.name),
        phone="" if hidden or party.contact is None else masked_phone(party.contact.value),
        hidden=hidden,
        may_reveal=not hidden
        and not party.person.is_erased
        and (calls or case.holds(works_on_it) or case.holds(mediator)),
        preset=own and speaking and case.matter.status in OPEN,
        spokesperson=party.spokesperson if party.role == PartyRole.SPOKESPERSON else None,
        may_correct=speaking and not hidden and may_correct(case),
        earlier=speaking and case.matter.naming != Naming.CONFIDENTIAL,
    )


def may_correct(case: Case) -> bool:
    """The registry puts right what it wrote down; who handles the matter would gain by another telephone (1.3.1)."""
    if any(their_own_work(one) or works_for_the_lead(one) for one in case.persons):
        return False
    return case.holds(home_registrar)


def _has_it(case: Case) -> bool:
    return case.matter.handler_id == case.actor.whose


def lines(case: Case, entries: Sequence[Entry]) -> Sequence[Entry]:
    """The timeline. What names the speaker of a confidential matter stays with the registry: to whom the receipt was
    handed, and what showed that it was the speaker who wanted it: to withdraw, a review, a correction."""
    if case.matter.naming != Naming.CONFIDENTIAL or home_registrar(case):
        return entries
    return [entry for entry in entries if not (entry.audience == Audience.INTERNAL and entry.action in NAMES_THEM)]
