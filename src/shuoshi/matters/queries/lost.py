"""Which matters a telephone opens whose owner lost the receipt: the speaker's own number, and nobody else's."""

from __future__ import annotations

from datetime import datetime, timedelta

from shuoshi.matters.models import Matter, Party
from shuoshi.matters.vocabulary import Naming, PartyRole
from shuoshi.people.models import Change, ChangeKind, ChangeState, ContactKind, ContactPoint
from shuoshi.people.same import survivor_of

SETTLES = timedelta(days=30)  # a number that staff put in opens nothing so long: its owner before would have complained
_MOST = 20  # contact points; a number that more people gave belongs to none of them


def opened_by_number(index: str, now: datetime) -> list[Matter]:
    """Matters whose speaker gave this number as their own, latest first; [] for a number of several people.

    Not of who asked to be kept from the handling unit, of a group, of what is sensitive. Three statements at most.
    """
    found = ContactPoint.objects.filter(index=index, valid=True, kind=ContactKind.PHONE) if index else None
    rows = list(found.select_related("person__joined_into")[: _MOST + 1]) if found is not None else []
    if not rows or len(rows) > _MOST or any(row.shared for row in rows) or len({_whose(row) for row in rows}) > 1:
        return []
    put_in = Change.objects.filter(kind=ChangeKind.PHONE, state=ChangeState.DONE, contact__in=[row.pk for row in rows])
    late = set(put_in.filter(settled_at__gt=now - SETTLES).values_list("contact", flat=True))
    theirs = Party.objects.filter(
        role=PartyRole.SPEAKER, naming=Naming.NAMED, contact__in=[row.pk for row in rows if row.pk not in late]
    )
    mine = Matter.objects.filter(pk__in=theirs.values("matter"), naming=Naming.NAMED, sensitive=False, drill=False)
    return list(mine.filter(part_of__isnull=True, headcount__isnull=True).order_by("-registered_at", "-id")[:_MOST])


def _whose(row: ContactPoint) -> str:
    """One name, or one joined record: everybody who says something online is written down anew."""
    name = "".join(str((row.person.joined_into or row.person).name or "").split()).casefold()
    return name or str(survivor_of(row.person))
