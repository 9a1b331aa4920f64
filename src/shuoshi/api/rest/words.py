"""Words of the specification: translated when it is written out, though the libraries take them for text."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext

_translated = lazy(gettext, str)


def lazily(text: str) -> str:
    return _translated(text)
