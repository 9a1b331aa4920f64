"""Counting up without gaps or doubles. How a number looks is the profile's."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.db.models import F

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
    with transaction.atomic():
        if not _count_up(series) and not _begin(series):
            _count_up(series)
        return Counter.objects.values_list("last", flat=True).get(series=series)


def go_on_after(series: str, number: int) -> None:
    """Give no number up to this one any more; a series that is further stays where it is."""
    with transaction.atomic():
        if not Counter.objects.filter(series=series).exists():
            _begin(series)
        Counter.objects.filter(series=series, last__lt=number).update(last=number)


def standing(prefix: str) -> dict[str, int]:
    """The last number of every series whose name begins so."""
    return dict(Counter.objects.filter(series__startswith=prefix).values_list("series", "last"))


def _count_up(series: str) -> bool:
    return Counter.objects.filter(series=series).update(last=F("last") + 1) == 1


def _begin(series: str) -> bool:
    try:
        with transaction.atomic():
            Counter.objects.create(series=series, last=1)
    except IntegrityError:  # somebody began it in this moment
        return False
    return True
