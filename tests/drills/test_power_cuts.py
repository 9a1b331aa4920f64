"""Drill 27: killed without warning, or the power cut: every receipt that was shown is there once, and its files whole."""

from __future__ import annotations

import io
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.drills.phones import Phone, Press, Receipt
from tests.support import lacking, postgres
from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(27), pytest.mark.slow]

PRESSES = 24
KILLS = 6


def photo(shade: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 200), (shade, 100, 50)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def durable(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the rows lie, waiting for the disk: SQLite as it is, PostgreSQL on a cluster that does."""
    with ExitStack() as stack:
        on_postgres = request.config.getoption("--database") == "postgres"
        yield stack.enter_context(postgres.cluster(durable=True)) if on_postgres else ""


def test_every_receipt_shown_is_there_once_and_its_photo_whole(tmp_path: Path, durable: str):
    dice = random.Random(27)
    installation = Installation(tmp_path, database=durable)
    installation.start()
    try:
        made = [Phone(installation.port).fills_in(f"第{n}户门前的路灯坏了", photo(n)) for n in range(PRESSES)]
        answered = threading.Semaphore(0)

        def send(press: Press) -> Receipt:
            try:
                return press.send()
            finally:
                answered.release()

        with ThreadPoolExecutor(4) as pool:
            sent = [pool.submit(send, press) for press in made]
            for _ in range(KILLS):
                answered.acquire()
                time.sleep(dice.uniform(0, 0.2))
                installation.kill()
                installation.start()
            shown = [one.result() for one in sent]
    finally:
        installation.stop()
    counted = installation.count()
    assert {receipt.number for receipt in shown} == set(counted["matters"]) and len(counted["matters"]) == PRESSES
    by_number = {receipt.number: receipt.what for receipt in shown}
    for number, matter in counted["matters"].items():
        assert matter["registered"] == matter["told"] == 1
        assert matter["content"] == by_number[number]
    assert counted["files"] == counted["attached"] == PRESSES
    assert "whole" in installation.run("shuoshi", "verify")


def test_settings_that_lose_commits_are_refused_by_the_check(tmp_path: Path, durable: str):
    installation = Installation(tmp_path, database=durable, built=False)
    installation.run("shuoshi", "init")
    assert "as they should be" in installation.run("shuoshi", "check")
    if not durable:
        return
    with postgres.cluster() as careless:
        loses = Installation(tmp_path / "careless", database=careless, built=False)
        loses.run("shuoshi", "init")
        refused = loses.attempt("shuoshi", "check")
        assert refused.returncode != 0
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert f"{name} = off" in refused.stderr
        loses.start()
        loses.stop()
        assert "Warning: PostgreSQL has fsync = off" in loses.log()


@contextmanager
def traced(tmp_path: Path, pids: list[int]) -> Iterator[Path]:
    """What these processes and all they start write to disk and line, with the names of files, in the order it happened."""
    if shutil.which("strace") is None:
        lacking.skip("strace was not found. Remedy: apt-get install strace.")
    trace = tmp_path / "trace"
    command = [
        "strace",
        "-f",
        "-y",
        "-s",
        "9000",
        "-e",
        "trace=fsync,fdatasync,sendto,sendmsg,write,recvfrom,read",
        "-o",
        str(trace),
    ]
    tracer = subprocess.Popen([*command, *(f"--attach={pid}" for pid in pids)], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    for _each in pids:  # what one of them writes before it is watched would be missed
        said = tracer.stderr.readline()
        if "attached" not in said:
            lacking.skip(f"strace may not watch a process here ({said.strip()}). Remedy: allow ptrace.")
    try:
        yield trace
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(30)


def test_the_disk_has_it_before_the_resident_has_the_answer(tmp_path: Path, durable: str):
    """The last press, watched: the commit is synced to the log of the database before the answer leaves the server."""
    installation = Installation(tmp_path, database=durable)
    installation.start()
    try:
        press = Phone(installation.port).fills_in("路灯坏了", photo(1))
        watched = _servers(durable) if durable else [installation.pid]
        with traced(tmp_path, watched) as trace:
            status, _ = press.phone.ask("/submit/check/", csrfmiddlewaretoken=press.token)
            assert status == 302
            time.sleep(0.5)
        lines = trace.read_text("utf-8", errors="replace").splitlines()
    finally:
        installation.stop()
    log = "pg_wal" if durable else "shuoshi.sqlite3-wal"
    asked, answered = _registration(lines) if durable else _exchange(lines, "POST /submit/check/", "HTTP/1.1 302")
    synced = [n for n in range(asked, answered) if log in lines[n] and "fdatasync(" in lines[n]]
    assert synced, "\n".join(lines[asked : answered + 1])
    if not durable:  # and the photo before the row that names it
        files = [n for n in range(asked, answered) if "/files/" in lines[n] and "fsync(" in lines[n]]
        assert files and files[0] < synced[-1]


def _exchange(lines: list[str], asks: str, answers: str, of: str = "", after: int = 0) -> tuple[int, int]:
    """The first line with a question and the first with its answer, of one process where `of` names it."""
    mine = [n for n, line in enumerate(lines) if n >= after and line.startswith(of)]
    asked = next(n for n in mine if "recvfrom(" in lines[n] and asks in lines[n])
    return asked, next(n for n in mine if n > asked and "sendto(" in lines[n] and answers in lines[n])


def _registration(lines: list[str]) -> tuple[int, int]:
    """The commit of the very process that wrote the matter: others commit meanwhile what needs no disk."""
    wrote = next(n for n, line in enumerate(lines) if "recvfrom(" in line and 'INTO \\"matters_matter\\"' in line)
    return _exchange(lines, "vCOMMIT", "vCOMMIT", of=lines[wrote].split()[0] + " ", after=wrote)


def _servers(address: str) -> list[int]:
    """The processes of the cluster: the first, and those it has started for the connections there are."""
    first = (Path(address.partition("@/")[2]).parent / "data" / "postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [int(pid) for pid in (first, *children)]
