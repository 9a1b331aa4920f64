"""Before the disk is full copies stop, then photos, and both go on by themselves; what is full is not what is broken."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from shuoshi.kernel import clock, drafts, room, steady
from shuoshi.kernel.copies import targets
from shuoshi.kernel.steady import Kind
from shuoshi.kernel.web import uploads
from shuoshi.kernel.web.refusals import RefusalMiddleware
from tests.portal.resident import photo

GIB = 1024**3
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Say how large every disk is, and how much of it is free."""

    def say(total: int, free: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(total, total - free, free))

    return say


@pytest.mark.parametrize(
    ("total", "free", "copies", "uploads"),
    [
        (500 * GIB, 3 * GIB, True, True),
        (500 * GIB, GIB * 3 // 2, False, True),
        (500 * GIB, GIB - 1, False, False),
        (10 * GIB, GIB * 9 // 10, False, True),  # of a small disk a share, not a fixed amount
        (10 * GIB, GIB * 4 // 10, False, False),
    ],
)
def test_copies_stop_before_photos(
    disk: Callable[[int, int], None], tmp_path: Path, total: int, free: int, copies: bool, uploads: bool
) -> None:
    disk(total, free)
    assert (room.for_copies(tmp_path / "not" / "yet"), room.for_uploads()) == (copies, uploads)
    if not copies:
        with pytest.raises(targets.Full):
            targets.Folder(tmp_path).put("name", b"x")
        assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_forms_refuse_photos_beside_the_field_and_take_them_again(disk: Callable[[int, int], None]) -> None:
    disk(500 * GIB, 0)
    token = drafts.new_token()
    assert uploads.keep(token, [photo()], 5) == [room.no_uploads()] and not drafts.files(token)
    disk(500 * GIB, 400 * GIB)
    assert uploads.keep(token, [photo()], 5) == [] and len(drafts.files(token)) == 1


@pytest.mark.django_db
def test_administrators_are_told_until_there_is_room_again(disk: Callable[[int, int], None]) -> None:
    for free, standing in ((0, True), (0, True), (400 * GIB, False)):
        disk(500 * GIB, free)
        steady.look_at_disk(clock.now())
        steady.forget()
        found = [one for one in steady.alarms() if one.kind is Kind.DISK_FULL]
        assert [one.count for one in found] == ([1] if standing else [])


def test_a_full_disk_is_told_from_one_that_is_broken(tmp_path: Path) -> None:
    assert room.is_full(OSError(errno.ENOSPC, "no space left"))
    assert not room.is_full(OSError(errno.EIO, "broken"))
    assert not room.is_full(ValueError())
    assert not room.is_full(None)
    base = sqlite3.connect(tmp_path / "base")
    base.execute("CREATE TABLE t (x)")
    base.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        base.execute("INSERT INTO t VALUES (zeroblob(100000))")
    said = OperationalError(*full.value.args)
    said.__cause__ = full.value
    assert room.is_full(said)
    assert not room.is_full(OperationalError("locked"))


@pytest.mark.django_db
def test_a_server_of_postgresql_that_is_full_is_known_by_its_code() -> None:
    if connection.vendor != "postgresql":
        return
    with pytest.raises(OperationalError) as full, connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'disk' USING ERRCODE = '53100'; END $$")
    assert room.is_full(full.value)


@pytest.mark.django_db
def test_the_page_of_a_full_disk_has_what_was_typed() -> None:
    request = RequestFactory().post("/submit/what/", {"what": "水管漏了，从早流到晚。"})
    request.COOKIES = {}
    answer = RefusalMiddleware(lambda request: HttpResponse()).process_exception(
        request, OSError(errno.ENOSPC, "no space left")
    )
    assert answer is not None and answer.status_code == 507
    assert "水管漏了，从早流到晚。" in answer.content.decode() and "没有存下" in answer.content.decode()
