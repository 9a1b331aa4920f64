"""Files made this moment, as answers: kept by no cache, called by their number."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

PDF = "application/pdf"
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
