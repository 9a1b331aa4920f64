"""Numbers of resident identity cards, brought to one form and checked by their own check digit (GB 11643)."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class BadIdNumber(ValueError):
    """What was written is no number of an identity card."""

    def __str__(self) -> str:
        return _("身份证号没有认出来。身份证号是 18 位，请再核对一遍。")


def normalise(text: str) -> str:
    """18 characters, a final x in capitals. Raises BadIdNumber."""
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(r"\d{17}[\dX]", plain):
        raise BadIdNumber(text)
    total = sum(int(digit) * weight for digit, weight in zip(plain[:17], _WEIGHTS, strict=True))
    if _CHECKS[total % 11] != plain[17]:
        raise BadIdNumber(text)
    return plain
