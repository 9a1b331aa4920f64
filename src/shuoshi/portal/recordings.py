"""What a resident says into a microphone instead of writing it: one recording of the draft, taken in with page 1.

It arrives like any file of a form, recorded by a script or chosen without one. What was fit stays through errors.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuoshi.kernel import drafts, room, sounds
from shuoshi.kernel.drafts import DraftFile
from shuoshi.portal.submission import Submission

FIELD = "voice"
_TAKE_BACK = "unsay"
_FORGOTTEN = "forgotten"  # the page that recorded it let go of it, and the form goes on


@dataclass(frozen=True)
class Note:
    """What came with this request: a recording, or a sentence why it was not taken, or neither."""

    sound: sounds.Sound | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Shown:
    """What portal/_voice.html draws: the recording that was taken, if any, and why another one was not."""

    file: DraftFile | None
    seconds: int
    refusal: str = ""
    longest: int = sounds.LONGEST
    largest: int = sounds.LARGEST

    @property
    def minutes(self) -> int:
        return self.longest // 60

    @property
    def megabytes(self) -> int:
        return self.largest // 2**20

    @property
    def is_played(self) -> bool:
        return self.file is not None and self.file.media_type not in sounds.NOT_PLAYED


def sent(request: HttpRequest) -> Note:
    """Look at the recording of this request before anything is kept of it."""
    file = request.FILES.get(FIELD) if request.method == "POST" else None
    if not isinstance(file, UploadedFile):
        return Note()
    if not room.for_uploads():
        return Note(refusal=str(room.no_uploads()))
    try:
        if (file.size or 0) > sounds.LARGEST:
            raise sounds.BadSound(sounds.Reason.TOO_BIG)
        return Note(sounds.clean(bytes(file.read())))
    except sounds.BadSound as bad:
        return Note(refusal=_("录音没有收下：%(reason)s。") % {"reason": bad})


def pressed(request: HttpRequest) -> bool:
    """删除 was pressed: the form itself is not sent yet."""
    return _TAKE_BACK in request.POST


def _taken_back(request: HttpRequest) -> bool:
    return pressed(request) or _FORGOTTEN in request.POST


def stands(request: HttpRequest, mine: Submission, note: Note) -> bool:
    """Whether a recording says what the matter is about, so that nothing has to be written."""
    return note.sound is not None or (not _taken_back(request) and mine.voice is not None)


def change(request: HttpRequest, mine: Submission, note: Note) -> None:
    """Let the draft have the recording that came, in place of an earlier one, or none where it was taken back."""
    earlier = mine.voice
    if note.sound is not None:
        kept = drafts.attach(mine.token, _("录音"), note.sound.data, note.sound.media_type)
        if earlier is not None and earlier.pk != kept.pk:
            drafts.detach(mine.token, earlier.pk)
        mine.save("", voice_seconds=note.sound.seconds)
    elif _taken_back(request) and earlier is not None:
        drafts.detach(mine.token, earlier.pk)
        if not mine.said.what and "what" in mine.said.seen:
            mine.said.seen.remove("what")
        mine.save("", voice_seconds=0)


def shown(mine: Submission, note: Note | None = None) -> Shown:
    return Shown(mine.voice, mine.said.voice_seconds, note.refusal if note else "")
