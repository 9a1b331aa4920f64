"""Stories become events: chained, canonical, with every row they wrote (architecture.md 8)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from shuoshi.kernel import crypto, history
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import GENESIS, Event, Story, Stream, canonical
from shuoshi.kernel.ids import new_id
from tests.kernel.rows.models import Household, Jotting, Letter

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def story(action: str = "move_in", stream: str = "1", at: datetime = AT) -> Story:
    return Story(Stream("household", stream), action, by=SYSTEM, at=at, clause="4.1.1")


def payload(event: Event) -> dict[str, list[dict[str, object]]]:
    return dict(json.loads(event.payload))


def test_the_first_event_has_sequence_1_and_nothing_before_it() -> None:
    told = story()
    told.fact(reason="搬家", urgent=True, count=3, nothing=None)
    event = told.tell()
    assert (event.id, event.sequence, event.previous) == (told.event_id, 1, GENESIS)
    assert (event.actor, event.clause, event.recorded_at, event.occurred_at) == ("system", "4.1.1", AT, None)
    assert event.facts() == {"reason": "搬家", "urgent": True, "count": 3, "nothing": None}


def test_each_event_carries_the_hash_of_the_one_before_in_its_stream() -> None:
    first, other, second = story().tell(), story(stream="2").tell(), story("move_out").tell()
    assert (second.sequence, second.previous) == (2, first.hash)
    assert (other.sequence, other.previous) == (1, GENESIS)
    assert len({first.hash, other.hash, second.hash}) == 3
    for event in Event.objects.all():
        assert event.computed_hash() == event.hash


def test_time_never_goes_back_in_a_stream() -> None:
    first = story(at=AT).tell()
    second = story(at=AT - timedelta(hours=1)).tell()
    assert second.recorded_at == first.recorded_at


def test_a_new_row_is_noted_with_all_its_columns() -> None:
    told = story()
    row = told.add(
        Household(
            name="陈某",
            label="东头",
            members=4,
            share=Decimal("12.5"),
            poor=True,
            moved_on=date(2026, 11, 1),
            opens=time(8, 30),
            visited_at=datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8))),
            token=UUID(int=5),
            raw=b"\x01\xff",
        )
    )
    (note,) = payload(told.tell())["rows"]
    assert note == {
        "row": f"rows.household:{row.pk}",
        "new": True,
        "set": {
            "id": str(row.pk),
            "label": "东头",
            "members": 4,
            "share": "12.50",
            "poor": True,
            "moved_on": "2026-11-01",
            "opens": "08:30:00",
            "visited_at": "2026-11-23T01:00:00.000000Z",
            "token": str(UUID(int=5)),
            "raw": "01ff",
        },
        "text": {"name": crypto.commitment(Household.objects.get(), "name"), "phone": None},
    }


def test_personal_text_is_not_in_the_event() -> None:
    told = story()
    told.add(Household(name="陈某某", phone="13800000000"))
    event = told.tell()
    assert "陈" not in event.payload
    assert "13800000000" not in event.payload


def test_a_change_writes_and_notes_only_its_columns() -> None:
    told = story()
    row = told.add(Household(name="陈某", label="东头"))
    told.tell()
    other = Household.objects.get()
    other.members = 9
    other.save()  # somebody else, in the same moment

    told = story("rename")
    row.members = 2  # set, but not changed by the story
    told.change(row, label="西头", name="陈新")
    (note,) = payload(told.tell())["rows"]

    stored = Household.objects.get()
    assert (stored.label, stored.name, stored.members) == ("西头", "陈新", 9)
    assert note == {
        "row": f"rows.household:{row.pk}",
        "set": {"label": "西头"},
        "text": {"name": crypto.commitment(stored, "name")},
    }


def test_a_foreign_key_is_noted_as_the_key_it_holds() -> None:
    told = story()
    household = told.add(Household())
    letter = told.add(Letter(household=household, event_id=told.event_id, text="路灯坏了"))
    event = told.tell()
    assert payload(event)["rows"][1]["set"] == {
        "id": str(letter.pk),
        "household_id": str(household.pk),
        "event_id": str(event.pk),
        "pages": 1,
    }


def test_many_rows_cost_one_statement(statements) -> None:
    told = story()
    household = told.add(Household())
    with statements() as seen:
        letters = told.add_all(Letter(household=household, event_id=told.event_id, text=f"{n}") for n in range(5))
    assert seen.count == 1, seen
    assert [note["row"] for note in payload(told.tell())["rows"][1:]] == [f"rows.letter:{row.pk}" for row in letters]


def test_telling_costs_one_look_and_one_insert(statements) -> None:
    with statements() as seen:
        story().tell()
    assert seen.count == 2, seen


def test_unverified_columns_are_written_but_not_noted() -> None:
    told = story()
    row = told.add(Household())
    told.change(row, seen=3)
    notes = payload(told.tell())["rows"]
    assert Household.objects.get().seen == 3
    assert notes[1]["set"] == {}
    assert history.unverified(Household) == {"seen", "wrapped_key"}


def test_a_removed_row_is_noted_as_gone() -> None:
    told = story()
    row = told.add(Household())
    pk = row.pk
    told.remove(row)
    assert payload(told.tell())["rows"][1] == {"row": f"rows.household:{pk}", "gone": True}
    assert not Household.objects.exists()


def test_a_record_is_never_changed_or_removed() -> None:
    told = story()
    letter = told.add(Letter(household=told.add(Household()), event_id=told.event_id))
    with pytest.raises(TypeError, match="record"):
        told.change(letter, pages=2)
    with pytest.raises(TypeError, match="record"):
        told.remove(letter)


def test_working_rows_are_no_part_of_a_story() -> None:
    with pytest.raises(TypeError, match="no record and no projection"):
        story().add(Jotting(words="草稿"))


def test_changing_a_row_that_is_gone_fails() -> None:
    told = story()
    row = told.add(Household())
    Household.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        told.change(row, label="x")


def test_a_story_is_told_once() -> None:
    told = story()
    told.tell()
    with pytest.raises(RuntimeError):
        told.tell()


@pytest.mark.parametrize("value", [1.5, b"x", {1: "x"}, {"键": "x"}, 2**53, datetime(2026, 1, 1, tzinfo=UTC), {1, 2}])
def test_what_json_would_blur_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_canonical_json_is_sorted_compact_and_keeps_characters() -> None:
    assert canonical({"b": [True, None, -3], "a": {"z": '陈𠮷\n"', "y": ""}}) == (
        '{"a":{"y":"","z":"陈𠮷\\n\\""},"b":[true,null,-3]}'
    )
    with pytest.raises(UnicodeEncodeError):
        canonical("\ud800")


def test_two_writers_of_one_place_in_a_stream_do_not_both_succeed() -> None:
    event = story().tell()
    double = Event(**{field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields})
    double.id, double.hash = new_id(), "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save(force_insert=True)


REFUSED = {
    "sqlite": (
        "UPDATE kernel_event SET action = 'x'",
        "DELETE FROM kernel_event",
        "INSERT OR REPLACE INTO kernel_event SELECT * FROM kernel_event",
        "INSERT OR REPLACE INTO kernel_event (rowid, id, stream_kind, stream_id, sequence, previous, hash, action,"
        " actor, recorded_at, clause, payload) SELECT rowid, 'a', 'b', 'c', 1, '', 'd', '', '', '', '', '' FROM kernel_event",
    ),
    "postgresql": (
        "UPDATE kernel_event SET action = 'x'",
        "DELETE FROM kernel_event",
        "TRUNCATE kernel_event CASCADE",
        "SET LOCAL session_replication_role = replica; DELETE FROM kernel_event",
        "SET LOCAL session_replication_role = replica; TRUNCATE kernel_event CASCADE",
    ),
}


@pytest.mark.drill(8)
def test_the_database_refuses_to_change_an_event() -> None:
    story().tell()
    before = list(Event.objects.values())
    for statement in REFUSED[connection.vendor]:
        refused = pytest.raises(DatabaseError, match=r"append-only|exists")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert list(Event.objects.values()) == before, statement


@pytest.mark.drill(8)
def test_replacing_is_refused_even_where_triggers_do_not_recurse() -> None:
    """SQLite: a connection that never set recursive_triggers, such as an administrator's shell."""
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"  # has no REPLACE
        return
    story().tell()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            for statement in REFUSED["sqlite"]:
                with pytest.raises(DatabaseError, match=r"append-only|exists"), transaction.atomic():
                    cursor.execute(statement)
        finally:
            cursor.execute("PRAGMA recursive_triggers = ON")
    assert Event.objects.count() == 1


def test_every_model_of_ours_declares_its_history() -> None:
    undeclared = [model._meta.label for model in history.our_models() if history.of(model) is None]
    assert not undeclared, "set history = History.RECORD, PROJECTION or WORKING"
