"""An empty database on SQLite, made once for the migrations there are: making it takes longer than most tests.

Kept beside the other caches, named by all it was made from; PostgreSQL makes its own in every run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import django
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".pytest_cache"
_MADE_FROM = ("src/shuoshi/*/migrations/*.py", "src/shuoshi/kernel/**/*.py", "tests/kernel/rows/*.py")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What lies at the place of the test database is taken; the home of the run goes with the run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Lay the empty database where Django will look for it."""
    if connection.vendor == "sqlite" and _kept().exists():
        shutil.copy(_kept(), _place())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Keep what was made, for the next run."""
    if connection.vendor != "sqlite" or _kept().exists():
        return
    CACHE.mkdir(exist_ok=True)
    for old in CACHE.glob("migrated-*.sqlite3"):
        old.unlink(missing_ok=True)
    unfinished = CACHE / f"{os.getpid()}.unfinished"
    with closing(sqlite3.connect(_place())) as found:
        found.execute("VACUUM INTO ?", [str(unfinished)])
    unfinished.replace(_kept())


def _place() -> Path:
    return Path(str(connection.settings_dict["TEST"]["NAME"]))


def _kept() -> Path:
    made_from = hashlib.sha256(django.__version__.encode())
    for path in sorted(path for pattern in _MADE_FROM for path in ROOT.glob(pattern)):
        made_from.update(path.read_bytes())
    return CACHE / f"migrated-{made_from.hexdigest()[:16]}.sqlite3"
