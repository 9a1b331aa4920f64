"""Exchanges that tell of calls, the calls, and what was said to an exchange when nobody answered."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.sounds import NOT_PLAYED

MISSED = Q(answered_at__isnull=True, settled_at__isnull=True)  # once it is over
UNWRITTEN = Q(answered_at__isnull=False, settled_at__isnull=True)


class Exchange(models.Model):
    """A telephone exchange that pushes what happens at it to an address nobody guesses; of it only the digest is kept."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    networks = models.CharField(max_length=200, blank=True)  # from which it pushes, by commas; "" from anywhere
    key_digest = models.CharField(max_length=64, unique=True)
    key_tail = models.CharField(max_length=4)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Call(KeyHolder):
    """One call that came in. `caller` is its number as the exchange gave it, "" for a withheld one."""

    history = History.PROJECTION
    gone = _("已销毁")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="calls")
    call_id = models.CharField(max_length=80)  # the exchange's
    caller = EncryptedText(owner="self", blank=True)
    caller_index = models.CharField(max_length=64, blank=True)  # blind: to know the same number again
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    extension = models.CharField(max_length=40, blank=True)  # where it was answered
    ended_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # missed: rung back; answered: nothing to register
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    reached = models.BooleanField(null=True)  # missed: whether somebody was reached; false where there is no number
    tries = models.PositiveSmallIntegerField(default=0)  # to ring back, in vain

    class Meta:
        constraints = [
            UniqueConstraint(name="call_once", fields=["exchange", "call_id"]),
            CheckConstraint(
                name="call_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            CheckConstraint(
                name="call_goes_forward",
                condition=(Q(answered_at__isnull=True) | Q(answered_at__gte=F("rang_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("rang_at"))),
            ),
        ]
        indexes = [
            Index(name="call_by_time", fields=["-rang_at"]),  # queries: of a period, the last ones
            # queries: missed and not rung back; answered and not written down
            Index(name="call_missed", fields=["rang_at"], condition=MISSED),
            Index(name="call_unwritten", fields=["-rang_at"], condition=UNWRITTEN),
            Index(name="call_by_number", fields=["caller_index"], condition=MISSED),
        ]

    def __str__(self) -> str:
        return self.call_id


class FromCall(models.Model):
    """That a matter was raised in a call: one of them may raise several."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="call")

    def __str__(self) -> str:
        return f"{self.call_id} → {self.matter_id}"


class Nothing(models.TextChoices):
    """Why a recording on the hotline becomes no matter."""

    SILENT = "silent", _("录音里没有说话")
    UNCLEAR = "unclear", _("听不清说了什么，也联系不上")
    ADVERT = "advert", _("广告、骚扰电话")
    WRONG = "wrong", _("打错了，或者不是说事")
    ANOTHER = "another", _("另一段录音、另一个来电说过了")


class VoicemailState(models.TextChoices):
    WAITING = "waiting", _("等处理")
    REGISTERED = "registered", _("登记了")
    ASIDE = "aside", _("不登记")


class Voicemail(KeyHolder):
    """What somebody said to the exchange when nobody answered (3.2.1). The recording stays, whatever becomes of it.

    `call`: where the exchange said to which it belongs. `entered_by`: who brought it in by hand; null for a push.
    """

    history = History.PROJECTION
    gone = _("已销毁")
    stored_in = frozenset({"stored"})
    sealed_by = "self"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="voicemails")
    caller = EncryptedText(owner="self", blank=True)  # the number, "" for a withheld one
    left_at = models.DateTimeField()
    came_at = models.DateTimeField()
    entered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    stored = models.CharField(max_length=80, unique=True)
    media_type = models.CharField(max_length=40)
    seconds = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)  # the same recording once, whoever brings it
    state = models.CharField(max_length=10, choices=VoicemailState, default=VoicemailState.WAITING)
    because = models.CharField(max_length=10, choices=Nothing, blank=True)
    words = EncryptedText(owner="self", blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(name="voicemail_left_before_it_came", condition=Q(left_at__lte=F("came_at"))),
            CheckConstraint(name="voicemail_aside_says_why", condition=Q(state="aside") ^ Q(because="")),
            CheckConstraint(
                name="voicemail_settled_by_somebody",
                condition=Q(state="waiting", settled_at__isnull=True, settled_by__isnull=True)
                | ~Q(state="waiting") & Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
        indexes = [Index(name="voicemail_waiting", fields=["left_at"], condition=Q(state="waiting"))]  # queries

    @property
    def is_played(self) -> bool:
        return self.media_type not in NOT_PLAYED

    def __str__(self) -> str:
        return self.stored


class FromVoicemail(models.Model):
    """That a matter was raised by a recording: one of them may raise several."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    voicemail = models.ForeignKey(Voicemail, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="voicemail")

    def __str__(self) -> str:
        return f"{self.voicemail_id} → {self.matter_id}"
