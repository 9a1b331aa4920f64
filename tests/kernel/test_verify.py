"""Nothing can be changed behind the application's back without verify naming it (architecture.md 9, D8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, models

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Event, Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.verify import Broken, unproved, verify
from tests.kernel.rows.models import Alarm, Household, Jotting, Letter

pytestmark = [pytest.mark.django_db, pytest.mark.drill(8)]

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass
class Village:
    """Two households with letters and an alarm, in three streams."""

    house: Household
    other: Household
    letter: Letter
    alarm: Alarm


@pytest.fixture
def village() -> Village:
    story = Story(Stream("household", "1"), "move_in", by=SYSTEM, at=AT)
    house = story.add(
        Household(
            name="陈某某",
            phone="13800000000",
            label="东头",
            members=4,
            share=Decimal("12.50"),
            poor=True,
            moved_on=date(2026, 11, 1),
            opens=time(8, 30),
            visited_at=AT,
            token=new_id(),
            raw=b"\x01\x02",
        )
    )
    letter = story.add(Letter(household=house, event_id=story.event_id, text="门口的路灯坏了", pages=2))
    story.tell()
    story = Story(Stream("household", "2"), "move_in", by=SYSTEM, at=AT)
    other = story.add(Household(name="王某", label="西头"))
    story.add_all(Letter(household=other, event_id=story.event_id, text=f"第{n}封") for n in range(3))
    story.tell()
    for label in ("南头", "北头"):
        story = Story(Stream("household", "1"), "rename", by=SYSTEM, at=AT, clause="4.1.1", occurred_at=AT)
        story.change(house, label=label)
        story.tell()
    story = Story(Stream("alarm", "1"), "set", by=SYSTEM, at=AT)
    alarm = story.add(Alarm(kind="a", started_at=AT, due_at=datetime(2026, 12, 1, tzinfo=UTC), basis="b", limit="6wd"))
    story.tell()
    return Village(house, other, letter, alarm)


def broken() -> list[Broken]:
    return list(verify())


def places() -> list[tuple[str, str]]:
    return [(found.where, found.column) for found in broken()]


@contextmanager
def behind_the_back(*tables: str) -> Iterator[None]:
    """As somebody with the database's own password would do it: triggers away for a moment."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE kernel_event DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE kernel_event ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'kernel_event'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def run(sql: str, *values: Any) -> None:
    prepared = [value.hex if isinstance(value, UUID) and connection.vendor == "sqlite" else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(sql, prepared)


def tamper(row: models.Model, column: str, value: object) -> None:
    run(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", value, row.pk)


def test_an_untouched_village_is_whole(village: Village) -> None:
    assert broken() == []


def test_working_tables_are_listed_and_not_compared(village: Village) -> None:
    Jotting.objects.create(words="x")
    assert broken() == []
    assert {"rows.Jotting", "kernel.Counter", "kernel.IdempotencyKey", "sessions.Session"} <= set(unproved())
    assert "rows.Letter" not in unproved()


HOUSE_TAMPERED: dict[str, Callable[[Household], object]] = {
    "label": lambda row: "北头 ",
    "members": lambda row: 5,
    "share": lambda row: Decimal("12.51") if connection.vendor == "postgresql" else "12.51",
    "poor": lambda row: False,
    "moved_on": lambda row: "2026-11-02",
    "opens": lambda row: "08:30:01",
    "visited_at": lambda row: "2026-11-23 01:00:00.000001" + ("+00" if connection.vendor == "postgresql" else ""),
    "token": lambda row: UUID(int=row.token.int ^ 1) if row.token else None,
    "raw": lambda row: b"\x01\x03",
}


@pytest.mark.parametrize("column", HOUSE_TAMPERED)
def test_one_changed_column_is_named(village: Village, column: str) -> None:
    tamper(village.house, column, HOUSE_TAMPERED[column](village.house))
    assert places() == [(f"rows.household:{village.house.pk}", column)]


@pytest.mark.parametrize("column", ["label", "moved_on", "visited_at", "token", "raw"])
def test_an_emptied_column_is_named(village: Village, column: str) -> None:
    tamper(village.house, column, "" if column == "label" else None)
    assert places() == [(f"rows.household:{village.house.pk}", column)]


@pytest.mark.parametrize("column", ["name", "phone"])
def test_one_changed_byte_of_an_encrypted_text_is_named(village: Village, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM rows_household WHERE label = '北头'")
        sealed = bytearray(cursor.fetchone()[0])
    sealed[-1] ^= 1
    tamper(village.house, column, bytes(sealed))
    assert places() == [(f"rows.household:{village.house.pk}", column)]


def test_an_older_text_put_back_is_named(village: Village) -> None:
    """It opens, for it was sealed for this place; but no event tells of it any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM rows_household WHERE label = '西头'")
        earlier = bytes(cursor.fetchone()[0])
    story = Story(Stream("household", "2"), "rename", by=SYSTEM, at=AT)
    story.change(village.other, name="王新")
    story.tell()
    assert broken() == []
    tamper(village.other, "name", earlier)
    assert places() == [(f"rows.household:{village.other.pk}", "name")]


def test_text_and_commitment_vanish_together_only_when_told(village: Village) -> None:
    tamper(village.house, "phone", None)
    assert places() == [(f"rows.household:{village.house.pk}", "phone")]
    story = Story(Stream("household", "1"), "erase", by=SYSTEM, at=AT)
    story.change(village.house, phone="")
    story.tell()
    assert broken() == []


def test_another_key_is_noticed_by_what_it_no_longer_opens(village: Village) -> None:
    tamper(village.house, "wrapped_key", bytes(village.other.wrapped_key or b""))
    assert (f"rows.household:{village.house.pk}", "name") in places()
    assert (f"rows.letter:{village.letter.pk}", "text") in places()


def test_a_record_and_a_clock_are_compared_too(village: Village) -> None:
    tamper(village.letter, "pages", 3)
    tamper(village.letter, "event_id", new_id())
    run("UPDATE rows_alarm SET outcome = %s, settled_at = due_at", Outcome.VOID)
    assert sorted(places()) == sorted(
        [(f"rows.alarm:{village.alarm.pk}", "outcome"), (_name(village.letter), "event_id")]
    )


def _name(row: models.Model) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


def test_the_sweepers_own_notes_are_not_history(village: Village) -> None:
    tamper(village.alarm, "failed_looks", 3)
    assert broken() == []


def test_a_row_nobody_told_of_is_named(village: Village) -> None:
    row = Letter.objects.create(household=village.house, event_id=new_id())
    assert places() == [(_name(row), "")]


def test_a_row_that_is_missing_is_named(village: Village) -> None:
    run("DELETE FROM rows_letter WHERE id = %s", village.letter.pk)
    assert places() == [(_name(village.letter), "")]


def test_a_row_under_another_key_is_missing_here_and_untold_there(village: Village) -> None:
    moved = new_id()
    run("UPDATE rows_letter SET id = %s WHERE id = %s", moved, village.letter.pk)
    assert sorted(places()) == sorted([(_name(village.letter), ""), (f"rows.letter:{moved}", "")])


def test_a_removed_row_stays_removed(village: Village) -> None:
    story = Story(Stream("alarm", "1"), "remove", by=SYSTEM, at=AT)
    name = _name(village.alarm)
    kept = {field.attname: getattr(village.alarm, field.attname) for field in Alarm._meta.concrete_fields}
    story.remove(village.alarm)
    story.tell()
    assert broken() == []
    Alarm.objects.create(**kept)
    assert places() == [(name, "")]


EVENT_TAMPERED: dict[str, Any] = {
    "action": "renamed",
    "actor": "staff:1:2",
    "clause": "4.1.2",
    "previous": "0" * 64,
    "hash": "f" * 64,
    "recorded_at": datetime(2026, 11, 23, 0, 59, tzinfo=UTC),
    "occurred_at": None,
    "sequence": 7,
    "id": UUID(int=1),
}


@pytest.mark.parametrize("column", EVENT_TAMPERED)
def test_a_changed_column_of_an_event_breaks_its_stream(village: Village, column: str) -> None:
    with behind_the_back():
        Event.objects.filter(stream_id="1", action="rename", sequence=2).update(**{column: EVENT_TAMPERED[column]})
    streams = [found.where.rsplit(":", 1)[0] for found in broken() if found.where.startswith("event:")]
    assert streams == ["event:household:1"]


def test_one_changed_byte_in_a_payload_breaks_its_stream(village: Village) -> None:
    event = Event.objects.get(stream_kind="household", stream_id="1", sequence=1)
    with behind_the_back():
        Event.objects.filter(pk=event.pk).update(payload=event.payload.replace('"members":4', '"members":5'))
    assert ("event:household:1:1", "hash") in places()


@pytest.mark.parametrize(
    "payload", ["", "{", "[]", "null", '{"rows":[{}],"facts":{}}', '{"facts":{},"rows":[1]}', "{ }"]
)
def test_a_payload_nobody_can_read_is_named_and_the_rest_still_proved(village: Village, payload: str) -> None:
    with behind_the_back():
        Event.objects.filter(stream_id="2").update(payload=payload)
    tamper(village.alarm, "basis", "c")
    found = places()
    assert found[0][0] == "event:household:2:1"
    assert (_name(village.alarm), "basis") in found


def test_two_events_swapped_break_their_stream(village: Village) -> None:
    with behind_the_back():
        Event.objects.filter(stream_id="1", sequence=2).update(sequence=99)
        Event.objects.filter(stream_id="1", sequence=3).update(sequence=2)
        Event.objects.filter(stream_id="1", sequence=99).update(sequence=3)
    assert ("event:household:1:2", "previous") in places()


def test_an_event_deleted_inside_breaks_its_stream(village: Village) -> None:
    with behind_the_back():
        run("DELETE FROM kernel_event WHERE stream_id = '1' AND sequence = 2")
    assert ("event:household:1:3", "sequence") in places()


def test_a_tail_cut_off_shows_in_the_rows(village: Village) -> None:
    with behind_the_back():
        run("DELETE FROM kernel_event WHERE stream_id = '1' AND sequence = 3")
    assert places() == [(_name(village.house), "label")]


def test_a_stream_deleted_whole_leaves_rows_nobody_told_of(village: Village) -> None:
    with behind_the_back():
        run("DELETE FROM kernel_event WHERE stream_kind = 'alarm'")
    assert places() == [(_name(village.alarm), "")]


def test_a_broken_stream_is_named_once(village: Village) -> None:
    with behind_the_back():
        Event.objects.filter(stream_kind="household", stream_id="1").update(actor="somebody")
    assert len(broken()) == 1


UNREADABLE = [
    ("rows_household", "visited_at", "'2026-99-99T99:99:99'"),
    ("rows_household", "token", "'no uuid'"),
    ("rows_household", "id", "'no uuid'"),
    ("rows_household", "label", "CAST(X'E4B8FF' AS TEXT)"),
    ("kernel_event", "id", "'no uuid'"),
    ("kernel_event", "action", "CAST(X'E4B8FF' AS TEXT)"),
]


@pytest.mark.parametrize(("table", "column", "value"), UNREADABLE)
def test_a_value_nothing_can_read_is_a_finding_and_stops_nothing(
    village: Village, table: str, column: str, value: str
) -> None:
    if connection.vendor == "postgresql":
        return  # its types refuse such values by themselves
    run("PRAGMA defer_foreign_keys = ON")
    with behind_the_back():
        run(f"UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT max(rowid) FROM {table})")
    tamper(village.letter, "pages", 3)
    found = [one for one in places() if one != (_name(village.letter), "pages")]
    assert len(found) < len(places())  # the letter's own page is found as well
    assert any(where.split(":")[0].endswith(table.split("_")[1]) for where, _ in found), found
    with behind_the_back():
        for emptied in ("rows_letter", "rows_household", "kernel_event"):  # else the end of the test reads them
            run(f"DELETE FROM {emptied}")


def test_a_stream_whose_name_nothing_can_read_is_named_first(village: Village) -> None:
    if connection.vendor == "postgresql":
        return  # refuses such text by itself
    with behind_the_back():
        run("UPDATE kernel_event SET stream_id = CAST(X'FF' AS TEXT) WHERE stream_id = '2'")
    assert places()[0] == ("event", "stream_id")


def test_a_row_told_of_in_two_streams_has_what_was_told_last(village: Village) -> None:
    later = datetime(2026, 11, 24, tzinfo=UTC)
    story = Story(Stream("a_first_stream", "1"), "count", by=SYSTEM, at=later)
    story.change(village.house, members=6, label="中间")
    story.tell()
    assert broken() == []


def test_more_rows_than_one_chunk_are_all_compared(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuoshi.kernel.verify._CHUNK", 2)
    assert broken() == []
    last = Letter.objects.order_by("pk").last()
    assert last is not None
    tamper(last, "pages", 9)
    assert places() == [(_name(last), "pages")]


def test_progress_is_told_part_by_part(village: Village) -> None:
    told: dict[str, int] = {}
    assert list(verify(lambda part, count: told.__setitem__(part, count))) == []
    assert told["events"] == 5
    assert told["rows.letter"] == 4


@pytest.mark.django_db(transaction=True)
def test_verify_keeps_nobody_from_writing(village: Village) -> None:
    import threading

    from django.db import connections

    findings = verify()
    tamper(village.letter, "pages", 3)
    assert next(findings).column == "pages"  # its snapshot is open now
    failures: list[Exception] = []

    def write() -> None:
        try:
            Jotting.objects.create(words="meanwhile")
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    writer.join()
    assert failures == []
    assert list(findings) == []
    assert Jotting.objects.count() == 1
