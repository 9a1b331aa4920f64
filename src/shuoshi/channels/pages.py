"""Pictures of what somebody wrote by hand, a letter or a form: kept once each, under a key of their owner, and handed on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from shuoshi.kernel import files
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms import FileGiven, FileKept

MOST = 9  # pictures of one letter, or of one form


class Picture(models.Model):
    """A picture of a page. Whose it is, the model says that is made of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stored = models.CharField(max_length=80, unique=True)
    thumbnail = models.CharField(max_length=80, blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.stored


def fresh(given: Sequence[FileGiven], known: Iterable[str], too_many: str) -> list[FileGiven]:
    """Those that are not kept yet, by their digest. Raises Refused with these words where they become more than MOST."""
    here = set(known)
    found = {hashlib.sha256(one.data).hexdigest(): one for one in given}
    found = {digest: one for digest, one in found.items() if digest not in here}
    if len(here) + len(found) > MOST:
        raise Refused("too_many_photos", too_many)
    return list(found.values())


def columns(kept: FileKept) -> dict[str, Any]:
    """What a row of a picture keeps of a file."""
    return {
        "stored": kept.stored.name,
        "thumbnail": kept.thumbnail,
        "media_type": kept.media_type,
        "size": kept.stored.size,
        "sha256": kept.stored.sha256,
    }


def given_again(photos: Iterable[Picture], key: bytes) -> tuple[FileGiven, ...]:
    """The pictures as a registration takes them. Raises FileMissing."""
    return tuple(
        FileGiven(
            _("来信第 %(n)d 页") % {"n": n},
            files.read(one.stored, key),
            one.media_type,
            files.read(one.thumbnail, key) if one.thumbnail else b"",
        )
        for n, one in enumerate(photos, start=1)
    )
