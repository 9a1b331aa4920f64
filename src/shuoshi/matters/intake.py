"""`Intake`: what every way of raising a matter turns its input into. One shape, one door (4.1.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shuoshi.matters.terms import AnswerOnTheSpot, FileGiven, FileKept
from shuoshi.matters.vocabulary import Channel, Kind, Naming, TellBy, Urgency


@dataclass(frozen=True, kw_only=True)
class PersonSaid:
    """Somebody as given at intake. `person` names a known one chosen by the registrar; a number never does."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class OrderGiven:
    """What a superior body sent down (上级件): its number, who sent it, when it came, and the limit it sets.

    `working_days` False: the limit is in calendar days. `content`: what it wants done, in its words.
    """

    number: str
    sender: str
    received_on: date
    days: int
    working_days: bool = True
    content: str = ""


@dataclass(frozen=True, kw_only=True)
class SpokespersonSaid(PersonSaid):
    """One of those who speak for a group, and how much of them the handling unit may know."""

    naming: Naming = Naming.NAMED


@dataclass(frozen=True, kw_only=True)
class GroupSaid:
    """Several people with one demand: how many, and at most five who speak for them (集体反映)."""

    headcount: int
    spokespersons: tuple[SpokespersonSaid, ...]
    shared_phone: bool = False  # somebody asked: two of them do use one telephone


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Time, place, person, content (4.1.1), and how it came.

    `key` is one intention: the same key again gets the first receipt. `fingerprint` is the digest of the content the
    key stands for; another content under the same key is refused.
    """

    channel: Channel
    key: str
    content: str
    naming: Naming
    speaker: PersonSaid | None = None  # None when anonymous
    on_behalf_of: PersonSaid | None = None
    group: GroupSaid | None = None  # then it is spoken for, and `naming` follows from its spokespersons
    demands: tuple[str, ...] = ()
    happened_at: datetime | None = None  # when it was said; None: now
    said_point: UUID | None = None  # the point or office where it was said
    said_place: str = ""
    area: UUID | None = None  # None: not clear
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    urgency: Urgency = Urgency.U4
    drill: bool = False  # an exercise of the duty officers: nobody raised it, nobody is told of it
    danger_ticked: bool = False  # a resident's own tick, to be confirmed by the duty officer
    kind: Kind | None = None
    category: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    concerns_units: tuple[UUID, ...] = ()
    concerns_people: tuple[UUID, ...] = ()
    concerns_words: str = ""  # whom it complains about, in words; whoever is named in them is kept from it, too
    consent_to_publication: bool = False
    tell_by: TellBy = TellBy.PAGE
    no_messages: bool = False
    order: OrderGiven | None = None  # of a superior body, which sent it down
    read_back: str = ""  # how it was read back to somebody who does not read
    files: tuple[FileGiven | FileKept, ...] = ()  # with a recording among them, `content` may be empty
    spoken: bool = False  # likewise, for a recording that follows
    linked_to: str = ""  # number of an earlier matter of the same speaker from which it was raised
    knowledge_missing: bool = False  # the registrar looked and no entry answers it
    settle: AnswerOnTheSpot | None = None  # registered and answered in one go, two events
    also_said: str = ""  # digest of what else the key stands for: what is kept elsewhere, or only compared
    home: UUID | None = None  # registry unit; None: the institution's own
    entered_by: UUID | None = None  # whose hand it came through, where the worker registers what somebody gave
