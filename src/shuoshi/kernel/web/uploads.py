"""Pictures that come with a form, uploaded once and kept through errors (ux.md §5.12).

They wait in a draft behind a token that the form carries as a hidden field, until the form has passed. How many a page
takes, and what it shows of them, is the page's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.kernel import drafts, pictures, room

FORM = "uploads"
TOKEN = "uploads"  # noqa: S105 name of the hidden field
REMOVE = "remove"  # name of the tick beside a picture that is to go
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif"
_AFTERWARDS = timedelta(minutes=15)  # a press that runs beside the one that got through still reads them
_UNSIGNED = timedelta(days=1)  # until whoever sent them has signed in again


def sent(request: HttpRequest) -> list[UploadedFile[Any]]:
    """Every file of this request, whatever its field is called: a form has one field for them."""
    return [file for name in request.FILES for file in request.FILES.getlist(name) if isinstance(file, UploadedFile)]


def pictures_of(token: str) -> list[drafts.DraftFile]:
    """Those that wait behind this token; a recording beside them is no picture."""
    return [file for file in drafts.files(token) if file.media_type.startswith("image/")]


def keep(
    token: str,
    files: Sequence[UploadedFile[Any]],
    most: int,
    *,
    owner: UUID | None = None,
    first: int = 1,
    at_once: int | None = None,
) -> list[str]:
    """Clean each picture and put it beside those that wait already. A sentence for each that was not taken.

    `first` is the number of the first one where a script sends them one by one; `at_once` how many one press may send.
    """
    if not files:
        return []
    if not room.for_uploads():
        return [str(room.no_uploads())]
    if drafts.load(token) is None:
        drafts.save(token, FORM, {}, owner=owner, lasts=None if owner else _UNSIGNED)
    refused: list[str] = []
    here, taken = {file.pk for file in pictures_of(token)}, 0
    for ordinal, file in enumerate(files):
        left = len(files) - ordinal
        if len(here) >= most:
            refused.append(_("最多 %(most)d 张，后面 %(n)d 张没有收下。") % {"most": most, "n": left})
            break
        if at_once is not None and ordinal >= at_once:
            sentence = _("一次最多收 %(most)d 张，后面 %(n)d 张没有收下，请再选一次。")
            refused.append(sentence % {"most": at_once, "n": left})
            break
        try:
            picture = pictures.clean(_content(file), file.name or "")
        except pictures.BadPicture as bad:
            said = {"n": first + ordinal, "reason": _why(file, bad).rstrip("。")}
            refused.append(_("第 %(n)d 张没有收下：%(reason)s。") % said)
        else:
            name = (file.name or "").replace("\x00", "").strip() or _("照片")
            here.add(drafts.attach(token, name, picture.data, picture.media_type, picture.thumbnail).pk)
            taken += 1
    if refused and taken:
        refused[-1] += ngettext("其余 %(n)d 张已收下。", "其余 %(n)d 张已收下。", taken) % {"n": taken}
    return refused


def keep_unsigned(request: HttpRequest) -> None:
    """Hold what came with a form whose session is over; the form finds it by its token after the sign-in."""
    token = request.POST.get(TOKEN, "")
    if token:
        keep(token, sent(request), drafts.FILES_LIMIT)


def settle(token: str, owner: UUID | None) -> None:
    """The form has passed: what waited goes soon."""
    drafts.save(token, FORM, {}, owner=owner, lasts=_AFTERWARDS)


def _content(file: UploadedFile[Any]) -> bytes:
    """Not read into memory when it is too large anyway."""
    if (file.size or 0) > pictures.LARGEST:
        raise pictures.BadPicture(pictures.Reason.TOO_BIG)
    return bytes(file.read())


def _why(file: UploadedFile[Any], bad: pictures.BadPicture) -> str:
    size = file.size or 0
    if size <= pictures.LARGEST:
        return str(bad)
    megabytes = f"{size / 2**20:.0f}" if size > pictures.LARGEST + 2**20 else "10.1"
    return _("%(size)s MB，最多 10 MB") % {"size": megabytes}
