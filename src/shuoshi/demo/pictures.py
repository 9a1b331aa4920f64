"""Small drawn pictures that stand for photographs in the demo: no camera, no place, no person ever was in them."""

from __future__ import annotations

import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from shuoshi.matters.terms import FileGiven

_SKIES = ("#cfe3f1", "#e8ecef", "#f4e3c8", "#b9c7d6")
_GROUNDS = ("#8a8f7c", "#a09684", "#77806e", "#9c9c9c")


def drawn(name: str, seed: int) -> FileGiven:
    """One picture out of a dozen: sky, ground, a wall and something that lies about."""
    number = seed % 12
    return FileGiven(name=name, data=jpeg(number, 960), media_type="image/jpeg", thumbnail=jpeg(number, 240))


def letter() -> FileGiven:
    """A sheet that somebody wrote on, in a hand nobody reads."""
    return FileGiven("信.jpg", _sheet(900), "image/jpeg", _sheet(220))


@cache
def _sheet(width: int) -> bytes:
    dice = Random(7)  # noqa: S311 (a picture, no secret)
    height, unit = width * 4 // 3, width / 26
    image = Image.new("RGB", (width, height), "#f6f1e2")
    draw = ImageDraw.Draw(image)
    for line in range(3, 14):
        y, signs = line * unit * 2.2, 20 if line < 13 else 6
        for place in range(3 if line > 3 else 1, signs):
            x = (place + 2) * unit
            for _stroke in range(4):
                a, b = dice.uniform(0, unit * 0.8), dice.uniform(0, unit)
                draw.line((x + a, y + b, x + dice.uniform(0, unit * 0.8), y + dice.uniform(0, unit)), fill="#2b3350")
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=70)
    return kept.getvalue()


@cache
def jpeg(number: int, width: int) -> bytes:
    """The drawing of one of the dozen, so many pixels wide."""
    dice = Random(number)  # noqa: S311 (a picture, no secret)
    height = width * 3 // 4
    image = Image.new("RGB", (width, height), dice.choice(_SKIES))
    draw = ImageDraw.Draw(image)
    horizon = int(height * dice.uniform(0.35, 0.55))
    draw.rectangle((0, horizon, width, height), fill=dice.choice(_GROUNDS))
    left = int(width * dice.uniform(0.05, 0.5))
    draw.rectangle((left, horizon // 2, left + width // 3, horizon + height // 6), fill="#d8d2c4", outline="#6f6a5f")
    for _stone in range(14):
        x, y = int(width * dice.random()), int(horizon + (height - horizon) * dice.random())
        size = int(width * dice.uniform(0.01, 0.04))
        draw.ellipse((x, y, x + size, y + size // 2), fill="#5d5a52")
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=70)
    return kept.getvalue()
