"""Who may see a party of a matter unmasked, and for which reason. Recording the look is people's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.models import Party
from shuoshi.matters.policies import home_registrar, works_on_it
from shuoshi.matters.vocabulary import OPEN, Naming
from shuoshi.people.masks import masked_name, masked_phone

SECONDS = 60  # how long unmasked data stands on a screen

CONTACT_SPEAKER = "contact_speaker"
REASONS = {
    CONTACT_SPEAKER: _("联系说事人"),
    "deliver": _("送达答复或文书"),
    "verify": _("核对身份"),
    "other": _("其他"),
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


def cards(case: Case, parties: Sequence[Party]) -> list[Card]:
    return [card(case, party) for party in parties]


def card(case: Case, party: Party) -> Card:
    """A confidential party is not even masked for the handling side: a surname can be enough in a village."""
    hidden = party.naming == Naming.CONFIDENTIAL and not home_registrar(case)
    own = case.matter.handler_id == case.actor.person_id or home_registrar(case)
    return Card(
        party=party,
        role=str(party.get_role_display()),
        name="" if hidden else masked_name(party.person.name),
        phone="" if hidden or party.contact is None else masked_phone(party.contact.value),
        hidden=hidden,
        may_reveal=not hidden and works_on_it(case),
        preset=own and case.matter.status in OPEN,
    )
