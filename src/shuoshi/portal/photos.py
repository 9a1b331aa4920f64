"""Photos of residents: each is cleaned when it arrives and lies in the draft of its form; each refusal is a sentence.

What was fit stays, whatever becomes of the form: an error, a refusal or a second press finds it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.kernel import clock, drafts, pictures, throttle
from shuoshi.kernel.files import FileMissing
from shuoshi.kernel.web import network_of
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import too_often
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import FileGiven

MOST = 9  # in one form
AT_ONCE = 5  # in one press: they fit a request, and are cleaned before a browser loses patience
LARGEST = 10 * 1024 * 1024
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif"
FORM = "photos"  # of a draft that is only an album; its subject is the matter
_AFTERWARDS = timedelta(minutes=15)  # a press that runs beside the first one still reads them


@dataclass(frozen=True)
class Shown:
    """A photo that was taken, as the page lists it; `url` is its small picture."""

    url: str
    size: int


@dataclass(frozen=True)
class Upload:
    """What portal/_photos.html draws. `token` is "" where a cookie leads to the draft."""

    photos: Sequence[Shown]
    refusals: Sequence[str]
    token: str = ""
    most: int = MOST
    at_once: int = AT_ONCE
    accept: str = ACCEPT

    @property
    def room(self) -> bool:
        return len(self.photos) < self.most


@dataclass
class Album:
    """The photos of one form about a matter, behind the token that the form carries."""

    token: str
    matter: Matter
    stored: bool
    refusals: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest, matter: Matter) -> Album:
        """The one whose token came with the form, or a new one."""
        data = posted(request)
        token = data.get("album", "")[:64] if data else ""
        draft = drafts.load(token) if token else None
        if draft is not None and (draft.form, draft.subject) != (FORM, matter.pk.hex):
            token, draft = "", None
        return cls(token or drafts.new_token(), matter, stored=draft is not None)

    def change(self, request: HttpRequest) -> HttpResponse | None:
        """Do what the form asks for; an answer where this network sent too much to begin another album."""
        if not self.stored and uploads(request):
            left = throttle.take(throttle.SUBMIT_BY_NETWORK.scope, network_of(request), clock.now())
            if left is not None:
                return too_often(request, max(1, -(-int(left.total_seconds()) // 60)))
            drafts.save(self.token, FORM, {}, subject=self.matter.pk.hex)
            self.stored = True
        if self.stored:
            self.refusals = change(request, self.token)
        return None

    def given(self) -> tuple[FileGiven, ...]:
        return given(self.token) if self.stored else ()

    def finish(self) -> None:
        if self.stored:
            drafts.save(self.token, FORM, {}, subject=self.matter.pk.hex, lasts=_AFTERWARDS)

    @property
    def upload(self) -> Upload:
        here = drafts.files(self.token) if self.stored else []
        number = self.matter.number
        shown = [Shown(reverse("portal:album-photo", args=[number, file.pk]), file.size) for file in here]
        return Upload(shown, self.refusals, self.token)


def pressed(request: HttpRequest) -> bool:
    """上传 or 删除 was pressed: the form itself is not sent yet."""
    return "remove" in request.POST or "upload" in request.POST


def uploads(request: HttpRequest) -> list[UploadedFile[Any]]:
    return [file for file in request.FILES.getlist("photo") if isinstance(file, UploadedFile)]


def change(request: HttpRequest, token: str) -> list[str]:
    """Take one photo of the draft away, add those that came; a sentence for each that was not kept."""
    if "remove" in request.POST:
        position, here = request.POST["remove"], drafts.files(token)
        if position.isdecimal() and int(position) < len(here):
            drafts.detach(token, here[int(position)].pk)
    arrived = uploads(request)
    nth = request.POST.get("nth", "")  # the script sends them one by one
    return _take(arrived, token, int(nth) if nth.isdecimal() and len(nth) < 4 else 1) if arrived else []


def given(token: str) -> tuple[FileGiven, ...]:
    """The photos of the draft as an action takes them. Raises FileMissing when the disk lost one."""
    return tuple(_as_given(token, file) for file in drafts.files(token))


def _take(arrived: Sequence[UploadedFile[Any]], token: str, first: int) -> list[str]:
    """Clean each upload and keep it. The last sentence says what became of the others."""
    already, kept, refusals = len(drafts.files(token)), 0, []
    for ordinal, upload in enumerate(arrived):
        left_out = len(arrived) - ordinal
        if already + kept >= MOST:
            refusals.append(_("最多 %(most)d 张，后面 %(n)d 张没有收下。") % {"most": MOST, "n": left_out})
            break
        if ordinal >= AT_ONCE:
            sentence = _("一次最多收 %(most)d 张，后面 %(n)d 张没有收下，请再选一次。")
            refusals.append(sentence % {"most": AT_ONCE, "n": left_out})
            break
        reason = _keep(upload, token)
        if reason:
            sentence = _("第 %(n)d 张没有收下：%(reason)s。")
            refusals.append(sentence % {"n": first + ordinal, "reason": reason.rstrip("。")})
        else:
            kept += 1
    if refusals and kept:
        refusals[-1] += ngettext("其余 %(n)d 张已收下。", "其余 %(n)d 张已收下。", kept) % {"n": kept}
    return refusals


def _keep(upload: UploadedFile[Any], token: str) -> str:
    """Why this photo was not kept, "" when it was."""
    size = upload.size or 0
    if size > LARGEST:
        megabytes = f"{size / 1024 / 1024:.0f}" if size > LARGEST + 2**20 else "10.1"
        return _("%(size)s MB，最多 10 MB") % {"size": megabytes}
    name = (upload.name or "").replace("\x00", "").strip() or _("照片")
    try:
        picture = pictures.clean(upload.read(), name)
    except pictures.BadPicture as bad:
        return str(bad)
    drafts.attach(token, name, picture.data, picture.media_type, picture.thumbnail)
    return ""


def _as_given(token: str, file: drafts.DraftFile) -> FileGiven:
    whole = drafts.open_file(token, file.pk)
    small = drafts.open_file(token, file.pk, thumbnail=True) if file.thumbnail else None
    if whole is None:
        raise FileMissing(file.stored)
    return FileGiven(file.name, whole[1], file.media_type, small[1] if small else b"")
