"""Casting: from a mould and a plan to the finished lines of one matter, under keys of its own. Writes nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from django.db import models

from shuoshi.demo.generating.days import Days, local_date, written
from shuoshi.demo.generating.moulds import Mould
from shuoshi.demo.generating.pictures import picture
from shuoshi.demo.generating.plan import Cast
from shuoshi.demo.residents import name
from shuoshi.kernel import blind, bulk, crypto, ids
from shuoshi.kernel.events import Event
from shuoshi.kernel.outbox import Notice
from shuoshi.matters.actions.intake import tail

Values = list[str]

_REMEMBERED = 3000  # people who may come again
_STREETS = [
    "河边路",
    "新建路",
    "学堂路",
    "老街",
    "茶园路",
    "水库路",
    "集镇路",
    "祠堂巷",
    "桥头弄",
    "果园路",
    "工业路",
    "松山路",
]
_SIGHTS = [
    "小卖部",
    "变压器",
    "老樟树",
    "公交站",
    "晒谷场",
    "垃圾亭",
    "消防栓",
    "祠堂",
    "配电房",
    "文化礼堂",
    "水塔",
    "篮球场",
]


@dataclass
class Batch:
    """Finished lines of several matters, ready to be written."""

    lines: dict[type[models.Model], list[str]] = field(default_factory=lambda: defaultdict(list))
    words: dict[UUID, str] = field(default_factory=dict)  # what matters are found by
    pictures: list[tuple[str, bytes, bytes]] = field(default_factory=list)  # name, bytes, key


class Caster:
    """Casts moulds one after the other. Remembers who spoke, so that some speak again."""

    def __init__(
        self, moulds: Sequence[Mould], days: Days, number: Callable[[str, int], str], notices_since: str
    ) -> None:
        self._moulds, self._days, self._number, self._notices_since = moulds, days, number, notices_since
        self._spoke: deque[tuple[str, str]] = deque(maxlen=_REMEMBERED)

    def cast(self, given: Cast, batch: Batch) -> None:
        mould = self._moulds[given.mould]
        dice = Random(given.seed)  # noqa: S311 (what a copy says, no secret)
        values = [""] * mould.size
        self._times(mould, given, values)
        self._people(mould, values, dice)
        values[mould.number] = self._number(given.series, given.number)
        values[mould.tail] = tail(given.series, given.number)
        values[mould.where] = f"，{dice.randrange(1, 200)}号"
        values[mould.detail] = f"{dice.choice(_STREETS)}{dice.randrange(1, 200)}号，{dice.choice(_SIGHTS)}旁边。"
        keys = _wrapped(mould, values)
        _seal(mould, values, keys)
        for place, which in mould.pictures:
            values[place] = secrets.token_hex(16)
            batch.pictures.append((values[place], picture(which)[0], keys[mould.matter]))
        _tell(mould, values)
        for model, lines in mould.lines.items():
            batch.lines[model].append(lines.filled(values))
        batch.lines[Event].append(mould.told.filled(values))
        for line, old_from in mould.notices:
            if values[old_from] >= self._notices_since:
                batch.lines[Notice].append(line.filled(values))
        if mould.words is not None:
            batch.words[UUID(values[mould.matter])] = mould.words.filled(values)

    def _times(self, mould: Mould, given: Cast, values: Values) -> None:
        """Moments, days, and keys, which begin with the moment they are from and sort like those they stand for."""
        moved: dict[int, int] = {}

        def to(moment: int) -> int:
            if moment not in moved:
                moved[moment] = self._days.moved(moment, given.by, given.bend)
            return moved[moment]

        for place, moment in mould.moments:
            values[place] = written(to(moment))
        for place, moment in mould.dates:
            values[place] = local_date(to(moment))
        for (place, moment), ending in zip(mould.keys, ids.tails(len(mould.keys)), strict=True):
            values[place] = str(ids.made(to(moment) // 1000, ending))

    def _people(self, mould: Mould, values: Values, dice: Random) -> None:
        """Names and numbers of those who are new; in place of somebody known, somebody who spoke lately."""
        for place in mould.names:
            values[place] = name(dice)
        for place, index in mould.phones:
            values[place] = f"000{dice.randrange(10**8):08d}"  # numbers nobody can own, see people.phones
            values[index] = blind.index("phone", values[place])
        if mould.speaker is not None:
            person, contact = mould.speaker
            self._spoke.append((values[person], values[contact]))
        if mould.known is not None:
            person, contact = mould.known
            values[person], values[contact] = dice.choice(self._spoke) if self._spoke else mould.known_before


def _wrapped(mould: Mould, values: Values) -> dict[int, bytes]:
    """New data keys by the place of their holder's key; wrapped they stand in the rows."""
    keys: dict[int, bytes] = {}
    for place, holder in mould.holders:
        keys[holder] = secrets.token_bytes(32)
        values[place] = crypto.wrapped(keys[holder]).hex()
    return keys


def _seal(mould: Mould, values: Values, keys: dict[int, bytes]) -> None:
    """Texts under the new keys, with fresh commitments."""
    for one in mould.sealed:
        aad, text = one.aad.filled(values).encode(), one.text.filled(values)
        sealed, values[one.commitment_at] = crypto.committed(keys[one.holder], aad, text)
        values[one.bytes_at] = sealed.hex()
    for place in mould.forgotten:  # a text that was corrected since: only its commitment is left
        values[place] = hashlib.sha256(secrets.token_bytes(64)).hexdigest()


def _tell(mould: Mould, values: Values) -> None:
    """Payloads and hashes of the events, each chained to the one before."""
    for told in mould.events:
        values[told.hash_at] = hashlib.sha256(told.content.filled(values).encode()).hexdigest()
        values[told.payload_at] = bulk.quoted(told.payload.filled(values))
