"""Drill 15: what was erased does not come back with an older copy, from any of three, and the history proves itself each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.drills.test_copies_restored import opened
from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(15), pytest.mark.slow]


def held(installation: Installation) -> dict[str, Any]:
    return installation.count()["matters"]


def test_erase_back_up_restore_older(tmp_path: Path) -> None:
    office = opened(tmp_path)
    run = office.installation.run
    run("tests.support.elsewhere", "raise", "3")
    office.point()
    run("tests.support.elsewhere", "close")
    office.point()
    run("tests.support.elsewhere", "raise", "2")
    office.point()
    before = held(office.installation)
    number = sorted(before)[0]
    run("tests.support.elsewhere", "destroy", number, str(office.folder))
    after = held(office.installation)
    assert after[number]["content"] == "已销毁" and after.keys() == before.keys()
    assert "whole" in run("shuoshi", "verify")
    child = office.installation.begin("shuoshi", "backup", str(office.folder))
    child.kill()
    child.wait()
    for n, (at, counted) in enumerate(office.points):
        fresh = office.brought_back(tmp_path / f"fresh-{n}", "--at", at)
        back = held(fresh)
        assert back[number]["content"] == "已销毁", f"the copy of {at} brings it back"
        assert {one: back[one]["content"] for one in back if one != number} == {
            one: counted["matters"][one]["content"] for one in back if one != number
        }
