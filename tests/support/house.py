"""A town in a home of its own with nothing to complain of, for tests about what the house tells of itself."""

from __future__ import annotations

from collections import namedtuple
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shuoshi.desk import health
from shuoshi.desk.health import Line, State
from shuoshi.kernel import calendars, clock, keys, tasks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.copies import recovery
from shuoshi.kernel.copies.record import Copy, Outcome
from tests.support.village import Place

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """A home of its own, all in order: copies elsewhere, keys, a sheet."""
    home = tmp_path / "home"
    for folder in ("files", "keys", "copies"):
        (home / folder).mkdir(parents=True, mode=0o700)
    keys.create_missing(home / "keys")
    settings.HOME, settings.FILES, settings.KEYS = home, home / "files", home / "keys"
    settings.COPIES = "s3://bucket/shuoshi"
    recovery.make(home, clock.now(), shares=True)
    return home


@pytest.fixture
def well(home: Path, town: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A town on a machine with nothing to complain of, so that what a test breaks is all that is told."""
    tasks.run_round("w", {})
    copied(checked_at=clock.now())
    today = clock.local(clock.now()).year
    for year in (today, today + 1):
        calendars.make_official(year, [date(year, 10, 1)], [], actor=SYSTEM)
    monkeypatch.setattr("shutil.disk_usage", lambda place: Usage(500 << 30, 100 << 30, 400 << 30))
    return town


def copied(ago: timedelta = timedelta(hours=5), **columns: Any) -> Copy:
    begun = clock.now() - ago
    given = {"started_at": begun, "ended_at": begun, "outcome": Outcome.GOOD, "place": "/media/usb/shuoshi"}
    return Copy.objects.create(**given | columns)


def lines(town: Place) -> dict[str, Line]:
    return {line.name: line for line in health.everything(town.actor("管理员"))}


def wrong(town: Place) -> dict[str, State]:
    """All but what is always wrong here: the database of the tests waits for no disk."""
    found = lines(town)
    assert found.pop("断电时").state is State.BAD
    return {name: line.state for name, line in found.items() if line.state is not State.GOOD}
