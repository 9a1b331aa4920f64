"""How long what is over is kept (domain.md §11.9). The archive authority approves the schedule; destroying needs people."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shuoshi.organization.profile.asked import Code, Frozen

Years = Literal["permanent"] | int
AT_LEAST = 3  # years: whoever shortens the schedule cannot make this year's matters vanish
_OF_KINDS: dict[Code, Years] = {
    "POLICY_ENQUIRY": 3,
    "INTEREST_CLAIM": 10,
    "SUGGESTION": 10,
    "DISPUTE": 10,
    "OTHER": 3,
    "PRAISE": 3,
    "INVALID": 3,
}


class Retention(Frozen):
    """Years from the end of the year in which a matter was closed; whatever asks for longer counts."""

    kinds: dict[Code, Years] = _OF_KINDS
    no_kind: Years = 3  # not accepted, or over before it had one
    instruction: Years = 30  # a leader wrote an instruction on it
    group: Years = 30
    agreement: Years = 30  # a mediation ended with an agreement
    talk: Years = 30  # somebody was called to account

    def of(self, kind: str) -> Years:
        return self.kinds.get(kind, self.no_kind)

    @property
    def reasons(self) -> dict[str, Years]:
        """What makes a matter be kept longer, by its name."""
        return {name: getattr(self, name) for name in ("instruction", "group", "agreement", "talk")}


def is_longer(one: Years, other: Years) -> bool:
    return other != "permanent" and (one == "permanent" or one > other)


def until(years: Years, closed: date) -> date | None:
    """The last day on which it is kept; None for ever."""
    return None if years == "permanent" else date(closed.year + years, 12, 31)
