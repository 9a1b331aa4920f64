"""1.3.4: clocks counted over a year nobody had published are counted once more when it is, and the resident is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from shuoshi.kernel import calendars, clock, holidays, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Audience, Channel, DeadlineKind, Status
from tests.support.village import Place

YEAR = clock.local(clock.now()).year + 2  # no library has it yet, whatever day it is
DAYS_OFF = [date(YEAR, 2, day) for day in range(1, 29) if date(YEAR, 2, day).weekday() < 5][2:7]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    calendars.forget()
    yield
    calendars.forget()


@pytest.fixture
def early_in_the_year() -> Iterator[clock.Simulation]:
    with clock.simulated(datetime(YEAR, 2, 1, 10, 0, tzinfo=clock.INSTITUTION_ZONE)) as simulation:
        yield simulation


def published(*days_off: date) -> None:
    """The year as it was guessed, and these days off besides."""
    calendars.make_official(YEAR, holidays.provisional(YEAR).holidays | set(days_off), [], actor=SYSTEM)


def open_clocks(matter: Matter) -> dict[str, tuple[datetime, bool]]:
    return {row.kind: (row.due_at, row.provisional) for row in matter.deadlines.filter(outcome=Outcome.OPEN)}


def test_dates_move_with_the_holidays_and_the_resident_reads_why(
    town: Place, early_in_the_year: clock.Simulation
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    before = open_clocks(matter)
    assert before[DeadlineKind.PROMISE][1] and matter.promised_by == before[DeadlineKind.PROMISE][0]
    assert actions.recount(clock.now()) == 0, "nothing is published yet"
    published(*DAYS_OFF)
    assert actions.recount(clock.now()) == 1
    matter = Matter.objects.get(pk=matter.pk)
    after = open_clocks(matter)
    assert set(after) == set(before) and not any(guessed for _due, guessed in after.values())
    assert after[DeadlineKind.PROMISE][0] > before[DeadlineKind.PROMISE][0]
    assert matter.promised_by == after[DeadlineKind.PROMISE][0]
    assert matter.next_due_at == min(due for kind, (due, _) in after.items() if kind != DeadlineKind.PROMISE)
    assert matter.entries.get(action=Action.RECOUNT).audience == Audience.PUBLIC
    assert matter.deadlines.get(kind=DeadlineKind.PROMISE, outcome=Outcome.VOID).successor.outcome == Outcome.OPEN
    assert list(verify()) == []


def test_a_program_by_which_somebody_spoke_hears_of_the_new_date(
    town: Place, early_in_the_year: clock.Simulation
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    Matter.objects.filter(pk=matter.pk).update(channel=Channel.PLATFORM)
    published(*DAYS_OFF)
    actions.recount(clock.now())
    [notice] = outbox.pending(outbox.Channel.PROGRAM)
    assert (notice.kind, notice.about_id) == (Action.RECOUNT, matter.pk)


def test_a_clock_is_counted_once_and_stays_where_the_year_changes_nothing(
    town: Place, early_in_the_year: clock.Simulation
) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    before = open_clocks(matter)
    published()
    assert actions.recount(clock.now()) == 1
    assert {kind: due for kind, (due, _) in open_clocks(matter).items()} == {k: due for k, (due, _) in before.items()}
    assert not matter.entries.filter(action=Action.RECOUNT).exists()
    assert actions.recount(clock.now()) == 0
    assert Event.objects.filter(stream_id=str(matter.pk), action=Action.RECOUNT).count() == 1


def test_what_reaches_into_the_next_unpublished_year_waits(town: Place, early_in_the_year: clock.Simulation) -> None:
    early_in_the_year.move_to(datetime(YEAR, 12, 30, 10, 0, tzinfo=clock.INSTITUTION_ZONE))
    matter = town.matter_in(Status.ASSIGNED)
    published(*DAYS_OFF)
    actions.recount(clock.now())
    promise = matter.deadlines.get(kind=DeadlineKind.PROMISE, outcome=Outcome.OPEN)
    assert promise.provisional and promise.due_at.year > YEAR
