"""Lots that nobody foresees: HMAC with a key of the home over what nobody chooses, so that trying again changes nothing."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from shuoshi.kernel import keys

_WHOLE = 1 << 64


def falls_on(matter: UUID, ordinal: int, share: int) -> bool:
    """Whether the lot falls on this round of a matter; `share` in a hundred do, and always the same ones."""
    return _number(b"round", matter, ordinal) * 100 < share * _WHOLE


def reached(unit: UUID, place: int, one_in: int) -> tuple[int, bool]:
    """Of the `place`th end of a unit: how many ends of its lot of `one_in` came before, and whether its turn came.

    Where a lot begins and which of it is the turn differ from unit to unit and are known to nobody; from the turn on
    the answer stays yes, so that the caller takes the first that is free.
    """
    lot, before = divmod(place - 1 + _number(b"begin", unit, one_in) % one_in, one_in)
    return before, before >= _number(b"turn", unit, lot) % one_in


def _number(what: bytes, about: UUID, ordinal: int) -> int:
    """64 bits. The key is that of the query codes; the words in front keep the two apart."""
    message = b"sample " + what + about.bytes + ordinal.to_bytes(8, "big")
    digest = hmac.new(keys.read(settings.KEYS, "query_code"), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")
