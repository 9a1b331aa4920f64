"""What a phone writes down of a visit: sealed to the server there, opened and read here.

A record is JSON, see Record; its pictures are sealed one by one. What says where a sealed value belongs is as in sealing.js.
A phone that finished a record cannot mend it: what opens and names its visit, phone and area is kept, at worst for a person to read.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from shuoshi.channels.visits.models import MOST_FILES, MOST_SAID, FileKind
from shuoshi.kernel import clock, crypto, keys
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms import TEXT_LIMIT
from shuoshi.matters.vocabulary import Naming

LINE, SHORT = 200, 40
_WRONG = (KeyError, TypeError, AttributeError, ValueError)


@dataclass(frozen=True)
class Said:
    """One thing that was said, with the pictures that belong to it by their SHA-256."""

    content: str
    naming: Naming
    name: str = ""
    phone: str = ""
    place: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """All of a visit as the phone wrote it; `files`: SHA-256 and kind of each picture; `key`: of the device."""

    visit: UUID
    device: UUID
    key: str
    area: UUID
    begun: datetime
    ended: datetime
    met: bool
    book: bool = False
    plan: UUID | None = None
    household: str = ""
    beside: str = ""
    signed: str = ""  # the name somebody typed where they did not draw it
    said: tuple[Said, ...] = ()
    files: dict[str, FileKind] = field(default_factory=dict)
    broken: bool = False  # something in it is not as it should be: only `text` tells what was said
    text: str = ""  # as it came, without the key of the device
    sha256: str = ""


def public_key() -> bytes:
    """What phones seal with: 65 bytes."""
    return crypto.phone_public_of(keys.read(settings.KEYS, "visits"))


def place_of_record(visit: UUID) -> bytes:
    return f"shuoshi visit\0record\0{visit}".encode()


def place_of_file(visit: UUID, sha256: str) -> bytes:
    return f"shuoshi visit\0file\0{visit}\0{sha256}".encode()


def open_record(sealed: bytes, visit: UUID) -> Record:
    """Raises Refused for what does not open or does not name its visit, phone and area."""
    try:
        plain = crypto.open_from_phone(keys.read(settings.KEYS, "visits"), place_of_record(visit), sealed)
        return read(json.loads(plain), visit)
    except (crypto.CryptoProblem, *_WRONG) as problem:
        raise Refused("record_unreadable", _("这条记录打不开，没有收下，手机里的还在。")) from problem


def open_file(sealed: bytes, visit: UUID, sha256: str) -> bytes:
    """Raises Refused where it does not open, or is not the file of this SHA-256."""
    try:
        plain = crypto.open_from_phone(keys.read(settings.KEYS, "visits"), place_of_file(visit, sha256), sealed)
    except crypto.CryptoProblem as problem:
        raise Refused("file_unreadable", _("这张照片打不开，没有收下，手机里的还在。")) from problem
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise Refused("file_changed", _("这张照片和记录里写的不一样，没有收下，手机里的还在。"))
    return plain


def again(text: str) -> Record:
    """From what a row keeps."""
    given = json.loads(text)
    return read(given | {"key": ""}, UUID(given["visit"]))


def read(given: dict[str, Any], visit: UUID) -> Record:
    """From JSON. Raises one of the errors of wrong shapes where it does not name its visit, phone and area."""
    kept = {name: value for name, value in given.items() if name != "key"}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    if UUID(given["visit"]) != visit:
        raise ValueError("another visit")
    named: dict[str, Any] = {
        "visit": visit,
        "device": UUID(given["device"]),
        "key": str(given["key"]),
        "area": UUID(given["area"]),
    }
    try:
        rest = _rest(given)
    except _WRONG:
        rest = _left(given)
    return Record(**named, **rest, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def _rest(given: dict[str, Any]) -> dict[str, Any]:
    said = tuple(_said(one) for one in given.get("said", []))
    files = {_digest(one["sha256"]): FileKind(one["kind"]) for one in given.get("files", [])}
    begun, ended, met = _moment(given["begun"]), _moment(given["ended"]), given["met"]
    if (
        len(said) > MOST_SAID
        or len(files) > MOST_FILES
        or not isinstance(met, bool)
        or (said and not met)
        or any(one not in files for each in said for one in each.files)
    ):
        raise ValueError("too much, or what does not belong together")
    return {
        "begun": begun,
        "ended": max(begun, ended),  # the clock of a phone is put right while it is used
        "met": met,
        "book": given.get("book") is True,
        "plan": UUID(given["plan"]) if given.get("plan") else None,
        "household": _line(given, "household"),
        "beside": _line(given, "beside"),
        "signed": _line(given, "signed", SHORT),
        "said": said,
        "files": files,
    }


def _left(given: dict[str, Any]) -> dict[str, Any]:
    """What can still be told of a record that is not as it should be."""
    files = dict[str, FileKind]()
    for one in given["files"] if isinstance(given.get("files"), list) else []:
        with suppress(*_WRONG):
            files[_digest(one["sha256"])] = FileKind(one["kind"])
    begun = clock.now()
    with suppress(*_WRONG):
        begun = _moment(given["begun"])
    met, book = given.get("met") is not False, given.get("book") is True
    return {"begun": begun, "ended": begun, "met": met, "book": book, "files": files, "broken": True}


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found


def _said(given: dict[str, Any]) -> Said:
    content = _words(given, "content", TEXT_LIMIT)
    if not content.strip():
        raise ValueError("nothing was said")
    return Said(
        content=content,
        naming=Naming(given["naming"]),
        name=_line(given, "name", SHORT),
        phone=_line(given, "phone", SHORT),
        place=_line(given, "place"),
        files=tuple(_digest(one) for one in given.get("files", [])),
    )


def _words(given: dict[str, Any], name: str, most: int) -> str:
    text = given.get(name, "")
    if not isinstance(text, str) or len(text) > most or "\x00" in text:
        raise ValueError(f"{name} is no text, or too long")
    return text.strip()


def _line(given: dict[str, Any], name: str, most: int = LINE) -> str:
    """One line, cut where it is too long: a script sets some, and a field does not stop it. The whole stays in `text`."""
    text = given.get(name, "")
    return _words(given | {name: text[:most] if isinstance(text, str) else text}, name, most)


def _digest(text: str) -> str:
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError("no SHA-256")
    return text
