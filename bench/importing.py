"""A workbook of an older ledger: `python -m bench.importing [N=10000]`, on SQLite and on PostgreSQL.

One row in thirty-three is faulty, as in the letters of ten thousand rows with three hundred faults. Every fault is told by
row and reason; the file put right is imported, and then undone. Each database has a process of its own, so that memory is
what the import took.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.installation import ROOT, Installation
from bench.measures import Measure, table
from tests.support import postgres

_FAULTY = 33  # one row in so many
_HEADINGS = ("编号", "内容", "时间", "姓名", "电话", "地点", "类别", "状态")
_SAID = "村口到小学那段路的路灯坏了三盏，已经一个多星期了，孩子放晚学走路看不见。"
_PAGES = 5


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    if postgres.programs() is None:
        sys.exit(postgres.REMEDY)
    found: list[Measure] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shuoshi-import-")))
        address, _pid = stack.enter_context(postgres.durable_cluster())
        for name, database in (("SQLite", ""), ("PostgreSQL", address)):
            found += _on(name, Installation(folder / name, database), many)
    print(table(found))


def _on(name: str, place: Installation, many: int) -> list[Measure]:
    place.run("shuoshi", "init")
    command = [sys.executable, "-m", "bench.importing", "inside", str(many)]
    done = subprocess.run(command, cwd=ROOT, env=place.environ(0), text=True, stdout=subprocess.PIPE, check=True)
    took = json.loads(done.stdout.splitlines()[-1])
    rows = f"{many:,} rows on {name}"
    return [
        Measure(f"{rows}: reading the workbook", took["give"], "s"),
        Measure(f"{rows}: checking them", took["check"], "s"),
        Measure(f"{rows}: a page of the faults", took["page"] * 1000, "ms"),
        Measure(f"{rows}: faults told", took["faults"], "", took["faulty"], at_least=True),
        Measure(f"{rows}: registered after correction", took["rate"], "/s", 1000, at_least=True),
        Measure(f"{rows}: CPU of the process for one", took["cpu"] * 1000, "ms"),
        Measure(f"{rows}: undone", took["undone"], "/s"),
        Measure(f"{rows}: most memory", took["memory"], "MB"),
    ]


def inside(many: int) -> dict[str, Any]:
    """What it took in this installation."""
    import django

    django.setup()
    from shuoshi.channels.spreadsheets import actions, queries, running, undoing
    from shuoshi.channels.spreadsheets.models import Run, RunState
    from shuoshi.kernel import clock, verify
    from tests.support.tables import confirmed
    from tests.support.village import build_town

    town = build_town()
    found: dict[str, Any] = {"faulty": len(range(0, many, _FAULTY))}
    began = time.perf_counter()
    sheet = actions.give("台账.xlsx", _workbook(many, faulty=True), actor=town.actor("王芳"))
    found["give"] = time.perf_counter() - began
    began = time.perf_counter()
    sheet = confirmed(town, sheet)
    found["check"] = time.perf_counter() - began
    began = time.perf_counter()
    for _page in range(_PAGES):
        preview = queries.preview(sheet, town.actor("王芳"))
    found["page"] = (time.perf_counter() - began) / _PAGES
    found["faults"] = preview.outlook.faulty
    run = actions.begin(confirmed(town, actions.give("台账.xlsx", _workbook(many), actor=town.actor("王芳"))).pk, "", actor=town.actor("王芳"))  # fmt: skip
    began, spent = time.perf_counter(), time.process_time()
    while Run.objects.filter(state=RunState.RUNNING).exists():
        running.carry_on(clock.now())
    run.refresh_from_db()
    found["rate"] = run.registered / (time.perf_counter() - began)
    found["cpu"] = (time.process_time() - spent) / run.registered
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert run.registered == many and not run.refused
    if many <= 10_000:
        assert not list(verify.verify())
    undoing.ask(run.pk, "传错了", actor=town.actor("王芳"))
    undoing.agree(run.pk, actor=town.actor("刘敏"))
    began = time.perf_counter()
    done = undoing.carry_on(clock.now(), timedelta(seconds=10))
    found["undone"] = done / (time.perf_counter() - began)
    return found


def _workbook(many: int, *, faulty: bool = False) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, _HEADINGS)
        for at in range(many):
            wrong = faulty and at % _FAULTY == 0
            said = "前天" if wrong else f"2026-03-{at % 28 + 1:02d} 08:15"
            row = (f"T{at}", f"{_SAID}第 {at} 次来说。", said, "陈大明", f"138{at:08d}", "村口", "路灯", "办理中")
            sheet.write_row(at + 1, 0, row)
    return made.getvalue()


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuoshi.config.settings")
        sys.path.insert(0, str(ROOT / "src"))
        print(json.dumps(inside(int(sys.argv[2]))))
    else:
        main()
