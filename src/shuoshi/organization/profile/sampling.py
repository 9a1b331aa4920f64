"""How many of the ends that nobody decides are looked at by a third person (1.3.1)."""

from __future__ import annotations

from pydantic import Field

from shuoshi.organization.profile.asked import Frozen


class Sampling(Frozen):
    """A lot falls on a share; besides, of so many ends of a unit at least one is looked at. It cannot be turned off."""

    share: int = Field(default=10, ge=5, le=100)  # in a hundred
    one_in: int = Field(default=10, ge=1, le=20)  # of so many of a unit at least one
    of: tuple[str, ...] = ("ANSWERED", "PASSED_ON", "UNREACHABLE", "UNRATED", "WITHDRAWN")  # codes of ends
