"""Areas, points with opening times, the duty list and the roster: who is found for what, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions, duty, queries
from shuoshi.organization.actions import OpeningGiven, PointGiven
from shuoshi.organization.models import Area, DutyLine, DutyRoster, OpeningTime, Point
from shuoshi.organization.roles import Role
from tests.organization.town import Town, person

pytestmark = pytest.mark.django_db

TUESDAY = OpeningGiven(time(8, 30), time(11, 30), weekday=2)
MATTER_DAY = OpeningGiven(time(9), time(16), matter_day=date(2026, 11, 10))


def point(town: Town, name: str = "柳湾村说事室", *openings: OpeningGiven) -> Point:
    given = PointGiven(name, town.village.pk, town.village_area.pk, "柳湾村 12 号", opening_times=openings)
    return actions.create_point(given, actor=SYSTEM)


def test_the_closer_category_wins_then_the_smaller_area(town: Town) -> None:
    everywhere = actions.add_duty_line("B6", town.roads.pk, actor=SYSTEM)
    water = actions.add_duty_line("B601", town.water.pk, actor=SYSTEM)
    here = actions.add_duty_line("B601", town.village.pk, actor=SYSTEM, area_id=town.village_area.pk)
    assert queries.duty("B601", town.village_area.path) == [here, water, everywhere]
    assert queries.duty("B601", town.area.path) == [water, everywhere]
    assert queries.duty("B604") == [everywhere]
    assert queries.duty("A101") == []


def test_a_struck_duty_line_is_never_proposed_again(town: Town) -> None:
    line = actions.add_duty_line("B601", town.water.pk, actor=SYSTEM)
    with pytest.raises(Refused, match="duty_line_stands"):
        actions.add_duty_line("B601", town.water.pk, actor=SYSTEM)
    actions.close_duty_line(line.pk, actor=SYSTEM)
    assert queries.duty("B601") == []
    assert [change.deed for change in queries.history("duty", line.pk)] == ["停用职责清单", "增加职责清单"]


def test_a_duty_line_names_a_category_of_the_profile(town: Town) -> None:
    with pytest.raises(Refused, match="category_unknown"):
        actions.add_duty_line("B699", town.water.pk, actor=SYSTEM)


def test_points_open_today_by_weekday_and_on_matter_days(town: Town) -> None:
    late = OpeningGiven(time(18), time(20), matter_day=date(2026, 11, 10))
    room = point(town, "柳湾村说事室", TUESDAY, MATTER_DAY, late)
    times = [(opening.opens, opening.closes) for opening in queries.open_on(date(2026, 11, 10))]
    whole = (min(TUESDAY.opens, MATTER_DAY.opens), max(TUESDAY.closes, MATTER_DAY.closes))
    assert times == [whole, (time(18), time(20))], "what overlaps is one time"
    assert [opening.point for opening in queries.open_on(date(2026, 11, 17))] == [room]
    assert queries.open_on(date(2026, 11, 18)) == []


def test_an_edit_replaces_the_opening_times_and_keeps_what_stays(town: Town) -> None:
    room = point(town, "柳湾村说事室", TUESDAY, MATTER_DAY)
    kept = room.opening_times.get(weekday=2).pk
    friday = OpeningGiven(time(14), time(17), weekday=5)
    given = PointGiven(room.name, town.village.pk, town.village_area.pk, room.address, opening_times=(TUESDAY, friday))
    actions.edit_point(room.pk, given, actor=SYSTEM)
    actions.edit_point(room.pk, given, actor=SYSTEM)
    active = room.opening_times.filter(active=True).order_by("weekday")
    assert [row.weekday for row in active] == [2, 5]
    assert active[0].pk == kept
    assert len(queries.history("point", room.pk)) == 2


def test_a_closed_point_is_open_no_more(town: Town) -> None:
    room = point(town, "柳湾村说事室", TUESDAY)
    actions.close_point(room.pk, actor=SYSTEM)
    assert queries.open_on(date(2026, 11, 10)) == []
    assert queries.points() == []
    assert queries.points(closed=True) == [room]


@pytest.mark.parametrize(
    ("opening", "reason"),
    [
        (OpeningGiven(time(9), time(9), weekday=1), "opening_odd"),
        (OpeningGiven(time(9), time(10)), "opening_day_odd"),
        (OpeningGiven(time(9), time(10), weekday=8), "opening_day_odd"),
        (OpeningGiven(time(9), time(10), weekday=1, matter_day=date(2026, 11, 10)), "opening_day_odd"),
    ],
)
def test_odd_opening_times_are_refused_with_a_reason(town: Town, opening: OpeningGiven, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        point(town, "柳湾村说事室", opening)


def test_an_area_in_use_cannot_be_closed_and_names_are_told_apart(town: Town) -> None:
    point(town)
    for busy, reason in ((town.area, "area_has_children"), (town.village_area, "area_has_points")):
        with pytest.raises(Refused, match=reason):
            actions.close_area(busy.pk, actor=SYSTEM)
    with pytest.raises(Refused, match="area_name_taken"):
        actions.create_area("柳湾村", town.area.pk, actor=SYSTEM)
    assert [area.name for area in queries.areas()] == ["清河镇", "柳湾村"]


def test_the_roster_says_who_is_on_duty_else_every_duty_officer(town: Town) -> None:
    first, second = person("王强"), person("刘敏")
    for officer in (first, second):
        actions.appoint(officer.pk, town.town.pk, Role.DUTY_OFFICER, actor=SYSTEM)
    start, tier = clock.now(), town.town.path
    assert duty.on_duty(tier, start + timedelta(days=400)) == [first.pk, second.pk]
    with pytest.raises(Refused, match="roster_odd"):
        actions.put_on_duty(town.town.pk, second.pk, start, start, actor=SYSTEM)
    with pytest.raises(Refused, match="no_duty_officer"):
        actions.put_on_duty(town.water.pk, second.pk, start, start + timedelta(hours=1), actor=SYSTEM)
    row = actions.put_on_duty(town.town.pk, second.pk, start, start + timedelta(hours=14), actor=SYSTEM)
    assert duty.on_duty(tier, start) == [second.pk] == duty.on_roster([town.town.pk], start)
    actions.cancel_duty(row.pk, actor=SYSTEM)
    assert duty.on_duty(tier, start) == [first.pk, second.pk]
    assert duty.on_roster([town.town.pk], start) == []


def test_only_an_administrator_arranges_places_and_duties(town: Town) -> None:
    nobody = Actor(ActorKind.STAFF)
    for verb in (
        lambda: actions.create_area("新村", town.area.pk, actor=nobody),
        lambda: actions.edit_area(town.area.pk, "新镇", actor=nobody),
        lambda: actions.add_duty_line("B601", town.water.pk, actor=nobody),
    ):
        with pytest.raises(Refused, match="not_administrator"):
            verb()


def test_every_row_of_places_and_duties_verifies(town: Town) -> None:
    room = point(town, "柳湾村说事室", TUESDAY, MATTER_DAY)
    actions.close_point(room.pk, actor=SYSTEM)
    actions.close_duty_line(actions.add_duty_line("B601", town.water.pk, actor=SYSTEM).pk, actor=SYSTEM)
    assert list(verify()) == []


def test_the_database_refuses_impossible_places(town: Town) -> None:
    room = point(town, "柳湾村说事室", TUESDAY)
    opening = room.opening_times.get()
    for rows, change, constraint in (
        (Area.objects.filter(pk=town.area.pk), {"name": ""}, "area_has_name"),
        (Area.objects.filter(pk=town.area.pk), {"path": "7"}, "area_path_is_a_path"),
        (Point.objects.filter(pk=room.pk), {"tier": "TENT"}, "point_tier_known"),
        (Point.objects.filter(pk=room.pk), {"address": ""}, "point_has_name_and_address"),
        (OpeningTime.objects.filter(pk=opening.pk), {"closes": time(8)}, "opening_closes_after_opens"),
        (OpeningTime.objects.filter(pk=opening.pk), {"weekday": 0}, "opening_weekday_or_date"),
        (OpeningTime.objects.filter(pk=opening.pk), {"weekday": None}, "opening_weekday_or_date"),
        (
            OpeningTime.objects.filter(pk=opening.pk),
            {"matter_day": date(2026, 11, 10)},
            "opening_weekday_or_date",
        ),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            rows.update(**change)  # type: ignore[attr-defined]


def test_the_database_refuses_the_same_place_twice(town: Town) -> None:
    room = point(town)
    for twin in (
        Area(node=901, path="/901/", name=town.area.name),
        Area(node=902, path="/1/902/", name=town.village_area.name, parent=town.area),
        Point(name=room.name, unit=town.village, area=town.area, address="别处"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


def test_the_database_refuses_impossible_duties(town: Town) -> None:
    actions.add_duty_line("B601", town.water.pk, actor=SYSTEM)
    actions.add_duty_line("B601", town.water.pk, actor=SYSTEM, area_id=town.area.pk)
    start = datetime(2026, 11, 7, 10, tzinfo=UTC)
    for row in (
        DutyLine(category="", unit=town.water),
        DutyLine(category="B601", unit=town.water),
        DutyLine(category="B601", unit=town.water, area=town.area),
        DutyRoster(unit=town.town, person=person("王强"), starts_at=start, ends_at=start),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
