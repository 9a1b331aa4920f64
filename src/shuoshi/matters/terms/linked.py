"""Terms of what is registered from an earlier matter of the same speaker (4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import Terms, needed
from shuoshi.matters.vocabulary import Action, Channel, Urgency


@dataclass(frozen=True, kw_only=True)
class RegisterLinked(Terms):
    """What is asked for now, in the speaker's words; who speaks and how they are told comes from the earlier matter."""

    action = Action.REGISTER_LINKED
    content: str
    channel: Channel
    demands: tuple[str, ...] = ()
    area: UUID | None = None
    place: str = ""
    urgency: Urgency = Urgency.U4
    spokesperson: UUID | None = None  # of a group: who said it, for themselves
    repeats: bool = False  # the same once more, after its end; else another matter
    concerns_units: tuple[UUID, ...] = ()
    concerns_people: tuple[UUID, ...] = ()
    concerns_words: str = ""

    def __post_init__(self) -> None:
        needed(self.content, _("说事人的原话"))
