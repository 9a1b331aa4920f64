"""What somebody must be told, as rows written with the change and delivered afterwards. Who is told, packages decide.

Rows carry a number and codes, never words or data of a person. Nothing here leaves the machine by itself: whoever
carries notices further takes those that are `to_carry` (shuoshi.notices).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import CheckConstraint, Index, Q, QuerySet

from shuoshi.kernel import rows
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

SHOWN = 50  # a desk shows so many at most
KEPT = timedelta(days=180)  # after it was told or outdated; that it was stands in the events


class Channel(models.TextChoices):
    """How a notice goes out. A slip is a printed receipt that is handed over and ticked off by name; what the speaker
    shall hear stands on no desk, it is carried, and so is what the program hears by which somebody spoke."""

    DESK = "desk"
    SLIP = "slip"
    SPEAKER = "speaker"
    PROGRAM = "program"


CARRIED = frozenset({Channel.SPEAKER, Channel.PROGRAM})  # on no desk: told when they are on their way


class State(models.TextChoices):
    PENDING = "PENDING"
    DONE = "DONE"


class Notice(models.Model):
    """One thing to tell: to a person, or to a unit, or to a role of a unit."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=8, choices=Channel)
    to_person = models.UUIDField(null=True)
    to_unit = models.UUIDField(null=True)
    to_role = models.CharField(max_length=24, blank=True)
    about_kind = models.CharField(max_length=20)
    about_id = models.UUIDField()
    number = models.CharField(max_length=40)
    event_id = models.UUIDField(null=True)  # of one step everybody is told once, however many notices it makes
    to_carry = models.BooleanField(default=True)  # nobody has looked yet whether it is to be told beyond the desk
    facts_json = models.TextField(default="{}")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)  # the person who ticked it off

    class Meta:
        constraints = [
            CheckConstraint(name="notice_to_somebody", condition=Q(to_person__isnull=False) | Q(to_unit__isnull=False)),
            CheckConstraint(
                name="notice_settled_has_time",
                condition=Q(state=State.PENDING, settled_at__isnull=True)
                | Q(state=State.DONE, settled_at__isnull=False),
            ),
        ]
        indexes = [
            # pending_for: what waits for a unit or a person
            Index(name="notice_of_unit", fields=["to_unit", "channel", "created_at"], condition=Q(state=State.PENDING)),
            Index(
                name="notice_of_person", fields=["to_person", "channel", "created_at"], condition=Q(state=State.PENDING)
            ),
            Index(name="notice_about", fields=["about_id", "kind"]),  # settle_about
            Index(name="notice_to_carry", fields=["created_at"], condition=Q(to_carry=True)),  # to_carry
            Index(name="notice_old", fields=["settled_at"], condition=Q(state=State.DONE)),  # prune
        ]

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.facts_json))


def facts_of(facts: Mapping[str, str | int | bool | None]) -> str:
    """Scalars as the column keeps them."""
    return json.dumps(dict(facts), ensure_ascii=False, sort_keys=True)


def put_all(notices: Iterable[Notice]) -> None:
    """Write them in the caller's transaction, in one statement."""
    rows.insert_all(list(notices))


def pending_for(actor: Actor, channel: Channel = Channel.DESK) -> QuerySet[Notice]:
    """The newest that wait for this actor, capped, for a list of news."""
    return waiting_for(actor, channel).order_by("-created_at", "-pk")[:SHOWN]


def waiting_for(actor: Actor, channel: Channel = Channel.DESK) -> QuerySet[Notice]:
    """All that waits for this actor: sent to the person, or to a unit and role held. To be filtered further."""
    mine = Q(pk__in=[])  # to_person=None would mean: to no person, which is every unit's
    if actor.person_id is not None:
        mine |= Q(to_person=actor.person_id)
    for post in actor.posts:
        mine |= Q(to_unit=post.unit_id, to_role__in=["", post.role])
    for absent in actor.stands_in:  # who stands in is told what the absent person is
        mine |= Q(to_person=absent.person_id)
        for post in absent.lent:
            mine |= Q(to_unit=post.unit_id, to_role__in=["", post.role])
    return Notice.objects.filter(mine, channel=channel, state=State.PENDING)


