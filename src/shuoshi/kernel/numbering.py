"""Counting up without gaps or doubles. How a number looks is the profile's."""

from __future__ import annotations

from django.db import connection, models, transaction

from shuoshi.kernel import gathering
from shuoshi.kernel.history import History


class Counter(models.Model):
    """The last number of a series; its row is the queue in which takers of one series wait."""

    history = History.WORKING
    series = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveBigIntegerField()


def take(series: str) -> int:
    """The next number of the series, from 1. Takers wait until the transaction ends: call it as late as possible.

    A transaction that is rolled back gives its number back, so that a series has no gaps.
    """
    whole = gathering.current()
    return _taken(series) if whole is None else whole.next(series, _taken)


def settle(whole: gathering.Gathering) -> None:
    """Note how far the series went of which many numbers were given together; the first of each locked its counter."""
    for series, last in whole.counted().items():
        Counter.objects.filter(series=series).update(last=last)


def _taken(series: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        (taken,) = cursor.fetchone()
    return int(taken)


def go_on_after(series: str, number: int) -> None:
    """Give no number up to this one any more; a series that is further stays where it is."""
    with transaction.atomic():
        Counter.objects.get_or_create(series=series, defaults={"last": number})
        Counter.objects.filter(series=series, last__lt=number).update(last=number)


def standing(prefix: str) -> dict[str, int]:
    """The last number of every series whose name begins so."""
    return dict(Counter.objects.filter(series__startswith=prefix).values_list("series", "last"))


_NEXT = """
    INSERT INTO kernel_counter (series, last) VALUES (%s, 1)
    ON CONFLICT (series) DO UPDATE SET last = kernel_counter.last + 1 RETURNING last
"""
