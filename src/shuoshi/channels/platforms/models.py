"""Programs of others, and what each of them sent."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
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


class Hook(KeyHolder):
    """Where a platform wants to be told of changes. Its address may hold a password, so it is sealed like the secret."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    platform = models.OneToOneField(Platform, models.PROTECT, related_name="hook")
    address = EncryptedText(owner="self")
    secret = EncryptedText(owner="self")  # of the signature; shown once
    active = models.BooleanField(default=True)


class Telling(models.TextChoices):
    """Where a delivery is."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    TOLD = "TOLD"
    DEAD = "DEAD"  # tried for days, in vain
    STOPPED = "STOPPED"  # nobody wants it any more


class Delivery(models.Model):
    """One thing to tell a platform: that a matter stands another way, or, without one, that telling works.

    How the matter stands is read when it is sent, so that what waits is never outdated and waits once.
    """

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hook = models.ForeignKey(Hook, models.PROTECT, related_name="deliveries", db_index=False)
    posted = models.ForeignKey(Posted, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Telling, default=Telling.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, blank=True)  # the status, or at which step it failed
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="delivery_waits_once", fields=["hook", "posted"], condition=Q(state=Telling.WAITING)),
            CheckConstraint(
                name="delivery_sending_is_leased",
                condition=Q(state=Telling.SENDING, leased_until__isnull=False)
                | (~Q(state=Telling.SENDING) & Q(leased_until__isnull=True)),
            ),
            CheckConstraint(
                name="delivery_settled_has_time",
                condition=Q(state__in=[Telling.WAITING, Telling.SENDING], settled_at__isnull=True)
                | Q(state__in=[Telling.TOLD, Telling.DEAD, Telling.STOPPED], settled_at__isnull=False),
            ),
        ]
        indexes = [
            Index(name="delivery_of_hook", fields=["hook", "-created_at", "-id"]),  # lately
            Index(name="delivery_due", fields=["hook", "created_at"], condition=Q(state=Telling.WAITING)),  # deliver
            Index(name="delivery_lost", fields=["leased_until"], condition=Q(state=Telling.SENDING)),  # give_back
            Index(name="delivery_dead", fields=["hook"], condition=Q(state=Telling.DEAD)),  # lately, again
            Index(name="delivery_old", fields=["settled_at"], condition=Q(settled_at__isnull=False)),  # prune
        ]


class Silence(models.Model):
    """A hook that does not answer: since when, how often in a row, and when it is tried again."""

    history = History.WORKING

    hook = models.OneToOneField(Hook, models.PROTECT, primary_key=True, related_name="silence")
    since = models.DateTimeField()
    failures = models.PositiveIntegerField(default=1)
    again_at = models.DateTimeField()
    answer = models.CharField(max_length=20)
