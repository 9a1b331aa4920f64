"""What stays of imports: runs that stand still, and what a layout keeps."""

from __future__ import annotations

from typing import Any

import pytest

from shuoshi.channels.spreadsheets import actions, queries, running
from shuoshi.channels.spreadsheets.columns import Field, Settings
from shuoshi.channels.spreadsheets.models import Layout, RunState, Spreadsheet
from shuoshi.kernel import clock, files
from shuoshi.kernel.refusal import Refused
from tests.support.tables import HEADINGS, begun, carried_through, confirmed, given, text
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def test_rows_that_are_gone_stop_the_run_and_not_the_worker(town: Place):
    run = begun(town, given(town))
    files.remove(Spreadsheet.objects.get().stored)
    assert running.carry_on(clock.now()) == 0
    run.refresh_from_db()
    assert run.state == RunState.STOPPED and queries.stands_still(run)
    for again in range(2):
        with refused("no_such_sheet"):
            actions.go_on(run.pk, actor=town.actor("王芳"))
        assert running.forget(clock.now() + actions.KEPT) == 1 - again, "it is not there for good"


def test_a_run_that_cannot_go_on_keeps_no_other_waiting(town: Place, monkeypatch: pytest.MonkeyPatch):
    first, batch = begun(town, given(town)), running._batch
    second = begun(town, given(town, text([("S1", "桥坏了")], HEADINGS[:2])))

    def strange(run: Any, *args: Any) -> int:
        if run == first.pk:
            raise RuntimeError("nobody thought of it")
        return batch(run, *args)

    monkeypatch.setattr(running, "_batch", strange)
    carried_through()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (RunState.STOPPED, RunState.DONE)
    actions.go_on(first.pk, actor=town.actor("王芳"))
    assert Spreadsheet.objects.get(run=first).expires_at is None


def test_a_layout_keeps_no_word_that_was_put_to_nothing(town: Place):
    sheet = confirmed(town, given(town))
    actions.put_words(
        sheet.pk, {Field.STATE: {"已办结": "settled", "陈大明办理中" * 9: "settled"}}, actor=town.actor("王芳")
    )
    actions.begin(sheet.pk, "台账", actor=town.actor("王芳"))
    kept = Settings.read(Layout.objects.get().settings)
    assert kept.values == {Field.CATEGORY: {}, Field.STATE: {"已办结": "settled"}}
