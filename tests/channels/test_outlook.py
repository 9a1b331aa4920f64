"""What would come of a sheet is looked at once, and kept for as long as it holds."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from shuoshi.channels.spreadsheets import actions, outlook, queries
from shuoshi.channels.spreadsheets.columns import Field, Settings
from shuoshi.channels.spreadsheets.models import Spreadsheet
from shuoshi.kernel import files
from tests.support.tables import confirmed, given
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def test_pages_of_faults_do_not_look_at_every_row_again(town: Place, monkeypatch: pytest.MonkeyPatch):
    sheet, actor = confirmed(town, given(town)), town.actor("王芳")
    before = queries.preview(sheet, actor)
    monkeypatch.setattr(outlook, "of", lambda *given: pytest.fail("looked at anew"))
    monkeypatch.setattr(actions, "grid_of", lambda *given: pytest.fail("read anew"))
    again = queries.preview(Spreadsheet.objects.get(), actor)
    assert again.outlook == before.outlook and again.first == before.first
    assert queries.faults(Spreadsheet.objects.get(), actor) == list(before.outlook.faults)


def test_what_was_kept_holds_for_what_was_confirmed_and_for_the_language(town: Place):
    sheet, actor = confirmed(town, given(town)), town.actor("王芳")
    with translation.override("en"):
        assert "昨天" in queries.faults(sheet, actor)[1].reason
        assert queries.faults(sheet, actor)[1].reason != queries.faults(sheet, actor)[1].value
        other = queries.faults(sheet, actor)
    assert [one.line for one in other] == [one.line for one in queries.faults(sheet, actor)]
    only = Settings({"内容": Field.CONTENT})
    changed = actions.put(sheet.pk, only, actor=actor)
    assert [one.column for one in queries.faults(changed, actor)] == ["内容"]


def test_a_sheet_thrown_away_leaves_no_file(town: Place, django_capture_on_commit_callbacks: Any):
    sheet = confirmed(town, given(town))
    names = [sheet.stored, sheet.checked]
    assert all(names) and all(files.lies_there(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        actions.throw_away(sheet.pk, actor=town.actor("王芳"))
    assert not any(files.lies_there(name) for name in names)
