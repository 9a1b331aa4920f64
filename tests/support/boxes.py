"""Suggestion boxes of the town, hung up and opened as people do it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from shuoshi.channels.boxes import actions, keeping
from shuoshi.channels.boxes.actions import OpeningGiven
from shuoshi.channels.boxes.keeping import BoxGiven
from shuoshi.channels.boxes.models import Box, Letter, Opening
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.intake import Intake
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel, Naming
from tests.support.village import Place


def hung(town: Place, unit: str = "柳湾村", **given: Any) -> Box:
    whole: dict[str, Any] = {
        "name": "柳湾村委会门口意见箱",
        "place": "村委会大门右边",
        "unit_id": town.units[unit].pk,
        "point_id": None,
        "every": 7,
    }
    return keeping.hang_up(BoxGiven(**whole | given), actor=SYSTEM)


def said(town: Place, found: int = 2, second: str = "钱监督", **given: Any) -> OpeningGiven:
    now = clock.now()
    whole: dict[str, Any] = {"at": now, "second": town.persons[second], "found": found, "key": uuid4().hex}
    return OpeningGiven(**whole | given)


def opened(town: Place, box: Box, found: int = 2, by: str = "王芳", **given: Any) -> Opening:
    return actions.open_(box.pk, said(town, found, **given), actor=town.actor(by))


def page_of(letter: Letter, words: bytes = b"page one") -> FileGiven:
    return FileGiven("信.jpg", b"\xff\xd8\xff " + words, "image/jpeg", b"\xff\xd8\xff small")


def written(key: str = "", **given: Any) -> Intake:
    """What somebody typed of a letter."""
    whole: dict[str, Any] = {
        "channel": Channel.BOX,
        "key": key or uuid4().hex,
        "content": "村口路灯坏了三天，没有人修。",
        "naming": Naming.ANONYMOUS,
    }
    return Intake(**whole | given)
