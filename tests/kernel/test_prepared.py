"""Prepared statements: one shape, other values each time, and every answer from the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import CharField, Count, DateTimeField, Q, UUIDField

from shuoshi.kernel.outbox import Channel, Notice
from shuoshi.kernel.prepared import Prepared
from tests.support.statements import Statements

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def notice(unit: UUID, at: datetime, kind: str = "registered") -> Notice:
    return Notice.objects.create(
        kind=kind, channel=Channel.DESK, to_unit=unit, about_kind="matter", about_id=uuid4(), number="1", created_at=at
    )


def test_gaps_are_filled_with_keys_words_and_moments_near_the_one_that_is_given() -> None:
    here, there = uuid4(), uuid4()
    early, late = notice(here, NOON - 5 * HOUR), notice(here, NOON, "assigned")
    notice(there, NOON)
    lately = Prepared(
        lambda unit, now, kind: Notice.objects.filter(
            Q(created_at__gte=now - 2 * HOUR) | Q(kind=kind), to_unit=unit
        ).order_by("created_at"),
        unit=UUIDField(),
        now=DateTimeField(),
        kind=CharField(),
    )
    assert list(lately.ask(unit=here, now=NOON, kind="")) == [late]
    assert list(lately.ask(unit=here, now=NOON - 4 * HOUR, kind="")) == [early, late]
    assert list(lately.ask(unit=here, now=NOON, kind="registered")) == [early, late]
    assert lately.one(unit=uuid4(), now=NOON, kind="") is None


def test_the_answer_is_asked_for_each_time(statements: Callable[[], AbstractContextManager[Statements]]) -> None:
    here = uuid4()
    counted = Prepared(
        lambda unit: Notice.objects.filter(to_unit=unit).values_list("kind").annotate(n=Count("pk")).order_by("kind"),
        unit=UUIDField(),
    )
    assert list(counted.ask(unit=here)) == []
    notice(here, NOON)
    with statements() as seen:
        assert list(counted.ask(unit=here)) == [("registered", 1)]
    assert seen.count == 1


def test_a_question_that_can_hold_nothing_costs_nothing() -> None:
    never = Prepared(lambda unit: Notice.objects.filter(pk__in=[], to_unit=unit), unit=UUIDField())
    assert list(never.ask(unit=uuid4())) == []


def test_a_gap_nobody_asks_about_is_left_alone() -> None:
    here = uuid4()
    mine = notice(here, NOON)
    of_unit = Prepared(lambda unit, now: Notice.objects.filter(to_unit=unit), unit=UUIDField(), now=DateTimeField())
    assert list(of_unit.ask(unit=here, now=NOON)) == [mine]


def test_a_value_that_is_changed_before_it_is_asked_about_is_refused() -> None:
    """Else the stand-in would be asked about for ever."""
    beginning = Prepared(lambda kind: Notice.objects.filter(kind__startswith=kind), kind=CharField())
    with pytest.raises(ValueError, match="makes something of a value"):
        beginning.one(kind="reg")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_outside_of_a_transaction() -> None:
    """Else the lock would be gone before anybody relied on it, and only the first question would say so."""
    locking = Prepared(lambda key: Notice.objects.select_for_update().filter(pk=key), key=UUIDField())
    with transaction.atomic():
        assert locking.one(key=uuid4()) is None
    with pytest.raises(transaction.TransactionManagementError):
        locking.one(key=uuid4())
