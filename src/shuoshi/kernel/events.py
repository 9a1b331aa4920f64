"""Event streams: append-only facts, each chained to the one before by its hash. Comparing rows with them: verify."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import models

from shuoshi.kernel import crypto, history, rows
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.prepared import Prepared

Scalar = str | int | bool | None
Fact = Scalar | Sequence["Fact"] | Mapping[str, "Fact"]
Row = TypeVar("Row", bound=models.Model)

GENESIS = "0" * 64  # what stands as the previous hash of a stream's first event
_LARGEST = 2**53 - 1  # RFC 8785 numbers are doubles


@dataclass(frozen=True, slots=True)
class Stream:
    """What a chain of events is about: a matter, person, account, unit, profile …, and which one."""

    kind: str
    id: str

    @classmethod
    def of(cls, kind: str, row: models.Model) -> Stream:
        return cls(kind, str(row.pk))


class Event(models.Model):
    """One fact, for good: triggers refuse UPDATE, DELETE and TRUNCATE of this table."""

    history = History.RECORD
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stream_kind = models.CharField(max_length=20)
    stream_id = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()  # 1, 2, 3 … without a gap
    previous = models.CharField(max_length=64)  # hash of the event before it in the stream
    hash = models.CharField(max_length=64, unique=True)
    action = models.CharField(max_length=40)
    actor = models.CharField(max_length=120)  # kernel.actors.Actor.ref
    recorded_at = models.DateTimeField()  # by the server; never decreases in a stream
    occurred_at = models.DateTimeField(null=True)  # a claim
    clause = models.CharField(max_length=20, blank=True)
    payload = models.TextField()  # canonical JSON: {"facts": {…}, "rows": [{"row": …, "set": {…}, "text": {…}}]}

    class Meta:
        constraints = [
            # read by Story.tell for the head, by timelines and verify in order; guards two writers of one stream
            models.UniqueConstraint(name="event_one_per_place", fields=["stream_kind", "stream_id", "sequence"]),
            models.CheckConstraint(name="event_sequence_from_1", condition=models.Q(sequence__gte=1)),
        ]

    def facts(self) -> dict[str, Any]:
        """What `Story.fact` noted."""
        return dict(json.loads(self.payload)["facts"])

    def computed_hash(self) -> str:
        """The hash this event must have: SHA-256 of its canonical JSON (RFC 8785), its payload taken as it stands.

        A payload that is not canonical makes another hash.
        """
        around = self.around_payload()
        before = canonical({name: value for name, value in around.items() if name < "payload"})
        after = canonical({name: value for name, value in around.items() if name > "payload"})
        text = f'{before[:-1]},"payload":{self.payload},{after[1:]}'
        return hashlib.sha256(text.encode()).hexdigest()

    def around_payload(self) -> dict[str, Any]:
        """What the hash is made of, beside the payload."""
        return {
            "version": 1,
            "algorithm": "sha256",
            "event": str(self.id),
            "stream": f"{self.stream_kind}:{self.stream_id}",
            "sequence": self.sequence,
            "previous": self.previous,
            "actor": self.actor,
            "action": self.action,
            "recorded_at": instant(self.recorded_at),
            "occurred_at": None if self.occurred_at is None else instant(self.occurred_at),
            "clause": self.clause,
        }


class Story:
    """One event in the making, with every row it writes. Inside the caller's transaction; ends with `tell`.

    Two writers of one stream must be kept apart by a lock of the caller's (the matter's row); where they are not, the
    unique place in the stream makes the second one fail.
    """

    def __init__(
        self,
        stream: Stream,
        action: str,
        *,
        by: Actor,
        at: datetime,
        clause: str = "",
        occurred_at: datetime | None = None,
        first: bool = False,
    ) -> None:
        self.event_id: UUID = new_id()  # rows may point to the event before it is told: the key is deferred
        self.stream = stream
        self.action = str(action)
        self.by = by
        self.at = at
        self.clause = clause
        self.occurred_at = occurred_at
        self._rows: list[dict[str, Any]] = []
        self._facts: dict[str, Fact] = {}
        self._told = False
        self._first = first  # the stream begins with it, so that nobody looks for its head

    def add(self, row: Row) -> Row:
        """Insert the row and note all its columns; encrypted text enters as a commitment."""
        _require_history(row)
        rows.insert(row)
        self._rows.append(_note(row, _told(type(row)), new=True))
        return row

    def add_all(self, several: Iterable[Row]) -> list[Row]:
        """Insert many rows of one model in one statement and note them like `add`."""
        made = list(several)
        for row in made:
            _require_history(row)
        rows.insert_all(made)
        self._rows += [_note(row, _told(type(row)), new=True) for row in made]
        return made

    def change(self, row: Row, **values: Any) -> Row:
        """Set these columns of a projection, write only them, and note only them."""
        _require_history(row)
        if history.of(type(row)) is History.RECORD:
            raise TypeError(f"{row._meta.label} is a record: insert a new row instead of changing one")
        fields = [row._meta.get_field(name) for name in values]
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[field.name for field in fields])
        names = {getattr(field, "attname", "") for field in fields}
        self._rows.append(_note(row, [told for told in _told(type(row)) if told.attname in names]))
        return row

    def remove(self, row: models.Model) -> None:
        """Delete a row of a projection and note that it is gone."""
        _require_history(row)
        if history.of(type(row)) is History.RECORD:
            raise TypeError(f"{row._meta.label} is a record: it stays")
        name = row_name(row)
        row.delete()
        self._rows.append({"row": name, "gone": True})

    def erase(self, holder: crypto.KeyHolder) -> None:
        """Destroy the key of a row, and with it all that it sealed. Its commitments stay, and nobody can compute them again;
        that this is no loss but a deed, only the event says."""
        _require_history(holder)
        type(holder)._base_manager.filter(pk=holder.pk).update(wrapped_key=None)
        holder.wrapped_key = None
        self._rows.append({"row": row_name(holder), "erased": True})

    def fact(self, **scalars: Fact) -> None:
        """Note something worth telling that is no column: strings, integers, booleans, null, and lists of them."""
        self._facts |= scalars

    def tell(self) -> Event:
        """Write the event: one SELECT for the head of the stream, one INSERT. Once per story."""
        if self._told:
            raise RuntimeError("this story was told already")
        self._told = True
        head = None if self._first else _HEAD.one(kind=self.stream.kind, key=self.stream.id)
        sequence, previous, not_before = head or (0, GENESIS, self.at)
        event = rows.new(
            Event,
            id=self.event_id,
            stream_kind=self.stream.kind,
            stream_id=self.stream.id,
            sequence=sequence + 1,
            previous=previous,
            action=self.action,
            actor=self.by.ref,
            recorded_at=max(self.at, not_before),  # a server clock set back must not reorder the stream
            occurred_at=self.occurred_at,
            clause=self.clause,
            payload=f'{{"facts":{canonical(self._facts)},"rows":{_ENCODER.encode(self._rows)}}}',
        )
        event.hash = event.computed_hash()
        rows.insert(event)
        return event


def newest_at() -> datetime | None:
    """When the event that was written last was recorded; None before the first."""
    return Event.objects.order_by("-pk").values_list("recorded_at", flat=True).first()


_HEAD: Prepared[tuple[int, str, datetime]] = Prepared(
    lambda kind, key: (
        Event.objects.filter(stream_kind=kind, stream_id=key)
        .order_by("-sequence")
        .values_list("sequence", "hash", "recorded_at")[:1]
    ),
    kind=models.CharField(),
    key=models.CharField(),
)


def canonical(value: Any) -> str:
    """Sorted compact JSON of str, int, bool, None, lists and objects with ASCII keys: RFC 8785 for these types."""
    _refuse_other_types(value)
    text = _ENCODER.encode(value)
    text.encode()  # a lone surrogate has no place in UTF-8
    return text


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def row_name(row: models.Model) -> str:
    """How events name a row: app.model:key."""
    return f"{_label(type(row))}:{row.pk}"


@lru_cache(maxsize=512)
def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower


def column_value(field: models.Field[Any, Any], raw: Any) -> Scalar:
    """A column as events write it; the same before it is saved and after it was loaded again."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    value = target.to_python(raw)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal) and isinstance(target, models.DecimalField):
        return format(value, f".{target.decimal_places}f")
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, (str, bool)) or (isinstance(value, int) and abs(value) <= _LARGEST):
        return value
    raise TypeError(f"{field} holds a {type(value).__name__}, which events cannot carry")


