"""Proof that nobody changed anything behind the application's back: chains recomputed, rows folded and compared.

What verify cannot see, and lists instead: working tables and the libraries' own (`unproved`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, models
from django.db.models import Count
from django.utils.translation import gettext as _

from shuoshi.kernel import crypto, history
from shuoshi.kernel.events import GENESIS, Event, canonical, column_value, instant, row_name, told_value
from shuoshi.kernel.folding import Folded, Told
from shuoshi.kernel.history import History
from shuoshi.kernel.snapshot import one_state

Progress = Callable[[str, int], None]

_CHUNK = 500  # rows in memory at a time


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing wrong at one place: a stream, an event or a row; the column if it is one; what is wrong."""

    where: str
    column: str
    what: str


def verify(progress: Progress | None = None) -> Iterator[Broken]:
    """Everything broken, streams first, on one snapshot of the database.

    A broken stream is named once, with its first broken event; a broken row once, with its first broken column.
    `progress` is told the part and how many events or rows of it were read so far.
    """
    told = progress or _nobody
    with one_state(), closing(Folded()) as folded:
        yield from _streams(folded, told)
        for model in _proved():
            yield from _rows(model, folded, told)
        for name in folded.unseen():
            yield Broken(name, "", _("事件记载过这一行，表里却没有"))


def unproved() -> list[str]:
    """Tables that verify says nothing about, as app.Model."""
    working = [model for model in history.our_models() if history.of(model) is History.WORKING]
    return sorted(model._meta.label for model in [*working, *history.foreign_models()])


def _proved() -> list[type[models.Model]]:
    classes = (History.RECORD, History.PROJECTION)
    return [model for model in history.our_models() if history.of(model) in classes and model is not Event]


def _streams(folded: Folded, progress: Progress) -> Iterator[Broken]:
    count = 0
    for kind, id_, events in _each_stream():
        if isinstance(id_, Exception):
            yield Broken("event", kind, _cannot_be_read(id_))
            continue
        broken: Broken | None = None
        before: Event | None = None
        for event in events:
            count += 1
            if isinstance(event, Event):
                told, problem = _payload(event)
                broken = broken or _break(event, before, told, problem)
                _fold(event, told, folded)
                before = event
            else:
                broken = broken or Broken(f"event:{kind}:{id_}", "", _cannot_be_read(event))
            if count % _CHUNK == 0:
                progress("events", count)
        if broken:
            yield broken
    progress("events", count)


def _each_stream() -> Iterator[tuple[str, str | Exception, Iterable[Any]]]:
    """Kind and id of every stream with its events, of which those that cannot be read are exceptions.

    Short streams come many at once; where something among them cannot be read, each by itself.
    """
    for several in _batches(_names_of_streams()):
        kind, id_, _length = several[0]
        if isinstance(id_, Exception):
            yield kind, id_, ()
            continue
        streams = _read_together(kind, [str(id_) for _kind, id_, _length in several]) if len(several) > 1 else None
        for kind, id_, _length in several:
            alone = Event.objects.filter(stream_kind=kind, stream_id=id_)
            yield kind, id_, _each(alone, order="sequence") if streams is None else streams.get(str(id_), [])


def _read_together(kind: str, ids: list[str]) -> dict[str, list[Event]] | None:
    """The events of these streams by stream, in order; None where one of them cannot be read."""
    streams: dict[str, list[Event]] = defaultdict(list)
    try:
        for event in Event.objects.filter(stream_kind=kind, stream_id__in=ids).order_by("stream_id", "sequence"):
            streams[event.stream_id].append(event)
    except Exception:  # whatever a tampered value makes a converter raise: it is found when they are read one by one
        return None
    return streams


def _batches(names: Iterable[tuple[str, str | Exception, int]]) -> Iterator[list[tuple[str, str | Exception, int]]]:
    """Streams of one kind that together have about _CHUNK events; a long one, and a name nobody can read, alone."""
    batch: list[tuple[str, str | Exception, int]] = []
    size = 0
    for name in names:
        kind, id_, length = name
        if batch and (batch[0][0] != kind or isinstance(id_, Exception) or size + length > _CHUNK):
            yield batch
            batch, size = [], 0
        batch.append(name)
        size += length
    if batch:
        yield batch


