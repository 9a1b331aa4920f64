"""What follows where a unit is late: yellow and red cards, an order of supervision, a talk (domain.md §11.4)."""

from __future__ import annotations

from pydantic import Field

from shuoshi.kernel.calendar import Limit
from shuoshi.organization.profile.asked import Frozen
from shuoshi.organization.profile.times import Time


class Cards(Frozen):
    """A warning gives a yellow card and a date that passed a red one; these say when more follows."""

    order_after: Time = Limit.parse("5wd")  # overdue by more than this: an order of supervision
    order_reds: int = Field(default=2, ge=1, le=20)  # so many red cards of a unit in one matter: the same
    talk_after: Time = Limit.parse("10wd")  # overdue by more than this: a talk
    talk_reds: int = Field(default=3, ge=1, le=200)  # so many matters of a unit with a red card in a quarter …
    talk_share: int = Field(default=5, ge=0, le=100)  # … and so many in a hundred of the matters it was given: a talk
