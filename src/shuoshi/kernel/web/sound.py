"""Recordings as answers: a player asks for a part to begin in the middle, no cache keeps them, and nothing in them runs."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from shuoshi.kernel.sounds import NOT_PLAYED

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def sound(request: HttpRequest, data: bytes, media_type: str) -> HttpResponse:
    """The whole, or the one part that was asked for; several parts at once are answered with the whole (RFC 9110, 14.2)."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    part = _part(found[1], found[2], len(data)) if found else (0, len(data))
    if part is None:
        answer = HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    else:
        begin, end = part
        whole = found is None or found[0] == "bytes=-"
        answer = HttpResponse(data[begin:end], content_type=media_type, status=200 if whole else 206)
        if not whole:
            answer["Content-Range"] = f"bytes {begin}-{end - 1}/{len(data)}"
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Disposition"] = "attachment" if media_type in NOT_PLAYED else "inline"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _part(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Where it begins and ends; None for one that lies outside."""
    if not first:
        return (max(0, size - int(last)), size) if last and int(last) else (None if last else (0, size))
    begin = int(first)
    end = min(int(last) + 1, size) if last else size
    return (begin, end) if begin < end else None
