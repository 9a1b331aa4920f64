"""The page of the house: who may look, what is wrong first, a task tried again, what it costs, nothing secret."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django_tasks_db.models import DBTaskResult

from shuoshi.config.cli import main
from shuoshi.desk.health import State
from shuoshi.kernel import clock, database, keys, steady, tasks
from shuoshi.kernel.copies.record import Copy, Outcome
from shuoshi.kernel.events import Event
from shuoshi.kernel.steady import Kind
from shuoshi.kernel.verify import verify
from shuoshi.matters.models import Deadline
from tests.support.browser import Window
from tests.support.desk import signed_in
from tests.support.house import copied, lines, wrong
from tests.support.statements import Statements
from tests.support.village import Place, build_town

Desk = Callable[[str], Client]
ADDRESS = "/desk/settings/health/"
MANUAL = Path(__file__).parents[2] / "docs" / "manuals" / "administrator.md"
DAY = timedelta(days=1)
pytestmark = pytest.mark.server_clock  # one line of the page tells how far it is from ours


@tasks.task()
def never() -> None:
    raise ValueError("a secret of this task: 13800000017")


def test_a_house_in_order_says_so_of_every_part(well: Place, at_desk: Desk) -> None:
    assert wrong(well) == {}
    shown = at_desk("管理员").get(ADDRESS).content.decode()
    names = "磁盘 时间 版本 备份 恢复单 后台程序 期限 后台任务 要告诉人的 密钥 断电时 工作日历 说事日"
    for name in names.split():
        assert f"<b>{name}</b>" in shown, name
    assert database.called() in shown and "跟程序一致" in shown
    assert "都好" not in shown
    found = {"good": [line for line in lines(well).values() if line.state is State.GOOD], "at": clock.now()}
    assert "都好，没有要处理的。" in render_to_string("desk/settings/health.html", found)


def test_only_administrators_may_look(town: Place, at_desk: Desk, client: Client) -> None:
    assert at_desk("王芳").get(ADDRESS).status_code == 403
    assert at_desk("马镇长").post(ADDRESS, {"do": "again", "row": str(uuid4())}).status_code == 403
    assert client.get(ADDRESS).status_code == 302


def test_what_is_wrong_comes_first(well: Place, at_desk: Desk) -> None:
    Copy.objects.all().delete()
    steady.WorkerBeat.objects.all().delete()
    shown = at_desk("管理员").get(ADDRESS).content.decode()
    page = shown[shown.index("<h1>") :]
    order = [page.index(f"<b>{name}</b>") for name in ("后台程序", "备份", "磁盘")]
    assert order == sorted(order)
    assert "要马上处理" in page and "sudo systemctl restart shuoshi" in page


def given_up(count: int = 1) -> list[str]:
    for _ in range(count):
        never.enqueue()
    failed = {"status": "FAILED", "finished_at": clock.now(), "worker_ids": ["w"] * 8, "traceback": "13800000017"}
    DBTaskResult.objects.update(**failed)
    steady.alarm(Kind.TASK_FAILED, f"{__name__}.never"[-64:])
    return [str(pk) for pk in DBTaskResult.objects.values_list("pk", flat=True)]


def test_a_task_that_was_given_up_is_tried_again_at_a_press(well: Place, at_desk: Desk) -> None:
    (key,) = given_up()
    client = at_desk("管理员")
    shown = client.get(ADDRESS).content.decode()
    assert f"{__name__}.never" in shown and "试了 8 次" in shown
    assert "13800000017" not in shown, "nothing of what the task said"
    assert client.post(ADDRESS, {"do": "again", "row": key})["Location"] == ADDRESS
    row = DBTaskResult.objects.get()
    assert row.status == "READY" and row.worker_ids == [] and row.traceback == ""
    assert Kind.TASK_FAILED not in [alarm.kind for alarm in steady.alarms()]
    event = Event.objects.get(stream_kind="task", stream_id=key)
    assert event.action == "try_task_again" and event.actor == well.actor("管理员").ref
    assert list(verify()) == []
    assert tasks.run_round("w2", {}) == 1
    assert DBTaskResult.objects.get().worker_ids == ["w2"], "its tries are counted from the first"
    again = client.post(ADDRESS, {"do": "again", "row": key})
    assert again.status_code == 409 and "已经在重试" in again.content.decode()


def test_of_two_that_failed_alike_one_keeps_the_alarm(well: Place) -> None:
    first, second = given_up(2)
    tasks.begin_anew(first)
    assert Kind.TASK_FAILED in [alarm.kind for alarm in steady.alarms()]
    tasks.begin_anew(second)
    assert Kind.TASK_FAILED not in [alarm.kind for alarm in steady.alarms()]


def test_it_costs_as_many_statements_however_much_there_is(
    well: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    client = at_desk("管理员")

    def cost() -> int:
        """The fewer of two: what is read for all pages every few seconds may fall into one."""
        client.get(ADDRESS)
        read = []
        for _time in range(2):
            with statements() as seen:
                assert client.get(ADDRESS).status_code == 200
            read.append(seen.count)
        return min(read)

    well.raise_matter(by="王芳")
    given_up(1)
    Deadline.objects.update(next_look_at=clock.now() - DAY)
    little = cost()
    for _ in range(5):
        well.raise_matter(by="王芳")
        copied(outcome=Outcome.FAILED)
    given_up(60)
    Deadline.objects.update(next_look_at=clock.now() - DAY)
    for _ in range(3):
        steady.alarm(Kind.PHONES_TRIED, uuid4().hex)
    assert cost() == little
    assert little <= 26


def test_every_command_on_it_is_one(well: Place, home: Path, settings: Any) -> None:
    found: set[str] = set()
    for address in (str(home / "copies"), str(home / "no" / "where"), "s3://b/s"):
        settings.COPIES = address
        for ago in (timedelta(), 4 * DAY, 30 * DAY):
            Copy.objects.all().delete()
            copied(ago, checked_at=clock.now() - ago)
            found |= {command for line in lines(well).values() for command in line.commands}
    Copy.objects.update(check_problem="broken")
    (home / "recovery").unlink()
    (home / "keys" / "field").unlink()
    found |= {command for line in lines(well).values() for command in line.commands}
    ours = {command for command in found if command.startswith("shuoshi ")}
    assert len(ours) >= 5, found
    for command in ours:
        name, *words = shlex.split(command.partition(" > ")[0])[1:]
        main.commands[name].make_context(name, words, resilient_parsing=False)


def test_the_manual_of_administrators_explains_every_line(well: Place) -> None:
    copied(checked_at=clock.now(), problem="files are lost")
    found = set(lines(well))
    copied(outcome=Outcome.FAILED)
    steady.alarm(Kind.PHONES_TRIED, uuid4().hex)
    found |= set(lines(well))
    explained = re.findall(r"^\| \*\*([^*]+)\*\* \|", MANUAL.read_text("utf-8"), re.MULTILINE)
    assert found >= {"丢失的附件", "最近一次备份", "提醒"}
    assert set(explained) >= found


def test_the_banner_leads_here_and_not_from_here(home: Path, town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    link = f'<a href="{ADDRESS}">看怎么办</a>'
    assert link in client.get("/desk/").content.decode(), "no worker lives in this town"
    assert link not in client.get(ADDRESS).content.decode()
    assert link not in at_desk("王芳").get("/desk/").content.decode()
    doors = client.get("/desk/settings/").content.decode()
    assert f'href="{ADDRESS}"' in doors and "1 件要处理" in doors


def test_the_page_of_what_is_missing_asks_for_a_copy_and_a_sheet(well: Place, at_desk: Desk, home: Path) -> None:
    client, address = at_desk("管理员"), "/desk/settings/start/"
    assert "完好的备份" not in client.get(address).content.decode()
    Copy.objects.all().delete()
    (home / "recovery").unlink()
    shown = client.get(address).content.decode()
    assert shown.count(f'href="{ADDRESS}"') == 2 and "完好的备份" in shown and "恢复单" in shown


def test_nothing_secret_is_on_it(well: Place, at_desk: Desk, home: Path) -> None:
    copied(outcome=Outcome.FAILED, problem="postgres://user:topsecret@host/name cannot be reached")
    given_up()
    shown = at_desk("管理员").get(ADDRESS).content
    assert b"topsecret" not in shown and b"13800000017" not in shown
    for name in keys.NAMES:
        value = (home / "keys" / name).read_bytes()
        assert value not in shown and value.hex().encode() not in shown


@pytest.mark.browser
def test_a_computer_whose_clock_differs_from_the_servers_is_told(
    transactional_db: None, window: Callable[..., Window]
) -> None:
    client = signed_in(build_town(), "管理员")
    shown = window()
    session = {"name": "session", "value": client.cookies["session"].value, "domain": "127.0.0.1", "path": "/"}
    shown.page.context.add_cookies([session])
    page = shown.page
    page.clock.set_fixed_time(clock.now())
    shown.go(ADDRESS)
    assert page.locator("[data-server-now]").is_hidden()
    page.clock.set_fixed_time(clock.now() + timedelta(minutes=31))
    page.reload()
    page.locator("[data-server-now]").wait_for()
    assert "差 31 分钟" in page.locator("[data-server-now]").inner_text()
    shown.check()


def test_the_manual_it_names_is_there(well: Place, at_desk: Desk) -> None:
    Copy.objects.update(problem="2 files that rows name are not in the home")
    client = at_desk("管理员")
    links = re.findall(r'href="(/desk/help/about-[^"]+)"', client.get(ADDRESS).content.decode())
    assert len(links) == 2
    for address in links:
        manual = client.get(address).content.decode()
        assert "命令怎么输" in manual and "有附件在磁盘上找不到了" in manual
