"""What is to be appraised, which lists there are, and what stands on one. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shuoshi.archive import policies, reckoning
from shuoshi.archive.models import Destruction, Listed, State
from shuoshi.archive.reckoning import Kept
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import Page
from shuoshi.kernel.web.pager import keyset
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.queries import visible_to
from shuoshi.matters.vocabulary import PartyRole
from shuoshi.organization import profile

LISTS = 12  # shown on the page
_RELATED = ("retention", "lead_unit")
_SPOKE = (PartyRole.SPEAKER, PartyRole.ON_BEHALF_OF, PartyRole.SPOKESPERSON)


def expired(actor: Actor, now: datetime, after: str = "") -> Page[Matter]:
    """Matters whose time is over, as it was last reckoned, and that nobody has listed yet; the longest ago first."""
    rows = _due(actor, now).select_related(*_RELATED)
    return keyset(rows, after, ("retention__until", "id"))


def waits_for(actor: Actor, now: datetime) -> bool:
    return bool(policies.appraised_by(actor)) and _due(actor, now).exists()


def _due(actor: Actor, now: datetime) -> QuerySet[Matter]:
    today = clock.local(now).date()
    listed = Listed.objects.filter(matter=OuterRef("pk"), left_out=False)
    found = visible_to(actor).filter(retention__until__lt=today, wrapped_key__isnull=False, part_of=None)
    return found.filter(home_path__in=sorted(policies.appraised_by(actor))).filter(~Exists(listed))


def lists(actor: Actor) -> list[Destruction]:
    """The newest lists, each with how many stand on it."""
    standing = Count("lines", filter=Q(lines__left_out=False))
    rows = Destruction.objects.filter(policies.readable(actor)).annotate(standing=standing)
    return list(rows.select_related("opened_by", "proposed_by", "approved_by").order_by("-opened_at", "-id")[:LISTS])


def one(actor: Actor, key: UUID) -> Destruction:
    """A list the actor may read. Raises Destruction.DoesNotExist."""
    related = ("opened_by", "proposed_by", "approved_by")
    return Destruction.objects.filter(policies.readable(actor)).select_related(*related).get(pk=key)


def lines(row: Destruction, after: str = "") -> Page[Listed]:
    """What stands on a list: number, dates, kind, unit, never a word of what was said."""
    rows = row.lines.filter(left_out=False) if row.state != State.DONE else row.lines.all()
    return keyset(rows.select_related("matter__lead_unit", "by"), after, ("id",))


@dataclass(frozen=True)
class Held:
    """A matter of somebody who asks to be forgotten, and until when the law has it kept; None while it is not over."""

    matter: Matter
    kept: Kept | None
    over: bool
    listed: bool


def of_the_same_person(actor: Actor, number: str, now: datetime) -> tuple[set[UUID], Sequence[Held]]:
    """The persons who raised a matter, and all matters of theirs that the actor may know of.

    Raises Matter.DoesNotExist.
    """
    matter = visible_to(actor).get(number=number, part_of=None)
    people = set(Party.objects.filter(matter=matter, role__in=_SPOKE).values_list("person", flat=True))
    theirs = Party.objects.filter(person__in=people, role__in=_SPOKE).values("matter")
    found = list(visible_to(actor).filter(pk__in=theirs, part_of=None, wrapped_key__isnull=False).order_by("pk"))
    kept = reckoning.kept(found, profile.current().retention)
    on_list = set(Listed.objects.filter(matter__in=found, left_out=False).values_list("matter", flat=True))
    today = clock.local(now).date()
    return people, [
        Held(one, kept.get(one.pk), one.pk in kept and kept[one.pk].is_over(today), one.pk in on_list) for one in found
    ]
