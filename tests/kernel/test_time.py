"""The kernel's clock, and keys that sort by it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.ids import new_id

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_a_simulated_clock_stands_still_until_it_is_moved() -> None:
    with clock.simulated(NOON) as simulation:
        assert clock.now() == clock.now() == NOON
        simulation.move_to(NOON + timedelta(days=3))
        assert clock.now() == NOON + timedelta(days=3)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_simulations_nest_and_stay_in_their_thread() -> None:
    seen: list[datetime] = []
    with clock.simulated(NOON):
        with clock.simulated(NOON - timedelta(days=1)):
            assert clock.now() == NOON - timedelta(days=1)
        assert clock.now() == NOON
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert abs(seen[0] - datetime.now(UTC)) < timedelta(seconds=5)


def test_local_is_the_wall_clock_of_the_institution() -> None:
    assert f"{clock.local(NOON):%Y-%m-%d %H:%M}" == "2026-11-23 12:00"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        clock.local(datetime(2026, 11, 23))  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"), clock.simulated(datetime(2026, 11, 23)):  # noqa: DTZ001
        pass


def test_keys_sort_in_the_order_they_were_made() -> None:
    with clock.simulated(NOON):
        within_a_millisecond = [new_id() for _ in range(2000)]
    with clock.simulated(NOON + timedelta(milliseconds=1)):
        later = new_id()
    assert within_a_millisecond == sorted(within_a_millisecond)
    assert len(set(within_a_millisecond)) == 2000
    assert max(within_a_millisecond) < later


def test_a_key_has_the_layout_of_version_7() -> None:
    with clock.simulated(NOON):
        key = new_id()
    assert key.version == 7
    assert key.variant == "specified in RFC 4122"
    assert key.int >> 80 == int(NOON.timestamp() * 1000)
