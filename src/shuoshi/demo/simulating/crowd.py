"""Who speaks in a simulated year, of what, and when: the voices of the demo many times over, by dice. Nothing acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from shuoshi.demo.build import AGAIN, TURNS, may_befall
from shuoshi.demo.residents import Resident, Residents, name
from shuoshi.demo.stories import Voice, voices
from shuoshi.demo.timetable import Timetable
from shuoshi.matters.vocabulary import EMERGENCIES, Channel

BEFALLEN = 0.5  # of ordinary matters something happens to so many on their way
LATE = 0.12  # of those, answered later than promised
AT_NIGHT = 0.45  # of emergencies
AT_WEEKENDS = 0.2  # of what comes in online
KNOWN = 0.2  # speak who spoke before
NEVER_ENDS = ("stalled", "suspected_new", "unchecked")  # stories that the demo breaks off
NIGHT = (19.0, 30.5)  # hours of a day, the second being half past six of the next


class Crowd(Residents):
    """As many residents as are needed; a name may be that of another, a number never is."""

    def __init__(self, dice: Random) -> None:
        super().__init__(dice)
        self._last = 0

    def somebody(self, village: str, *, known: bool = True) -> Resident:
        neighbours = self._known[village]
        if known and neighbours and self._dice.random() < KNOWN:
            return self._dice.choice(neighbours)
        self._last += 1
        resident = Resident(name(self._dice), f"138{self._last:08d}")
        neighbours.append(resident)
        return resident


def heard(count: int, days: list[date], times: Timetable, dice: Random) -> list[tuple[Voice, datetime]]:
    """`count` voices, each with the moment it is heard, spread over the working days and the nights between them."""
    told = [voice for voice in voices() if _comes_to_an_end(voice)]
    chosen = (_befallen(dice.choice(told), dice) for _each in range(count))
    return sorted(((voice, _when(voice, days, times, dice)) for voice in chosen), key=lambda pair: pair[1])


def _comes_to_an_end(voice: Voice) -> bool:
    broken_off = any(path.startswith(NEVER_ENDS) for path in voice.paths)
    return not broken_off and not any(want.unfinished for want in voice.wants)


def _befallen(voice: Voice, dice: Random) -> Voice:
    if voice.takes("parked"):
        return replace(voice, paths=voice.paths - {"parked"} | {"struck_off"})
    if not may_befall(replace(voice, paths=voice.paths - {"recent"})) or dice.random() > BEFALLEN:
        return voice
    if dice.random() < LATE:
        return replace(voice, paths=frozenset({"late"}))
    # a suggestion is answered again by another person only, which one department of the town cannot do
    turns = {turn: weight for turn, weight in TURNS.items() if turn not in AGAIN or voice.family.category[0] != "C"}
    (turn,) = dice.choices(list(turns), weights=list(turns.values()))
    return replace(voice, paths=frozenset({turn}))


def _when(voice: Voice, days: list[date], times: Timetable, dice: Random) -> datetime:
    day = dice.choice(days)
    if voice.urgency in EMERGENCIES and not voice.suspected:
        if dice.random() < AT_NIGHT:
            evening = times.at_hour(day, 0, 0.1)
            return evening + timedelta(hours=dice.uniform(*NIGHT))
    elif voice.channel == Channel.ONLINE and not voice.suspected:
        if dice.random() < AT_WEEKENDS:
            day += timedelta(days=dice.randrange(2))
        return times.at_hour(day, 6.8, 21.9)
    return times.office_moment(day)
