"""Boxes as they stand: opened in time or not, letters that wait, openings that wait for the second one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shuoshi.channels.boxes.keeping import Deed
from shuoshi.channels.boxes.models import Box, Letter, LetterPhoto, LetterState, Opening, ReadOff
from shuoshi.channels.boxes.policies import may_open, may_read
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.organization import queries as organization

SHOWN = 50  # of a list
ANSWERED_WITHIN = timedelta(days=3)  # the second one's word
DOUBTED_FOR = timedelta(days=92)  # an opening that was not so is shown


@dataclass(frozen=True)
class Hanging:
    """A box, when it was opened last, until when it is to be opened again, and how many of its letters wait.

    An opening counts when the second one confirmed it, or has a few days left to do so. `unsure`: how many nobody
    confirmed in time, or the second one disputes.
    """

    box: Box
    last: datetime | None
    due: date
    waiting: int
    unsure: int
    late: bool


def hanging(now: datetime) -> list[Hanging]:
    """Every box that hangs, those to be opened first before. One statement."""
    today = clock.local(now).date()
    own = Opening.objects.filter(box=OuterRef("pk"))
    unanswered = Q(agrees__isnull=True)
    counts = Q(agrees=True) | unanswered & Q(recorded_at__gt=now - ANSWERED_WITHIN)
    newest = own.filter(counts).order_by("-at").values("at")[:1]
    doubted = own.filter(Q(agrees=False) | unanswered & Q(recorded_at__lte=now - ANSWERED_WITHIN))
    doubts = (
        doubted.filter(recorded_at__gt=now - DOUBTED_FOR).order_by().values("box").annotate(n=Count("pk")).values("n")
    )
    waits = Letter.objects.filter(opening__box=OuterRef("pk"), state=LetterState.WAITING).order_by()
    many = waits.values("opening__box").annotate(n=Count("pk")).values("n")
    rows = Box.objects.filter(active=True).annotate(
        last=Subquery(newest), waits=Coalesce(Subquery(many), 0), doubts=Coalesce(Subquery(doubts), 0)
    )
    found = []
    for row in rows.select_related("unit", "point"):
        since = clock.local(row.last).date() if row.last else row.hung_on
        due = since + row.rhythm
        found.append(Hanging(row, row.last, due, row.waits, row.doubts, due < today))
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


@dataclass(frozen=True)
class Read:
    """A letter as somebody may read it: its pictures or none, and the matters it became that they may see.

    `kept`: whether a matter of it is kept from them; then they see no picture either. `words`: what a machine read off
    its pictures, to be corrected; "" where it read nothing, or has not yet.
    """

    letter: Letter
    photos: Sequence[LetterPhoto]
    matters: Sequence[Matter]
    kept: bool
    words: str = ""


def letters(row: Opening, actor: Actor) -> list[Read]:
    """All of an opening, for somebody who may open its box. Four statements."""
    found = row.letters.select_related("settled_by").prefetch_related("photos", "raised__matter").order_by("ordinal")
    return _read(list(found), row, actor)


def letter(key: UUID, actor: Actor) -> Read | None:
    """One of them; None where it is not the actor's to read."""
    rows = Letter.objects.select_related("opening__box__unit", "opening__box__point", "settled_by")
    found = rows.prefetch_related("photos", "raised__matter").filter(pk=key).first()
    if found is None or not may_open(actor, found.opening.box):
        return None
    [read] = _read([found], found.opening, actor)
    if read.kept or not read.photos:
        return None if read.kept else read
    pages = ReadOff.objects.filter(photo__in=read.photos).select_related("photo__letter").order_by("photo")
    return replace(read, words="\n".join(filter(None, (str(page.text) for page in pages))))


def _read(found: list[Letter], row: Opening, actor: Actor) -> list[Read]:
    every = [raised.matter_id for one in found for raised in one.raised.all()]
    seen = set(visible_to(actor).filter(pk__in=every).values_list("pk", flat=True)) if every else set()
    reads = []
    for one in found:
        one.opening = row
        matters = [raised.matter for raised in one.raised.all()]
        kept = any(matter.pk not in seen for matter in matters)
        photos = list(one.photos.all()) if may_read(actor, one) and not kept else []
        reads.append(Read(one, photos, [matter for matter in matters if matter.pk in seen], kept))
    return reads


def photo(key: UUID, actor: Actor) -> LetterPhoto | None:
    """A picture of a letter that the actor may read."""
    found = LetterPhoto.objects.select_related("letter").filter(pk=key).first()
    read = letter(found.letter_id, actor) if found is not None else None
    if read is None or found is None or found.pk not in [one.pk for one in read.photos]:
        return None
    return found


def down(actor: Actor) -> list[Box]:
    """Boxes that hang no more, whose openings the actor may look up."""
    rows = Box.objects.filter(active=False).select_related("unit").order_by("name", "id")[:SHOWN]
    return [row for row in rows if may_open(actor, row)]


def history(key: UUID) -> list[organization.Change]:
    """What was changed about a box, newest first; one statement."""
    return organization.history("box", key, Deed)
