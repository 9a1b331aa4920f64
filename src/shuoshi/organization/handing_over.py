"""What somebody holds in the institution itself: days of the roster, and the places of others they are to take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuoshi.organization.absence import Absence
from shuoshi.organization.deputies import held_at
from shuoshi.organization.models import DutyRoster, Post
from shuoshi.organization.roles import Role
from shuoshi.people.leaving import Held


def held(person: UUID, ending: UUID | None, now: datetime) -> list[Held]:
    """Duties to come, and absences of others in which they are the deputy, as far as this post carries them."""
    posts = list(Post.objects.filter(held_at(now), person=person))
    kept = [post for post in posts if ending not in (None, post.pk)]
    units = [post.unit_id for post in kept if post.role == Role.DUTY_OFFICER]
    found = [Held(_("值班"), on_roster(person, now).exclude(unit__in=units).count())]
    if not kept:
        found.append(Held(_("代理"), deputy_in(person, now).count()))
    return found


Left = Callable[[UUID], int]
_asked: list[Left] = []


def asks_of_units(function: Left) -> None:
    """Have `function` say how much open work lies at a unit, which is not closed over it."""
    if function not in _asked:
        _asked.append(function)


def left_at(unit: UUID) -> int:
    return sum(function(unit) for function in _asked)


def on_roster(person: UUID, now: datetime) -> QuerySet[DutyRoster]:
    """Lines of the roster that are not over."""
    rows = DutyRoster.objects.filter(active=True, person=person, ends_at__gt=now)
    return rows.select_related("unit", "person").order_by("starts_at", "id")


def deputy_in(person: UUID, now: datetime) -> QuerySet[Absence]:
    """Absences of others, running or to come, in which this person is named."""
    rows = Absence.objects.filter(active=True, deputy=person, ends_at__gt=now)
    return rows.select_related("person").order_by("starts_at", "id")
