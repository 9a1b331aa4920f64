"""Who is away from when to when, and who takes the place meanwhile. Who acts then is `deputies`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

if TYPE_CHECKING:
    from shuoshi.people.models import Person


class AwayBecause(models.TextChoices):
    LEAVE = "leave", _("休假")
    TRIP = "trip", _("出差")
    TRAINING = "training", _("学习培训")
    SICK = "sick", _("病假")
    OTHER = "other", _("其他事由")


class Absence(models.Model):
    """One time for which somebody is away. It may be ended early or taken back, never moved: another is entered then."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person: models.ForeignKey[Person, Person] = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="absences"
    )
    deputy: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+"
    )  # nobody named: whoever heads the unit, then the unit above
    why = models.CharField(max_length=10, choices=AwayBecause)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entered_by: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="absence_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            CheckConstraint(name="absence_not_before_it_was_entered", condition=Q(starts_at__gte=F("entered_at"))),
            CheckConstraint(
                name="absence_deputy_is_another", condition=Q(deputy__isnull=True) | ~Q(deputy=F("person"))
            ),
            CheckConstraint(name="absence_why_known", condition=Q(why__in=AwayBecause.values)),
        ]
        indexes = [
            Index(name="absence_to_come", fields=["ends_at"], condition=Q(active=True)),  # deputies.absences
            Index(name="absence_of_person", fields=["person", "ends_at"], condition=Q(active=True)),  # actors.of
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%Y-%m-%d}"
