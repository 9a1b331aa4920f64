"""The code that opens a matter to its speaker: 40 bits of HMAC over id and generation. Nothing is stored (2.1)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from shuoshi.kernel import keys
from shuoshi.matters.models import SEATS, Matter, Spokesperson

_SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, without 0 O 1 I
_NOBODY = (UUID(int=0), 1)  # an unknown number takes the same way as a known one


@dataclass(frozen=True)
class Opened:
    """The matter that was opened, and whose code it was where several speak for a group."""

    matter: Matter
    part: UUID | None = None


def code_of(holder: Matter | Spokesperson) -> str:
    """Eight symbols; a new generation of the matter, or of the spokesperson, revokes them."""
    return _code(holder.id, holder.query_generation)


def _code(matter_id: UUID, generation: int) -> str:
    message = matter_id.bytes + generation.to_bytes(2, "big")
    digest = hmac.new(keys.read(settings.KEYS, "query_code"), message, hashlib.sha256).digest()
    return symbols(digest)


def symbols(digest: bytes) -> str:
    """The first 40 bits as eight symbols without look-alikes."""
    bits = int.from_bytes(digest[:5], "big")
    return "".join(_SYMBOLS[bits >> shift & 31] for shift in range(35, -5, -5))


def opens(number: str, given: str) -> Opened | None:
    """What number and code open together, however they were typed: spaces, hyphens, full-width forms.

    A wrong code takes as long whether the number exists or not, and whoever may speak for it: only what codes are made
    of is read, and as many are made as there can be.
    """
    matters = Matter.objects.filter(number=number.strip().upper(), drill=False, part_of__isnull=True)
    found = matters.values_list("id", "query_generation", "headcount").first() or (*_NOBODY, None)
    speaking = Spokesperson.objects.filter(matter=found[0], left_at__isnull=True).order_by("seat")
    parts = list(speaking.values_list("id", "query_generation"))
    holders = parts if found[2] is not None else [found[:2]]
    typed = normalise(given).encode()
    several = [*holders, *[_NOBODY] * (SEATS - len(holders))]
    fits = [hmac.compare_digest(_code(*one).encode(), typed) for one in several]
    fitting = next((place for place, fit in enumerate(fits) if fit), SEATS)
    matter = matters.first()
    if matter is None or fitting >= len(holders):
        return None
    return Opened(matter, parts[fitting][0] if matter.is_group else None)


def normalise(given: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", given).upper() if character.isalnum())


def in_fours(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
