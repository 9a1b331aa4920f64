"""Matters that were over long ago, listed and destroyed as people do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from shuoshi.archive import appraising, carrying_out, reckoning
from shuoshi.archive.models import Destruction
from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from tests.support.village import Place

YEARS = timedelta(days=366)


@contextmanager
def years_later(years: int) -> Iterator[None]:
    """What is over now was over so many years ago."""
    with clock.simulated(clock.now() + years * YEARS):
        yield


def over_long_ago(matter: Matter, years: int = 12) -> Matter:
    """As if it had ended so many years ago: behind the back of the events, for pages of a server that lives now."""
    Matter.objects.filter(pk=matter.pk).update(closed_at=clock.now() - years * YEARS)
    return Matter.objects.get(pk=matter.pk)


def reckoned() -> None:
    while reckoning.reckon(clock.now()):
        pass


def listed(town: Place, *matters: Matter, by: str = "王芳") -> Destruction:
    reckoned()
    return appraising.put_on_list([one.pk for one in matters], actor=town.actor(by))


def approved(town: Place, *matters: Matter, by: str = "王芳", leader: str = "马镇长") -> Destruction:
    row = listed(town, *matters, by=by)
    appraising.propose(row.pk, actor=town.actor(by))
    return appraising.approve(row.pk, actor=town.actor(leader))


def destroyed(town: Place, *matters: Matter) -> Destruction:
    """All of it now, whose time is over."""
    row = approved(town, *matters)
    while carrying_out.carry_on(clock.now()):
        pass
    return Destruction.objects.get(pk=row.pk)
