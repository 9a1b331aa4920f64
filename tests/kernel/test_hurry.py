"""Little time for the database: what begins too late is not begun, and whoever comes after has the usual patience again."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from shuoshi.kernel import hurry
from shuoshi.kernel.idempotency import IdempotencyKey

pytestmark = pytest.mark.django_db


def patience() -> str:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def test_a_statement_that_would_begin_too_late_is_not_begun() -> None:
    with pytest.raises(hurry.OutOfTime), transaction.atomic(), hurry.within(-1):
        IdempotencyKey.objects.count()
    assert IdempotencyKey.objects.count() == 0, "afterwards all is as before"


def test_patience_is_short_within_and_as_before_after() -> None:
    before = patience()
    with hurry.within(1.0):
        assert patience() in ("1000", "1s")
    assert patience() == before
