"""What a machine reads off the pictures of letters (3.2.2), as a first draft that a person corrects beside the picture.

The worker reads one page at a time of the letters that wait; where the extra is not installed it reads none, and the
letter is typed.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from shuoshi.channels.boxes.models import LetterPhoto, LetterState, ReadOff
from shuoshi.kernel import clock, files, recognising

_log = logging.getLogger(__name__)


def read_next(now: datetime) -> bool:
    """Read the oldest page of a letter that waits, which nobody read before; whether there was one."""
    waiting = LetterPhoto.objects.filter(read_off=None, letter__state=LetterState.WAITING).select_related("letter")
    photo = waiting.order_by("id").first() if recognising.available() else None
    if photo is None:
        return False
    try:
        text = recognising.words_on(files.read(photo.stored, photo.letter.data_key()))
    except recognising.NotRead as problem:
        _log.warning("page %s of a letter was not read: %s", photo.pk, problem)
        text = ""  # it is typed; trying again would take as long
    try:
        with transaction.atomic():
            ReadOff.objects.create(photo=photo, text=text, at=clock.now())
    except IntegrityError:  # another worker was faster
        return False
    return True


def forget(now: datetime, batch: int = 200) -> int:
    """Delete what was read off letters that are settled: their words stand in the matters; how many."""
    old = ReadOff.objects.exclude(photo__letter__state=LetterState.WAITING).values_list("pk", flat=True)
    return ReadOff.objects.filter(pk__in=list(old[:batch])).delete()[0]
