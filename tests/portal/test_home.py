"""The first page and the pages that inform say what is true today: points, limits, promises kept."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.queries.kept import kept_last_month
from shuoshi.matters.vocabulary import DeadlineKind, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.actions import OpeningGiven, PointGiven
from tests.portal.resident import Resident
from tests.support.village import Place


def test_promises_of_last_month_are_counted_by_kind(town: Place):
    kept, late = town.matter_in(Status.ASSIGNED), town.matter_in(Status.ASSIGNED)
    due = clock.local(max(kept.deadlines.filter(kind=DeadlineKind.PROMISE).values_list("due_at", flat=True))).date()
    with clock.simulated(clock.now() + timedelta(hours=1)) as now:
        town.sign(town.prepare(town.sign_for(kept)))
        now.move_to(clock.now() + timedelta(days=60))
        town.sign(town.prepare(town.sign_for(late)))
    found = kept_last_month((due.replace(day=1) + timedelta(days=32)).replace(day=1))
    assert (found.month, found.due, found.kept, found.late) == (due.month, 2, 1, 1)
    assert [(kind.label, kind.due, kind.kept) for kind in found.kinds] == [("利益诉求", 2, 1)]
    assert not found.enough


def test_points_open_today_are_named_else_the_next_day(town: Place, resident: Resident):
    assert town.area is not None
    tomorrow = clock.local(clock.now()).isoweekday() % 7 + 1
    point = PointGiven(
        name="柳湾村文化礼堂",
        unit_id=town.units["柳湾村"].pk,
        area_id=town.area.pk,
        address="柳湾村 1 号",
        opening_times=(OpeningGiven(opens=time(8, 30), closes=time(17), weekday=tomorrow),),
    )
    organization.create_point(point, actor=SYSTEM)
    page = resident.page("/")
    assert "今天没有开放的说事点" in page
    assert "柳湾村文化礼堂" in resident.page("/points/")


def test_the_page_of_the_procedure_shows_limits_and_clauses(town: Place, resident: Resident):
    page = resident.page("/procedure/")
    for words in ("7 个工作日", "60 日", "4.2.2", "重新办理", "特急"):
        assert words in page


def test_the_page_for_reports_names_the_tier_above(town: Place, resident: Resident):
    assert "上一级：青禾县" in resident.page("/sealed/")


def test_the_english_heading_has_a_space_between_its_phrases_and_the_chinese_none(town: Place):
    def between(language: str) -> set[str]:
        page = Client(headers={"accept-language": language}).get("/").content.decode()
        return set(re.findall("</span>([^<]*)<span", page.split("<h1>")[1].split("</h1>")[0]))

    assert between("en") == {" "}
    assert between("zh-CN") == {""}


def test_days_with_the_same_hours_are_one_line_in_the_readers_language(town: Place):
    assert town.area is not None
    week = [OpeningGiven(opens=time(8, 30), closes=time(17), weekday=day) for day in range(1, 6)]
    point = PointGiven(
        name="柳湾村文化礼堂",
        unit_id=town.units["柳湾村"].pk,
        area_id=town.area.pk,
        address="柳湾村 1 号",
        opening_times=(*week, OpeningGiven(opens=time(9), closes=time(11), weekday=6)),
    )
    organization.create_point(point, actor=SYSTEM)
    chinese, english = (
        Client(headers={"accept-language": language}).get("/points/").content.decode() for language in ("zh-CN", "en")
    )
    assert "星期一至星期五" in chinese and "每周六" in chinese and chinese.count("8:30") == 1
    assert "Monday" in english and "Every Saturday" in english and "周" not in english and "星期" not in english


def weekly(town: Place, *weekdays: int, matter_day: date | None = None) -> None:
    assert town.area is not None
    times = [OpeningGiven(opens=time(8, 30), closes=time(17), weekday=day) for day in weekdays]
    times += [OpeningGiven(opens=time(9), closes=time(11), matter_day=matter_day)] if matter_day else []
    given = PointGiven(
        name="柳湾村文化礼堂",
        unit_id=town.units["柳湾村"].pk,
        area_id=town.area.pk,
        address="柳湾村 1 号",
        opening_times=tuple(times),
    )
    organization.create_point(given, actor=SYSTEM)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2026-09-30", "今天开 1 处"),  # a Wednesday
        ("2026-10-01", "今天没有开放的说事点，下一次是 10月8日"),  # National Day, a Thursday
        ("2026-10-03", "今天没有开放的说事点，下一次是 10月8日"),  # a Saturday within the holiday
        ("2026-10-10", "今天开 1 处"),  # an ordinary Saturday on which it opens
    ],
)
def test_on_a_holiday_no_point_is_said_to_be_open(town: Place, resident: Resident, today: str, words: str):
    weekly(town, 1, 2, 3, 4, 5, 6)
    with time_machine.travel(datetime.fromisoformat(f"{today}T09:30:00+08:00"), tick=True):
        assert words in resident.page("/")


def test_a_matter_day_is_held_on_a_holiday_too(town: Place, resident: Resident):
    weekly(town, 4, matter_day=date(2026, 10, 1))
    with time_machine.travel(datetime.fromisoformat("2026-10-01T09:30:00+08:00"), tick=True):
        page = resident.page("/")
    assert "今天开 1 处" in page and "9:00–11:00" in page and "8:30" not in page


def test_the_bounds_of_a_rework_are_those_of_the_profile(town: Place, resident: Resident):
    assert "最短 3 个工作日，最长 10 个工作日" in resident.page("/procedure/")
