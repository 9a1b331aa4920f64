"""The rows of the workbench: phrases, watched matters, reminders."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Scope(models.TextChoices):
    """Whose phrase it is."""

    OWN = "own", _("只有我自己")
    UNIT = "unit", _("本单位的人")
    WHOLE = "whole", _("所有工作人员")


class Phrase(KeyHolder):
    """A text module with names between braces. `short` is what is typed for it; whoever uses it takes its text only."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=5, choices=Scope)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")  # whose it is, or who shared it
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    short = models.CharField(max_length=12)
    text = EncryptedText(owner="self")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(name="phrase_scope_known", condition=Q(scope__in=Scope.values)),
            CheckConstraint(name="phrase_of_a_unit", condition=Q(scope=Scope.UNIT) ^ Q(unit__isnull=True)),
            UniqueConstraint(
                name="phrase_once_own",
                fields=["person", "short"],
                condition=Q(scope=Scope.OWN, put_away_at__isnull=True),
            ),
            UniqueConstraint(
                name="phrase_once_in_unit",
                fields=["unit", "short"],
                condition=Q(scope=Scope.UNIT, put_away_at__isnull=True),
            ),
            UniqueConstraint(
                name="phrase_once_for_all", fields=["short"], condition=Q(scope=Scope.WHOLE, put_away_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.short


class Watch(models.Model):
    """That somebody keeps an eye on a matter. `looked_at`: up to when they know of it; each look moves it."""

    history = History.PROJECTION
    unverified = frozenset({"looked_at"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="watch_once", fields=["person", "matter"], condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.matter_id}"


class Reminder(KeyHolder):
    """A day on which somebody wants to think of a matter, with words for themselves."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="+")
    on = models.DateField()
    words = EncryptedText(owner="self", blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            Index(
                name="reminder_open", fields=["person", "on", "id"], condition=Q(done_at__isnull=True)
            ),  # queries.due
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.on}"
