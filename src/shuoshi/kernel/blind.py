"""Blind indexes: finding an encrypted number without storing it. What is normalised, and how, its owner decides."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from shuoshi.kernel import keys


def index(field: str, normalised: str) -> str:
    """HMAC-SHA-256 of a normalised value under the key of its field (`phone`, `id`), as 64 hex digits."""
    key = keys.read(settings.KEYS, f"index_{field}")
    return hmac.new(key, normalised.encode(), hashlib.sha256).hexdigest()
