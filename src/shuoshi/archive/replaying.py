"""What was destroyed after a copy was made, the copy brings back: it is destroyed again before anybody is served."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.apps import apps
from django.db import transaction

from shuoshi.kernel import clock, crypto
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.history import History
from shuoshi.kernel.history import of as history_of
from shuoshi.matters import destroying
from shuoshi.matters.models import Matter
from shuoshi.people import erasing
from shuoshi.people.models import Person


def again(rows: Iterable[tuple[str, str]]) -> int:
    """Destroy these rows wherever they have their keys; how many had."""
    known = sorted(rows, key=lambda row: row[0] != Matter._meta.label)  # a matter takes its people with it
    return sum(_again(apps.get_model(label), key) for label, key in known)


def _again(model: type, key: str) -> bool:
    assert issubclass(model, crypto.KeyHolder)
    row = model._default_manager.filter(pk=key, wrapped_key__isnull=False).first()
    if row is None:
        return False
    if isinstance(row, Matter):
        destroying.destroy(UUID(key), actor=SYSTEM, again=True)
        return True
    with transaction.atomic():
        if history_of(model) is History.WORKING:
            model._default_manager.filter(pk=key).update(wrapped_key=None)
            return True
        stream = Stream("person" if isinstance(row, Person) else "erased", key)
        story = Story(stream, "erase_again", by=SYSTEM, at=clock.now())
        if isinstance(row, Person):
            erasing.erase(story, row)
        else:
            story.erase(row)
        story.tell()
    return True
