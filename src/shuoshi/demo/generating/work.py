"""What one process does when a demo is filled: cast a chunk of the plan, and write it in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:  # a process that was just spawned has no Django yet
    from shuoshi.demo.generating.casting import Caster
    from shuoshi.demo.generating.days import Days
    from shuoshi.demo.generating.moulds import Mould
    from shuoshi.demo.generating.plan import Cast

_caster: Caster | None = None


def begin(originals: Sequence[UUID], span: int) -> None:
    """Make the moulds this process casts from."""
    import django

    django.setup()
    from shuoshi.demo.generating.casting import Caster
    from shuoshi.demo.generating.making import moulds
    from shuoshi.kernel import clock
    from shuoshi.kernel.events import instant
    from shuoshi.kernel.outbox import KEPT
    from shuoshi.organization import profile
    from shuoshi.organization import queries as organization

    global _caster
    made, numbering, code = moulds(originals), profile.current().numbering, organization.institution().code
    _caster = Caster(
        made,
        days(made, span),
        lambda day, number: numbering.matter_number(code, day, number),
        notices_since=instant(clock.now() - KEPT),
    )


def write(chunk: Sequence[Cast]) -> int:
    """Cast and write; how many matters."""
    from django.db import transaction

    from shuoshi.demo.generating.casting import Batch
    from shuoshi.kernel import bulk, files, search

    assert _caster is not None
    batch = Batch()
    for cast in chunk:
        _caster.cast(cast, batch)
    for name, data, key in batch.pictures:
        files.lay_down(name, data, key)
    with transaction.atomic():
        for model, lines in batch.lines.items():
            bulk.write(model, bulk.joined(lines))
        search.put_all("matter", batch.words)
    return len(chunk)


def days(made: Sequence[Mould], span: int) -> Days:
    """The working days on which anything of these matters may fall, however it is moved."""
    from shuoshi.demo.generating.days import Days, at
    from shuoshi.kernel import calendars

    moments = [moment for mould in made for _place, moment in [*mould.moments, *mould.dates, *mould.keys]]
    first = at(min(moments)).date() - timedelta(days=span * 2)
    return Days(calendars.load(), first, at(max(moments)).date() + timedelta(days=60))
