"""Points (3.1.1): fixed days for months ahead, who is to be there and who was, and nothing of it written twice."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shuoshi.channels.points import days, queries, rota
from shuoshi.channels.points.days import DayGiven
from shuoshi.channels.points.models import Attendance, DayRule, MatterDay, Sitting
from shuoshi.channels.points.rules import days_of, settled
from shuoshi.kernel import calendars, clock, verify
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.calendar import WorkingCalendar, Year
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.organization import queries as organization
from shuoshi.organization.models import OpeningTime
from tests.support.points import opened
from tests.support.rota import MORNING, at, first_day, post_of, ruled, seated, today
from tests.support.village import Place


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def rule(**given: Any) -> DayRule:
    return DayRule(first=date(2026, 1, 1), opens=time(9), closes=time(11), **given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"every": "month", "day": 15}, [date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 15)]),
        ({"every": "month", "day": 31}, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
        ({"every": "nth", "weekday": 2, "nth": 2}, [date(2026, 1, 13), date(2026, 2, 10), date(2026, 3, 10)]),
        ({"every": "nth", "weekday": 5, "nth": 5}, [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 27)]),
    ],
)
def test_a_rule_of_months_has_these_days(given: dict[str, Any], expected: list[date]):
    assert list(days_of(rule(**given), date(2026, 1, 1), date(2026, 3, 31))) == expected


def test_every_second_tuesday_counts_from_the_first_one_however_late_one_looks():
    every_second = rule(every="weeks", weekday=2, weeks=2)
    whole = list(days_of(every_second, date(2026, 1, 1), date(2026, 4, 30)))
    assert whole[:3] == [date(2026, 1, 6), date(2026, 1, 20), date(2026, 2, 3)]
    assert list(days_of(every_second, date(2026, 3, 1), date(2026, 4, 30))) == [
        d for d in whole if d >= date(2026, 3, 1)
    ]
    assert list(days_of(every_second, date(2025, 1, 1), date(2026, 1, 10))) == [date(2026, 1, 6)], (
        "never before it began"
    )


def test_a_day_on_a_holiday_goes_to_the_working_day_beside_it_and_never_onto_another():
    off = frozenset(date(2026, 10, day) for day in range(1, 8))
    calendar = WorkingCalendar({2026: Year(2026, official=True, holidays=off, makeup=frozenset({date(2026, 9, 27)}))})
    first = date(2026, 10, 1)
    assert settled(first, rule(on_holiday="next"), calendar) == date(2026, 10, 8)
    assert settled(first, rule(on_holiday="next"), calendar, {date(2026, 10, 8)}) == date(2026, 10, 9)
    assert settled(first, rule(on_holiday="before"), calendar) == date(2026, 9, 30)
    assert settled(first, rule(on_holiday="stay"), calendar) == first
    assert settled(date(2026, 10, 11), rule(on_holiday="next"), calendar) == date(2026, 10, 11), (
        "a Sunday is no holiday"
    )
    assert settled(date(2026, 10, 9), rule(on_holiday="next"), calendar, {date(2026, 10, 9)}) is None


@pytest.mark.django_db
def test_days_are_drawn_up_for_half_a_year_and_once(town: Place):
    point = opened(town)
    row = ruled(point)
    assert ruled(point).pk == row.pk and DayRule.objects.count() == 1
    before = MatterDay.objects.count()
    assert 25 <= before <= 27
    assert days.draw_up(clock.now()) == 0
    with clock.simulated(clock.now() + timedelta(days=14)):
        assert days.draw_up(clock.now()) == 2
    assert MatterDay.objects.count() == before + 2
    assert not list(verify.verify())


@pytest.mark.django_db
def test_a_day_follows_the_calendar_unless_somebody_changed_it(town: Place):
    point = opened(town)
    ruled(point, on_holiday="next")
    first, second, third = MatterDay.objects.order_by("day")[1:4]
    days.change_day(
        second.pk,
        DayGiven(day=second.day, opens=time(14), closes=time(16), reason="上午开会"),
        actor=town.actor("王芳"),
    )
    for year in {one.day.year for one in (first, second, third)}:
        off = [one.day for one in (first, second) if one.day.year == year]
        calendars.make_official(year, off, [], actor=SYSTEM)
    calendars.forget()
    days.draw_up(clock.now())
    planned = [first.day, second.day, third.day]
    for one in (first, second, third):
        one.refresh_from_db()
    assert first.day > planned[0] and calendars.load().is_working_day(first.day) and first.moved
    assert (second.day, third.day) == (planned[1], planned[2]), "what a person settled stays, and what is no holiday"
    assert [change.deed for change in queries.day_history(first.pk)] == ["放假安排变了，跟着改", "排出说事日"]
    assert not list(verify.verify())


@pytest.mark.django_db
def test_a_day_is_changed_with_a_reason_by_whoever_arranges_and_never_when_it_is_over(town: Place):
    point = opened(town)
    ruled(point)
    one = first_day(point)
    given = DayGiven(day=one.day + timedelta(days=1), opens=MORNING[0], closes=MORNING[1], reason="村里办喜事")
    with refused("not_of_this_point"):
        days.change_day(one.pk, given, actor=town.actor("孙丽"))
    with refused("reason_missing"):
        days.change_day(one.pk, DayGiven(**vars(given) | {"reason": " "}), actor=town.actor("王芳"))
    with refused("day_past"):
        days.change_day(
            one.pk, DayGiven(**vars(given) | {"day": today() - timedelta(days=1)}), actor=town.actor("王芳")
        )
    with refused("day_taken"):
        days.change_day(
            one.pk, DayGiven(**vars(given) | {"day": one.day + timedelta(days=7)}), actor=town.actor("王芳")
        )
    days.change_day(one.pk, given, actor=town.actor("王芳"))
    one.refresh_from_db()
    assert (one.moved, one.reason, one.touched) == (True, "村里办喜事", True)
    with clock.simulated(at(one.day, 9, 1)):
        for again in (lambda: days.cancel_day(one.pk, "不开了", actor=town.actor("王芳")),):
            with refused("day_over"):
                again()
    days.cancel_day(one.pk, "下大雨", actor=town.actor("王芳"))
    days.draw_up(clock.now())
    one.refresh_from_db()
    assert one.cancelled and not MatterDay.objects.filter(point=point, day=one.day, cancelled=False).exists()


@pytest.mark.django_db
def test_a_day_of_its_own_is_one_for_one_intention_and_opens_the_point(town: Place):
    point, day = opened(town), today() + timedelta(days=3)
    given = DayGiven(day=day, opens=time(18), closes=time(20), reason="")
    rows = {days.add_day(point.pk, given, "k", actor=town.actor("王芳")).pk for _n in range(2)}
    assert len(rows) == MatterDay.objects.count() == 1
    for other in ({"day": day + timedelta(days=1)}, {"reason": "赶集"}):
        with pytest.raises(KeyReused):
            days.add_day(point.pk, DayGiven(**vars(given) | other), "k", actor=town.actor("王芳"))
    [opening] = queries.openings([point], day, day)
    assert (opening.opens, opening.point) == (time(18), point)
    with clock.simulated(at(day, 19)):
        assert queries.is_open(point, clock.now())
    with clock.simulated(at(day, 20, 1)):
        assert not queries.is_open(point, clock.now())


@pytest.mark.django_db
def test_who_sits_there_goes_along_with_the_day_unless_they_are_elsewhere_then(town: Place):
    point = opened(town)
    ruled(point)
    one = first_day(point)
    new = one.day + timedelta(days=1)
    seated(town, point, "陈书记", one.day)
    seated(town, point, "马镇长", one.day)
    seated(town, point, "马镇长", new, starts=time(8), ends=time(10))
    given = DayGiven(day=new, opens=MORNING[0], closes=MORNING[1], reason="村里办喜事")
    days.change_day(one.pk, given, actor=town.actor("王芳"))
    found = Sitting.objects.filter(active=True).order_by("day", "starts").values_list("day", "person_id")
    assert list(found) == [
        (one.day, town.persons["马镇长"]),
        (new, town.persons["马镇长"]),
        (new, town.persons["陈书记"]),
    ]
    assert not list(verify.verify())


@pytest.mark.django_db
def test_nobody_plans_what_has_begun_so_that_it_counts_as_held(town: Place):
    point, day = opened(town), today() + timedelta(days=3)
    given = DayGiven(day=day, opens=time(9), closes=time(11), reason="")
    with clock.simulated(at(day, 17)):
        with refused("day_past"):
            days.add_day(point.pk, given, "k", actor=town.actor("王芳"))
        with refused("days_odd"):
            seated(town, point, "陈书记", day)


@pytest.mark.django_db
def test_a_rule_that_ends_takes_its_days_along_but_not_those_somebody_settled(town: Place):
    point = opened(town)
    row = ruled(point)
    kept = first_day(point)
    given = DayGiven(day=kept.day, opens=time(8), closes=time(10), reason="早一点")
    days.change_day(kept.pk, given, actor=town.actor("王芳"))
    with refused("reason_missing"):
        days.end_rule(row.pk, "", actor=town.actor("王芳"))
    days.end_rule(row.pk, "改到镇里", actor=town.actor("王芳"))
    assert [one.pk for one in MatterDay.objects.filter(cancelled=False)] == [kept.pk]
    assert days.draw_up(clock.now()) == 0 and not list(verify.verify())


@pytest.mark.django_db
def test_the_rota_says_who_is_there_who_is_away_and_where_nobody_is(town: Place):
    point = opened(town)
    ruled(point)
    first, second, third = MatterDay.objects.order_by("day").values_list("day", flat=True)[:3]
    seated(town, point, "陈书记", first, second)
    seated(town, point, "马镇长", second)
    begins = at(first, 0) - clock.now()
    town.away("陈书记", None, hours=24, after=begins.total_seconds() / 3600)
    found = {one.day: one for one in queries.coming([point.pk], clock.now())[point.pk]}
    assert [(one.away, one.sure) for one in found[first].seats] == [(True, False)]
    assert (found[first].gap, found[second].gap, found[third].gap) == (True, False, True)
    assert len(found[second].seats) == 2


@pytest.mark.django_db
def test_one_intention_is_one_rota_and_nobody_sits_in_two_places(town: Place):
    point, day = opened(town), today() + timedelta(days=1)
    rows = {tuple(one.pk for one in seated(town, point, "陈书记", day, key="k")) for _n in range(2)}
    assert len(rows) == Sitting.objects.count() == 1
    assert seated(town, point, "陈书记", day) == [], "already there at that time"
    for given, code in (
        ({"starts": time(12), "ends": time(9)}, "opening_odd"),
        ({"days": ()}, "no_days"),
        ({"days": (today() - timedelta(days=1),)}, "days_odd"),
        ({"days": tuple(today() + timedelta(days=n) for n in range(1, 122))}, "so_many_days"),
        ({"post_id": uuid4()}, "nobody_there"),
    ):
        with refused(code):
            seated(town, point, "赵红", **given)
    for nobody in ("孙丽", "钱监督"):
        with refused("not_of_this_point"):
            seated(town, point, "赵红", by=nobody)


@pytest.mark.django_db
def test_a_sitting_is_taken_back_with_a_reason_and_another_put_in_its_place_until_it_begins(town: Place):
    point = opened(town)
    [row] = seated(town, point)
    with refused("reason_missing"):
        rota.take_back(row.pk, "", actor=town.actor("王芳"))
    other = rota.take_back(row.pk, "去县里开会", post_of(town, "马镇长"), actor=town.actor("王芳"))
    assert other is not None and other.instead_of_id == row.pk and other.person_id == town.persons["马镇长"]
    row.refresh_from_db()
    assert (row.active, row.reason) == (False, "去县里开会")
    with clock.simulated(at(other.day, 9)), refused("sitting_begun"):
        rota.take_back(other.pk, "没来", actor=town.actor("王芳"))
    assert not list(verify.verify())


@pytest.mark.django_db
def test_who_was_there_is_written_once_by_themselves_or_the_registrar_and_late_is_marked(town: Place):
    point = opened(town)
    [row] = seated(town, point)
    chen = post_of(town, "陈书记")
    with clock.simulated(at(row.day, 7, 29)), refused("not_yet"):
        rota.note(point.pk, chen, row.day, actor=town.actor("陈书记"))
    with refused("not_yet"):
        rota.note(point.pk, chen, row.day, time(9), actor=town.actor("王芳"))
    with clock.simulated(at(row.day, 9, 20)):
        with refused("not_of_this_point"):
            rota.note(point.pk, chen, row.day, actor=town.actor("孙丽"))
        came = rota.note(point.pk, chen, row.day, time(8, 30), actor=town.actor("陈书记"))
        assert (came.came, came.own, came.late) == (time(9, 20), True, False), "of oneself, today, only the moment"
    with clock.simulated(at(row.day + timedelta(days=2), 9)):
        assert rota.note(point.pk, chen, row.day, time(9), actor=town.actor("王芳")).pk == came.pk, (
            "the first word stands"
        )
        late = rota.note(point.pk, post_of(town, "马镇长"), row.day, time(9), actor=town.actor("王芳"))
        assert (late.own, late.late) == (False, True)
    with clock.simulated(at(row.day + timedelta(days=40), 9)), refused("too_late_to_note"):
        rota.note(point.pk, post_of(town, "赵红"), row.day, time(9), actor=town.actor("王芳"))
    assert Attendance.objects.count() == 2 and not list(verify.verify())


@pytest.mark.django_db
def test_what_was_written_is_struck_out_with_a_reason_by_another_and_stays_to_be_read(town: Place):
    point = opened(town)
    [row] = seated(town, point, "王芳")
    with clock.simulated(at(row.day, 9, 20)):
        came = rota.note(point.pk, post_of(town, "王芳"), row.day, actor=town.actor("王芳"))
        with refused("not_of_this_point"):
            rota.strike(came.pk, "记错了", actor=town.actor("王芳"))
        with refused("reason_missing"):
            rota.strike(came.pk, "", actor=town.actor("刘敏"))
        rota.strike(came.pk, "当天在镇里", actor=town.actor("刘敏"))
        [shown] = queries.attended(point, clock.now())
        assert (shown.struck_because, shown.struck_by_id) == ("当天在镇里", town.persons["刘敏"])
        assert queries.coming([point.pk], clock.now())[point.pk][0].came == []
    assert not list(verify.verify())


@pytest.mark.django_db
def test_a_fixed_day_without_anybody_is_told_of_and_counts_as_not_held(town: Place):
    point = opened(town)
    ruled(point)
    first, second = MatterDay.objects.order_by("day").values_list("day", flat=True)[:2]
    with clock.simulated(at(first, 10)):
        rota.note(point.pk, post_of(town, "王芳"), first, actor=town.actor("王芳"))
        assert queries.missed(clock.now()) == []
    with clock.simulated(at(second + timedelta(days=1), 10)):
        now = clock.now()
        assert [one.day for one in queries.missed(now)] == [second]
        held = queries.held(now - timedelta(days=60), now + timedelta(days=60), now)[point.pk]
        assert (held.planned, held.held) == (2, 1)


@pytest.mark.django_db
def test_nobody_writes_of_themselves_but_on_the_day_and_of_nobody_when_the_point_was_closed(town: Place):
    point = opened(town)
    [row] = seated(town, point, "王芳")
    wang, chen = post_of(town, "王芳"), post_of(town, "陈书记")
    days.add_day(point.pk, DayGiven(day=row.day, opens=time(9), closes=time(11, 30), reason=""), "k", actor=SYSTEM)
    with clock.simulated(at(row.day, 23, 30)):
        for post, came in ((wang, None), (chen, time(11, 30)), (chen, time(20))):
            with refused("closed_then"):
                rota.note(point.pk, post, row.day, came, actor=town.actor("王芳"))
    with clock.simulated(at(row.day + timedelta(days=1), 10)):
        for said in (None, time(9)):
            with refused("only_on_the_day"):
                rota.note(point.pk, wang, row.day, said, actor=town.actor("王芳"))
        assert queries.missed(clock.now())[0].day == row.day
        rota.note(point.pk, chen, row.day, time(11, 29), actor=town.actor("王芳"))
        assert queries.missed(clock.now()) == []


@pytest.mark.django_db
def test_only_who_came_in_the_hours_of_a_day_makes_it_held_and_days_called_off_are_counted(town: Place):
    point = opened(town)
    ruled(point)
    first, second, third = MatterDay.objects.order_by("day")[:3]
    seated(town, point, "陈书记", first.day, starts=time(18), ends=time(20))
    with clock.simulated(at(first.day, 18, 30)):
        rota.note(point.pk, post_of(town, "陈书记"), first.day, actor=town.actor("陈书记"))
    days.cancel_day(second.pk, "下大雨", actor=town.actor("王芳"))
    days.cancel_day(third.pk, "改时间", actor=town.actor("王芳"))
    days.add_day(point.pk, DayGiven(day=third.day, opens=time(8), closes=time(9), reason=""), "k", actor=SYSTEM)
    with clock.simulated(at(third.day, 7, 10)):
        rota.note(point.pk, post_of(town, "马镇长"), third.day, actor=town.actor("马镇长"))
        now = clock.now()
        assert [one.day for one in queries.missed(now)] == [first.day]
        held = queries.held(now - timedelta(days=60), now + timedelta(days=60), now)[point.pk]
        assert (held.planned, held.held, held.cancelled) == (2, 1, 1)
        shown = queries.days([point.pk], first.day, third.day, now)[point.pk]
        assert [one.missed for one in shown] == [True, False, False]


@pytest.mark.django_db
def test_a_rule_set_in_the_afternoon_makes_no_day_of_the_morning(town: Place):
    point, day = opened(town), today() + timedelta(days=3)
    with clock.simulated(at(day, 17)):
        ruled(point, weekday=day.isoweekday(), first=day)
        assert first_day(point).day == day + timedelta(days=7)


@pytest.mark.django_db
def test_only_who_sits_there_in_the_hours_of_a_day_goes_along_and_into_the_new_hours(town: Place):
    point = opened(town)
    ruled(point)
    one = first_day(point)
    seated(town, point, "陈书记", one.day)
    seated(town, point, "马镇长", one.day, starts=time(9), ends=time(10))
    seated(town, point, "马镇长", one.day, starts=time(10), ends=time(11, 30))
    seated(town, point, "赵红", one.day, starts=time(15), ends=time(17))
    given = DayGiven(day=one.day, opens=time(10), closes=time(12, 30), reason="上午先开会")
    days.change_day(one.pk, given, actor=town.actor("王芳"))
    rows = Sitting.objects.filter(active=True).order_by("starts", "ends")
    assert [(each.person_id, each.starts.hour, each.ends.hour) for each in rows] == [
        (town.persons["马镇长"], 10, 11),
        (town.persons["陈书记"], 10, 12),
        (town.persons["马镇长"], 11, 12),
        (town.persons["赵红"], 15, 17),
    ]
    days.change_day(one.pk, DayGiven(**vars(given) | {"day": one.day + timedelta(days=1)}), actor=town.actor("王芳"))
    assert list(Sitting.objects.filter(day=one.day).values_list("person_id", flat=True)) == [town.persons["赵红"]]
    assert not list(verify.verify())


@pytest.mark.django_db
def test_a_fixed_day_within_the_weekly_hours_opens_a_point_once(town: Place):
    point, day = opened(town), today()

    def times(*hours: tuple[int, int]) -> list[tuple[int, int]]:
        also = [OpeningTime(point=point, matter_day=day, opens=time(a), closes=time(b)) for a, b in hours]
        return [(one.opens.hour, one.closes.hour) for one in organization.open_on(day, [], also)]

    assert times((8, 12), (9, 11)) == times((8, 10), (9, 12)) == [(8, 12)]
    assert times((14, 16), (8, 12)) == [(8, 12), (14, 16)]
