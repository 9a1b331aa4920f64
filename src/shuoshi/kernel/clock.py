"""The one place that tells the time. Working days and office hours are in calendar; promises with a clock in clocks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

INSTITUTION_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, aware, in UTC. A verb reads it once, at its start."""
    simulation = _simulation.get()
    return simulation.at if simulation else datetime.now(UTC)


def local(at: datetime) -> datetime:
    """The same instant on the wall clock of the institution. Refuses a naive datetime."""
    return _aware(at).astimezone(INSTITUTION_ZONE)


def quarter_of(at: datetime) -> tuple[str, datetime]:
    """The quarter as 2026Q4, and its first moment."""
    day = local(at)
    first = 3 * ((day.month - 1) // 3) + 1
    return f"{day.year}Q{first // 3 + 1}", datetime(day.year, first, 1, tzinfo=INSTITUTION_ZONE)


class Simulation:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = _aware(at).astimezone(UTC)

    def move_to(self, at: datetime) -> None:
        """Let it be `at` from now on; going back is allowed, streams of events keep their own order."""
        self.at = _aware(at).astimezone(UTC)


@contextmanager
def simulated(at: datetime) -> Iterator[Simulation]:
    """Let everything in this thread (or task) see `at` as the time; for the demo institution and for tests."""
    token = _simulation.set(Simulation(at))
    try:
        simulation = _simulation.get()
        assert simulation is not None
        yield simulation
    finally:
        _simulation.reset(token)


_simulation: ContextVar[Simulation | None] = ContextVar("simulation", default=None)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone; instants are aware")
    return at
