"""procedure.md, rule 7: an action reads the clock once; nothing of the procedure reads any other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import shuoshi
from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place

PACKAGE = Path(next(iter(shuoshi.__path__)))
READS_TIME = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("timezone", "now"), ("time", "time")}


def readings(package: str) -> Iterator[str]:
    """Where time is read past the kernel's clock."""
    for path in (PACKAGE / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = (
                    owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
                )
                if (name, node.func.attr) in READS_TIME:
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}"


@pytest.mark.parametrize(
    "package", ["matters", "organization", "people", "knowledge", "portal", "desk", "channels", "meetings", "listing"]
)
def test_nothing_but_the_clock_of_the_kernel_tells_the_time(package: str):
    assert list(readings(package)) == []


def test_all_that_one_action_writes_bears_one_moment(town: Place, monkeypatch: pytest.MonkeyPatch):
    """The clock runs on by a minute each time somebody reads it."""
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    begin = clock.now()
    reads = iter(range(1, 10_000))

    def ticking() -> datetime:
        return begin + timedelta(minutes=next(reads))

    monkeypatch.setattr(clock, "now", ticking)
    matter = town.sign(matter)
    event = Event.objects.filter(stream_id=str(matter.pk)).latest("sequence")
    result = matter.results.get()
    written = {
        event.recorded_at,
        result.signed_at,
        matter.entries.latest("at").at,
        *matter.deadlines.filter(outcome="OPEN").values_list("started_at", flat=True),
        *matter.deadlines.filter(kind="completion").values_list("settled_at", flat=True),
    }
    assert written == {event.recorded_at} and event.recorded_at > begin
