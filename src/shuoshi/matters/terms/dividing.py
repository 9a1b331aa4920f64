"""Terms of divided matters (4.2.2): what the dispatcher chooses, and what whole and parts send each other."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shuoshi.matters.terms.base import FileGiven, Terms
from shuoshi.matters.vocabulary import Action, ExcludedBecause, Shared, TakenUp


@dataclass(frozen=True, kw_only=True)
class Share:
    """Which unit answers one demand, and the line of the duty list that names it."""

    demand: UUID
    unit: UUID
    duty_line: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Divide(Terms):
    """A unit for each demand; demands of one unit make one part."""

    action = Action.DIVIDE
    shares: tuple[Share, ...]
    reason: str = ""  # why the duty list was left, needed where no line names a unit


@dataclass(frozen=True, kw_only=True)
class OpenPart(Terms):
    """Which of the demands of the whole the part answers, by their ordinals, and what the speaker said and showed.

    `said`: beside the words it was registered in; `unread`: how much of it nobody has answered.
    """

    action = Action.OPEN_PART
    demands: tuple[int, ...] = ()
    said: str = ""
    unread: int = 0
    files: tuple[FileGiven, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Who is kept from all of it from now on."""

    why: ExcludedBecause
    people: tuple[UUID, ...] = ()
    units: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TellWhole(Terms):
    """What the whole hears of a part; `until`: the date in ISO that the speaker is promised now."""

    action = Action.TELL_WHOLE
    what: Shared
    part: int
    unit: str = ""
    until: str = ""
    kept: Kept | None = None


@dataclass(frozen=True, kw_only=True)
class TellPart(Terms):
    """What a part hears of the whole, in the speaker's words."""

    action = Action.TELL_PART
    what: Shared
    text: str = ""
    files: tuple[FileGiven, ...] = ()
    kept: Kept | None = None


@dataclass(frozen=True, kw_only=True)
class TakeUpPart(Terms):
    """`settled`: ordinals of the demands that the speaker's own word settled meanwhile."""

    action = Action.TAKE_UP_PART
    because: TakenUp
    text: str = ""
    settled: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EndPart(Terms):
    action = Action.END_PART


@dataclass(frozen=True, kw_only=True)
class GatherParts(Terms):
    """The last part that was answered."""

    action = Action.GATHER_PARTS
    part: int = 0
