"""What all terms share: texts that must be there, titles, files, rulings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel import files
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.vocabulary import Action

TITLE_LIMIT = 40
TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class FileGiven:
    """One attachment, already cleaned (kernel.pictures, kernel.sounds); `name` is what the person called it."""

    name: str
    data: bytes
    media_type: str
    thumbnail: bytes = b""
    seconds: int = 0  # of a recording

    @property
    def is_sound(self) -> bool:
        return self.media_type.startswith("audio/")

    def kept(self, key: bytes) -> FileKept:
        """Store the bytes sealed under `key`; they lie on the disk before any row leads to them."""
        stored = files.store(self.data, key)
        thumbnail = files.store(self.thumbnail, key).name if self.thumbnail else ""
        return FileKept(self.name, stored, thumbnail, self.media_type, self.seconds)


@dataclass(frozen=True)
class FileKept:
    """An attachment that lies in the file store already, and has no row yet."""

    name: str
    stored: files.Stored
    thumbnail: str
    media_type: str
    seconds: int = 0

    @property
    def is_sound(self) -> bool:
        return self.media_type.startswith("audio/")


@dataclass(frozen=True, slots=True)
class Cite:
    """An entry of the knowledge base by its number, in the version that was read."""

    entry: int
    version: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Base of all terms: `action` names the row of the table they belong to."""

    action: ClassVar[Action]

    @property
    def others(self) -> tuple[UUID, ...]:
        """Other matters that the row is about: locked together with its own."""
        return ()


def needed(value: str, what: str) -> None:
    """A text that must be there, of at most 20,000 characters."""
    if not value.strip():
        raise Refused("missing", _("还没有写%(what)s。") % {"what": what})
    if len(value) > TEXT_LIMIT:
        raise Refused("too_long", _("%(what)s最多 20,000 字。") % {"what": what})


@dataclass(frozen=True, kw_only=True)
class Text(Terms):
    """Terms that are one text. Subclasses say which action and what the text is called."""

    text: str
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("内容"))


def check_title(title: str) -> None:
    """At most 40 characters and nothing that identifies a person: titles stand in lists and notices."""
    needed(title, _("标题"))
    if len(title) > TITLE_LIMIT:
        raise Refused("title_too_long", _("标题最多 40 个字，现在是 %(n)d 个。") % {"n": len(title)})
    if sum(character.isdigit() for character in title) >= 7:
        raise Refused("title_has_number", _("标题里不要写电话或证件号。"))


@dataclass(frozen=True, kw_only=True)
class Ruling(Terms):
    """An answer to a pending request. The reason is owed both ways."""

    granted: bool
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("裁定理由"))


@dataclass(frozen=True, kw_only=True)
class BySystem(Terms):
    """What the system needs to run a consequence: nothing."""

    action = Action.CONFIRM_SATISFIED
