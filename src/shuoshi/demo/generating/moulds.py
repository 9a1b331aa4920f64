"""`Mould`: one matter of the demo as formats, ready to be cast. How it is read from what the actions wrote: making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models

from shuoshi.demo.generating.marks import Format


@dataclass(frozen=True)
class Sealed:
    """A text to seal: under the key of which holder, for which cell, and where its bytes and commitment go."""

    holder: int
    aad: Format
    text: Format
    bytes_at: int
    commitment_at: int


@dataclass(frozen=True)
class Told:
    """One event: what it is hashed over, its payload, and where both go."""

    content: Format
    payload: Format
    hash_at: int
    payload_at: int


@dataclass(frozen=True)
class Mould:
    """One matter of the demo, ready to be cast. Moments are microseconds, places the numbers of values to be given."""

    size: int  # of the list of values
    registered_at: int
    ends_at: int
    still: bool  # not over yet
    matter: int  # place of its key
    number: int
    tail: int
    where: int
    detail: int
    moments: Sequence[tuple[int, int]]  # place, moment
    dates: Sequence[tuple[int, int]]  # place, noon of the day
    keys: Sequence[tuple[int, int]]  # place, moment; in the order of the keys
    holders: Sequence[tuple[int, int]]  # place of its wrapped key, place of its own key
    names: Sequence[int]
    phones: Sequence[tuple[int, int]]  # place of the number, place of its index
    known: tuple[int, int] | None  # person and number of somebody who spoke before
    known_before: tuple[str, str]  # who that was in the demo
    speaker: tuple[int, int] | None  # the same of somebody who is new
    pictures: Sequence[tuple[int, int]]  # place of the file's name, which picture
    forgotten: Sequence[int]  # places of commitments to texts that others took the place of
    sealed: Sequence[Sealed]
    lines: Mapping[type[models.Model], Format]
    notices: Sequence[tuple[Format, int]]  # with the place of the moment from which on it is old
    events: Sequence[Told]
    told: Format  # the lines of the events
    words: Format | None  # what it is found by
