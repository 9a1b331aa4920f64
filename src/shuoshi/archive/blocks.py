"""Blocks of the press for what no template sets: covers, lists, pages with one picture. Sizes are points."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shuoshi.kernel.papers import press
from shuoshi.matters.papers import wording

Block = dict[str, Any]
A4 = {"width": 595.3, "height": 841.9, "top": 68, "bottom": 60, "left": 62, "right": 62, "header": 30, "footer": 28}
ROOM = A4["width"] - A4["left"] - A4["right"]
_TALL = A4["height"] - A4["top"] - A4["bottom"] - 60


def paragraph(
    text: str, size: float = 10.5, *, align: str = "left", face: str = "serif", before: float = 0, after: float = 4
) -> Block:
    runs = [_run(text, size, face)] if text else []
    return {"kind": "paragraph", "size": size, "align": align, "before": before, "after": after, "runs": runs}


def heading(text: str) -> Block:
    return paragraph(text, 16, align="center", face="heading", after=12)


def listing(columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], size: float = 8.5) -> Block:
    """A long list; widths in proportion."""
    cells = [str(cell) for row in (columns, *rows) for cell in row]
    wide = [width * ROOM / sum(widths) for width in widths]
    return {"kind": "listing", "size": size, "widths": wide, "runs": [{"text": cell} for cell in cells]}


def picture(data: bytes, format_: str, width: int, height: int) -> Block:
    """A picture as large as the page lets it be, and no larger than it is."""
    scale = min(ROOM / width, _TALL / height, 1.0)
    image = {
        "image": base64.b64encode(data).decode(),
        "format": format_,
        "width": width * scale,
        "height": height * scale,
    }
    return {"kind": "paragraph", "size": 10.5, "align": "center", "runs": [image]}


def pdf(body: Sequence[Block], title: str, at: datetime, *, footer: bool = False) -> bytes:
    """`footer`: the pages are numbered for themselves."""
    whole = {"page": A4, "header": [], "footer": [_foot()] if footer else [], "body": list(body)}
    return press.Blocks(whole, title=title, made_at=at).pdf().data


def numbers(count: int, at: datetime) -> bytes:
    """So many empty pages with a number on each, to be laid over others."""
    with wording.official():
        head = paragraph("", 8.5, align="right")
        head["runs"] = [_run(_("档页 "), 8.5), {"field": "page", "size": 8.5, "bold": False, "face": "serif"}]
    blank = paragraph("\u00a0", 6)
    body = [blank if place == 0 else {**blank, "new_page": True} for place in range(count)]
    whole = {"page": A4, "header": [head], "footer": [], "body": body}
    return press.Blocks(whole, made_at=at).pdf().data


def _foot() -> Block:
    foot = paragraph("", 9, align="center")
    with wording.official():
        page, of, end = _("第 "), _(" 页，共 "), _(" 页")
    field = {"size": 9, "bold": False, "face": "serif"}
    foot["runs"] = [
        _run(page, 9), {"field": "page", **field}, _run(of, 9), {"field": "numpages", **field}, _run(end, 9),
    ]  # fmt: skip
    return foot


def _run(text: str, size: float, face: str = "serif") -> Block:
    return {"text": text, "size": size, "bold": False, "face": face}
