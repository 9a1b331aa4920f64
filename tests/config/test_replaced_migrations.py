"""One migration stands for those that led to it; databases and copies that stopped half way along the old ones go on."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from shuoshi.kernel.copies import schema
from tests.support.elsewhere import ROOT, Installation

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHOLE, HALF_WAY = ("matters", "0001_whole_procedure"), "0013_supervision"


def as_of_then() -> list[list[str]]:
    """The migrations of a database of that time."""
    loader = MigrationLoader(connection)
    left = {WHOLE} | {key for key in loader.disk_migrations if key[0] == "matters" and key[1] > HALF_WAY}
    left |= {
        key for key in loader.disk_migrations if key[0] in ("channels", "listing", "meetings")
    }  # came after all these
    return [list(key) for key in loader.disk_migrations if key not in left]


def test_half_of_what_was_replaced_is_taken_singly() -> None:
    then, now = schema.models_at(as_of_then()), schema.models_at(schema.applied())
    assert "card" not in then.all_models["matters"] and "supervision" in then.all_models["matters"]
    assert "card" in now.all_models["matters"]


def test_all_of_it_is_the_one_that_replaces_it() -> None:
    """As a database has it that came all the way before there was one for them all."""
    loader = MigrationLoader(connection)
    replaced = loader.replacements[WHOLE].replaces
    along = [[app, name] for app, name in schema.applied() if (app, name) != WHOLE]
    assert {(app, name) for app, name in along} >= set(replaced)
    columns = [
        {
            (model._meta.db_table, field.column)
            for model in schema.models_at(names).get_models()
            for field in model._meta.fields
        }
        for names in (along, schema.applied())
    ]
    assert columns[0] == columns[1]


@pytest.mark.slow
def test_a_database_and_a_copy_of_that_time_come_up_to_this_one(tmp_path: Path) -> None:
    older = Installation(tmp_path / "older", database="", built=False)
    older.run("shuoshi", "init")
    (older.home / "shuoshi.sqlite3").unlink()
    (older.home / "prepared").unlink()
    script = (
        "from shuoshi.config import prepare; prepare.open_home()\n"
        "from shuoshi.kernel.copies import schema\n"
        f"schema.migrate_to({as_of_then()!r})"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=older.environ, check=True)
    assert "matters_card" not in _tables(older) and "matters_supervision" in _tables(older)

    place = tmp_path / "place"
    older.run("shuoshi", "backup", str(place))
    fresh = Installation(tmp_path / "fresh", database="", built=False)
    fresh.home.mkdir(mode=0o700)
    shutil.copytree(older.home / "keys", fresh.home / "keys")
    assert "came back" in fresh.run("shuoshi", "restore", str(place))
    older.run("shuoshi", "migrate", "--without-copy")

    assert _tables(older) == _tables(fresh)
    for office in (older, fresh):
        assert "matters_card" in _tables(office)
        assert "[ ]" not in office.run("django", "showmigrations", "--settings=shuoshi.config.settings")


def _tables(office: Installation) -> set[str]:
    with closing(sqlite3.connect(office.home / "shuoshi.sqlite3")) as base:
        return {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
