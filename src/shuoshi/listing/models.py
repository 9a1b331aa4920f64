"""The rows of lists kept under a name."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

LONGEST_NAME = 20
PLACE = 60


class KeptView(KeyHolder):
    """A list as somebody narrowed it: theirs alone, or shown to their unit as well.

    Name and parameters are sealed: what somebody searched for says whom they looked for. It changes nothing but what its
    owner sees first, so no event tells of it; and it stands for no right: the list asks anew whoever opens it.
    """

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")  # who else sees it
    place = models.CharField(max_length=PLACE)  # which list, by the name its face gave it
    name = EncryptedText(owner="self")
    query = EncryptedText(owner="self")  # the parameters, as JSON
    has_words = models.BooleanField(default=False)  # something was typed freely
    first = models.BooleanField(default=False)  # what its owner sees when the list is opened plain
    ordinal = models.PositiveSmallIntegerField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="kept_view_shared_without_words", condition=Q(unit__isnull=True) | Q(has_words=False)),
            UniqueConstraint(name="kept_view_one_first", fields=["owner", "place"], condition=Q(first=True)),
        ]
        indexes = [
            Index(name="kept_view_of_unit", fields=["unit"], condition=Q(unit__isnull=False)),  # queries.seen_by
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def parameters(self) -> dict[str, str]:
        """What narrows the list. Whoever shows it asks of each whether it is still one."""
        found: Any = json.loads(self.query) if self.query else {}
        return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
