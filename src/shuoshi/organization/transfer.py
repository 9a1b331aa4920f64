"""Duties that move from one unit to another by a document (职责划转): which, from which day, and the document itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from shuoshi.kernel import files
from shuoshi.kernel.crypto import KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

if TYPE_CHECKING:
    from shuoshi.organization.models import Area, Unit
    from shuoshi.people.models import Person


class DutyTransfer(KeyHolder):
    """One transfer. Until its day it may be taken back; then lines of the duty list move, and open matters after them.

    The document lies sealed under the row's own key.
    """

    history = History.PROJECTION
    stored_in = frozenset({"stored"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_unit: models.ForeignKey[Unit, Unit] = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    to_unit: models.ForeignKey[Unit, Unit] = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    codes = models.CharField(max_length=200, blank=True)  # of the profile, apart by spaces; empty: all the unit does
    area: models.ForeignKey[Area | None, Area | None] = models.ForeignKey(
        "organization.Area", models.PROTECT, null=True, blank=True, related_name="+"
    )
    document_number = models.CharField(max_length=60)
    document_date = models.DateField()
    document_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    stored = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)  # the resident reads it
    takes_effect_at = models.DateTimeField()
    entered_by: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    lines_moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)  # no open matter of it is left with the old unit
    moved = models.PositiveIntegerField(default=0)  # matters
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="transfer_between_two", condition=~Q(from_unit=F("to_unit"))),
            CheckConstraint(
                name="transfer_has_document", condition=~Q(document_number="") & ~Q(stored="") & ~Q(reason="")
            ),
            CheckConstraint(name="transfer_not_backdated", condition=Q(takes_effect_at__gte=F("entered_at"))),
            CheckConstraint(
                name="transfer_lines_before_matters",
                condition=Q(finished_at__isnull=True) | Q(lines_moved_at__isnull=False),
            ),
            CheckConstraint(
                name="transfer_taken_back_before_its_day", condition=Q(active=True) | Q(lines_moved_at__isnull=True)
            ),
        ]
        indexes = [  # actions of matters: what is to be carried out
            Index(name="transfer_due", fields=["takes_effect_at"], condition=Q(active=True, finished_at__isnull=True)),
        ]

    def read(self) -> bytes:
        """The document as it came in. Raises FileMissing."""
        return files.read(self.stored, self.data_key())

    def __str__(self) -> str:
        return self.document_number

    @property
    def every_code(self) -> list[str]:
        return self.codes.split()
