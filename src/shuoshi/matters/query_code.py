"""The code that opens a matter to its speaker: 40 bits of HMAC over id and generation. Nothing is stored (2.1)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from uuid import UUID

from django.conf import settings

from shuoshi.kernel import keys
from shuoshi.matters.models import Matter

_SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, without 0 O 1 I
_NOBODY = (UUID(int=0), 1)  # an unknown number takes the same way as a known one


def code_of(matter: Matter) -> str:
    """Eight symbols; a new generation of the matter revokes them."""
    return _code(matter.id, matter.query_generation)


def _code(matter_id: UUID, generation: int) -> str:
    message = matter_id.bytes + generation.to_bytes(2, "big")
    digest = hmac.new(keys.read(settings.KEYS, "query_code"), message, hashlib.sha256).digest()
    return symbols(digest)


def symbols(digest: bytes) -> str:
    """The first 40 bits as eight symbols without look-alikes."""
    bits = int.from_bytes(digest[:5], "big")
    return "".join(_SYMBOLS[bits >> shift & 31] for shift in range(35, -5, -5))


def opens(number: str, given: str) -> Matter | None:
    """The matter that number and code open together, however they were typed: spaces, hyphens, full-width forms.

    A wrong code takes as long whether the number exists or not: only what the code is made of is read.
    """
    matters = Matter.objects.filter(number=number.strip().upper(), drill=False)
    matter_id, generation = matters.values_list("id", "query_generation").first() or _NOBODY
    if not hmac.compare_digest(_code(matter_id, generation).encode(), normalise(given).encode()):
        return None
    return matters.first()


def normalise(given: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", given).upper() if character.isalnum())


def in_fours(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
