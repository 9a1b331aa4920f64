"""Whether a paper is ours: eight symbols over its number and content, which its QR code carries. Nothing is stored (2.1).

The key is the one of the query codes, put to another purpose, so that no home needs a new file for it.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from shuoshi.kernel import keys
from shuoshi.matters.models import Document
from shuoshi.matters.query_code import normalise, symbols

_PURPOSE = b"shuoshi paper check\0"
_NOTHING = ("", "0" * 64)  # an unknown number takes the same way as a known one


def check_of(document: Document) -> str:
    return _check(document.number, document.digest)


def confirmed(number: str, given: str) -> Document | None:
    """The document whose number and check these are, however they were typed."""
    found = Document.objects.filter(number=number.strip().upper())
    known, digest = found.values_list("number", "digest").first() or _NOTHING
    if not hmac.compare_digest(_check(known, digest).encode(), normalise(given).encode()):
        return None
    return found.first()


def superseded(document: Document) -> bool:
    """Whether a later edition of the same paper was issued."""
    same = Document.objects.filter(matter=document.matter_id, kind=document.kind, ordinal=document.ordinal)
    return same.filter(edition__gt=document.edition).exists()


def _check(number: str, digest: str) -> str:
    own = hmac.new(keys.read(settings.KEYS, "query_code"), _PURPOSE, hashlib.sha256).digest()
    return symbols(hmac.new(own, f"{number}\0{digest}".encode(), hashlib.sha256).digest())
