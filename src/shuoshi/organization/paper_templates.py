"""The institution's own templates of papers: every version that came in, sealed; at most one of a paper is in force.

Which papers there are, and what may stand in a template, is for the packages above; that it was checked, for them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from shuoshi.kernel import files
from shuoshi.kernel.crypto import KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

if TYPE_CHECKING:
    from shuoshi.people.models import Person


class PaperTemplate(KeyHolder):
    """One version of a template. The file lies sealed under the row's own key; none in force means the built-in one."""

    history = History.PROJECTION
    stored_in = frozenset({"stored"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.CharField(max_length=20)  # code of the paper, as its package names it
    number = models.PositiveIntegerField()  # 1, 2, 3 … of this paper
    stored = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    left_out = models.CharField(max_length=200, blank=True)  # codes of what its PDF will not show, with commas
    uploaded_by: models.ForeignKey[Person, Person] = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)  # by a second administrator; before that it is used for nothing
    in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            UniqueConstraint(name="template_number_once", fields=["paper", "number"]),
            UniqueConstraint(name="template_one_in_force", fields=["paper"], condition=Q(in_force=True)),
            CheckConstraint(
                name="template_in_force_was_approved", condition=Q(in_force=False) | Q(approved_at__isnull=False)
            ),
        ]

    def read(self) -> bytes:
        """The .docx as it came in. Raises FileMissing."""
        return files.read(self.stored, self.data_key())

    def __str__(self) -> str:
        return f"{self.paper} {self.number}"


def in_force(paper: str) -> PaperTemplate | None:
    """The institution's own template of a paper; None where the built-in one serves."""
    return PaperTemplate.objects.filter(paper=paper, in_force=True).first()
