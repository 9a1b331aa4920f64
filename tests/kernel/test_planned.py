"""Statements PostgreSQL keeps: planned once for a connection, forgotten in turn, and words stay words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import pytest
from django.db import connection, transaction
from django.db.models import CharField, UUIDField

from shuoshi.kernel import planned
from shuoshi.kernel.outbox import Channel, Notice
from shuoshi.kernel.prepared import Prepared
from tests.support.statements import Statements

pytestmark = pytest.mark.django_db

Counting = Callable[[], AbstractContextManager[Statements]]


def notice(kind: str = "registered") -> UUID:
    made = Notice.objects.create(
        kind=kind,
        channel=Channel.DESK,
        to_unit=uuid4(),
        about_kind="matter",
        about_id=uuid4(),
        created_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    )
    return made.pk


def of_kind(kind: str = "registered") -> Prepared[Notice]:
    """Its text is also asked about: a mark in a statement is never taken for a word."""
    return Prepared(lambda key: Notice.objects.filter(kind=kind, pk=key), key=UUIDField())


def kept() -> list[tuple[str, list[str]]]:
    """Names and types of what the database keeps with this connection; SQLite keeps nothing."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, parameter_types::text[] FROM pg_prepared_statements ORDER BY prepare_time, name")
        return list(cursor.fetchall())


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room is made by forgetting what this connection kept for tests before."""
    monkeypatch.setattr(planned, "_kept", WeakKeyDictionary())


def test_a_question_asked_twice_is_sent_once_and_run_by_its_name(statements: Counting) -> None:
    key, question = notice(), of_kind()
    before = kept()
    with statements() as seen:
        assert [row.pk for row in question.ask(key=key)] == [key]
        assert list(question.ask(key=uuid4())) == []
    assert seen.count == 2, seen
    fresh = [one for one in kept() if one not in before]
    if connection.vendor == "postgresql":
        assert [types for _name, types in fresh] == [["uuid"]]
        assert all(sql.startswith(f"EXECUTE {fresh[0][0]}(") for sql in seen.sql), seen
    else:
        assert all(sql.startswith("SELECT ") for sql in seen.sql), seen


def test_what_was_kept_outlives_a_transaction_that_is_rolled_back() -> None:
    key, question = notice(), of_kind()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert question.one(key=key)
        raise ZeroDivisionError
    assert question.one(key=key)


def test_the_one_not_asked_for_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "MOST", 2)
    key, before = notice(), len(kept())
    first, second, third = of_kind(), of_kind(), of_kind()
    for question in (first, second, first, third, first, second):
        assert question.one(key=key)
        assert len(kept()) <= before + 2
    assert len(kept()) == before + (2 if connection.vendor == "postgresql" else 0)


@pytest.mark.parametrize("kind", ["100%", "it's", "gap 1", "%s", "$1", "a\\b"])
def test_words_that_mean_something_to_a_database_are_words(kind: str) -> None:
    key = notice(kind)
    assert of_kind(kind).one(key=key)
    of_words = Prepared(lambda key, kind: Notice.objects.filter(pk=key, kind=kind), key=UUIDField(), kind=CharField())
    assert of_words.one(key=key, kind=kind)
    assert of_words.one(key=key, kind="registered") is None