def _names_of_streams() -> Iterator[tuple[str, str | Exception, int]]:
    """Kind, id and length of every stream; where a name itself cannot be read, the column and the exception, last."""
    streams = Event.objects.order_by("stream_kind", "stream_id").values_list("stream_kind", "stream_id")
    try:
        yield from streams.annotate(length=Count("pk")).iterator()
    except DatabaseError as problem:
        yield "stream_id", problem, 0


def _payload(event: Event) -> tuple[Any, Exception | None]:
    """What an event tells, or why nobody can read it."""
    try:
        return json.loads(event.payload), None
    except (ValueError, TypeError) as problem:
        return None, problem


def _break(event: Event, before: Event | None, told: Any, unreadable: Exception | None) -> Broken | None:
    """What is wrong with one event, seen from the one before it in its stream."""
    where = f"event:{event.stream_kind}:{event.stream_id}:{event.sequence}"
    sequence = before.sequence + 1 if before else 1
    if event.sequence != sequence:
        what = _("序号不连续，应为 %(expected)s") % {"expected": sequence}
        return Broken(where, "sequence", what)
    if event.previous != (before.hash if before else GENESIS):
        return Broken(where, "previous", _("与前一条事件接不上"))
    if unreadable is not None:
        return Broken(where, "", _cannot_be_read(unreadable))
    try:
        if canonical(told) != event.payload:
            return Broken(where, "payload", _("内容不是规范写法"))
        if event.computed_hash() != event.hash:
            return Broken(where, "hash", _("摘要与内容不符"))
        if before and event.recorded_at < before.recorded_at:
            return Broken(where, "recorded_at", _("时间早于前一条事件"))
    except (ValueError, TypeError, AttributeError, KeyError) as problem:
        return Broken(where, "", _cannot_be_read(problem))
    return None


def _fold(event: Event, told: Any, folded: Folded) -> None:
    """Take over what the event says of rows; a payload nobody can read was reported as broken."""
    try:
        stamp = f"{instant(event.recorded_at)} {event.id}"
        folded.event(f"{event.stream_kind}:{event.stream_id}", stamp, told["rows"])
    except (ValueError, TypeError, AttributeError, KeyError):
        return


def _rows(model: type[models.Model], folded: Folded, progress: Progress) -> Iterator[Broken]:
    left_out = history.unverified(model)
    fields = [field for field in model._meta.concrete_fields if field.attname not in left_out]
    written = [_written(model, field) for field in fields]
    count = 0
    for chunk in _chunks(_with_keys(model, fields), order="pk"):
        told = folded.take(row_name(row) for row in chunk if isinstance(row, models.Model))
        for row in chunk:
            count += 1
            if isinstance(row, models.Model):
                broken = _difference(row, written, told.get(row_name(row)), folded)
            else:
                broken = Broken(model._meta.label_lower, "", _cannot_be_read(row))
            if broken:
                yield broken
        progress(model._meta.label_lower, count)


def _with_keys(model: type[models.Model], fields: list[models.Field[Any, Any]]) -> models.QuerySet[Any]:
    """All rows, with the data keys of those that hold the keys of their texts, and no more of them."""
    owners = {f.owner.replace(".", "__") for f in fields if isinstance(f, crypto.EncryptedText)} - {"self"}
    if not owners:
        return model._base_manager.all()
    own = [field.name for field in model._meta.concrete_fields]
    keys = [f"{owner}__wrapped_key" for owner in owners]
    return model._base_manager.select_related(*owners).only(*own, *keys)


