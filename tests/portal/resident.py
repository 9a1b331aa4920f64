"""Somebody at the residents' pages, and the photos they send."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shuoshi.matters import query_code
from shuoshi.matters.models import Matter

SAID = "柳湾村三组的自来水，最近半个月每天傍晚都没有水，希望早点修好。"


@dataclass
class Resident:
    """Somebody at the residents' pages, with the answers they typically give."""

    browser: Client

    def says(self, what: str = SAID, **more: Any) -> Any:
        return self.browser.post("/submit/what/", {"what": what, **more})

    def goes_through(self, what: str = SAID, *, who: dict[str, str] | None = None, **more: Any) -> None:
        """All pages up to the check."""
        assert self.says(what, **more).status_code == 302
        assert self.browser.post("/submit/where/", {"area": "", "place": "村口水井旁"}).status_code == 302
        answer = self.browser.post("/submit/who/", who or {"naming": "anonymous"})
        assert answer.status_code == 302, answer.content.decode()

    def sends(self) -> Matter:
        """The check, the press, and the matter that came of it."""
        answer = self.browser.post("/submit/check/")
        assert answer.status_code == 302, answer.content.decode()
        return Matter.objects.order_by("-registered_at", "-id")[0]

    def looks_up(self, number: str, code: str, **more: Any) -> Any:
        return self.browser.post("/track/", {"number": number, "code": code, **more})

    def opens(self, matter: Matter) -> str:
        """The tracking page of a matter, by its number and code."""
        answer = self.looks_up(matter.number, query_code.code_of(matter))
        assert answer.status_code == 302, answer.content.decode()
        return self.page(f"/track/{matter.number}/")

    def page(self, address: str) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return str(answer.content.decode())


def large_photo() -> bytes:
    """A picture as a telephone takes it: twelve million pixels, five megabytes."""
    data = io.BytesIO()
    Image.effect_noise((4000, 3000), 20).convert("RGB").save(data, "JPEG", quality=85)
    return data.getvalue()


def photo(name: str = "水龙头.jpg", *, size: tuple[int, int] = (64, 48), form: str = "JPEG") -> SimpleUploadedFile:
    """A picture of one colour, another one for each name."""
    data = io.BytesIO()
    Image.new("RGB", size, f"#{zlib.crc32(name.encode()) & 0xFFFFFF:06x}").save(data, form)
    return SimpleUploadedFile(name, data.getvalue(), f"image/{form.lower()}")
