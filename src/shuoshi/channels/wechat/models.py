"""What followers wrote, how far each conversation is, what is still to be fetched and said, and whose matters are whose."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Follower(KeyHolder):
    """Somebody who writes to the account, while a conversation lasts. `index` is keyed: nobody finds an openid by it."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    index = models.CharField(max_length=64, unique=True)
    openid = EncryptedText(owner="self")
    state = EncryptedText(owner="self")  # JSON of dialogue.State
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [Index(name="follower_expiring", fields=["expires_at"])]  # late.prune


class Incoming(KeyHolder):
    """One message or event, kept before it is acknowledged. `key`: the same again, however often it is sent.

    `answer` is what went out as the answer to the request, and goes out again with a repetition.
    """

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=64, unique=True)
    follower = models.CharField(max_length=64)  # Follower.index
    heard = EncryptedText(owner="self")  # JSON of wire.Heard; "" once it was answered
    answer = EncryptedText(owner="self")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField()  # late.catch_up
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            # arriving, late: of one follower in their order, and of all
            Index(name="incoming_unanswered", fields=["follower", "id"], condition=Q(answered_at__isnull=True)),
            Index(name="incoming_late", fields=["not_before"], condition=Q(answered_at__isnull=True)),
            Index(name="incoming_by_time", fields=["-at"]),  # queries.last, late.prune
        ]


class Seen(models.Model):
    """A signed address that was used: for the same message again, and for no other. Digests only."""

    history = History.WORKING
    copied = False  # good for some minutes

    nonce = models.CharField(max_length=64, primary_key=True)
    key = models.CharField(max_length=64)  # Incoming.key
    at = models.DateTimeField()

    class Meta:
        indexes = [Index(name="seen_old", fields=["at"])]  # late.prune


class Late(KeyHolder):
    """What a follower is still to be told: an answer that took too long, a picture that could not be fetched."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    follower = models.CharField(max_length=64)
    text = EncryptedText(owner="self")
    at = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            Index(name="late_of_follower", fields=["follower", "id"]),
            Index(name="late_due", fields=["not_before"]),
        ]


class Kind(models.TextChoices):
    PICTURE = "picture", _("照片")
    VOICE = "voice", _("语音")


class Enclosure(KeyHolder):
    """A picture or voice that lies with the platform, to be fetched. It waits in the draft of its conversation."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    follower = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    lies = EncryptedText(owner="self")  # JSON: media_id, draft
    matter = models.UUIDField(null=True)  # what the conversation has become; then it is added there
    at = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [CheckConstraint(name="enclosure_kind_known", condition=Q(kind__in=Kind.values))]
        indexes = [
            Index(name="enclosure_due", fields=["not_before"]),
            Index(name="enclosure_of_follower", fields=["follower"]),
        ]


class Bound(models.Model):
    """A matter whose number and code a follower gave, so that they may ask for it without. `generation`: of that code."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    follower = models.CharField(max_length=64)
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="+")
    part = models.ForeignKey("matters.Spokesperson", models.PROTECT, null=True, related_name="+")
    generation = models.PositiveIntegerField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                name="bound_once", fields=["follower", "matter"], condition=Q(ended_at__isnull=True)
            ),  # queries.own
        ]
