"""Making moulds of matters of the demo. What the real actions wrote of one is read once, row by row and event by event;
keys, times, numbers, sealed texts and hashes become places, and everything else stays as it was written.
"""

from __future__ import annotations

import copy
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from shuoshi.demo.generating.days import micros
from shuoshi.demo.generating.marks import Format, Places
from shuoshi.demo.generating.moulds import Mould, Sealed, Told
from shuoshi.demo.generating.pictures import PICTURES, picture
from shuoshi.kernel import bulk, crypto
from shuoshi.kernel.clock import INSTITUTION_ZONE
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Event, canonical, row_name
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.search import SearchEntry
from shuoshi.matters.actions.triage import findable
from shuoshi.matters.models import Attachment, Deadline, Matter, Party
from shuoshi.matters.vocabulary import OPEN, PartyRole
from shuoshi.people.models import ContactKind, ContactPoint, Person

WHERE, DETAIL, NUMBER, TAIL = ("where", ""), ("detail", ""), ("number", ""), ("tail", "")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_INSTANT = r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_DATE = r"2\d{3}-\d\d-\d\d"
_SHARED = ("knowledge.",)  # rows of others that a matter brought about: casts join those that are there
_TITLE = 30  # characters of a title that leave room for a place behind it


def moulds(originals: Sequence[UUID]) -> list[Mould]:
    """A mould of each of these matters, in their order. Some statements for all of them."""
    streams: dict[str, list[Event]] = defaultdict(list)
    asked = Event.objects.filter(stream_kind="matter", stream_id__in=[str(pk) for pk in originals])
    for event in asked.order_by("stream_id", "sequence"):
        streams[event.stream_id].append(event)
    named = {str(pk): _named_in(streams[str(pk)]) for pk in originals}
    rows = _rows(name for names in named.values() for name in names)
    notices: dict[str, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.filter(about_kind="matter", about_id__in=originals).order_by("pk"):
        notices[str(notice.about_id)].append(notice)
    found = set(SearchEntry.objects.filter(kind="matter", ref__in=originals).values_list("ref", flat=True))
    return [
        _Maker(
            [rows[name] for name in named[str(pk)] if name in rows],
            set(named[str(pk)]),
            streams[str(pk)],
            notices[str(pk)],
        ).mould(pk in found)
        for pk in originals
    ]


def _named_in(events: Iterable[Event]) -> list[str]:
    """Names of the rows of its own that these events made, in their order."""
    notes = (note for event in events for note in _own_notes(json.loads(event.payload)["rows"]))
    return list(dict.fromkeys(note["row"] for note in notes if note.get("new")))


def _own_notes(notes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [note for note in notes if not note["row"].startswith(_SHARED)]


def _rows(names: Iterable[str]) -> dict[str, models.Model]:
    """The rows of these names as they stand; those that were removed are not among them."""
    keys: dict[str, list[str]] = defaultdict(list)
    for name in names:
        label, key = name.split(":")
        keys[label].append(key)
    found: dict[str, models.Model] = {}
    for label, some in keys.items():
        found |= {row_name(row): row for row in apps.get_model(label)._base_manager.filter(pk__in=some)}
    return found


class _Maker:
    """Makes one mould."""

    def __init__(self, rows: list[models.Model], names: set[str], events: list[Event], notices: list[Notice]) -> None:
        self._rows, self._events, self._notices = rows, events, notices
        self._matter = next(row for row in rows if isinstance(row, Matter))
        self._by_key = {str(row.pk): row for row in rows}
        self._own = {name.split(":")[1] for name in names} | {str(event.pk) for event in events}
        self._places = Places()
        self._known = self._who_was_known()
        self._pattern = re.compile(f"{_UUID}|{_INSTANT}|{_DATE}|{re.escape(self._matter.number)}")
        self._instead = dict(self._overruled())

    def mould(self, found: bool) -> Mould:
        lines: dict[type[models.Model], list[str]] = defaultdict(list)
        sealed: list[Sealed] = []
        for row in self._rows:
            marked = self._marked_row(row)
            lines[type(row)].append(self._line(row, marked))
            sealed += self._sealed(row, marked)
        notices = [self._notice(notice) for notice in self._notices]
        events = [self._told(place, event) for place, event in enumerate(self._events)]
        told = bulk.joined([self._event_line(place, event) for place, event in enumerate(self._events)])
        words = Format(self._words()) if found else None
        at = {what: self._places.number(what) for what in (WHERE, DETAIL, NUMBER, TAIL)}
        opened = any(isinstance(row, Deadline) and row.outcome == Outcome.OPEN for row in self._rows)
        committed = {one.commitment_at for one in sealed}
        known = self._known_keys()
        return Mould(
            registered_at=micros(self._matter.registered_at),
            ends_at=micros(max(event.recorded_at for event in self._events)),
            still=opened or self._matter.status in OPEN,
            matter=self._key_at(self._matter.pk),
            number=at[NUMBER],
            tail=at[TAIL],
            where=at[WHERE],
            detail=at[DETAIL],
            holders=[(place, self._key_at(key)) for place, key in self._places.of("wrapped")],
            names=[place for place, _key in self._places.of("name")],
            phones=[(place, self._places.number(("index", key))) for place, key in self._places.of("phone")],
            known=(self._places.number(("person", known[0])), self._places.number(("contact", known[1])))
            if known
            else None,
            known_before=known or ("", ""),
            speaker=self._speaker_at(),
            pictures=[(place, UUID(key).int % PICTURES) for place, key in self._places.of("stored")],
            forgotten=[place for place, _what in self._places.of("commitment") if place not in committed],
            sealed=sealed,
            lines={model: Format(bulk.joined(some)) for model, some in lines.items()},
            notices=notices,
            events=events,
            told=Format(told),
            words=words,
            dates=[(place, _noon(day)) for place, day in self._places.of("date")],
            keys=[(place, (UUID(key).int >> 80) * 1000) for place, key in sorted(self._places.of("key"), key=_by_key)],
            moments=[(place, int(moment)) for place, moment in self._places.of("moment")],
            size=len(self._places),
        )

    def _key_at(self, key: object) -> int:
        return self._places.number(("key", str(key)))

    def _known_keys(self) -> tuple[str, str] | None:
        by_kind = {kind: key for key, kind in self._known.items()}
        return (by_kind["person"], by_kind["contact"]) if "contact" in by_kind else None

    def _speaker_at(self) -> tuple[int, int] | None:
        for row in self._rows:
            if (
                isinstance(row, Party)
                and row.role == PartyRole.SPEAKER
                and {str(row.person_id), str(row.contact_id)} <= self._own
            ):
                return self._key_at(row.person_id), self._key_at(row.contact_id)
        return None

    def _who_was_known(self) -> dict[str, str]:
        """Person and number that an earlier matter brought in, with what they are: others take their place."""
        for row in self._rows:
            if isinstance(row, Party) and row.contact_id and not {str(row.person_id), str(row.contact_id)} & self._own:
                return {str(row.person_id): "person", str(row.contact_id): "contact"}
        return {}

    def _overruled(self) -> Iterable[tuple[tuple[str, str], Any]]:
        """Columns that hold something else in every cast: by row and column, what stands there."""
        yield (row_name(self._matter), "tail"), self._places.mark(TAIL)
        for row in self._rows:
            name = row_name(row)
            if isinstance(row, ContactPoint) and row.kind == ContactKind.PHONE:
                yield (name, "index"), self._places.mark(("index", str(row.pk)))
            elif isinstance(row, Attachment):
                _data, size, digest = picture(row.pk.int % PICTURES)
                yield (name, "stored"), self._places.mark(("stored", str(row.pk)))
                yield (name, "thumbnail"), ""
                yield (name, "media_type"), "image/jpeg"
                yield (name, "size"), size
                yield (name, "sha256"), digest

    # ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _marked_row(self, row: models.Model) -> models.Model:
        """A copy that holds marks in place of what differs from cast to cast; encrypted columns are as they were."""
        marked, name = copy.copy(row), row_name(row)
        marked.__dict__ = dict(row.__dict__)
        for field in row._meta.concrete_fields:
            if isinstance(field, crypto.EncryptedText):
                continue
            column = field.attname
            marked.__dict__[column] = self._value(name, column, row.__dict__[column])
        if isinstance(row, crypto.KeyHolder):
            marked.__dict__["wrapped_key"] = self._places.mark(("wrapped", str(row.pk)))
        return marked

    def _value(self, name: str, column: str, value: Any) -> Any:
        """What stands in a column of a row, or in an event that tells of it."""
        if (name, column) in self._instead:
            return self._instead[name, column]
        if isinstance(value, datetime):
            return self._moment(value) if value.year < 2200 else value
        if isinstance(value, date):
            return self._places.mark(("date", value.isoformat()))
        if isinstance(value, UUID):
            return self._text(str(value))
        if not isinstance(value, str):
            return value
        return self._title(value) if column == "title" and name == row_name(self._matter) else self._text(value)

    def _line(self, row: models.Model, marked: models.Model) -> str:
        values = []
        for field in row._meta.concrete_fields:
            if not isinstance(field, crypto.EncryptedText):
                values.append(marked.__dict__[field.attname])
            elif field.cell(row) is None:
                values.append(None)
            else:
                values.append(self._places.mark(("sealed", f"{row_name(row)} {field.attname}")))
        return bulk.line(type(row), values)

    def _sealed(self, row: models.Model, marked: models.Model) -> Iterable[Sealed]:
        for field in row._meta.concrete_fields:
            if not isinstance(field, crypto.EncryptedText) or field.cell(row) is None:
                continue
            name, column = row_name(row), field.attname
            commitment = ("commitment", f"{name} {column} {crypto.commitment(self._with_owner(row), column)}")
            yield Sealed(
                holder=self._key_at(self._holder(row, field).pk),
                aad=Format(field.aad(marked).decode()),
                text=Format(self._plain(row, column)),
                bytes_at=self._places.number(("sealed", f"{name} {column}")),
                commitment_at=self._places.number(commitment),
            )

    def _with_owner(self, row: models.Model) -> models.Model:
        """The row, holding the rows it was written with: one key unwrapped, no statement."""
        if isinstance(row, ContactPoint):
            row.person = self._by_key[str(row.person_id)]  # type: ignore[assignment]  # as the key says
        elif hasattr(row, "matter_id"):
            setattr(row, "matter", self._matter)  # noqa: B010 (the kinds of rows differ)
        return row

    def _holder(self, row: models.Model, field: crypto.EncryptedText) -> models.Model:
        if field.owner == "self":
            return row
        holder: models.Model = getattr(self._with_owner(row), field.owner)
        return holder

    def _plain(self, row: models.Model, column: str) -> str:
        """A text with its own marks: other names, other numbers, one more sentence in what was said."""
        if isinstance(row, Person) and column == "name":
            return self._places.mark(("name", str(row.pk)))
        if isinstance(row, ContactPoint) and row.kind == ContactKind.PHONE:
            return self._places.mark(("phone", str(row.pk)))
        text = str(getattr(self._with_owner(row), column)).replace(self._matter.number, self._places.mark(NUMBER))
        return text + self._places.mark(DETAIL) if row is self._matter and column == "content" else text

    def _words(self) -> str:
        """What the search finds the matter by, with its marks."""
        matter = copy.copy(self._matter)
        matter.title = self._title(self._matter.title)
        matter.content = self._plain(self._matter, "content")
        return findable(matter)

    def _notice(self, notice: Notice) -> tuple[Format, int]:
        marked = [self._value("", f.attname, getattr(notice, f.attname)) for f in Notice._meta.concrete_fields]
        for place, value in (("to_carry", False), ("event_id", None)):  # told long ago
            marked[[f.attname for f in Notice._meta.concrete_fields].index(place)] = value
        marked[0] = self._places.mark(("key", str(notice.pk)))  # no event tells of it, so its key is not known yet
        old_from = notice.settled_at or notice.created_at
        return Format(bulk.line(Notice, marked)), self._places.number(("moment", str(micros(old_from))))

    # ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _told(self, place: int, event: Event) -> Told:
        payload = self._payload(event)
        content = event.around_payload() | {
            "event": self._text(str(event.pk)),
            "stream": self._text(f"{event.stream_kind}:{event.stream_id}"),
            "actor": self._text(event.actor),
            "previous": self._places.mark(("hash", str(place - 1))) if place else event.previous,
            "recorded_at": self._moment(event.recorded_at),
            "occurred_at": None if event.occurred_at is None else self._moment(event.occurred_at),
            "payload": payload,
        }
        return Told(
            content=Format(canonical(content)),
            payload=Format(canonical(payload)),
            hash_at=self._places.number(("hash", str(place))),
            payload_at=self._places.number(("payload", str(place))),
        )

    def _event_line(self, place: int, event: Event) -> str:
        values = {field.attname: self._value("", field.attname, getattr(event, field.attname)) for field in _EVENT}
        values |= {
            "payload": self._places.mark(("payload", str(place))),
            "hash": self._places.mark(("hash", str(place))),
            "previous": self._places.mark(("hash", str(place - 1))) if place else event.previous,
        }
        return bulk.line(Event, [values[field.attname] for field in _EVENT])

    def _payload(self, event: Event) -> dict[str, Any]:
        told = json.loads(event.payload)
        return {"facts": self._fact(told["facts"]), "rows": [self._note(note) for note in _own_notes(told["rows"])]}

    def _note(self, note: dict[str, Any]) -> dict[str, Any]:
        name = note["row"]
        marked = dict(note, row=self._text(name))
        for column, value in note.get("set", {}).items():
            marked["set"] = marked["set"] | {column: self._value(name, column, value)}
        for column, value in note.get("text", {}).items():
            if value is not None:
                mark = self._places.mark(("commitment", f"{name} {column} {value}"))
                marked["text"] = marked["text"] | {column: mark}
        return marked

    def _fact(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._fact(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._fact(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    # ── marks ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _text(self, text: str) -> str:
        """Keys, instants, dates and the number in a text become marks; keys of others stay."""
        return self._pattern.sub(self._mark, text)

    def _mark(self, hit: re.Match[str]) -> str:
        found = hit.group()
        if found == self._matter.number:
            return self._places.mark(NUMBER)
        if found in self._own:
            return self._places.mark(("key", found))
        if found in self._known:
            return self._places.mark((self._known[found], found))
        if re.fullmatch(_INSTANT, found):
            return self._moment(datetime.fromisoformat(found))
        return self._places.mark(("date", found)) if re.fullmatch(_DATE, found) else found

    def _moment(self, at: datetime) -> str:
        return self._places.mark(("moment", str(micros(at))))

    def _title(self, title: str) -> str:
        return title + self._places.mark(WHERE) if title and len(title) <= _TITLE else title


_EVENT = Event._meta.concrete_fields


def _noon(day: str) -> int:
    return micros(datetime.combine(date.fromisoformat(day), time(12), INSTITUTION_ZONE))


def _by_key(place: tuple[int, str]) -> str:
    return place[1]
