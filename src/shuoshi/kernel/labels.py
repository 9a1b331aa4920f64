"""Words of coded columns, `get_status_display()`: from a table that is made once. Whose words they are, models say."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models


class Labelled(models.Model):
    """A model whose `get_…_display` only looks up its own value; Django's translates all values to find the one."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:  # noqa: N802 - Django calls it by this name
        value = getattr(self, field.attname)
        return str(_words(field).get(value, value))


@cache
def _words(field: models.Field[Any, Any]) -> dict[Any, Any]:
    """Values with their labels, which are put into the reader's language when they are asked for."""
    return dict(field.flatchoices)