def pending(channel: Channel) -> QuerySet[Notice]:
    """All of a channel that waits, for whomever. To be filtered further."""
    return Notice.objects.filter(channel=channel, state=State.PENDING)


def oldest_for_units(units: Iterable[UUID], channel: Channel, most: int) -> list[datetime]:
    """When the oldest that wait for these units were made, `most` at most; for whoever asks whether things go out."""
    waiting = Notice.objects.filter(to_unit__in=list(units), channel=channel, state=State.PENDING)
    return list(waiting.order_by("created_at").values_list("created_at", flat=True)[:most])


def waits_to_be_carried(channels: Collection[Channel]) -> bool:
    """Whether anything does; a reader only."""
    return Notice.objects.filter(to_carry=True, channel__in=list(channels)).exists()


def to_carry(most: int, channels: Collection[Channel]) -> list[Notice]:
    """The oldest that nobody has carried further yet, locked; inside the caller's transaction."""
    rows_ = Notice.objects.select_for_update(skip_locked=True).filter(to_carry=True, channel__in=list(channels))
    return list(rows_.order_by("created_at", "pk")[:most])


def carried(notices: Iterable[Notice], at: datetime) -> None:
    """They are on their way: whoever has no desk is told now."""
    keys = [one.pk for one in notices]
    Notice.objects.filter(pk__in=keys).update(to_carry=False)
    spoken = Notice.objects.filter(pk__in=keys, channel__in=CARRIED, state=State.PENDING)
    spoken.update(state=State.DONE, settled_at=at)


def still_pending(keys: Iterable[UUID]) -> set[UUID]:
    """Which of these still wait on a desk."""
    return set(Notice.objects.filter(pk__in=list(keys), state=State.PENDING).values_list("pk", flat=True))


def same_for(actor: Actor, pk: UUID) -> list[UUID]:
    """This notice and those that tell the same actor of the same step once more: by name, and by a post; [] when it
    waits for this actor no longer."""
    waiting = waiting_for(actor)
    one = waiting.filter(pk=pk).first()
    if one is None:
        return []
    if one.event_id is None:
        return [pk]
    return list(waiting.filter(event_id=one.event_id, kind=one.kind).values_list("pk", flat=True))


def settle(pk: UUID, *, by: UUID | None, at: datetime) -> bool:
    """Tick one off; False when somebody did before."""
    changed = Notice.objects.filter(pk=pk, state=State.PENDING).update(state=State.DONE, settled_at=at, settled_by=by)
    return bool(changed)


def settle_about(about_kind: str, about_id: UUID, kind: str, *, by: UUID | None, at: datetime) -> int:
    """Tick off everything of a kind about one thing; how many."""
    waiting = Notice.objects.filter(about_kind=about_kind, about_id=about_id, kind=kind, state=State.PENDING)
    return waiting.update(state=State.DONE, settled_at=at, settled_by=by)


def outdate(
    about_kind: str, about_id: UUID, *, before: datetime, kinds: Iterable[str] | None = None, but: Iterable[str] = ()
) -> int:
    """Take back desk notices of an earlier state of one thing: what they asked for is done or no longer asked.

    Only these `kinds`, where they are named; never those of `but`, whose wish does not end with the state.
    """
    old = Notice.objects.filter(
        about_kind=about_kind, about_id=about_id, channel=Channel.DESK, state=State.PENDING, created_at__lt=before
    ).exclude(kind__in=list(but))
    if kinds is not None:
        old = old.filter(kind__in=list(kinds))
    return old.update(state=State.DONE, settled_at=before)


def forget_about(about_id: UUID) -> int:
    """Delete all there was to tell of one thing, told or not; how many."""
    return Notice.objects.filter(about_id=about_id).delete()[0]


def prune(now: datetime, batch: int = 1000) -> int:
    """Delete what was told or outdated long ago; how many. What nobody ticked off stays."""
    old = Notice.objects.filter(state=State.DONE, settled_at__lt=now - KEPT).order_by("settled_at")
    return Notice.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:batch])).delete()[0]
