"""Drill 12: who carries off database, write-ahead log, files, logs and index, but not the keys, reads nobody's words."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from shuoshi.config.logs import PlainFormatter
from shuoshi.kernel.crypto import CryptoProblem
from shuoshi.matters import actions, terms
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Kind, Naming
from tests.support.village import ONLINE, Place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(12)]

WRITTEN_AHEAD = re.compile(r"-wal$|^[0-9A-F]{24}$")  # the names of SQLite's log and of PostgreSQL's segments
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(n: int) -> str:
    body = f"33022519700101{n:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def accepted(n: int) -> bool:
    """Of these the index holds the words, without numbers; what was said beside the content it never holds."""
    return n % 4 == 0


def plant(n: int) -> tuple[Intake, list[str]]:
    """A registration with five things that must not be found anywhere: name, phone, id, words, another's phone."""
    name = "".join(chr(0x5000 + (n * 37 + step * 911) % 0x3000) for step in range(3))
    phone, other, own = f"1394718{n:04d}", f"1376293{n:04d}", id_number(n)  # no rows of zeros: those lie elsewhere too
    words = f"东头第{n}户的秘密是藏在水缸底下"
    intake = Intake(
        channel=Channel.ONLINE,
        key=f"planted {n}",
        content=f"路口有车乱停，请打 {other}。" if accepted(n) else f"{words}，请打 {other}。",
        naming=Naming.NAMED,
        speaker=PersonSaid(name=name, phone=phone, id_number=own),
        demands=(f"{words}要保密",),
        place=words,
        files=(terms.FileGiven(f"{name}.jpg", f"{words}{phone}".encode(), "image/jpeg"),),
    )
    return intake, [name, phone, own, words, other]


class WriteAheadLog:
    """What PostgreSQL wrote to its log since this was made, byte for byte, as it lies in pg_wal."""

    def __init__(self) -> None:
        self._directory = Path(asked("SHOW data_directory")) / "pg_wal"
        self._bytes_a_segment = int(asked("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"))
        self._from = self._position()

    def since(self) -> Iterator[tuple[str, bytes]]:
        asked("SELECT pg_switch_wal()")  # all that was said is on the disk then
        position, until = self._from, self._position()
        while position < until:
            start = position % self._bytes_a_segment
            name = asked("SELECT pg_walfile_name('0/0'::pg_lsn + %s)", position)
            length = min(self._bytes_a_segment - start, until - position)
            yield name, (self._directory / name).read_bytes()[start : start + length]
            position += length

    def _position(self) -> int:
        return int(asked("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"))


def asked(sql: str, *values: object) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return str(cursor.fetchone()[0])


def everything_stored(log: WriteAheadLog | None) -> Iterator[tuple[str, bytes]]:
    """All that a thief could copy: every cell of every table, the database's own files, the file store."""
    if log is not None:
        yield from log.since()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for cell in row:
                    yield table, bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
    if connection.vendor == "sqlite":
        for path in Path(str(connection.settings_dict["NAME"])).parent.glob("*.sqlite3*"):
            yield path.name, path.read_bytes()
    for path in Path(settings.FILES).rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


@contextmanager
def logged() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(PlainFormatter("{levelname} {name}: {message}", style="{"))
    logging.getLogger().addHandler(handler)
    try:
        yield written
    finally:
        logging.getLogger().removeHandler(handler)


def test_none_of_two_hundred_planted_things_is_found(town: Place):
    planted: list[str] = []
    wal = WriteAheadLog() if connection.vendor == "postgresql" else None
    with logged() as log:
        for n in range(40):
            intake, things = plant(n)
            receipt = actions.register(intake, actor=ONLINE)
            planted += things
            if accepted(n):
                matter = Matter.objects.get(pk=receipt.matter_id)
                town.run("王芳", terms.Accept(kind=Kind.INTEREST_CLAIM, title="水缸"), matter)
    assert len(set(planted)) == 200
    assert list(Path(settings.FILES).rglob("*"))
    stored: dict[str, list[bytes]] = {"the log of the program": [log.getvalue().encode()]}
    for name, part in everything_stored(wal):
        stored.setdefault(name, []).append(part)
    lying = {name: b"\0".join(parts) for name, parts in stored.items()}
    in_clear = {name for name, content in lying.items() if b"planted 7" in content}
    assert "kernel_idempotencykey" in in_clear, "the search itself must find what does lie there in clear"
    assert any(WRITTEN_AHEAD.search(name) for name in in_clear), "in what was written ahead too"
    found = [(thing, name) for thing in planted for name, content in lying.items() if any_form(thing, content)]
    assert not found


def any_form(thing: str, content: bytes) -> bool:
    return any(form in content for form in forms(thing))


def forms(thing: str) -> tuple[bytes, ...]:
    escaped = thing.encode("unicode_escape")
    return (thing.encode(), thing.encode("utf-16-le"), *((escaped,) if escaped != thing.encode() else ()))


@pytest.mark.parametrize("column", ["content", "content, wrapped_key"])
def test_a_ciphertext_moved_to_another_matter_is_refused(town: Place, column: str):
    one, other = town.raise_matter(content="第一件"), town.raise_matter(content="第二件")
    sets = ", ".join(
        f"{name} = (SELECT {name} FROM (SELECT * FROM matters_matter) m WHERE m.number = %s)"
        for name in column.split(", ")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE matters_matter SET {sets} WHERE number = %s",
            [*[one.number] * (column.count(",") + 1), other.number],
        )
    with pytest.raises(CryptoProblem):
        _ = Matter.objects.get(pk=other.pk).content


def test_a_ciphertext_moved_to_another_column_is_refused(town: Place):
    matter = town.raise_matter(content="原话", place="村口")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matters_matter SET place = content WHERE number = %s", [matter.number])
    with pytest.raises(CryptoProblem):
        _ = Matter.objects.get(pk=matter.pk).place
