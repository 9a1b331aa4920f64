"""The demo institution: the invented town, and about 300 matters taken through the real actions under a simulated clock.

Everything is decided by dice thrown from `seed` and the day, so that a day gives the same demo again. It is built in one
transaction: whole or not at all.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import translation

from shuoshi.demo import accounts
from shuoshi.demo.attending import Attending
from shuoshi.demo.crowd import Crowd
from shuoshi.demo.divided import Divided, Ends
from shuoshi.demo.emergencies import Drill, Roster
from shuoshi.demo.gathering import Gathering
from shuoshi.demo.issuing import Issuing
from shuoshi.demo.knowledge import Upkeep, fill
from shuoshi.demo.leaving import Leaving
from shuoshi.demo.looking import Looking
from shuoshi.demo.play import Play, Stage
from shuoshi.demo.posts import Succession
from shuoshi.demo.queue import Built, Progress, Queue
from shuoshi.demo.residents import Residents
from shuoshi.demo.stories import Voice, voices
from shuoshi.demo.telling import Telling
from shuoshi.demo.timetable import Timetable
from shuoshi.demo.town import build_town, content
from shuoshi.demo.visiting import Visiting
from shuoshi.demo.ways import Ways
from shuoshi.kernel import calendars, clock
from shuoshi.matters.vocabulary import EMERGENCIES, Channel, Naming, Urgency
from shuoshi.organization.profile import current
from shuoshi.people import passwords

DAYS_BACK = 126  # working days: half a year
RECENT = 7  # working days in which what is still in hand came in
FOUNDED_BEFORE = timedelta(days=20)  # the town stands this long before its first matter
STALLED = {  # where voices that came in lately are left lying, so that clocks turn yellow and red
    "stalled_accept": 1,
    "stalled_assign": 1,
    "stalled_sign": 1,
    "stalled_handling": 2,
    "stalled_follow_up": 1,
}
WAITING = {  # something waits for somebody's word, inside its time: how many such voices, and from how many days back
    "stalled_signing": (4, 5),
    "stalled_return": (2, 2),
    "stalled_report": (3, 6),
    "stalled_exit": (1, 4),
    "stalled_words": (6, 4),
    "stalled_conflict": (1, 3),
    "stalled_extension": (1, 3),
    "stalled_pause": (2, 4),
    "stalled_help": (1, 3),
    "stalled_review": (1, 16),
}
LONG = (70, 110)  # working days back where a story takes many weeks
TAKE_LONG = (
    "referred",
    "referred_on",
    "struck_off",
    "mediated",
    "mediated_oral",
    "mediated_bad",
    "mediated_ended",
    "reopened",
    "consents",
    "review_upheld",
    "review_changed",
)
PARKED_BACK = (25, 30)  # reviewed once since, and not due again
MERGED_BACK = 6  # handled far enough for another to say the same; it is in hand on the last day whatever the dice say
ABOVE_BACK = (23, 24, 25)  # working days in which two reworks end and the tier above has not assigned yet
RARELY = 50_000  # new objects between two looks for cycles; Python's own measure is 700
LATE = 18  # voices answered later than promised
TURNS = {  # what befalls voices whose file names no path, so that every row of the procedure is met several times
    "rework_once": 6,
    "info_added": 6,
    "reworded": 2,
    "nudged": 5,
    "urged": 2,
    "sent_back": 5,
    "report_returned": 4,
    "returned": 4,
    "changed": 3,
    "consents": 4,
    "consent_withdrawn": 2,
    "second_thoughts": 4,
    "reopened": 2,
    "review_upheld": 1,
    "review_changed": 1,
    "unreached": 3,
    "unrated": 3,
    "returned_refused": 2,
    "designated": 2,
    "withdrawal_revoked": 2,
    "withdrawn": 2,
    "conflict": 2,
    "helped": 3,
    "instructed": 2,
    "sponsored": 1,
    "ordered": 2,
    "ordered_objected": 1,
    "handed_over": 2,
    "entrusted": 2,
    "entrusted_revoked": 1,
    "entrusted_lapsed": 1,
    "conferred": 1,
    "put_above": 2,
    "put_above_refused": 1,
    "extended": 3,
    "extension_refused": 1,
    "paused": 2,
    "paused_word": 2,
    "exit_refused": 1,
    "exit_unruled": 2,
}
AGAIN = ("rework_once", "second_thoughts")  # the same person handles it again


def build(progress: Progress | None = None, today: date | None = None, seed: int = 1, every: int = 1) -> Built:
    """Fill an empty database with the demo as it stands on the morning of `today`, the last evening being its end.

    `every` takes one voice out of so many, for a small demo. Writes the way to sign in to `demo-accounts.json` in the home. Raises what the database raises; nothing is kept then.
    """
    day = today or clock.local(clock.now()).date()
    password = passwords.made_up()
    with translation.override("zh-hans"), collecting_rarely(), transaction.atomic():
        return _build(day, Random(f"{seed}:{day.isoformat()}"), every, password, progress or _quiet)  # noqa: S311 (dice for a story, no secret)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Millions of rows and statements die by themselves; looking for cycles among them took a sixth of the build."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def _build(day: date, dice: Random, every: int, password: str, progress: Progress) -> Built:
    times = Timetable(calendars.load(), dice)
    end = datetime.combine(day - timedelta(days=1), time(22, 30), clock.INSTITUTION_ZONE)
    days = times.working_days_back(end.date(), DAYS_BACK)
    founded = datetime.combine(days[0] - FOUNDED_BEFORE, time(9), clock.INSTITUTION_ZONE)
    with clock.simulated(founded) as simulation:
        town = build_town(password)
        accounts.keep(town, password)
        shelf = fill(town, days[-1])
        stage = Stage(town, times, dice, Residents(dice), current(), days[-1], shelf)
        queue = Queue(simulation, end, progress)
        queue.put(Upkeep(shelf, days))
        queue.put(Telling(town, days, Random(f"{day.isoformat()}:telling")))  # noqa: S311 (dice of its own)
        for number, given in enumerate(content()["came"], start=1):
            queue.put(Succession(stage, given, days, number))
        queue.put(Drill(stage, days, 901))
        queue.put(Roster(stage, days, 902))
        queue.put(Leaving(stage, days, 903))
        queue.put(Looking(stage, days, 905))
        queue.put(Issuing(stage, days, 950))
        queue.put(Ways(stage, days, 951))
        queue.put(Visiting(stage, days, 952))
        queue.put(Attending(stage, days, 953))
        queue.put(Gathering(stage, days, 954))
        for number, lately in ((903, False), (904, True)):
            own = Random(f"{day.isoformat()}:{number}")  # noqa: S311 (dice of its own)
            queue.put(Crowd(stage, days, number, own, lately=lately))
        for number, ends in enumerate(Ends, start=906):
            own = Random(f"{day.isoformat()}:{number}")  # noqa: S311 (dice of its own)
            queue.put(Divided(stage, days, number, own, ends))
        for number, (voice, start) in enumerate(_starts(voices()[::every], days, times, dice), start=1):
            queue.put(Play(voice, start, stage, number))
        return queue.run()


def _starts(told: tuple[Voice, ...], days: list[date], times: Timetable, dice: Random) -> list[tuple[Voice, datetime]]:
    """When each voice is heard: spread over the half year, more of them lately, what is still in hand in the last days."""
    older = [voice for voice in told if not voice.takes("recent")]
    late = [voice for voice in told if voice.takes("recent")]
    dice.shuffle(older)
    dice.shuffle(late)
    _befall(older, dice)
    found = []
    for place, voice in enumerate(older):
        share = place / len(older)
        # the last fifth falls into the last ten working days, so that replies are waiting to be rated
        back = round(10 * (1 - share) / 0.2) if share > 0.8 else 10 + round((0.8 - share) / 0.8 * (DAYS_BACK - 11))
        if any(voice.takes(path) for path in TAKE_LONG):
            back = dice.randrange(*LONG)
        elif voice.takes("parked"):
            back = dice.randrange(*PARKED_BACK)
        found.append((voice, _start(voice, days[-max(1, back)], times, dice)))
    stalls = [stall for stall, count in STALLED.items() for _each in range(count)]
    waits = [wait for wait, (count, _back) in WAITING.items() for _each in range(count)]
    dice.shuffle(waits)
    late.sort(key=lambda voice: not _plain(voice))  # what is left lying is nothing special
    for place, voice in enumerate(late):
        if place < len(stalls):
            voice = replace(voice, paths=voice.paths | {stalls[place]})
            back = dice.randrange(RECENT + 2, RECENT + 6)
        elif voice.takes("stalled_above"):
            back = dice.choice(ABOVE_BACK)
        elif voice.takes("suspected_new") or voice.takes("unchecked"):
            back = 1
        elif len(waits) and _may_wait(voice):
            wait = waits.pop()
            voice, back = replace(voice, paths=voice.paths | {wait}), WAITING[wait][1]
        elif voice.takes("stalled_follow_up"):
            back = RECENT - 1
        elif voice.also:
            back = MERGED_BACK
        elif voice.family.category[0] == "A":
            back = dice.choice((1, 1, 2))  # an enquiry is answered within two days
        else:
            longest = RECENT + (5 if voice.family.category[0] in "CD" else 2)  # whose limits are longer
            back = dice.choice((1, 1, 2, 2, *range(3, longest + 1)))
        found.append((voice, _start(voice, days[-back], times, dice)))
    return sorted(found, key=lambda pair: pair[1])


def _plain(voice: Voice) -> bool:
    return voice.paths == {"recent"} and not voice.about and not voice.complains and not voice.also


def _may_wait(voice: Voice) -> bool:
    return _plain(voice) and voice.urgency == Urgency.U4 and voice.naming == Naming.NAMED


def may_befall(voice: Voice) -> bool:
    """Whether its file names no path, so that one of TURNS may be given to it."""
    plain = not (voice.paths or voice.about or voice.complains or voice.also)
    ordinary = voice.naming == Naming.NAMED and voice.urgency == Urgency.U4
    return plain and ordinary and voice.family.category[0] in "BCD"


def _befall(older: list[Voice], dice: Random) -> None:
    """Give paths of TURNS to claims, suggestions and disputes that have none; as many as the share of voices allows."""
    plain = [place for place, voice in enumerate(older[: len(older) * 9 // 10]) if may_befall(voice)]
    for place in plain[:: max(1, len(plain) // LATE)]:  # one after the other, so that no month is without
        older[place] = replace(older[place], paths=frozenset({"late"}))
    plain = [place for place in plain if not older[place].paths]
    repeated = [turn for turn, count in TURNS.items() for _each in range(1, count)]
    dice.shuffle(repeated)
    turns = [*TURNS, *repeated]  # one of each first: where voices are few, only repetitions are left out
    chosen = dice.sample(plain, min(len(turns), len(plain) * 3 // 4))
    turns = sorted(turns[: len(chosen)], key=lambda turn: turn not in AGAIN)
    chosen.sort(key=lambda place: older[place].family.category[0] == "C")  # a suggestion is answered again by another
    for place, turn in zip(chosen, turns, strict=False):
        older[place] = replace(older[place], paths=frozenset({turn}))


def _start(voice: Voice, day: date, times: Timetable, dice: Random) -> datetime:
    if voice.channel == Channel.ONLINE and voice.urgency not in EMERGENCIES and not voice.takes("suspected_confirmed"):
        if dice.random() < 0.2:
            day += timedelta(days=dice.randrange(0, 2))  # residents write at weekends too
        return times.at_hour(day, 6.8, 21.9)
    return times.office_moment(day)
