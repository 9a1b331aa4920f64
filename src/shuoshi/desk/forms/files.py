"""Photos in a form of the desk: several at once, each cleaned or refused by itself, so that one bad file costs no other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import pictures, room
from shuoshi.matters.terms import FileGiven

AT_ONCE = 5
LARGEST = 10 * 1024 * 1024


class ManyInput(forms.FileInput):
    allow_multiple_selected = True


class Photos(forms.FileField):
    """Cleans to a tuple of FileGiven. What was not taken is said in `refused`, and the rest is kept."""

    widget = ManyInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic"})

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("一次最多 5 张，每张不超过 10 MB；拍摄地点等信息会自动去掉。"))
        super().__init__(label=label or gettext_lazy("照片"), required=False, **kwargs)
        self.refused: list[str] = []

    def __deepcopy__(self, memo: dict[int, Any]) -> Photos:
        copy: Photos = super().__deepcopy__(memo)
        copy.refused = []
        return copy

    def clean(self, data: Any, initial: Any = None) -> tuple[FileGiven, ...]:
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if uploads and not room.for_uploads():
            self.refused.append(room.no_uploads())
            return ()
        taken: list[FileGiven] = []
        for ordinal, upload in enumerate(uploads, start=1):
            given = self._one(ordinal, upload)
            if given is not None:
                taken.append(given)
        if self.refused and taken:
            self.refused.append(_("其余 %(n)d 张已收下。") % {"n": len(taken)})
        return tuple(taken)

    def _one(self, ordinal: int, upload: UploadedFile[Any]) -> FileGiven | None:
        if ordinal > AT_ONCE:
            self._refuse(ordinal, _("一次最多 %(n)d 张") % {"n": AT_ONCE})
        elif (upload.size or 0) > LARGEST:
            self._refuse(ordinal, _("%(size)d MB，最多 10 MB") % {"size": -(-(upload.size or 0) // 1024**2)})
        else:
            try:
                picture = pictures.clean(upload.read(), upload.name or "")
            except pictures.BadPicture as bad:
                self._refuse(ordinal, str(bad))
            else:
                return FileGiven(
                    name=upload.name or "",
                    data=picture.data,
                    media_type=picture.media_type,
                    thumbnail=getattr(picture, "thumbnail", b""),
                )
        return None

    def _refuse(self, ordinal: int, why: str) -> None:
        self.refused.append(_("第 %(n)d 张没有收下：%(why)s。") % {"n": ordinal, "why": why})
