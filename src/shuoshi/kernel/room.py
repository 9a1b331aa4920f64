"""How much room the disk has, and what stops before it is full: copies first, then photos, words last.

Words are kept as long as the database takes them; what the floors leave free is theirs.
"""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

_GIB = 1024**3
_UPLOADS = (1 * _GIB, 0.05)  # bytes, or this share of a small disk
_COPIES = (2 * _GIB, 0.10)
_SQLITE_FULL = 13
_POSTGRES_FULL = "53100"


class Left(NamedTuple):
    """How much of a disk is free, in bytes."""

    free: int
    total: int


def left(place: Path) -> Left | None:
    """What the disk of this place has left, also where the place itself is still to be made; None where it is gone."""
    there = next((one for one in (place, *place.parents) if one.exists()), None)
    if there is None:
        return None
    usage = shutil.disk_usage(there)
    return Left(usage.free, usage.total)


def wanted_for_copies(total: int) -> int:
    """What a disk of this size must have free lest copies stop; photos need less."""
    return _floor(total, _COPIES)


def for_uploads() -> bool:
    """Whether photos can still be taken in."""
    return _is_above(Path(settings.FILES), _UPLOADS)


def for_copies(place: Path) -> bool:
    """Whether a copy may still grow at this place."""
    return _is_above(place, _COPIES)


def no_uploads() -> str:
    """What a form says beside the field of the photos."""
    return _("现在存不下照片，请过几个小时再传。您写的内容不受影响。")


def is_full(problem: BaseException | None) -> bool:
    """Whether this went wrong because a disk had no room left, in a file of ours or in the database."""
    if isinstance(problem, OSError):
        return problem.errno in (errno.ENOSPC, errno.EDQUOT)
    if not isinstance(problem, DatabaseError):
        return False
    cause = problem.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF == _SQLITE_FULL) or getattr(cause, "sqlstate", None) == _POSTGRES_FULL


def _is_above(place: Path, floor: tuple[int, float]) -> bool:
    disk = left(place)
    return disk is not None and disk.free >= _floor(disk.total, floor)


def _floor(total: int, floor: tuple[int, float]) -> int:
    return min(floor[0], int(total * floor[1]))
