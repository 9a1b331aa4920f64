"""A profile as the one text that is stored, hashed and compared."""

from __future__ import annotations

import hashlib

from shuoshi.kernel.events import canonical
from shuoshi.organization.profile.schema import Profile


def canonical_text(profile: Profile) -> str:
    """The whole profile as sorted compact JSON: what is stored and hashed."""
    return canonical(profile.model_dump(mode="json", by_alias=True))


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
