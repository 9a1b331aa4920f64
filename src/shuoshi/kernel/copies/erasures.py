"""Which rows were erased, beside the copies: an older copy brings their keys back, and they are destroyed again.

One list at each place, sealed like a copy. It is put as soon as something was erased and with every copy, and only grows:
a home that came back from an older copy must not shorten it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from shuoshi.kernel import crypto, keys
from shuoshi.kernel.copies.form import Damaged
from shuoshi.kernel.copies.targets import NotThere, Target

NAME = "erasures"
_PLACE = b"shuoshi erasures\0"

Row = tuple[str, str]  # app.Model and key


def erased() -> Iterator[Row]:
    """Every row here whose key was destroyed."""
    for model in apps.get_models():
        if issubclass(model, crypto.KeyHolder) and getattr(model, "copied", True):
            gone = model._default_manager.filter(wrapped_key__isnull=True)
            for pk in gone.values_list("pk", flat=True).iterator():
                yield model._meta.label, str(pk)


def put(target: Target, directory: Path) -> int:
    """Let the place know of all that was erased; how many rows. Raises CopyProblem."""
    known = set(read(target, directory))
    whole = known | set(erased())
    if whole != known:
        data = zlib.compress(json.dumps(sorted(whole)).encode())
        target.put(NAME, crypto.seal(_key(directory), _PLACE, data))
    return len(whole)


def read(target: Target, directory: Path) -> list[Row]:
    """What the place knows of; nothing where nothing was erased yet. Raises Damaged."""
    try:
        sealed = target.get(NAME)
    except NotThere:
        return []
    try:
        return [
            (label, key) for label, key in json.loads(zlib.decompress(crypto.open_(_key(directory), _PLACE, sealed)))
        ]
    except (crypto.CryptoProblem, zlib.error) as problem:
        raise Damaged(f"{NAME}, the list of what was erased: {problem}.") from None


def _key(directory: Path) -> bytes:
    return hmac.new(keys.current(directory, "copies"), _PLACE, hashlib.sha256).digest()
