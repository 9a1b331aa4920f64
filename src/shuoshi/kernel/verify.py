"""Proof that nobody changed anything behind the application's back: chains recomputed, rows folded and compared.

What verify cannot see, and lists instead: working tables and the libraries' own (`unproved`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, models
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
    for kind, id_ in _names_of_streams():
        if isinstance(id_, Exception):
            yield Broken("event", kind, _cannot_be_read(id_))
            continue
        broken: Broken | None = None
        before: Event | None = None
        for event in _each(Event.objects.filter(stream_kind=kind, stream_id=id_), order="sequence"):
            count += 1
            if isinstance(event, Event):
                broken = broken or _break(event, before)
                _fold(event, folded)
                before = event
            else:
                broken = broken or Broken(f"event:{kind}:{id_}", "", _cannot_be_read(event))
            if count % _CHUNK == 0:
                progress("events", count)
        if broken:
            yield broken
    progress("events", count)


def _names_of_streams() -> Iterator[tuple[str, str | Exception]]:
    """Kind and id of every stream; where a name itself cannot be read, the column and the exception, as the last."""
    streams = Event.objects.order_by("stream_kind", "stream_id").values_list("stream_kind", "stream_id").distinct()
    try:
        yield from streams.iterator()
    except DatabaseError as problem:
        yield "stream_id", problem


def _break(event: Event, before: Event | None) -> Broken | None:
    """What is wrong with one event, seen from the one before it in its stream."""
    where = f"event:{event.stream_kind}:{event.stream_id}:{event.sequence}"
    sequence = before.sequence + 1 if before else 1
    if event.sequence != sequence:
        what = _("序号不连续，应为 %(expected)s") % {"expected": sequence}
        return Broken(where, "sequence", what)
    if event.previous != (before.hash if before else GENESIS):
        return Broken(where, "previous", _("与前一条事件接不上"))
    try:
        if canonical(json.loads(event.payload)) != event.payload:
            return Broken(where, "payload", _("内容不是规范写法"))
        if event.computed_hash() != event.hash:
            return Broken(where, "hash", _("摘要与内容不符"))
        if before and event.recorded_at < before.recorded_at:
            return Broken(where, "recorded_at", _("时间早于前一条事件"))
    except (ValueError, TypeError, AttributeError, KeyError) as problem:
        return Broken(where, "", _cannot_be_read(problem))
    return None


def _fold(event: Event, folded: Folded) -> None:
    """Take over what the event says of rows; a payload nobody can read was reported as broken."""
    try:
        notes = json.loads(event.payload)["rows"]
        stamp = f"{instant(event.recorded_at)} {event.id}"
        folded.event(f"{event.stream_kind}:{event.stream_id}", stamp, notes)
    except (ValueError, TypeError, AttributeError, KeyError):
        return


def _rows(model: type[models.Model], folded: Folded, progress: Progress) -> Iterator[Broken]:
    left_out = history.unverified(model)
    fields = [field for field in model._meta.concrete_fields if field.attname not in left_out]
    owners = {f.owner.replace(".", "__") for f in fields if isinstance(f, crypto.EncryptedText)} - {"self"}
    rows = model._base_manager.select_related(*owners) if owners else model._base_manager.all()
    count = 0
    for row in _each(rows, order="pk"):
        count += 1
        if isinstance(row, models.Model):
            broken = _difference(row, fields, folded.take(row_name(row)))
        else:
            broken = Broken(model._meta.label_lower, "", _cannot_be_read(row))
        if broken:
            yield broken
        if count % _CHUNK == 0:
            progress(model._meta.label_lower, count)
    progress(model._meta.label_lower, count)


def _difference(row: models.Model, fields: list[models.Field[Any, Any]], told: Told | None) -> Broken | None:
    name = row_name(row)
    if told is None:
        return Broken(name, "", _("没有事件记载过这一行"))
    if told.gone:
        return Broken(name, "", _("事件记载这一行已经删除，表里却还有"))
    for field in fields:
        try:
            if isinstance(field, crypto.EncryptedText):
                value: object = crypto.commitment(row, field.attname)
            else:
                value = told_value(row, field)
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
    """Every row in order, a chunk at a time; in place of one whose columns Python cannot read, the exception."""
    ordered = rows.order_by(order)
    after: Any = None
    skip = 0  # rows after `after` that could not be read
    while True:
        rest = ordered if after is None else ordered.filter(**{f"{order}__gt": after})
        chunk = _read(rest, skip)
        yield from chunk
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
