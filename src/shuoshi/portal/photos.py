"""Photos of residents: each is cleaned when it arrives, each refusal is a sentence, and what was fit stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.kernel import pictures, room
from shuoshi.matters.terms import FileGiven

MOST = 9
LARGEST = 10 * 1024 * 1024
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif"


@dataclass
class Taken:
    """What came of an upload: how many were kept, and a sentence for each that was not."""

    kept: int = 0
    refusals: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """The refusals, the last with what became of the others."""
        if not self.refusals or not self.kept:
            return self.refusals
        rest = ngettext("其余 %(n)d 张已收下。", "其余 %(n)d 张已收下。", self.kept) % {"n": self.kept}
        return [*self.refusals[:-1], f"{self.refusals[-1]}{rest}"]


def take(uploads: Sequence[UploadedFile[Any]], already: int, keep: Callable[[FileGiven], None]) -> Taken:
    """Clean each upload and hand it to `keep`; at most nine with those there `already`, and none on a full disk."""
    taken = Taken()
    for ordinal, upload in enumerate(uploads, start=1):
        if already + taken.kept >= MOST:
            left_out = len(uploads) - ordinal + 1
            taken.refusals.append(_("最多 %(most)d 张，后面 %(n)d 张没有收下。") % {"most": MOST, "n": left_out})
            break
        if not room.for_uploads():
            taken.refusals.append(room.no_uploads())
            break
        reason = _too_large(upload)
        if not reason:
            try:
                keep(_clean(upload))
            except pictures.BadPicture as bad:
                reason = str(bad)
        if reason:
            taken.refusals.append(
                _("第 %(n)d 张没有收下：%(reason)s。") % {"n": ordinal, "reason": reason.rstrip("。")}
            )
        else:
            taken.kept += 1
    return taken


def _too_large(upload: UploadedFile[Any]) -> str:
    size = upload.size or 0
    if size <= LARGEST:
        return ""
    return _("%(size)s MB，最多 10 MB") % {"size": f"{size / 1024 / 1024:.0f}" if size > LARGEST + 2**20 else "10.1"}


def _clean(upload: UploadedFile[Any]) -> FileGiven:
    name = (upload.name or "").replace("\x00", "").strip() or _("照片")
    picture = pictures.clean(upload.read(), name)
    return FileGiven(name=name, data=picture.data, media_type=picture.media_type, thumbnail=picture.thumbnail)
