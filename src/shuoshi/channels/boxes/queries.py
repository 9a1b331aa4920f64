"""Boxes as they stand: opened in time or not, letters that wait, openings that wait for the second one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shuoshi.channels.boxes.keeping import Deed
from shuoshi.channels.boxes.models import Box, Letter, LetterPhoto, LetterState, Opening
from shuoshi.channels.boxes.policies import may_open
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.organization import queries as organization

SHOWN = 50  # of a list


@dataclass(frozen=True)
class Hanging:
    """A box, when it was opened last, until when it is to be opened again, and how many of its letters wait."""

    box: Box
    last: datetime | None
    due: date
    waiting: int
    late: bool


def hanging(now: datetime) -> list[Hanging]:
    """Every box that hangs, those to be opened first before. One statement."""
    today = clock.local(now).date()
    newest = Opening.objects.filter(box=OuterRef("pk")).order_by("-at").values("at")[:1]
    waits = Letter.objects.filter(opening__box=OuterRef("pk"), state=LetterState.WAITING).order_by()
    many = waits.values("opening__box").annotate(n=Count("pk")).values("n")
    rows = Box.objects.filter(active=True).annotate(last=Subquery(newest), waits=Coalesce(Subquery(many), 0))
    found = []
    for row in rows.select_related("unit", "point"):
        since = clock.local(row.last).date() if row.last else row.hung_on
        due = since + row.rhythm
        found.append(Hanging(row, row.last, due, row.waits, due < today))
    return sorted(found, key=lambda one: (one.due, one.box.name))


def of(actor: Actor, every: Iterable[Hanging]) -> list[Hanging]:
    """Those the actor may open."""
    return [one for one in every if may_open(actor, one.box)]


def boxes() -> QuerySet[Box]:
    """All there ever were, for the settings: those that hang first."""
    return Box.objects.select_related("unit").order_by("-active", "name", "id")


def to_answer(actor: Actor) -> list[Opening]:
    """Openings that the actor, the second one, has not answered yet."""
    rows = Opening.objects.filter(second=actor.person_id, answered_at__isnull=True)
    return list(rows.select_related("box", "by").order_by("at", "id")[:SHOWN])


def openings(box: Box) -> list[Opening]:
    """The last ones of a box, newest first."""
    return list(box.openings.select_related("by", "second").order_by("-at", "-id")[:SHOWN])


def waiting(among: Iterable[Box]) -> list[Letter]:
    """Letters of these boxes that nobody has registered or set aside, oldest first."""
    rows = Letter.objects.filter(state=LetterState.WAITING, opening__box__in=list(among))
    return list(rows.select_related("opening__box").order_by("opening__at", "opening_id", "ordinal")[:SHOWN])


def opening(key: UUID) -> Opening | None:
    return Opening.objects.select_related("box__unit", "box__point", "by", "second").filter(pk=key).first()


def letters(row: Opening) -> list[Letter]:
    """With their pictures and the matters they became. Three statements."""
    found = row.letters.select_related("settled_by").prefetch_related("photos", "raised__matter")
    return list(found.order_by("ordinal"))


def letter(key: UUID) -> Letter | None:
    rows = Letter.objects.select_related("opening__box__unit", "opening__box__point").prefetch_related("photos")
    return rows.filter(pk=key).first()


def photo(key: UUID) -> LetterPhoto | None:
    return LetterPhoto.objects.select_related("letter__opening__box__unit").filter(pk=key).first()


def history(key: UUID) -> list[organization.Change]:
    """What was changed about a box, newest first; one statement."""
    return organization.history("box", key, Deed)
