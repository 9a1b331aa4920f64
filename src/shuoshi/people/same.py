"""Which records are one human being: those joined now, and for separation of duty those that ever were.

A joining is a relation. Nothing is rewritten by it: whoever asks for somebody's matters asks for all their records.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shuoshi.kernel.events import Story
from shuoshi.people.models import Account, Person, Same


def records_of(person_id: UUID) -> list[UUID]:
    """All records of the same person, the survivor among them; one statement."""
    mine = Q(pk=person_id) | Q(joined_into=person_id) | Q(joined=person_id) | Q(joined_into__joined=person_id)
    return list(Person.objects.filter(mine).order_by("pk").distinct().values_list("pk", flat=True))


def survivor_of(person: Person) -> UUID:
    """The record that stands for this one, itself where it was never joined."""
    return person.joined_into_id or person.pk


def are_one(one: UUID | None, other: UUID | None) -> bool:
    """Whether these are, or ever were held to be, one natural person: who agrees to what another proposed is neither."""
    return one is not None and (one == other or Same.objects.filter(one=one, other=other).exists())


def is_staff(people: Iterable[UUID]) -> bool:
    """Whether one of these records can sign in, or could."""
    return Account.objects.filter(person__in=list(people)).exists()


def write_down(story: Story, these: Iterable[UUID], those: Iterable[UUID]) -> None:
    """Each of these is the same as each of those from now on, again or for the first time."""
    these, those = list(these), list(those)
    staff = is_staff([*these, *those])
    pairs = [pair for one in these for other in those for pair in ((one, other), (other, one))]
    known = {(row.one_id, row.other_id): row for row in Same.objects.filter(one__in=[*these, *those])}
    for one, other in pairs:
        row = known.get((one, other))
        if row is None:
            story.add(Same(one_id=one, other_id=other, staff=staff))
        elif row.until is not None or row.staff != staff:
            story.change(row, until=None, staff=staff)


def end(story: Story, stone: UUID, at: datetime) -> None:
    """The stone is somebody else from now on. What began before stays barred to both (1.3.1)."""
    for row in Same.objects.filter(Q(one=stone) | Q(other=stone), until__isnull=True):
        story.change(row, until=at)


def can_sign_in_now(story: Story, person_id: UUID) -> None:
    """A record that was joined before it got an account counts for separation of duty from now on."""
    for row in Same.objects.filter(Q(one=person_id) | Q(other=person_id), staff=False):
        story.change(row, staff=True)
