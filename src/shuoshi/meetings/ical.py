"""A calendar as RFC 5545 writes it: events of some length, folded at 75 octets, with what texts must escape. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_OCTETS = 75


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event. `sequence` grows with each change; `cancelled` takes it out of calendars that have it."""

    uid: str
    stamp: datetime
    begins: datetime
    ends: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry]) -> str:
    """The whole file, with CRLF between its lines."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Shuoshi//Meetings//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for one in entries:
        lines += _event(one)
    return "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def escaped(text: str) -> str:
    """A TEXT value (3.3.11): backslash, semicolon, comma and line end; other control characters have no place in it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(sign for sign in text if sign >= " " or sign == "\t").replace("\x7f", "")


def folded(line: str) -> str:
    """No line of more than 75 octets (3.1); a sign of several octets is never torn apart."""
    pieces, piece, room = [], "", _OCTETS
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _OCTETS - 1  # the space that begins the next one
        piece += sign
        room -= size
    return "\r\n ".join([*pieces, piece])


def _event(one: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.uid)}",
        f"DTSTAMP:{_instant(one.stamp)}",
        f"DTSTART:{_instant(one.begins)}",
        f"DTEND:{_instant(one.ends)}",
        f"SEQUENCE:{one.sequence}",
        f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}",
        f"SUMMARY:{escaped(one.summary)}",
    ]
    if one.location:
        lines.append(f"LOCATION:{escaped(one.location)}")
    if one.description:
        lines.append(f"DESCRIPTION:{escaped(one.description)}")
    if one.url:
        lines.append(f"URL:{one.url}")
    return [*lines, "END:VEVENT"]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
