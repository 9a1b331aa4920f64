"""A new field key, and every data key sealed anew under it. Texts and files stay as they are: their data keys stay.

Runs beside a live server and begins where it was broken off: each row says under which key it lies. Every field key ever
used lies in `keys/` under its id, so none is lost between two steps; old ones go by hand, for old backups need them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from shuoshi.kernel import clock, crypto, keys

GRACE = 3600  # seconds; what was begun before a rotation has ended by then

Progress = Callable[[str, int, int], None]


def rotate() -> str:
    """Put a new field key in the place of the one before; the new one's id. Nothing is sealed anew yet."""
    before, fresh = keys.current(settings.KEYS, "field"), secrets.token_bytes(keys.LENGTH)
    for key in (before, fresh):
        keys.create(settings.KEYS, crypto.kept_as(crypto.key_id(key)), key)
    keys.replace(settings.KEYS, "field", fresh)
    at = clock.now().timestamp()
    os.utime(settings.KEYS / "field", (at, at))  # the age of the file counts, by the clock everything else goes by
    return crypto.key_id(fresh).hex()


def rewrap(progress: Progress | None = None, batch: int = 200) -> int:
    """Seal every data key under another field key anew, a batch in a transaction; how many were.

    Raises CryptoProblem when a field key that is still needed is not here.
    """
    now = crypto.key_id(keys.current(settings.KEYS, "field"))
    done, total = 0, sum(model._base_manager.filter(_under_others(now)).count() for model in _holders())
    for model in _holders():
        after: object = None
        while chunk := _chunk(model, now, after, batch):
            done += len(chunk)
            after = chunk[-1][0]
            if progress is not None:
                progress("keys", done, total)
    return done


def unneeded() -> list[str]:
    """The ids of kept field keys under which nothing lies here any more, and that were replaced long enough ago."""
    now = crypto.key_id(keys.current(settings.KEYS, "field"))
    replaced_at = (settings.KEYS / "field").stat().st_mtime
    if clock.now().timestamp() - replaced_at < GRACE:
        return []
    kept = [path.name.removeprefix("field-") for path in settings.KEYS.glob("field-*")]
    return sorted(id_ for id_ in kept if id_ != now.hex() and not _is_needed(bytes.fromhex(id_)))


def drop(id_: str) -> None:
    """Destroy a kept field key; backups that were made under it can never be read again. Only of `unneeded`."""
    if id_ not in unneeded():
        raise ValueError(f"the field key {id_} is still needed")
    (settings.KEYS / crypto.kept_as(bytes.fromhex(id_))).unlink()


def _holders() -> Iterator[type[crypto.KeyHolder]]:
    return (model for model in apps.get_models() if issubclass(model, crypto.KeyHolder))


def _chunk(model: type[crypto.KeyHolder], now: bytes, after: object, batch: int) -> list[tuple[object, bytes]]:
    """The next rows under another key, each sealed anew unless it was erased or sealed meanwhile."""
    rows = model._base_manager.filter(_under_others(now)).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    with transaction.atomic():
        found = [(pk, bytes(old)) for pk, old in rows.values_list("pk", "wrapped_key")[:batch] if old is not None]
        for pk, old in found:
            same = model._base_manager.filter(pk=pk, wrapped_key=old)
            same.update(wrapped_key=crypto.wrapped(crypto.unwrapped(old)))
    return found


def _is_needed(id_: bytes) -> bool:
    return any(model._base_manager.filter(_under(id_)).exists() for model in _holders())


def _under(id_: bytes) -> Q:
    """Bytes are compared from the left in both databases, and a wrapped key begins with the id."""
    return Q(wrapped_key__gte=id_, wrapped_key__lt=_next(id_))


def _under_others(id_: bytes) -> Q:
    return Q(wrapped_key__lt=id_) | Q(wrapped_key__gte=_next(id_))


def _next(id_: bytes) -> bytes:
    return (int.from_bytes(id_) + 1).to_bytes(crypto.KEY_ID)
