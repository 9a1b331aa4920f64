"""The pictures of generated matters: very small ones, since there may be a hundred thousand of them."""

from __future__ import annotations

import hashlib
from functools import cache

from shuoshi.demo.pictures import jpeg

PICTURES = 12
_WIDTH = 120


@cache
def picture(number: int) -> tuple[bytes, int, str]:
    """The bytes of one of PICTURES, how many they are, and their SHA-256."""
    data = jpeg(number, _WIDTH)
    return data, len(data), hashlib.sha256(data).hexdigest()
