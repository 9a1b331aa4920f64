"""Terms of matters that belong together (4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import Terms, needed
from shuoshi.matters.terms.dividing import Kept
from shuoshi.matters.vocabulary import Action, FromMain, Hears


@dataclass(frozen=True, kw_only=True)
class Merge(Terms):
    """Into which matter, and why it is the same one: the speaker of each reads it."""

    action = Action.MERGE
    main: UUID
    why: str

    def __post_init__(self) -> None:
        needed(self.why, _("为什么是同一件事"))

    @property
    def others(self) -> tuple[UUID, ...]:
        return (self.main,)


@dataclass(frozen=True, kw_only=True)
class Unmerge(Terms):
    """Why it is not the same after all; nothing where the main matter ended without a reply."""

    action = Action.UNMERGE
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class TellMain(Terms):
    """What the main matter hears of one merged into it, in words without any name."""

    action = Action.TELL_MAIN
    what: Hears
    number: str
    text: str = ""
    files: int = 0
    unread: int = 0
    promised: str = ""  # the date its speaker was given, in ISO


@dataclass(frozen=True, kw_only=True)
class TellMerged(Terms):
    """What a merged matter hears of its main one, while they are one or after it got the reply of it; of which number."""

    action = Action.TELL_MERGED
    what: FromMain
    number: str
    kept: Kept | None = None


@dataclass(frozen=True, kw_only=True)
class ShareResult(Terms):
    action = Action.SHARE_RESULT