def told_value(row: models.Model, field: models.Field[Any, Any]) -> Scalar:
    """A column of a row as its event tells it: the value, or its digest where the value is a secret."""
    value = column_value(field, getattr(row, field.attname))
    if value is None or field.attname not in history.digested(type(row)):
        return value
    return f"sha256:{hashlib.sha256(str(value).encode()).hexdigest()}"


@lru_cache(maxsize=1024)
def instant(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone; instants are aware")
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


class _Told(NamedTuple):
    """A column of which events tell. `plain`: what is made of values whose type is the column's own; None: nothing."""

    field: models.Field[Any, Any]
    attname: str
    encrypted: bool
    usual: Any  # what stands in it where nothing is said
    told: Scalar  # and what is told of that
    plain: dict[type, Callable[[Any], Scalar] | None]


@lru_cache(maxsize=512)
def _told(model: type[models.Model]) -> list[_Told]:
    left_out = history.unverified(model)
    return [_told_of(model, field) for field in model._meta.concrete_fields if field.attname not in left_out]


def _told_of(model: type[models.Model], field: models.Field[Any, Any]) -> _Told:
    plain, value = _plain(model, field), rows.usual(model).get(field.attname, _NEVER)
    encrypted, turn = isinstance(field, crypto.EncryptedText), plain.get(value.__class__, _LOOK)
    if turn is _LOOK:
        return _Told(field, field.attname, encrypted, _NEVER, None, plain)
    return _Told(field, field.attname, encrypted, value, turn(value) if turn else value, plain)


def _plain(model: type[models.Model], field: models.Field[Any, Any]) -> dict[type, Callable[[Any], Scalar] | None]:
    """By type of the value what `told_value` would make of it, for those of which it makes nothing but this."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if field.attname in history.digested(model):
        return {}
    if type(target) in (models.CharField, models.TextField):
        return {type(None): None, str: None}
    if type(target) is models.BooleanField:
        return {type(None): None, bool: None}
    if type(target) in (models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField):
        return {type(None): None, int: None}
    if type(target) is models.UUIDField:
        return {type(None): None, UUID: str}
    if type(target) is models.DateTimeField:
        return {type(None): None, datetime: instant}
    return {}


def _note(row: models.Model, told: Iterable[_Told], *, new: bool = False) -> dict[str, Any]:
    columns: dict[str, Scalar] = {}
    texts: dict[str, str | None] = {}
    kept = row.__dict__
    for field, attname, encrypted, usual, said, plain in told:
        if encrypted:
            texts[attname] = crypto.commitment(row, attname) if kept.get(attname, _LOOK) is not None else None
            continue
        value = kept.get(attname, _LOOK)
        if value is usual:
            columns[attname] = said
            continue
        turn = plain.get(value.__class__, _LOOK)
        if turn is None:
            columns[attname] = value
        elif turn is not _LOOK:
            columns[attname] = turn(value)
        elif isinstance(value, Enum) and str in plain:
            columns[attname] = value.value
        else:
            columns[attname] = told_value(row, field)
    note: dict[str, Any] = {"row": row_name(row), "set": columns, "text": texts}
    if new:
        note["new"] = True
    return note


_LOOK: Any = object()
_NEVER: Any = object()  # stands in no column


def _require_history(row: models.Model) -> None:
    if history.of(type(row)) not in (History.RECORD, History.PROJECTION):
        raise TypeError(f"{row._meta.label} is no record and no projection: save it outside the story")


_PLAIN = frozenset({str, bool, type(None)})


def _refuse_other_types(value: Any) -> None:
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return
    if isinstance(value, (dict, Mapping)):  # asking for the first is much cheaper
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError(f"{key!r} is no ASCII key")
            if item.__class__ not in _PLAIN:
                _refuse_other_types(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_other_types(item)
    elif not isinstance(value, int) or abs(value) > _LARGEST:
        raise TypeError(f"{value!r} is no value of an event: str, int, bool, None, lists and objects of them")
