"""Sheets of paper with printed lines, as a phone takes them."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import shuoshi.kernel.papers

FONTS = Path(shuoshi.kernel.papers.__file__).parent / "fonts"


def page(*lines: str) -> bytes:
    """A sheet on which these lines are printed, as a phone takes it: a little askew."""
    font = ImageFont.truetype(next(FONTS.glob("*.ttf")), 44)
    sheet = Image.new("RGB", (1100, 160 + 90 * len(lines)), "#f4f1e8")
    pen = ImageDraw.Draw(sheet)
    for n, line in enumerate(lines):
        pen.text((90, 70 + 90 * n), line, "#222222", font)
    out = io.BytesIO()
    sheet.rotate(1.2, fillcolor="#f4f1e8").save(out, "JPEG", quality=80)
    return out.getvalue()
