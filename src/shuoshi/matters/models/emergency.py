"""The file of an emergency: who was called, who went, what was reported, and when it was over (4.1.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Round
from shuoshi.matters.vocabulary import EmergencyReportKind, Urgency


class Emergency(models.Model):
    """From the moment a matter was known to be urgent until somebody said that it is over."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="emergency_files")
    round = models.ForeignKey(Round, models.PROTECT, related_name="emergency_files")
    ordinal = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=2, choices=Urgency)
    drill = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    dispatched_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    dispatched_at = models.DateTimeField(null=True)
    stood_down_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # null: by a rule
    stood_down_at = models.DateTimeField(null=True)
    words = EncryptedText(owner="matter", blank=True)  # why it is over

    class Meta:
        constraints = [
            UniqueConstraint(name="emergency_ordinal_once", fields=["matter", "ordinal"]),
            UniqueConstraint(name="emergency_one_open", fields=["matter"], condition=Q(stood_down_at__isnull=True)),
            CheckConstraint(
                name="emergency_dispatched_by_somebody",
                condition=Q(dispatched_at__isnull=True, dispatched_by__isnull=True)
                | Q(dispatched_at__isnull=False, dispatched_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.matter_id}"


class EmergencyReport(models.Model):
    """The first report, those that follow, and the last; each as it was known then, never rewritten."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="emergency_reports")
    emergency = models.ForeignKey(Emergency, models.PROTECT, related_name="reports")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=EmergencyReportKind)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    arrived = models.BooleanField(default=False)  # those who were sent are there
    parts = EncryptedText(owner="matter")  # what is known of each point, as JSON

    class Meta:
        constraints = [
            UniqueConstraint(name="emergency_report_ordinal_once", fields=["emergency", "ordinal"]),
            UniqueConstraint(
                name="emergency_report_first_and_last_once",
                fields=["emergency", "kind"],
                condition=Q(kind__in=[EmergencyReportKind.INITIAL, EmergencyReportKind.FINAL]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.matter_id}"

    @property
    def known(self) -> Mapping[str, str]:
        """Each point that was written of, in the order of the form."""
        return {} if self.matter.is_erased else dict(json.loads(self.parts))


class DutyCall(models.Model):
    """That somebody was called, at which step of the tree and why: whoever was called may act, and is answerable."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="duty_calls")
    step = models.PositiveSmallIntegerField()  # counts all of a matter
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    tier_path = models.CharField(max_length=120)
    because = models.CharField(max_length=12)  # organization.duty.Because
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(name="duty_call_once", fields=["matter", "step", "person"])]
        indexes = [Index(name="duty_call_of_person", fields=["person", "matter"])]  # queries.queues: 应急

    def __str__(self) -> str:
        return f"{self.step}. {self.matter_id}"
