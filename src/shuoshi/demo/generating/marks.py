"""Text with places that are filled again and again: a value becomes a mark, and the finished text a format. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter

Thing = tuple[str, str]

_MARK = re.compile("\ue000(\\d+)\ue001")  # characters no text of the demo has


class Places:
    """The places of one mould, numbered as they are first asked for. A thing is what kind it is, and which one."""

    def __init__(self) -> None:
        self._numbers: dict[Thing, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, thing: Thing) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def mark(self, thing: Thing) -> str:
        """What stands in a text where this thing will stand."""
        return f"\ue000{self.number(thing)}\ue001"

    def of(self, kind: str) -> list[tuple[int, str]]:
        """All places of a kind: the number, and which one it is."""
        return [(number, which) for (known, which), number in self._numbers.items() if known == kind]


class Format:
    """A text whose marks are filled from a list of values; as fast as Python's own formatting is."""

    def __init__(self, marked: str) -> None:
        parts = _MARK.split(marked)
        self._text = "%s".join(part.replace("%", "%%") for part in parts[::2])
        self.places = tuple(int(number) for number in parts[1::2])
        self._values: Callable[[Sequence[str]], object] | None = itemgetter(*self.places) if self.places else None
        if self._values is None:
            self._text = "".join(parts)

    def filled(self, values: Sequence[str]) -> str:
        return self._text if self._values is None else self._text % self._values(values)
