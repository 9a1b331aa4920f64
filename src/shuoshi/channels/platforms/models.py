"""Programs of others, and what each of them sent."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Platform(models.Model):
    """A program of somebody else that may send or ask, until a day. Of its key there is only the digest.

    `posts`, `reads`: its scopes. `runs_it`: who answers for it, and how they are reached.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    runs_it = models.CharField(max_length=120)
    key_digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex; the key itself has 160 bits
    key_tail = models.CharField(max_length=4)  # tells two keys apart on a page
    posts = models.BooleanField(default=True)
    reads = models.BooleanField(default=True)
    until = models.DateField()  # the last day on which the key opens anything
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="platform_name_once", fields=["name"], condition=Q(active=True)),
            CheckConstraint(name="platform_may_something", condition=Q(posts=True) | Q(reads=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Posted(models.Model):
    """A matter that a platform sent. `name` is what the world outside calls it: nobody guesses it, it tells nothing."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=26, unique=True)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="posted", db_index=False)
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="posted")
    service = models.CharField(max_length=24)  # the category it named, or what stands for none
    at = models.DateTimeField()

    class Meta:
        indexes = [Index(name="posted_by_platform", fields=["platform", "-at", "-id"])]  # queries.sent

    def __str__(self) -> str:
        return self.name
