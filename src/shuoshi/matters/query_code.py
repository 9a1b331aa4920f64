"""The code that opens a matter to its speaker: 40 bits of HMAC over id and generation. Nothing is stored (2.1)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from django.conf import settings

from shuoshi.kernel import keys
from shuoshi.matters.models import Matter

_SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, without 0 O 1 I


def code_of(matter: Matter) -> str:
    """Eight symbols; a new generation of the matter revokes them."""
    message = matter.id.bytes + matter.query_generation.to_bytes(2, "big")
    digest = hmac.new(keys.read(settings.KEYS, "query_code"), message, hashlib.sha256).digest()
    bits = int.from_bytes(digest[:5], "big")
    return "".join(_SYMBOLS[bits >> shift & 31] for shift in range(35, -5, -5))


def check(matter: Matter, given: str) -> bool:
    """Whether `given` is the code, however it was typed: spaces, hyphens, lower case and full-width forms."""
    return hmac.compare_digest(code_of(matter).encode(), normalise(given).encode())


def normalise(given: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", given).upper() if character.isalnum())


def in_fours(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
