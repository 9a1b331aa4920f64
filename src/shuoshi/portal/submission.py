"""What a resident has written so far: one draft row behind a cookie with a 128-bit token. Registering is matters'.

The token is also the idempotency key of the registration: sent twice, the same receipt comes back.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from shuoshi.kernel import drafts
from shuoshi.kernel.web import uploads

FORM = "submit"
_SALT = "shuoshi.portal.submission"
_AGE = timedelta(days=3)
_AFTERWARDS = timedelta(minutes=15)  # long enough for an answer that was lost, short on a phone that is passed on


@dataclass
class Said:
    """Everything the four pages ask, as it was typed and found fit."""

    what: str = ""
    voice_seconds: int = 0  # how long the recording is, where there is one
    danger: bool = False
    concerns_unit: str = ""
    concerns_words: str = ""
    area: str = ""
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    at: str = ""  # key of the point whose code was read
    naming: str = ""
    name: str = ""
    phone: str = ""
    for_other: bool = False
    other_name: str = ""
    other_phone: str = ""
    tell_by: str = ""
    consent: bool = False
    no_messages: bool = False
    seen: list[str] = field(default_factory=list)  # pages that were filled in
    done: dict[str, str] = field(default_factory=dict)  # number of the matter and its id, once registered


class Submission:
    """One resident's way through the four pages. Nothing is written before the first page is posted."""

    def __init__(self, token: str, said: Said, *, stored: bool) -> None:
        self.token = token
        self.said = said
        self.stored = stored

    @classmethod
    def of(cls, request: HttpRequest) -> Submission:
        """The one this browser has open, or a new one."""
        try:
            token = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=_AGE)
        except signing.BadSignature:
            token = ""
        draft = drafts.load(token) if token else None
        if draft is None:
            return cls(drafts.new_token(), Said(), stored=False)
        return cls(token, _read(draft.body), stored=True)

    def save(self, page: str, **values: Any) -> None:
        """Keep what one page asked."""
        for name, value in values.items():
            setattr(self.said, name, value)
        if page and page not in self.said.seen:
            self.said.seen.append(page)
        drafts.save(self.token, FORM, asdict(self.said), lasts=_AGE)
        self.stored = True

    @property
    def photos(self) -> list[drafts.DraftFile]:
        return uploads.pictures_of(self.token) if self.stored else []

    @property
    def voice(self) -> drafts.DraftFile | None:
        """What was said instead of written; of two that were sent at once the later."""
        files = drafts.files(self.token) if self.stored else []
        return next((file for file in reversed(files) if file.media_type.startswith("audio/")), None)

    def finish(self, matter_id: str, number: str) -> None:
        """Forget the words, keep which matter came of them: a second press finds the same receipt.

        The photos go when the draft expires: a press that runs beside this one still reads them.
        """
        self.said = Said(done={"matter": matter_id, "number": number})
        drafts.save(self.token, FORM, asdict(self.said), lasts=_AFTERWARDS)

    def drop(self) -> None:
        """Forget everything."""
        drafts.drop(self.token)
        self.stored = False

    def keep_in(self, response: HttpResponse) -> HttpResponse:
        """Bind this browser to the draft."""
        response.set_cookie(
            cookie_name(),
            signing.dumps(self.token, salt=_SALT),
            max_age=_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return response

    def missing(self, *pages: str) -> str:
        """The first of these pages that was not filled in, or ""."""
        return next((page for page in pages if page not in self.said.seen), "")


def cookie_name() -> str:
    return "__Host-submission" if settings.SESSION_COOKIE_SECURE else "submission"


def remember_sent(response: HttpResponse, number: str) -> HttpResponse:
    """Let this browser know for some days that something was sent, and under which number; it opens nothing."""
    response.set_cookie(
        _sent_cookie(),
        signing.dumps(number, salt=_SALT + ".sent"),
        max_age=_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def last_sent(request: HttpRequest) -> str:
    """The number of what this browser sent last, "" when it sent nothing or its owner closed it."""
    try:
        return str(signing.loads(request.COOKIES.get(_sent_cookie(), ""), salt=_SALT + ".sent", max_age=_AGE))
    except signing.BadSignature:
        return ""


def forget_sent(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(_sent_cookie(), path="/", samesite="Lax")
    return response


def _sent_cookie() -> str:
    return "__Host-sent" if settings.SESSION_COOKIE_SECURE else "sent"


def _read(body: dict[str, Any]) -> Said:
    """Unknown names are dropped: a draft may be older than this program."""
    known = {one.name for one in fields(Said)}
    return Said(**{name: value for name, value in body.items() if name in known})
