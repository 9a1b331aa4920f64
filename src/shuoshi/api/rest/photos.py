"""Photos that are sent before the matter they belong to: cleaned, kept for three days, known to their platform only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuoshi.api.faults import Fault
from shuoshi.channels.platforms.models import Platform
from shuoshi.kernel import drafts, pictures, room
from shuoshi.kernel.drafts import DraftFile
from shuoshi.kernel.pictures import BadPicture, Reason
from shuoshi.matters.terms import FileGiven

_FORM = "platform_photo"
WAITING = 500  # photos of a platform at most, lest they take the room of residents


def keep(request: HttpRequest, platform: Platform) -> tuple[str, DraftFile, datetime]:
    """The photo in the body: its name, what is kept of it and until when. Raises Fault."""
    if (request.content_type or "").startswith("multipart/"):
        raise Fault(415, _("请求的内容就是照片本身，不用表单。"), code="not_a_photo")
    if drafts.about(_FORM, platform.pk.hex) >= WAITING:
        raise Fault(429, _("上传了没有用上的照片太多了，请先登记，或者明天再传。"), code="too_many", wait=3600)
    if not room.for_uploads():
        raise Fault(503, _("现在存不下照片。请过一会儿再传，或者不带照片登记。"), code="full", wait=60)
    data = request.read(pictures.LARGEST + 1)
    if len(data) > pictures.LARGEST:
        raise Fault(413, _("照片太大，没有收下。"), code="too_large")
    try:
        picture = pictures.clean(bytes(data), "")
    except BadPicture as bad:
        if bad.reason is Reason.TOO_SLOW:
            raise Fault(
                503, _("照片处理时间太长，没有收下。请过一会儿再传，或者换一张。"), code="busy", wait=5
            ) from bad
        raise Fault(422, _("没有收下：%(reason)s。") % {"reason": bad}, code="not_a_photo") from bad
    token = drafts.new_token()
    kept = drafts.save(token, _FORM, {}, subject=platform.pk.hex)
    row = drafts.attach(token, _("照片"), picture.data, picture.media_type, picture.thumbnail)
    return token, row, kept.expires_at


def taken(platform: Platform, names: Sequence[str]) -> tuple[FileGiven, ...]:
    """The photos of these names, in their order. Raises Fault for one that is not there."""
    found = []
    for n, token in enumerate(dict.fromkeys(names)):
        kept = drafts.load(token)
        files = drafts.files(token) if kept and (kept.form, kept.subject) == (_FORM, platform.pk.hex) else []
        opened = drafts.open_file(token, files[0].pk) if files else None
        if opened is None:
            sentence = _("没有这张照片，或者过了三天已经删了。请重新上传，再用同一个 Idempotency-Key 发。")
            raise Fault(422, sentence, code="no_photo", at=f"/photos/{n}")
        small = drafts.open_file(token, files[0].pk, thumbnail=True)
        found.append(FileGiven(opened[0].name, opened[1], opened[0].media_type, small[1] if small else b""))
    return tuple(found)
