"""Rows inserted by themselves or together: the same rows, in the same order, in fewer messages where there is a server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from shuoshi.kernel import rows
from shuoshi.kernel.numbering import Counter
from shuoshi.kernel.outbox import Channel, Notice
from tests.kernel.rows.models import Household, Jotting
from tests.support.statements import Statements

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 30, 15, 250, tzinfo=UTC)


def notice(about: UUID, kind: str = "registered") -> Notice:
    return Notice(
        kind=kind,
        channel=Channel.DESK,
        to_unit=uuid4(),
        about_kind="matter",
        about_id=about,
        number="1",
        created_at=NOON,
    )


def test_a_row_is_inserted_as_save_does_it() -> None:
    given = {
        "name": "陈大明", "label": "一户", "members": 3, "share": Decimal("12.5"), "poor": True, "moved_on": NOON.date(),
        "opens": time(8, 30), "visited_at": NOON, "token": UUID(int=7), "raw": b"\0\xff",
    }  # fmt: skip
    ours, theirs = Household(**given), Household(**given)
    rows.insert(ours)
    theirs.save(force_insert=True)
    read_ours, read_theirs = (Household.objects.get(pk=row.pk) for row in (ours, theirs))
    for field in Household._meta.concrete_fields:
        if field.attname not in ("id", "wrapped_key"):
            assert getattr(read_ours, field.attname) == getattr(read_theirs, field.attname), field
    assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db) == (False, "default")
    ours.label = "另一户"
    ours.save(update_fields=["label"])
    assert Household.objects.get(pk=ours.pk).label == "另一户"


def test_a_model_whose_keys_the_database_makes_gets_its_key() -> None:
    words = Jotting(words="记一笔")
    rows.insert(words)
    assert Jotting.objects.get(pk=words.pk).words == "记一笔"


def test_a_row_that_is_there_already_is_left_alone() -> None:
    assert rows.insert_unless(Counter(series="a", last=1), "series")
    assert not rows.insert_unless(Counter(series="a", last=7), "series")
    assert Counter.objects.get(series="a").last == 1


def test_what_waits_is_there_for_whoever_asks(statements: Callable[[], AbstractContextManager[Statements]]) -> None:
    about = uuid4()
    with statements() as seen, transaction.atomic(), rows.together():
        for kind in ("a", "b", "c"):
            rows.insert(notice(about, kind))
        found = Notice.objects.filter(about_id=about).order_by("pk").values_list("kind", flat=True)
        assert list(found) == ["a", "b", "c"]
        rows.insert(notice(about, "d"))
        rows.execute("UPDATE kernel_notice SET number = %s WHERE kind = %s", ["2", "d"])
    assert Notice.objects.get(about_id=about, kind="d").number == "2"
    assert seen.count == (3 if connection.vendor == "postgresql" else 6), seen


def test_a_row_the_database_refuses_takes_everything_with_it() -> None:
    about = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic(), rows.together():
        rows.insert(Counter(series="twice", last=1))
        rows.insert(notice(about))
        rows.insert(Counter(series="twice", last=2))
    assert not Counter.objects.filter(series="twice").exists()
    assert not Notice.objects.filter(about_id=about).exists()
    with transaction.atomic(), rows.together():
        rows.insert(Counter(series="twice", last=3))
    assert Counter.objects.get(series="twice").last == 3, "nothing was left waiting"


def test_what_was_undone_in_between_stays_undone() -> None:
    about = uuid4()

    class Undo(Exception):
        pass

    with transaction.atomic(), rows.together():
        rows.insert(notice(about, "before"))
        with pytest.raises(Undo), transaction.atomic():
            rows.insert(notice(about, "inside"))
            raise Undo
        rows.insert(notice(about, "after"))
    kinds = Notice.objects.filter(about_id=about).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["before", "after"]


def test_an_exception_sends_nothing() -> None:
    about = uuid4()
    with pytest.raises(RuntimeError), transaction.atomic(), rows.together():
        rows.insert(notice(about))
        raise RuntimeError
    assert not Notice.objects.filter(about_id=about).exists()