def _written(
    model: type[models.Model], field: models.Field[Any, Any]
) -> tuple[models.Field[Any, Any], Callable[[models.Model], object]]:
    """A field, and how its column reads in an event."""
    if isinstance(field, crypto.EncryptedText):
        return field, lambda row: crypto.commitment(row, field.attname)
    if field.attname in history.digested(model):
        return field, lambda row: told_value(row, field)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    usual = next((plain for kind, plain in _PLAIN if isinstance(target, kind)), None)

    def read(row: models.Model) -> object:
        value = getattr(row, field.attname)
        if usual is not None and type(value) is usual[0]:
            return usual[1](value)
        return column_value(field, value)

    return field, read


# What columns of a kind usually hold, and how events write it: the same as column_value says, sooner.
_PLAIN: tuple[tuple[type[models.Field[Any, Any]], tuple[type, Callable[[Any], object]]], ...] = (
    (models.UUIDField, (UUID, str)),
    (models.DateTimeField, (datetime, instant)),
    (models.BooleanField, (bool, bool)),
    (models.IntegerField, (int, int)),
    (models.CharField, (str, str)),
    (models.TextField, (str, str)),
)


def _difference(
    row: models.Model,
    written: list[tuple[models.Field[Any, Any], Callable[[models.Model], object]]],
    told: Told | None,
    folded: Folded,
) -> Broken | None:
    name = row_name(row)
    if told is None:
        return Broken(name, "", _("没有事件记载过这一行"))
    if told.gone:
        return Broken(name, "", _("事件记载这一行已经删除，表里却还有"))
    if isinstance(row, crypto.KeyHolder) and row.is_erased != told.erased:
        what = _("事件记载已经销毁，密钥却还在") if told.erased else _("密钥没有了，却没有销毁的记载")
        return Broken(name, "wrapped_key", what)
    for field, read in written:
        try:
            value = read(row)
        except crypto.Erased as problem:
            assert isinstance(field, crypto.EncryptedText)
            if folded.erased(row_name(field.holder(row))):
                continue
            return Broken(name, field.attname, _cannot_be_read(problem))
        except Exception as problem:  # whatever a tampered value makes a library raise: it is the finding
            return Broken(name, field.attname, _cannot_be_read(problem))
        if field.attname not in told.columns:
            # A column younger than its row: nobody has told of it, so that it must still have its default.
            if value not in (None, _default(field)):
                return Broken(name, field.attname, _("没有事件记载过这一列"))
        elif value != told.columns[field.attname]:
            return Broken(name, field.attname, _("与事件记载的不一样"))
    return None


def _default(field: models.Field[Any, Any]) -> object:
    return None if isinstance(field, crypto.EncryptedText) else column_value(field, field.get_default())


def _each(rows: models.QuerySet[Any], order: str) -> Iterator[Any]:
    """Every row in order; in place of one whose columns Python cannot read, the exception."""
    for chunk in _chunks(rows, order):
        yield from chunk


def _chunks(rows: models.QuerySet[Any], order: str) -> Iterator[list[Any]]:
    """The same, a chunk at a time."""
    ordered = rows.order_by(order)
    after: Any = None
    skip = 0  # rows after `after` that could not be read
    while True:
        rest = ordered if after is None else ordered.filter(**{f"{order}__gt": after})
        chunk = _read(rest, skip)
        yield chunk
        if len(chunk) < _CHUNK:
            return
        good = [n for n, row in enumerate(chunk) if isinstance(row, models.Model)]
        if good:
            after, skip = getattr(chunk[good[-1]], order), len(chunk) - 1 - good[-1]
        else:
            skip += len(chunk)


def _read(rows: models.QuerySet[Any], skip: int) -> list[Any]:
    try:
        return list(rows[skip : skip + _CHUNK])
    except Exception:  # one row in it has a value no converter takes: find out which
        found: list[Any] = []
        for n in range(skip, min(skip + _CHUNK, rows.count())):
            try:
                found += rows[n : n + 1]
            except Exception as problem:
                found.append(problem)
        return found


def _cannot_be_read(problem: Exception) -> str:
    return _("读不出来（%(problem)s）") % {"problem": f"{type(problem).__name__}: {problem}"}


def _nobody(part: str, count: int) -> None:
    """Nobody wants to know the progress."""
