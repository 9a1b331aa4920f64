"""Each part of the house, in order and broken, as it is told to an administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shuoshi.desk import health
from shuoshi.desk.health import State
from shuoshi.desk.health import machine as of_machine
from shuoshi.kernel import calendars, clock, database, steady
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.copies.record import Copy, Outcome
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.steady import Kind
from shuoshi.matters.models import Deadline
from tests.support.house import Usage, copied, lines, wrong
from tests.support.village import Place, build_town

Desk = Callable[[str], Client]
DAY = timedelta(days=1)
pytestmark = pytest.mark.server_clock  # one line of the page tells how far it is from ours


@pytest.mark.parametrize(
    ("free", "state", "says"),
    [(0.5, State.BAD, "照片收不进来"), (1.5, State.NEAR, "备份停了"), (3.0, State.GOOD, "一共")],
)
def test_the_disk_is_told_in_what_stops(
    well: Place, monkeypatch: pytest.MonkeyPatch, free: float, state: State, says: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda place: Usage(50 << 30, 0, int(free * (1 << 30))))
    line = lines(well)["磁盘"]
    assert line.state is state and says in line.says
    assert (state is State.GOOD) or "2.0" in line.do, "how much is to be freed"


def test_copies_are_missing_old_failed_broken_or_beside_the_data(well: Place, settings: Any, home: Path) -> None:
    Copy.objects.all().delete()
    assert wrong(well) == {"备份": State.NEAR}
    with clock.simulated(clock.now() + 4 * DAY):
        assert lines(well)["备份"].state is State.BAD
    old = copied(4 * DAY, checked_at=clock.now())
    assert wrong(well) == {"备份": State.BAD}
    copied(outcome=Outcome.FAILED, problem="/media/usb is not there")
    assert wrong(well)["最近一次备份"] is State.NEAR
    Copy.objects.exclude(pk=old.pk).delete()
    Copy.objects.update(started_at=clock.now(), problem="2 files that rows name are not in the home", check_problem="")
    assert wrong(well) == {"丢失的附件": State.BAD}
    Copy.objects.update(problem="", checked_at=clock.now() - 20 * DAY)
    assert wrong(well) == {"检查备份": State.NEAR}
    assert lines(well)["检查备份"].commands == ["shuoshi restore /media/usb/shuoshi --check"]
    copied(DAY, checked_at=clock.now(), check_problem="rows-00001 is missing")
    assert wrong(well) == {"检查备份": State.BAD}
    Copy.objects.exclude(pk=old.pk).delete()
    Copy.objects.update(checked_at=clock.now())
    settings.COPIES = str(home / "copies")
    assert lines(well)["放备份的地方"].state is State.NEAR, "on the same disk as the data"
    settings.COPIES = str(home / "nowhere" / "shuoshi")
    assert lines(well)["放备份的地方"].state is State.BAD
    settings.COPIES = "s3://bucket/shuoshi"
    assert lines(well)["放备份的地方"].state is State.GOOD


def test_the_disk_of_the_copies_may_be_full_alone(
    well: Place, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.COPIES = str(tmp_path / "usb")
    (tmp_path / "usb").mkdir()

    def usage(place: Path) -> Usage:
        return Usage(50 << 30, 0, (1 if "usb" in str(place) else 40) << 30)

    monkeypatch.setattr("shutil.disk_usage", usage)
    assert wrong(well) == {"放备份的地方": State.BAD}
    assert "shuoshi backup --thin" in lines(well)["放备份的地方"].commands


def test_without_a_recovery_sheet_the_copies_are_worth_nothing(well: Place, home: Path) -> None:
    assert "三份" in lines(well)["恢复单"].says
    (home / "recovery").unlink()
    assert wrong(well) == {"恢复单": State.BAD}


def test_a_demo_has_nothing_to_copy(db: None) -> None:
    town = build_town(demo=True)
    found = lines(town)
    assert found["备份"].state is State.GOOD and "演示" in found["备份"].says and "恢复单" not in found


def test_limits_nobody_looked_at_and_those_that_fail(well: Place) -> None:
    well.matter_in("ACCEPTED")
    Deadline.objects.filter(outcome="OPEN").update(next_look_at=clock.now() - timedelta(minutes=2))
    assert wrong(well) == {}, "a worker looks every second: two minutes are no matter yet"
    Deadline.objects.filter(outcome="OPEN").update(next_look_at=clock.now() - timedelta(hours=1))
    assert wrong(well) == {"期限": State.BAD}
    assert "a look at" not in lines(well)["期限"].do
    Deadline.objects.filter(outcome="OPEN").update(failed_looks=3, retry_at=clock.now() + timedelta(hours=1))
    assert "a look at" in lines(well)["期限"].do and ("反复看不成的", "1") in lines(well)["期限"].facts


def test_a_worker_that_is_still_or_never_lived(well: Place) -> None:
    steady.WorkerBeat.objects.update(at=clock.now() - timedelta(hours=2))
    assert wrong(well) == {"后台程序": State.BAD}
    steady.WorkerBeat.objects.all().delete()
    assert ("最后一次动静", "从来没有") in lines(well)["后台程序"].facts


def test_receipts_that_lie_for_more_than_a_week(well: Place) -> None:
    well.raise_matter(by="王芳")
    assert ("等着交付的回执", "1") in lines(well)["要告诉人的"].facts
    Notice.objects.filter(channel="slip").update(created_at=clock.now() - 8 * DAY)
    assert wrong(well) == {"要告诉人的": State.NEAR}


def test_a_key_that_is_gone_or_open_to_others(well: Place, home: Path) -> None:
    (home / "keys" / "field").unlink()
    (home / "keys" / "session").chmod(0o644)
    line = lines(well)["密钥"]
    assert line.state is State.BAD and line.facts == [("哪几把", "session、field")]
    assert line.commands == ["shuoshi check"]


def test_a_database_that_loses_commits_is_named(town: Place) -> None:
    """The tests' own waits for no disk."""
    line = lines(town)["断电时"]
    assert line.state is State.BAD
    named = "synchronous" if connection.vendor == "sqlite" else "fsync"
    assert named in [name for name, _value in line.facts]


