"""Files that wait in a draft, as an action takes them."""

from __future__ import annotations

from shuoshi.kernel import drafts, sounds
from shuoshi.kernel.files import FileMissing
from shuoshi.matters.terms import FileGiven


def given(token: str) -> tuple[FileGiven, ...]:
    """All that wait behind this token, in their order. Raises FileMissing when the disk lost one."""
    return tuple(_as_given(token, file) for file in drafts.files(token))


def _as_given(token: str, file: drafts.DraftFile) -> FileGiven:
    whole = drafts.open_file(token, file.pk)
    small = drafts.open_file(token, file.pk, thumbnail=True) if file.thumbnail else None
    if whole is None:
        raise FileMissing(file.stored)
    seconds = sounds.seconds_of(whole[1]) if file.media_type.startswith("audio/") else 0
    return FileGiven(file.name, whole[1], file.media_type, small[1] if small else b"", seconds)
