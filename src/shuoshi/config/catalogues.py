"""Message catalogues as Django reads them (.mo), built from the committed .po without GNU gettext."""

from __future__ import annotations

import os
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def stale() -> list[Path]:
    """The .po files whose .mo is missing or older."""
    found = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    return [po for po in found if not (mo := po.with_suffix(".mo")).exists() or mo.stat().st_mtime < po.stat().st_mtime]


def compile_stale() -> int:
    """Build what is stale and return how many. A catalogue appears whole or not at all, also in two processes at once."""
    todo = stale()
    if not todo:
        return 0
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in todo:
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        fresh = po.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.chmod(0o644)
        fresh.replace(po.with_suffix(".mo"))
    return len(todo)
