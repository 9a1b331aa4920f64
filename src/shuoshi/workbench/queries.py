"""What somebody keeps for the own work, as pages need it; every matter through `visible_to` when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.scope import visible_to
from shuoshi.workbench.models import Phrase, Reminder, Scope, Watch
from shuoshi.workbench.policies import readable

_MOST_PHRASES = 600
_MOST_CHANGES = 600  # that one page reads
_MOST_DUE = 50
_NEAREST = {Scope.OWN: 0, Scope.UNIT: 1, Scope.WHOLE: 2}


def phrases(actor: Actor) -> list[Phrase]:
    """Those in use, the own ones first, then of the nearest unit; of one abbreviation the first is meant. One statement."""
    rows = Phrase.objects.filter(readable(actor), put_away_at__isnull=True).select_related("unit")
    return sorted(rows.order_by("short", "pk")[:_MOST_PHRASES], key=_nearness)


def _nearness(row: Phrase) -> tuple[int, int, str]:
    return _NEAREST[Scope(row.scope)], -len(row.unit.path) if row.unit else 0, row.short


@dataclass(frozen=True)
class Watched:
    """A matter this person watches, and what others did to it since they last looked, the latest first."""

    watch: Watch
    matter: Matter
    changes: Sequence[Entry] = field(default_factory=list)


def watched(actor: Actor) -> list[Watched]:
    """All that is watched and in sight: what changed first, the latest of it on top. Three statements, one for none."""
    rows = {row.matter_id: row for row in Watch.objects.filter(person=actor.person_id, ended_at__isnull=True)}
    if not rows:
        return []
    seen = {one.pk: one for one in visible_to(actor).filter(pk__in=rows).select_related("round")}
    changes: dict[UUID, list[Entry]] = {}
    for entry in _since(actor, list(seen)):
        entry.matter = seen[entry.matter_id]
        changes.setdefault(entry.matter_id, []).append(entry)
    found = [Watched(rows[pk], matter, changes.get(pk, [])) for pk, matter in seen.items()]
    return sorted(found, key=_latest, reverse=True)


def _since(actor: Actor, matters: list[UUID]) -> list[Entry]:
    """What others did to these after this person last looked at each, the latest first."""
    mine = Watch.objects.filter(person=actor.person_id, ended_at__isnull=True, matter=OuterRef("matter"))
    rows = Entry.objects.filter(matter__in=matters).annotate(looked_at=Subquery(mine.values("looked_at")))
    rows = rows.filter(at__gt=F("looked_at")).exclude(person=actor.person_id).defer("text")
    return list(rows.select_related("person", "unit", "in_place_of").order_by("-at", "-id")[:_MOST_CHANGES])


def _latest(one: Watched) -> tuple[bool, object]:
    return bool(one.changes), one.changes[0].at if one.changes else one.watch.begun_at


def watches(actor: Actor, matter: Matter) -> bool:
    """Whether this person watches it. One statement."""
    return Watch.objects.filter(person=actor.person_id, matter=matter, ended_at__isnull=True).exists()


def reminders(actor: Actor, matter: Matter) -> list[Reminder]:
    """What this person wants to be reminded of beside this matter, the nearest first. One statement."""
    mine = Reminder.objects.filter(person=actor.person_id, matter=matter, done_at__isnull=True)
    return list(mine.order_by("on", "pk")[:_MOST_DUE])


def due(actor: Actor, today: date) -> list[Reminder]:
    """What this person wanted to think of by today, of matters in sight; nobody who stands in gets it. One statement."""
    mine = Reminder.objects.filter(person=actor.person_id, done_at__isnull=True, on__lte=today)
    mine = mine.filter(matter__in=visible_to(actor).values("pk")).select_related("matter", "matter__round")
    return list(mine.order_by("on", "pk")[:_MOST_DUE])