def test_a_clock_that_jumped_went_back_or_differs_from_the_databases(well: Place) -> None:
    with clock.simulated(clock.now() - DAY):
        assert lines(well)["时间"].state is State.BAD, "what happened last lies in the future"
    if connection.vendor == "postgresql":
        with clock.simulated(clock.now() + timedelta(minutes=7)):
            assert "差 7 分钟" in lines(well)["时间"].says
    steady.alarm(Kind.CLOCK_JUMPED, lasts=None)
    assert "突然变了" in lines(well)["时间"].says


def test_the_clock_of_the_database_is_read(db: None) -> None:
    assert abs(database.ahead()) < timedelta(seconds=30)
    if connection.vendor == "postgresql":
        with clock.simulated(clock.now() - DAY):
            assert database.ahead() > timedelta(hours=23)


def test_versions_that_do_not_fit(well: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_machine, "version", lambda _name: "99.1")
    assert lines(well)["版本"].state is State.NEAR and "99.1" in lines(well)["版本"].says
    monkeypatch.undo()
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(name) FROM django_migrations WHERE app = 'kernel'")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel' AND name = %s", cursor.fetchone())
    assert lines(well)["版本"].state is State.BAD and ("表的结构", "比程序旧") in lines(well)["版本"].facts


@pytest.mark.parametrize(("day", "state"), [("2030-06-01", State.BAD), ("2026-06-01", State.GOOD)])
def test_a_year_without_holidays(town: Place, day: str, state: State) -> None:
    at = datetime.fromisoformat(f"{day}T10:00:00+08:00")
    with clock.simulated(at):
        assert lines(town)["工作日历"].state is state


def test_from_november_on_the_next_year_is_asked_for(town: Place) -> None:
    calendars.make_official(2030, [date(2030, 10, 1)], [], actor=SYSTEM)
    with clock.simulated(datetime.fromisoformat("2030-11-02T10:00:00+08:00")):
        line = lines(town)["工作日历"]
    assert line.state is State.NEAR and "2031" in line.says


def test_other_alarms_are_told_with_their_page(well: Place) -> None:
    steady.alarm(Kind.SECOND_WANTED)
    steady.alarm(Kind.PHONES_TRIED, "an account")
    steady.alarm(Kind.PHONES_TRIED, "another")
    found = [line for line in health.everything(well.actor("管理员")) if line.name == "提醒"]
    assert [line.links[0][1] for line in found] == ["/desk/settings/seconds/", "/desk/settings/people/"]
