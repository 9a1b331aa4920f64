"""`generate`: plan, processes, and the tables made ready for many rows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from random import Random
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from shuoshi.demo.generating import work
from shuoshi.demo.generating.making import moulds
from shuoshi.demo.generating.moulds import Mould
from shuoshi.demo.generating.plan import Cast, Shape, days_for, planned
from shuoshi.kernel import bulk
from shuoshi.kernel.events import Event
from shuoshi.kernel.numbering import Counter
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.search import SearchEntry
from shuoshi.matters.actions import intake
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import CardCause
from shuoshi.organization import queries as organization

Progress = Callable[[str, int, int], object]

_AT_ONCE = 200  # matters in one transaction
_MOULDS = "generated-from.json"  # in the home: which matters are the demo's own


def generate(
    matters: int, *, days: int | None = None, seed: int = 1, processes: int = 1, progress: Progress | None = None
) -> int:
    """Add so many matters to a demo, spread over its last `days` working days; how many.

    Nobody may work in it meanwhile. With several `processes` (PostgreSQL) each writes through its own connection. Raises
    ValueError where there is no demo to take matters from; in a real institution it refuses.
    """
    if not organization.is_set_up() or not organization.institution().demo:
        raise ValueError("only a demo can be filled with invented matters")
    originals = _originals()
    if not originals:
        raise ValueError("the demo has no matters to take after")
    made = moulds(originals)
    span = days or days_for(matters)
    plan = _plan(made, matters, span, Random(seed))  # noqa: S311 (a spread, no secret)
    chunks = [plan[start : start + _AT_ONCE] for start in range(0, len(plan), _AT_ONCE)]
    done = 0
    with bulk.filling({Event, Notice, SearchEntry, *(model for mould in made for model in mould.lines)}):
        for count in _written(chunks, originals, span, processes):
            done += count
            (progress or _quiet)("matters", done, matters)
    os.sync()  # pictures were written without waiting for the disk
    return done


def _quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def _originals() -> list[UUID]:
    """The matters the demo was built with; noted in the home before the first copy is written beside them."""
    note = Path(settings.HOME) / _MOULDS
    if note.exists():
        return [UUID(key) for key in json.loads(note.read_text("ascii"))]
    alone = Matter.objects.filter(drill=False, headcount__isnull=True, raised_from__isnull=True)
    alone = alone.filter(part_of__isnull=True, parts__isnull=True)
    alone = alone.exclude(cards__cause=CardCause.OFTEN)  # of which a unit gets one in a quarter
    keys = list(alone.order_by("pk").values_list("pk", flat=True))
    note.write_text(json.dumps([str(key) for key in keys]), "ascii")
    return keys


def _plan(made: Sequence[Mould], matters: int, span: int, dice: Random) -> list[Cast]:
    """The plan, with the numbers it uses taken from their series."""
    institution = organization.institution()
    counters = dict(Counter.objects.values_list("series", "last"))
    shapes = [Shape(mould.registered_at, mould.ends_at, mould.still) for mould in made]
    days = work.days(made, span)
    plan = planned(shapes, matters, span, days, dice, lambda day: counters.get(intake.series(institution, day), 0))
    last = {cast.series: cast.number for cast in plan}
    with transaction.atomic():
        Counter.objects.bulk_create(
            [Counter(series=intake.series(institution, day), last=number) for day, number in last.items()],
            update_conflicts=True,
            unique_fields=["series"],
            update_fields=["last"],
        )
    return plan


def _written(chunks: Sequence[list[Cast]], originals: list[UUID], span: int, processes: int) -> Iterator[int]:
    """Chunk by chunk, how many matters were written."""
    if processes == 1 or connection.vendor == "sqlite":  # which has one writer at a time
        work.begin(originals, span)
        yield from map(work.write, chunks)
        return
    pool = get_context("spawn").Pool(processes, work.begin, (originals, span))  # no state of ours is inherited
    with pool:
        yield from pool.imap_unordered(work.write, chunks)
