"""Which mould is cast for which day, and under which number: the spread of a real institution. Decided by dice; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from shuoshi.demo.generating.days import Days, local_date

PER_DAY = 80  # matters of a working day, where the days are not given
LEAST = 126  # working days, as the demo itself has
IN_HAND = 12  # working days: so long a matter is in hand, on the average


@dataclass(frozen=True, slots=True)
class Cast:
    """One matter to be: its mould, how many working days later, how its minutes wander, its number in its series."""

    mould: int
    by: int
    bend: float
    series: str  # the day of registration, YYYYMMDD
    number: int
    seed: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What the plan must know of a mould: its first and last moment, and whether it is still in hand."""

    registered_at: int
    ends_at: int
    still: bool


def days_for(matters: int) -> int:
    """Over how many working days so many matters are spread."""
    return max(LEAST, matters // PER_DAY)


def planned(
    shapes: Sequence[Shape], matters: int, span: int, days: Days, dice: Random, taken: Callable[[str], int]
) -> list[Cast]:
    """So many casts over the last `span` working days, in the order of registration and numbered in it.

    What is in hand stays in the last days: a clock that runs must not have run out years ago. `taken` says how many
    numbers of a day are taken already.
    """
    still = [place for place, shape in enumerate(shapes) if shape.still]
    over = [place for place, shape in enumerate(shapes) if not shape.still]
    in_hand = min(len(still) / len(shapes), IN_HAND / span)
    last = max(days.number(shape.ends_at) for shape in shapes)
    chosen: list[tuple[int, str, int, int, float]] = []
    for _each in range(matters):
        place = dice.choice(still) if over and still and dice.random() < in_hand else dice.choice(over or still)
        shape, bend = shapes[place], dice.uniform(0.85, 1.18)
        by = _by(shape, days, last, span, dice)
        at = days.moved(shape.registered_at, by, bend)
        chosen.append((at, local_date(at).replace("-", ""), place, by, bend))
    chosen.sort()
    numbers: Counter[str] = Counter()
    casts = []
    for _at, series, place, by, bend in chosen:
        if series not in numbers:
            numbers[series] = taken(series)
        numbers[series] += 1
        casts.append(Cast(place, by, bend, series, numbers[series], dice.getrandbits(48)))
    return casts


def _by(shape: Shape, days: Days, last: int, span: int, dice: Random) -> int:
    """What is over: anywhere from the first day on, so that it ends by the last one. What is in hand: only later."""
    begins, ends = days.number(shape.registered_at), days.number(shape.ends_at)
    least = 0 if shape.still else min(last - span + 1 - begins, last - ends)
    return dice.randint(least, last - ends)
