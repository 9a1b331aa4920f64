"""Files as answers, kept by no cache: made this moment and called by their number, or as somebody gave them."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_of(data: bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """A download; `inline` opens what we made ourselves in the browser, where it can be printed."""
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name)}"
    return private(answer)


def private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer


def stored(data: bytes, media_type: str) -> HttpResponse:
    """A file that somebody gave: shown when it is a picture, and never run or kept by the browser."""
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = "inline" if media_type.startswith("image/") else "attachment"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return private(answer)
