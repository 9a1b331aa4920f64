"""An upgrade of a real home begins with a copy; without one the database stays as it is, unless somebody insists."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.db import connection

from shuoshi.config import prepare
from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def office(tmp_path: Path) -> Installation:
    """A real home with matters, whose tables are those of an earlier version: the rows about copies are not there yet."""
    office = Installation(tmp_path / "office")
    office.run("tests.support.elsewhere", "raise", "2")
    take_back(office)
    return office


def take_back(office: Installation) -> None:
    office.take_back()
    (office.home / "prepared").unlink()
    assert pending(office)


def pending(office: Installation) -> list[str]:
    shown = office.run("django", "showmigrations", "kernel", "--settings=shuoshi.config.settings")
    return re.findall(r"\[ \] (\w+)", shown)


def copies(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "copies").glob("copy-*"))


@pytest.mark.slow
def test_it_is_copied_before_and_the_copy_comes_back(office: Installation, tmp_path: Path) -> None:
    place = office.home / "copies"
    said = office.run("shuoshi", "migrate")
    (name,) = copies(place)
    assert f"a copy of it goes to {place}" in said and f"{name}: " in said
    assert said.index(name) < said.index("Database up to date.")
    assert not pending(office)
    checked = office.run("shuoshi", "restore", str(place), "--check")
    assert f"{name} is good" in checked
    assert "copy" not in office.run("shuoshi", "migrate"), "nothing is pending any more"
    assert copies(place) == [name]
    fresh = Installation(tmp_path / "fresh", built=False)
    fresh.home.mkdir(mode=0o700)
    shutil.copytree(office.home / "keys", fresh.home / "keys")
    fresh.run("shuoshi", "restore", str(place))
    assert fresh.count() == office.count()


@pytest.mark.slow
def test_where_no_copy_can_be_made_nothing_is_changed_until_somebody_insists(
    office: Installation, tmp_path: Path
) -> None:
    unplugged = tmp_path / "usb" / "copies"
    office.environ["SHUOSHI_COPIES"] = str(unplugged)
    for words in (["migrate"], ["run"]):
        refused = office.attempt("shuoshi", *words)
        assert refused.returncode != 0
        assert "plugged in" in refused.stderr and "shuoshi migrate --without-copy" in refused.stderr
    assert pending(office) and not unplugged.exists()
    assert "copy" not in office.run("shuoshi", "migrate", "--without-copy")
    assert not pending(office)


@pytest.mark.slow
def test_a_start_after_an_upgrade_copies_to_the_place_of_the_nights_and_serves(
    office: Installation, tmp_path: Path
) -> None:
    place = tmp_path / "usb"
    office.environ["SHUOSHI_COPIES"] = str(place)
    office.run("shuoshi", "backup")
    office.start()
    office.stop()
    assert len(copies(place)) == 2 and not pending(office)
    assert "Before the database is brought up" in office.log()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["demo", "new"])
def test_a_demo_and_a_home_nobody_has_decided_about_have_nothing_to_lose(office: Installation, kind: str) -> None:
    (office.home / "kind").write_text(f"{kind}\n")
    assert "copy" not in office.run("shuoshi", "migrate")
    assert not (office.home / "copies").exists() and not pending(office)


@pytest.mark.slow
def test_a_first_start_that_was_broken_off_half_way_goes_on(tmp_path: Path) -> None:
    office = Installation(tmp_path / "office", built=False)
    office.run("shuoshi", "init")
    for app in ("kernel", "people"):
        office.run("django", "migrate", app, "zero", "--settings=shuoshi.config.settings")
    (office.home / "prepared").unlink()
    office.run("shuoshi", "migrate")
    assert not pending(office)


def test_an_empty_database_is_no_copy(tmp_path: Path) -> None:
    """Such as SQLite in a home whose rows lie in PostgreSQL, when DATABASE_URL is forgotten."""
    office = Installation(tmp_path / "office", database="", built=False)
    office.run("shuoshi", "init")
    (office.home / "shuoshi.sqlite3").unlink()
    refused = office.attempt("shuoshi", "backup", str(tmp_path / "usb"))
    assert refused.returncode != 0 and "DATABASE_URL" in refused.stderr
    assert not (tmp_path / "usb").exists()


def test_the_limits_of_statements_hold_again_for_the_server_that_follows() -> None:
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    if connection.vendor != "postgresql":
        with prepare._unhurried():
            assert connection.settings_dict["OPTIONS"].get("options") is None
        return
    before = limit()
    with prepare._unhurried():
        assert limit() == "0"
    assert limit() == before == "5s"
