"""What is in a list that is asked for: the very conditions of the page it stands on, for whoever asks now.

A ledger has one row for a matter: drills are none of it, and of what was divided the whole stands for its parts; where
somebody sees parts only, the first of them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet, UUIDField
from django.db.models.functions import Coalesce

from shuoshi.kernel.actors import Actor
from shuoshi.ledgers.asked import NOBODY, Asked, NoSuchList
from shuoshi.ledgers.policies import may_see_figures
from shuoshi.matters.models import Matter
from shuoshi.matters.papers.entered import Entered, read
from shuoshi.matters.queries import balance, periods, queues, visible_to
from shuoshi.matters.queries.balance import Column
from shuoshi.matters.queries.figures import LISTS
from shuoshi.matters.queries.find import among
from shuoshi.matters.vocabulary import Kind

_CHUNK = 5000  # rows fetched from the database at once
Key = bytes  # of a matter, packed: a hundred thousand of them are a few megabytes


def matters(asked: Asked, actor: Actor, now: datetime) -> QuerySet[Matter]:
    """The matters of a list. Raises NoSuchList, and Refused where somebody tried too many telephones."""
    found = queues.narrow(_whole(asked, actor, now), asked.filters)
    return among(actor, asked.typed, found) if asked.typed else found


def allowed(asked: Asked, actor: Actor, now: datetime) -> None:
    """Raises NoSuchList where the list is not, or not for this actor. No statement."""
    _whole(asked, actor, now)


def count(found: QuerySet[Matter]) -> int:
    """How many rows its ledger has; one statement."""
    one = Coalesce("part_of_id", "id", output_field=UUIDField())
    return int(found.filter(drill=False).order_by().aggregate(n=Count(one, distinct=True))["n"])


def keys(found: QuerySet[Matter]) -> list[Key]:
    """The rows of its ledger, the first registered first; one statement."""
    order: list[Key] = []
    wholes: dict[Key, Key] = {}
    rows = found.filter(drill=False).order_by("registered_at", "id").values_list("pk", "part_of")
    for pk, whole in rows.iterator(chunk_size=_CHUNK):
        order.append(pk.bytes)
        if whole is not None:
            wholes[pk.bytes] = whole.bytes
    if not wholes:
        return order
    standing = set(order) - wholes.keys()
    kept = []
    for key in order:
        of = wholes.get(key)
        if of is None or of not in standing:
            kept.append(key)
            standing.add(of or key)
    return kept


def rows(actor: Actor, some: Sequence[Key]) -> Iterator[Entered]:
    """Those of the keys that the actor may still see, in their order; one statement."""
    found = {row.id.bytes: row for row in read(visible_to(actor).filter(pk__in=[UUID(bytes=key) for key in some]))}
    return (found[key] for key in some if key in found)


def _whole(asked: Asked, actor: Actor, now: datetime) -> QuerySet[Matter]:
    name = asked.name
    if asked.sort == "queue" and name in queues.QUEUES:
        return queues.in_queue(actor, name, now)
    if asked.sort == "search" and asked.typed:
        return visible_to(actor)
    if asked.sort == "figure" and name in LISTS and may_see_figures(actor):
        return LISTS[name].matters(actor, now)
    if asked.sort == "balance" and name in set(Column) and may_see_figures(actor):
        return _of_the_balance(asked, actor)
    raise NoSuchList


def _of_the_balance(asked: Asked, actor: Actor) -> QuerySet[Matter]:
    """The matters behind a figure of a period, of one kind or one unit."""
    period = periods.named(asked.period)
    if period is None or asked.kind not in ("", NOBODY, *Kind.values):
        raise NoSuchList
    found = balance.of_figure(actor, period, Column(asked.name))
    if asked.kind:
        found = balance.of_kind(found, "" if asked.kind == NOBODY else asked.kind)
    if asked.unit:
        try:
            found = balance.of_unit(found, period, None if asked.unit == NOBODY else UUID(asked.unit))
        except ValueError:
            raise NoSuchList from None
    return found
