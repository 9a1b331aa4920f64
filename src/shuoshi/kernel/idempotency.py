"""One effect per intention: the same key gets the first answer again. Where keys come from is each way in's affair.

A key is kept for KEPT, or for ever where what comes in may come again after years: a file imported once more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from shuoshi.kernel import clock, gathering, rows
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import KeyReused

KEPT = timedelta(days=60)  # nobody's browser sends a form again after that
_AT_ONCE = 500  # keys in one statement


class IdempotencyKey(models.Model):
    """A key of one way in (`scope`), the fingerprint of what came with it, and what was answered."""

    history = History.WORKING
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    answer = models.TextField(default="{}")  # JSON object
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # null: never

    class Meta:
        constraints = [models.UniqueConstraint(name="idempotency_key_once", fields=["scope", "key"])]
        indexes = [
            models.Index(
                name="idempotency_key_old", fields=["expires_at"], condition=models.Q(expires_at__isnull=False)
            )  # prune
        ]


class Once:
    """Whether this is the first time, and the answer of the first time."""

    def __init__(self, first: bool, answer: dict[str, Any]) -> None:
        self.first = first
        self.answer = answer

    def keep(self, answer: dict[str, Any]) -> None:
        """What a repetition shall be answered with; values that JSON can carry."""
        self.answer = answer


@contextmanager
def once(scope: str, key: str, fingerprint: str, *, for_ever: bool = False) -> Iterator[Once]:
    """Run the body's work only when `.first`; otherwise `.answer` is what the first run kept.

    Inside the caller's transaction: the key and the work become visible together, or not at all. A second caller waits
    for the first. Raises KeyReused when the key came before with another fingerprint.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("idempotency.once needs the transaction of the work it guards")
    whole = gathering.current()
    if whole is not None and whole.claims(scope, key):
        entry = Once(first=True, answer={})
        yield entry
        fresh = _fresh(scope, key, fingerprint, for_ever)
        fresh.answer = json.dumps(entry.answer, ensure_ascii=False)
        rows.insert(fresh)
        return
    row = _claim(scope, key, fingerprint, for_ever)
    if row is None:
        earlier = IdempotencyKey.objects.get(scope=scope, key=key)
        if earlier.fingerprint != fingerprint:
            raise KeyReused(scope, key)
        yield Once(first=False, answer=json.loads(earlier.answer))
        return
    entry = Once(first=True, answer={})
    yield entry
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    rows.execute(_ANSWER, [json.dumps(entry.answer, ensure_ascii=False), key])


def used(scope: str, keys: Iterable[str]) -> set[str]:
    """Those of the keys that were used in a scope. A statement for each five hundred."""
    asked, found = iter(keys), set[str]()
    while some := list(islice(asked, _AT_ONCE)):
        found.update(IdempotencyKey.objects.filter(scope=scope, key__in=some).values_list("key", flat=True))
    return found


def foresee(whole: gathering.Gathering, scope: str, keys: Iterable[str]) -> None:
    """Ask once about the keys of everything that is going to be gathered. Another one who uses one makes the writing fail."""
    several = set(keys)
    whole.are_free(scope, several - used(scope, several))


def forget(scope: str, keys: Iterable[str]) -> None:
    """What these keys stood for was undone: they are free again. Inside the transaction that undoes it."""
    asked = iter(keys)
    while some := list(islice(asked, _AT_ONCE)):
        IdempotencyKey.objects.filter(scope=scope, key__in=some).delete()


def done(scope: str, key: str, fingerprint: str) -> bool:
    """Whether exactly this was carried out before."""
    return bool(key) and IdempotencyKey.objects.filter(scope=scope, key=key, fingerprint=fingerprint).exists()


_ANSWER = "UPDATE kernel_idempotencykey SET answer = %s WHERE id = %s"


def prune(now: datetime, batch: int = 1000) -> int:
    """Delete keys whose term is over; how many."""
    old = IdempotencyKey.objects.filter(expires_at__lte=now).order_by("expires_at").values_list("pk", flat=True)
    return IdempotencyKey.objects.filter(pk__in=list(old[:batch])).delete()[0]


def _claim(scope: str, key: str, fingerprint: str, for_ever: bool) -> IdempotencyKey | None:
    """Insert the key; None when it exists. PostgreSQL waits here until a concurrent first caller has ended."""
    fresh = _fresh(scope, key, fingerprint, for_ever)
    return fresh if rows.insert_unless(fresh, "scope", "key") else None


def _fresh(scope: str, key: str, fingerprint: str, for_ever: bool) -> IdempotencyKey:
    now = clock.now()
    fresh = rows.new(IdempotencyKey, scope=scope, key=key, fingerprint=fingerprint, created_at=now)
    fresh.expires_at = None if for_ever else now + KEPT
    return fresh
