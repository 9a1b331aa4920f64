"""What a code to a telephone opens for whoever lost the receipt: two short-lived signed cookies, no row of their own.

The first says which code was asked for, the second that it was right. Neither names the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

ASKED, PROVED = "lost-asked", "lost-proved"
LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Proof:
    """A right code: its key, which names this one occasion, and the blind index of the number."""

    key: str
    index: str


def asked(request: HttpRequest) -> UUID | None:
    """The code this browser asked for."""
    held = _held(request, ASKED)
    return UUID(hex=str(held[0])) if held else None


def proof(request: HttpRequest) -> Proof | None:
    held = _held(request, PROVED)
    return Proof(str(held[0]), str(held[1])) if held else None


def keep_asked(response: HttpResponse, key: UUID) -> HttpResponse:
    return _keep(response, ASKED, [key.hex])


def keep_proof(response: HttpResponse, key: UUID, index: str) -> HttpResponse:
    return _keep(response, PROVED, [key.hex, index])


def forget(response: HttpResponse) -> HttpResponse:
    for name in (ASKED, PROVED):
        response.delete_cookie(_cookie(name), path="/", samesite="Lax")
    return response


def _held(request: HttpRequest, name: str) -> list[Any]:
    try:
        held: list[Any] = signing.loads(request.COOKIES.get(_cookie(name), ""), salt=f"shuoshi.{name}", max_age=LASTS)
    except signing.BadSignature:
        return []
    return held


def _keep(response: HttpResponse, name: str, held: list[Any]) -> HttpResponse:
    response.set_cookie(
        _cookie(name),
        signing.dumps(held, salt=f"shuoshi.{name}"),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def _cookie(name: str) -> str:
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name
