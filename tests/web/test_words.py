"""ux.md §7: how clocks, days and limits are said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from shuoshi.kernel import clock
from shuoshi.kernel.templatetags import shuoshi as tags

HERE = ZoneInfo("Asia/Shanghai")


@dataclass
class Promised:
    started_at: datetime
    due_at: datetime
    limit: str


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """In November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=HERE)


def drawn(promised: Promised, now: datetime) -> str:
    with clock.simulated(now), translation.override("zh-hans"):
        return Template("{% load shuoshi %}{% clock one %}").render(Context({"one": promised}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "tone", "words"),
    [
        (at(23), "safe", "还剩 5 个工作日"),
        (at(27, 18), "near", "还剩 1 个工作日"),
        (at(30), "near", "今天 17:30 前"),
        (at(30, 17, 5), "near", "还剩 25 分钟"),
        (at(30, 20, 30), "over", "已超 3 小时"),
        (datetime(2026, 12, 2, 10, tzinfo=HERE), "over", "已超 2 个工作日"),
    ],
)
def test_a_clock_says_in_words_and_shape_how_long(now, tone, words):
    said = drawn(Promised(at(19), at(30, 17, 30), "7wd"), now)
    assert f'data-clock="{tone}"' in said
    assert words in said
    assert f"#c-{tone}" in said


@pytest.mark.django_db
def test_minutes_carry_the_words_for_the_script():
    said = drawn(Promised(at(23, 10), at(23, 10, 30), "30min"), at(23, 10, 5))
    assert 'data-left="还剩 {n} 分钟"' in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "11月26日（周四）17:00"), ("zh-hant", "11月26日（週四）17:00"), ("en", "Thu 26 Nov 17:00")],
)
def test_moments_in_three_languages(language, said):
    with clock.simulated(at(23)), translation.override(language):
        assert tags.moment(datetime(2026, 11, 26, 9, tzinfo=UTC)) == said


def test_the_year_is_said_only_when_it_is_another():
    with clock.simulated(at(23)), translation.override("zh-hans"):
        assert tags.day(date(2027, 1, 4)) == "2027年1月4日（周一）"
        assert tags.day(date(2026, 12, 4), "short") == "12月4日"
        assert tags.day(None) == ""


def test_limits_as_people_say_them():
    with translation.override("zh-hans"):
        assert [tags.limit(one) for one in ("7wd", "0wd", "60cd", "4wh", "30min", "120min", "")] == [
            "7 个工作日",
            "当天",
            "60 日",
            "4 个工作小时",
            "30 分钟",
            "2 小时",
            "",
        ]


def test_filters_in_an_address_are_changed_one_by_one(rf):
    request = rf.get("/desk/queues/mine/?q=路灯&after=abc&area=3")
    said = Template('{% load shuoshi %}{% here after="" area="4" %}').render(Context({"request": request}))
    assert said == "/desk/queues/mine/?q=%E8%B7%AF%E7%81%AF&amp;area=4"


def test_days_go_with_the_institution_not_with_utc():
    with clock.simulated(at(23)), translation.override("zh-hans"):
        assert tags.day(datetime(2026, 11, 25, 20, tzinfo=UTC), "short") == "11月26日"
