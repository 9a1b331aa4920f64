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

from shuoshi.kernel import clock, drafts, throttle
from shuoshi.kernel.web import network_of, number_in
from shuoshi.kernel.web import uploads as waiting
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import too_often
from shuoshi.matters import waiting as at_rest
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import FileGiven

MOST = 9  # in one form
AT_ONCE = 5  # in one press: they fit a request, and are cleaned before a browser loses patience
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
    accept: str = waiting.ACCEPT

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
        return at_rest.given(self.token) if self.stored else ()

    def finish(self) -> None:
        if self.stored:
            drafts.save(self.token, FORM, {}, subject=self.matter.pk.hex, lasts=_AFTERWARDS)

    @property
    def upload(self) -> Upload:
        here = waiting.pictures_of(self.token) if self.stored else []
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
        position, here = number_in(request.POST["remove"]), waiting.pictures_of(token)
        if position is not None and position < len(here):
            drafts.detach(token, here[position].pk)
    arrived = uploads(request)
    nth = number_in(request.POST.get("nth", ""))  # the script sends them one by one
    first = nth if nth is not None and nth < 1000 else 1
    return waiting.keep(token, arrived, MOST, first=first, at_once=AT_ONCE)
