"""What an operator types: a copy, the sheet, the check, and a new home with everything in it, or a sentence why not."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import pytest

from shuoshi.config import restoring
from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db, pytest.mark.drill(15), pytest.mark.once]

CODE = re.compile(r"((?:[2-9A-HJ-NP-Z]{5}  ){3}[2-9A-HJ-NP-Z]{5})\n((?:[2-9A-HJ-NP-Z]{5}  ){3}[2-9A-HJ-NP-Z]{5})")


@contextmanager
def database_of(office: Installation) -> Iterator[sqlite3.Connection]:
    """Committed and closed at the end: a file of it that goes later must not go while a test copies the home."""
    with closing(sqlite3.connect(office.home / "shuoshi.sqlite3")) as base, base:
        yield base


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A home without an institution, on SQLite: what is tried here is the way, not the rows."""
    folder = tmp_path_factory.mktemp("office")
    office = Installation(folder, database="", built=False)
    office.run("shuoshi", "init")
    with database_of(office) as base:
        base.execute("INSERT INTO kernel_counter (series, last) VALUES ('matters', 7)")
    return office


@pytest.fixture(scope="module")
def shares(made: Installation) -> list[str]:
    printed = made.run("shuoshi", "recovery-sheet", "--shares")
    return [" ".join(pair) for pair in CODE.findall(printed)]


@pytest.fixture(scope="module")
def folder(made: Installation, shares: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("usb") / "copies"
    made.run("shuoshi", "backup", str(place))
    return place


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "fresh", database="", built=False)


@pytest.mark.slow
def test_a_new_home_comes_back_with_two_of_three_shares(
    made: Installation, folder: Path, shares: list[str], fresh: Installation
) -> None:
    done = fresh.attempt(
        "shuoshi", "restore", str(folder), typed=f"{shares[0][:-1]}\n{shares[2]}\n{shares[1].lower()}\n"
    )
    assert done.returncode == 0, done.stderr
    assert "40 are printed" in done.stderr, "the slip in the first is said, and it is asked again"
    assert "This is share 3" in done.stderr
    keys = {path.name: path.read_bytes() for path in (made.home / "keys").iterdir()}
    assert keys == {path.name: path.read_bytes() for path in (fresh.home / "keys").iterdir()}
    assert (fresh.home / "kind").read_text() == "real\n"
    assert (fresh.home / "recovery").exists(), "later copies of the new home carry its keys as before"
    assert "(real)" in fresh.run("shuoshi", "check")
    with database_of(fresh) as base:
        assert base.execute("SELECT series, last FROM kernel_counter").fetchall() == [("matters", 7)]
    assert {path.stat().st_mode & 0o077 for path in (fresh.home, *fresh.home.rglob("*"))} == {0}
    again = fresh.attempt("shuoshi", "restore", str(folder))
    assert again.returncode != 0 and "not empty" in again.stderr and "new folder" in again.stderr


@pytest.mark.slow
def test_a_wrong_sheet_and_a_missing_one_are_said_and_nothing_is_left(
    made: Installation, folder: Path, fresh: Installation, tmp_path: Path, shares: list[str]
) -> None:
    codes = tmp_path / "codes.txt"
    codes.write_text("\n".join([shares[0], shares[1][:-1] + ("2" if shares[1][-1] != "2" else "3")]))
    refused = fresh.attempt("shuoshi", "restore", str(folder), "--recovery", str(codes))
    assert refused.returncode != 0 and "Group 8" in refused.stderr
    codes.write_text(shares[0])
    refused = fresh.attempt("shuoshi", "restore", str(folder), "--recovery", str(codes))
    assert refused.returncode != 0 and "another one of it" in refused.stderr
    bare = tmp_path / "bare"
    shutil.copytree(folder, bare)
    (bare / "keys").unlink()
    refused = fresh.attempt("shuoshi", "restore", str(bare))
    assert refused.returncode != 0 and "has no keys" in refused.stderr
    assert not (fresh.home / "keys").exists()
    fresh.home.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(made.home / "keys", fresh.home / "keys")
    assert "came back" in fresh.run("shuoshi", "restore", str(bare)), "keys laid there by hand serve as well"


@pytest.mark.slow
def test_a_check_proves_a_copy_and_names_what_is_wrong(made: Installation, folder: Path, tmp_path: Path) -> None:
    assert "is good" in made.run("shuoshi", "restore", str(folder), "--check")
    assert not list((made.home / "tmp").iterdir())
    with database_of(made) as base:
        assert base.execute(
            "SELECT count(*) FROM kernel_copy WHERE checked_at NOT NULL AND check_problem = ''"
        ).fetchone() == (1,)
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    part = sorted((broken / "parts").rglob("rows-*"))[-1]
    part.unlink()
    found = made.attempt("shuoshi", "restore", str(broken), "--check")
    assert found.returncode == 1 and f"{part.name} is missing" in found.stderr


def test_a_sheet_is_printed_where_it_can_be_and_else_no_new_key_is_made(made: Installation, tmp_path: Path) -> None:
    office = Installation(tmp_path / "office", database="", built=False)
    shutil.copytree(made.home, office.home)
    (office.home / "recovery").unlink(missing_ok=True)
    refused = office.attempt("shuoshi", "recovery-sheet", "--page", str(tmp_path / "nowhere" / "sheet.html"))
    assert refused.returncode == 1 and "--page - > FILE" in refused.stderr
    assert not (office.home / "recovery").exists()
    page = office.run("shuoshi", "recovery-sheet", "--page", "-")
    assert page.startswith("<!doctype html>") and "<svg" in page and page.rstrip().endswith("</html>")
    sheet = tmp_path / "sheet.html"
    again = office.attempt("shuoshi", "recovery-sheet", "--page", str(sheet), typed="y\n")
    assert again.returncode == 0 and "<svg" in sheet.read_text("utf-8") and sheet.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_check_without_a_home_needs_the_sheet_only(folder: Path, fresh: Installation, shares: list[str]) -> None:
    done = fresh.attempt("shuoshi", "restore", str(folder), "--check", "--recovery", "-", typed="\n".join(shares[1:]))
    assert done.returncode == 0 and "is good" in done.stdout, done.stderr
    assert not fresh.home.exists()


