"""A database that had no time is told from one that is broken, and costs nobody a word."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from shuoshi.kernel import busy
from shuoshi.kernel.web.refusals import RefusalMiddleware

SAID = "水管漏了，从早流到晚。"


def held_by_another(place: Path) -> OperationalError:
    """What Django raises when another writer does not let go of the file."""
    first, second = sqlite3.connect(place), sqlite3.connect(place, timeout=0)
    first.execute("CREATE TABLE t (x)")
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        second.execute("BEGIN IMMEDIATE")
    said = OperationalError(*locked.value.args)
    said.__cause__ = locked.value
    return said


def test_a_file_that_another_writer_holds_is_busy_and_one_that_is_broken_is_not(tmp_path: Path) -> None:
    assert busy.is_busy(held_by_another(tmp_path / "base"))
    (tmp_path / "broken").write_bytes(b"no database at all" * 100)
    with pytest.raises(sqlite3.DatabaseError) as broken:
        sqlite3.connect(tmp_path / "broken").execute("SELECT * FROM t")
    said = OperationalError("broken")
    said.__cause__ = broken.value
    assert not busy.is_busy(said)
    assert not busy.is_busy(ValueError()) and not busy.is_busy(None)


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "expected"), [("55P03", True), ("40P01", True), ("57014", True), ("58030", False)])
def test_a_server_says_by_its_code_whether_it_was_busy(code: str, *, expected: bool) -> None:
    if connection.vendor != "postgresql":
        return
    with pytest.raises(OperationalError) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")
    assert busy.is_busy(raised.value) is expected


@pytest.mark.django_db
def test_the_page_has_what_was_typed_and_says_when_to_try_again(tmp_path: Path) -> None:
    request = RequestFactory().post("/submit/what/", {"what": SAID})
    request.COOKIES = {}
    problem = held_by_another(tmp_path / "base")
    answer = RefusalMiddleware(lambda request: HttpResponse()).process_exception(request, problem)
    assert answer is not None and answer.status_code == 503 and answer["Retry-After"] == "5"
    assert SAID in answer.content.decode() and "请再试一次" in answer.content.decode()
