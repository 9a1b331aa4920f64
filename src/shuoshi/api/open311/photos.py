"""Photos that come with a request, cleaned before anything is registered.

One that is no photo costs nothing else. Where the reason may pass, nothing is registered: sent again it is taken in whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from shuoshi.api.faults import Fault
from shuoshi.kernel import pictures, room
from shuoshi.kernel.pictures import BadPicture, Reason
from shuoshi.matters.terms import FileGiven

MOST = 9  # of one request


def clean(files: Sequence[UploadedFile[Any]]) -> tuple[tuple[FileGiven, ...], list[str]]:
    """The photos, and a sentence for each file that was not taken. Raises Fault where it would go another time."""
    if files and not room.for_uploads():
        raise Fault(503, _("现在存不下照片，没有记下。请过一会儿原样再发，或者不带照片发。"))
    kept: list[FileGiven] = []
    refused = [_("照片最多 %(most)d 张，多的没有收下。") % {"most": MOST}] if len(files) > MOST else []
    for n, file in enumerate(files[:MOST], start=1):
        try:
            kept.append(_cleaned(file))
        except BadPicture as bad:
            if bad.reason is Reason.TOO_SLOW:
                raise Fault(503, _("照片处理时间太长，没有记下。请过一会儿原样再发，或者换一张。")) from bad
            refused.append(_("第 %(n)d 张没有收下：%(reason)s。") % {"n": n, "reason": bad})
    return tuple(kept), refused


def _cleaned(file: UploadedFile[Any]) -> FileGiven:
    if (file.size or 0) > pictures.LARGEST:
        raise BadPicture(Reason.TOO_BIG)
    picture = pictures.clean(bytes(file.read()), file.name or "")
    name = (file.name or "").replace("\x00", "").strip() or _("照片")
    return FileGiven(name, picture.data, picture.media_type, picture.thumbnail)