@pytest.mark.slow
def test_a_restore_that_was_broken_off_serves_nobody(made: Installation, folder: Path, fresh: Installation) -> None:
    fresh.home.mkdir(mode=0o700)
    shutil.copytree(made.home / "keys", fresh.home / "keys")
    (fresh.home / "restoring").touch()
    for words in (["run"], ["check"], ["restore", str(folder)]):
        refused = fresh.attempt("shuoshi", *words)
        assert refused.returncode != 0 and "did not come to its end" in refused.stderr


@pytest.mark.slow
def test_a_copy_of_a_demo_comes_back_as_a_demo(made: Installation, fresh: Installation, tmp_path: Path) -> None:
    demo = Installation(tmp_path / "demo", database="", built=False)
    shutil.copytree(made.home, demo.home)
    (demo.home / "kind").write_text("demo\n")
    demo.run("shuoshi", "backup", str(tmp_path / "place"))
    fresh.home.mkdir(mode=0o700)
    shutil.copytree(made.home / "keys", fresh.home / "keys")
    fresh.run("shuoshi", "restore", str(tmp_path / "place"))
    assert (fresh.home / "kind").read_text() == "demo\n" and (fresh.home / "demo-complete").exists()
    assert not (fresh.home / "restoring").exists()


@pytest.mark.slow
def test_a_copy_of_a_newer_version_is_refused(made: Installation, fresh: Installation, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    with database_of(made) as base:
        base.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '0999_later', '2031-01-01')")
    try:
        made.run("shuoshi", "backup", str(newer))
    finally:
        with database_of(made) as base:
            base.execute("DELETE FROM django_migrations WHERE name = '0999_later'")
    fresh.home.mkdir(mode=0o700)
    shutil.copytree(made.home / "keys", fresh.home / "keys")
    refused = fresh.attempt("shuoshi", "restore", str(newer))
    assert refused.returncode != 0 and "kernel.0999_later" in refused.stderr


@pytest.mark.slow
def test_a_copy_of_an_older_version_is_brought_up_to_this_one(
    made: Installation, fresh: Installation, tmp_path: Path
) -> None:
    """Also the copy before an upgrade: the program is new then, and the database is not yet."""
    older = Installation(tmp_path / "older", database="", built=False)
    shutil.copytree(made.home, older.home)
    older.take_back()
    place = tmp_path / "place"
    older.run("shuoshi", "backup", str(place))
    fresh.home.mkdir(mode=0o700)
    shutil.copytree(made.home / "keys", fresh.home / "keys")
    assert "came back" in fresh.run("shuoshi", "restore", str(place))
    with database_of(fresh) as base:
        assert base.execute("SELECT count(*) FROM kernel_copy").fetchone() == (0,)


@pytest.mark.slow
def test_a_worker_copies_and_proves_by_itself_and_never_where_no_disk_is_plugged_in(
    made: Installation, folder: Path, tmp_path: Path
) -> None:
    office = Installation(tmp_path / "office", database="", built=False)
    shutil.copytree(made.home, office.home)
    forget(office)
    (office.home / "kind").write_text("new\n")
    worker = office.begin("shuoshi", "worker")
    try:
        assert waited_for(office, "1 = 1", of="kernel_workerbeat")
        assert not waited_for(office, "1 = 1", seconds=5)
        (office.home / "kind").write_text("real\n")  # as the first page does
        assert waited_for(office, "outcome = 'GOOD' AND checked_at NOT NULL AND check_problem = ''")
    finally:
        worker.terminate()
        worker.wait()
    assert [path.name for path in (office.home / "copies" / "copies").iterdir()]

    forget(office)  # else the next try would come in an hour
    office.environ["SHUOSHI_COPIES"] = str(tmp_path / "unplugged")
    worker = office.begin("shuoshi", "worker")
    try:
        assert waited_for(office, "outcome = 'FAILED' AND problem LIKE '%plugged in%'")
    finally:
        worker.terminate()
        worker.wait()
    assert not (tmp_path / "unplugged").exists()


def forget(office: Installation) -> None:
    with database_of(office) as base:
        base.execute("DELETE FROM kernel_copy")


def waited_for(office: Installation, condition: str, *, of: str = "kernel_copy", seconds: float = 180) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with database_of(office) as base:
            if base.execute(f"SELECT count(*) FROM {of} WHERE {condition}").fetchone()[0]:
                return True
        time.sleep(0.5)
    return False


def test_the_time_is_that_of_the_institution_and_a_day_means_its_end() -> None:
    day, minute = restoring.when("2026-11-24"), restoring.when("2026-11-24 13:30")
    assert day is not None and minute is not None
    assert day.isoformat() == "2026-11-24T23:59:59.999999+08:00"
    assert minute.isoformat() == "2026-11-24T13:30:00+08:00"
    abroad = restoring.when("2026-11-24T05:30:00+00:00")
    assert abroad == minute
    with pytest.raises(click.ClickException, match="no time"):
        restoring.when("yesterday")
