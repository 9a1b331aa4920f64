"""Drill 12: who carries off database, write-ahead log, files, logs and index, but not the keys, reads nobody's words."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
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
    phone, other, own = f"1390000{n:04d}", f"1370000{n:04d}", id_number(n)
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


def everything_stored() -> Iterator[tuple[str, bytes]]:
    """All that a thief could copy: every cell of every table, the database's own files, the file store."""
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


def test_none_of_two_hundred_planted_things_is_found(town: Place):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(PlainFormatter("{levelname} {name}: {message}", style="{"))
    logging.getLogger().addHandler(handler)
    planted: list[str] = []
    try:
        for n in range(40):
            intake, things = plant(n)
            receipt = actions.register(intake, actor=ONLINE)
            planted += things
            if accepted(n):
                matter = Matter.objects.get(pk=receipt.matter_id)
                town.run("王芳", terms.Accept(kind=Kind.INTEREST_CLAIM, title="水缸"), matter)
    finally:
        logging.getLogger().removeHandler(handler)
    assert len(set(planted)) == 200
    assert list(Path(settings.FILES).rglob("*"))
    stored = list(everything_stored())
    whole = b"\0".join(cell for _, cell in stored) + log.getvalue().encode()
    assert b"planted 7" in whole, "the search itself must find what does lie there in clear"
    found = [thing for thing in planted if any(form in whole for form in forms(thing))]
    assert not found


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
