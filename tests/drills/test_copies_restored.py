"""Drill 15, copies: killed at random while they are made, brought back to three times, and across databases both ways."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shuoshi.kernel.copies import form
from tests.config.test_copying import CODE
from tests.support import lacking, postgres
from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(15), pytest.mark.slow]

KILLS = 10


@dataclass
class Office:
    """An installation, the folder of its copies, its sheet, and what it held at each restore point."""

    installation: Installation
    folder: Path
    codes: Path
    points: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def copies(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "copies").glob("copy-*"))

    def copy(self) -> None:
        self.installation.run("shuoshi", "backup", str(self.folder))

    def point(self) -> None:
        """A copy, and what was there when it was made."""
        self.copy()
        at = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%dT%H:%M:%S}"
        self.points.append((at, self.installation.count()))
        time.sleep(1.1)  # copies are told apart by the second

    def brought_back(self, folder: Path, *words: str, database: str | None = None) -> Installation:
        fresh = Installation(folder, database=database, built=False)
        done = fresh.attempt("shuoshi", "restore", str(self.folder), "--recovery", str(self.codes), *words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "whole" in fresh.run("shuoshi", "verify")
        return fresh


def opened(tmp_path: Path, database: str | None = None) -> Office:
    installation = Installation(tmp_path / "office", database=database)
    codes = tmp_path / "codes.txt"
    printed = installation.run("shuoshi", "recovery-sheet", "--shares")
    codes.write_text("\n".join(" ".join(pair) for pair in CODE.findall(printed)[1:]))
    return Office(installation, tmp_path / "copies", codes)


def broken_off(office: Office) -> int:
    """Copies that have parts and no manifest."""
    started = {path.name for path in (office.folder / "parts").glob("copy-*")}
    return len(started - set(office.copies))


def test_killed_at_random_it_leaves_no_copy_that_looks_good(tmp_path: Path):
    dice = random.Random(15)
    office = opened(tmp_path)
    office.installation.run("tests.support.elsewhere", "raise", "40")
    said = office.installation.run("shuoshi", "backup", str(office.folder))
    lasts = float(said.partition(" new), ")[2].partition(" s")[0])
    writer = office.installation.begin("tests.support.elsewhere", "raise", "1000")
    try:
        for _ in range(2 * KILLS):
            met = broken_off(office)
            child = office.installation.begin("shuoshi", "backup", str(office.folder))
            while broken_off(office) == met and child.poll() is None:
                time.sleep(0.01)
            time.sleep(dice.uniform(0, 0.7 * lasts))
            child.kill()
            child.wait()
            if broken_off(office) >= KILLS:
                break
        assert broken_off(office) >= KILLS // 2, "the kills met no copy on its way"
        for name in dice.sample(office.copies, min(3, len(office.copies))):
            at = f"{form.time_of(name):%Y-%m-%dT%H:%M:%S}+00:00"
            found = office.installation.run("shuoshi", "restore", str(office.folder), "--at", at, "--check")
            assert f"{name} is good" in found
        office.copy()
    finally:
        writer.kill()
        writer.wait()
    assert "is good" in office.installation.run("shuoshi", "restore", str(office.folder), "--check")
    office.copy()
    counted = office.installation.count()
    assert office.brought_back(tmp_path / "fresh").count() == counted
    assert counted["files"] == counted["attached"] > 40


def test_three_times_come_back_each_as_it_was(tmp_path: Path):
    office = opened(tmp_path)
    for _ in range(3):
        office.installation.run("tests.support.elsewhere", "raise", "5")
        office.point()
    office.installation.run("tests.support.elsewhere", "raise", "5")
    assert len({len(counted["matters"]) for _, counted in office.points}) == 3
    for n, (at, counted) in enumerate(office.points):
        fresh = office.brought_back(tmp_path / f"fresh-{n}", "--at", at)
        assert fresh.count() == counted
        assert counted["files"] == counted["attached"] == len(counted["matters"])
    refused = office.installation.attempt("shuoshi", "restore", str(office.folder), "--at", "2026-01-01", "--check")
    assert refused.returncode != 0 and all(name in refused.stderr for name in office.copies)


def test_a_server_on_a_home_that_came_back_goes_on_as_before(tmp_path: Path):
    office = opened(tmp_path)
    office.installation.run("tests.support.elsewhere", "raise", "3")
    office.point()
    fresh = office.brought_back(tmp_path / "fresh")
    fresh.start()
    try:
        fresh.run("tests.support.elsewhere", "raise", "2")
    finally:
        fresh.stop()
    counted = fresh.count()
    assert len(counted["matters"]) == 5, "what is registered now gets numbers of its own"
    assert "whole" in fresh.run("shuoshi", "verify")
    fresh.run("shuoshi", "backup", str(office.folder))
    assert office.brought_back(tmp_path / "again").count() == counted


def test_no_number_that_went_out_after_the_copy_is_given_again(tmp_path: Path):
    office = opened(tmp_path)
    office.installation.run("tests.support.elsewhere", "raise", "3")
    office.point()
    office.installation.run("tests.support.elsewhere", "raise", "4")
    before = set(office.installation.count()["matters"])
    fresh = office.brought_back(tmp_path / "fresh", "--at", office.points[0][0])
    fresh.run("tests.support.elsewhere", "raise", "4")
    now = set(fresh.count()["matters"])
    assert len(before & now) == 3, "those of the copy"
    assert len(now) == 7


@pytest.fixture
def server() -> Iterator[str]:
    """An empty database of PostgreSQL, also where the run itself is on SQLite."""
    if postgres.programs() is None:
        lacking.skip(postgres.REMEDY)
    with ExitStack() as stack:
        yield stack.enter_context(postgres.cluster())


def test_sqlite_comes_back_in_postgresql_and_that_in_sqlite(tmp_path: Path, server: str):
    office = opened(tmp_path, database="")
    office.installation.run("tests.support.elsewhere", "raise", "10")
    office.point()
    _, counted = office.points[0]
    there = office.brought_back(tmp_path / "postgresql", database=server)
    assert there.count() == counted
    there.run("tests.support.elsewhere", "raise", "2")
    assert "is good" in there.run("shuoshi", "restore", str(office.folder), "--check")
    there.run("shuoshi", "backup", str(office.folder))
    assert "is good" in there.run("shuoshi", "restore", str(office.folder), "--check")
    back = office.brought_back(tmp_path / "sqlite", database="")
    assert back.count() == there.count() and len(back.count()["matters"]) == len(counted["matters"]) + 2
    refused = office.installation.attempt("shuoshi", "restore", str(office.folder))
    assert refused.returncode != 0


def test_a_database_that_holds_something_is_not_filled(tmp_path: Path, server: str):
    office = opened(tmp_path, database="")
    office.copy()
    office.brought_back(tmp_path / "first", database=server)
    second = Installation(tmp_path / "second", database=server, built=False)
    refused = second.attempt("shuoshi", "restore", str(office.folder), "--recovery", str(office.codes))
    assert refused.returncode != 0 and "database at DATABASE_URL is not empty" in refused.stderr
