"""Points of the town, set up as an administrator does."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization import actions as organization
from shuoshi.organization.actions.places import OpeningGiven, PointGiven
from shuoshi.organization.models import Point
from tests.support.village import Place

DAILY = tuple(OpeningGiven(weekday=day, opens=time(8, 30), closes=time(11)) for day in range(1, 8))


def _given(town: Place, opening_times: tuple[OpeningGiven, ...] = DAILY) -> PointGiven:
    return PointGiven(
        "柳湾村说事点", town.units["受理中心"].pk, town.area.pk, "村委会一楼", opening_times=opening_times
    )


def opened(town: Place) -> Point:
    """A point that is open every morning."""
    return organization.create_point(_given(town), actor=SYSTEM)


def kept_open(town: Place, point: Point, *times: OpeningGiven) -> None:
    """Other opening times in place of those it has."""
    organization.edit_point(point.pk, replace(_given(town), opening_times=times), actor=SYSTEM)


def closed(point: Point) -> None:
    organization.close_point(point.pk, actor=SYSTEM)
