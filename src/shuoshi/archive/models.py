"""How long each matter is kept, what an appraisal said, the lists by which matters are destroyed, and dossiers made."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Basis(models.TextChoices):
    """Why a matter is kept as long as it is."""

    KIND = "kind", _("按事项种类")
    INSTRUCTION = "instruction", _("领导批示过")
    GROUP = "group", _("集体反映")
    AGREEMENT = "agreement", _("达成调解协议")
    TALK = "talk", _("问责约谈过")
    EXTENDED = "extended", _("鉴定延长保管")


class Retention(models.Model):
    """Until when one matter is kept, reckoned from its rows and the schedule: to find those whose time is over.

    It decides nothing: whoever lists or destroys a matter has it reckoned anew.
    """

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.OneToOneField("matters.Matter", models.CASCADE, related_name="retention")
    ended_at = models.DateTimeField()
    until = models.DateField(null=True)  # the last day; null: for ever
    basis = models.CharField(max_length=12, choices=Basis)
    schedule = models.ForeignKey("organization.ProfileVersion", models.PROTECT, related_name="+")

    class Meta:
        indexes = [Index(name="retention_over", fields=["until", "id"], condition=Q(until__isnull=False))]  # expired


class Extended(models.Model):
    """An appraisal that said: keep it longer. `until` null: for ever."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="extended")
    until = models.DateField(null=True)
    why = EncryptedText(owner="matter")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [Index(name="extended_of_matter", fields=["matter", "at"])]


class State(models.TextChoices):
    OPEN = "OPEN", _("正在鉴定")
    PROPOSED = "PROPOSED", _("等批准")
    APPROVED = "APPROVED", _("正在销毁")
    DONE = "DONE", _("销毁完毕")


class Destruction(KeyHolder):
    """A list of matters to be destroyed (销毁清册): drawn up by one, approved by another, carried out by nobody's hand."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=120)  # the tier whose matters it lists
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    because = EncryptedText(owner="self", blank=True)  # why it was last sent back
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="destruction_one_open", fields=["path"], condition=Q(state=State.OPEN)),
            CheckConstraint(
                name="destruction_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            CheckConstraint(
                name="destruction_approved_has_both",
                condition=~Q(state__in=[State.APPROVED, State.DONE])
                | Q(proposed_by__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
            ),
            CheckConstraint(name="destruction_done_has_time", condition=Q(state=State.DONE) ^ Q(done_at__isnull=True)),
        ]
        indexes = [
            Index(name="destruction_at_work", fields=["approved_at"], condition=Q(state=State.APPROVED)),  # carry_on
            Index(name="destruction_newest", fields=["-opened_at", "-id"]),  # the page
        ]

    def __str__(self) -> str:
        return self.number


class Listed(models.Model):
    """One matter on a list: what speaks for its end, and what became of it."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    destruction = models.ForeignKey(Destruction, models.PROTECT, related_name="lines")
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="+")
    until = models.DateField()
    basis = models.CharField(max_length=12, choices=Basis)
    asked = models.BooleanField(default=False)  # the person asked to be forgotten (PIPL 47)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    left_out = models.BooleanField(default=False)  # taken off again, or no longer to be destroyed when its turn came
    destroyed_at = models.DateTimeField(null=True)
    event_hash = models.CharField(max_length=64, blank=True)  # of the destruction

    class Meta:
        constraints = [
            UniqueConstraint(name="listed_on_one_list", fields=["matter"], condition=Q(left_out=False)),
            CheckConstraint(
                name="listed_destroyed_has_event", condition=Q(destroyed_at__isnull=True) ^ ~Q(event_hash="")
            ),
            CheckConstraint(name="listed_left_out_stays", condition=Q(left_out=False) | Q(destroyed_at__isnull=True)),
        ]
        indexes = [Index(name="listed_in_order", fields=["destruction", "id"])]


class MadeState(models.TextChoices):
    WAITING = "WAITING", _("等着做")
    MAKING = "MAKING", _("正在做")
    READY = "READY", _("做好了")
    FAILED = "FAILED", _("没有做成")


class MadeFile(KeyHolder):
    """A file that the worker made for one person: sealed under a key of its own, and gone with it a day later."""

    history = History.WORKING
    copied = False
    stored_in = frozenset({"stored"})
    sealed_by = "self"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+")
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12)
    kind = models.CharField(max_length=4)  # pdf or zip
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=MadeState, default=MadeState.WAITING)
    done = models.PositiveSmallIntegerField(default=0)  # parts made so far
    parts = models.PositiveSmallIntegerField(default=0)
    problem = EncryptedText(owner="self", blank=True)
    stored = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            Index(name="made_of_account", fields=["account", "matter", "-asked_at"]),
            Index(name="made_old", fields=["expires_at"]),  # forget
        ]
