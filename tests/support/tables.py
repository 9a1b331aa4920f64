"""Ledgers of other systems, as files that somebody gives."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta

import xlsxwriter

from shuoshi.channels.spreadsheets import actions, running
from shuoshi.channels.spreadsheets.actions import grid_of, settings_of
from shuoshi.channels.spreadsheets.columns import TRANSLATED
from shuoshi.channels.spreadsheets.models import Run, RunState, Spreadsheet
from shuoshi.kernel import clock
from tests.support.village import Place

HEADINGS = ("编号", "内容", "时间", "姓名", "电话", "地点", "类别", "状态")
ROWS = (
    ("T1", "村口的路灯坏了三盏。", "2026-03-02 08:15", "陈大明", "13800000017", "村口", "路灯", "办理中"),
    ("T2", "水管漏了。", "2026/3/2", "", "", "东头", "供水", ""),
    ("T3", "井盖破了。", "2026-03-03", "", "", "", "", "已办结"),
    ("T4", "", "昨天", "", "12", "", "", ""),
)


def text(rows: Sequence[Sequence[str]] = ROWS, headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> bytes:
    """A file of text with commas."""
    return "".join(f"{','.join(row)}\r\n" for row in (headings, *rows)).encode(encoding)


def workbook(rows: Sequence[Sequence[str]] = ROWS, headings: Sequence[str] = HEADINGS, above: str = "") -> bytes:
    """The same as .xlsx; `above` is the name of the ledger above its headings."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("台账")
        for at, row in enumerate([*([[above]] if above else []), headings, *rows]):
            sheet.write_row(at, 0, row)
    return made.getvalue()


def given(town: Place, data: bytes | None = None, name: str = "台账.csv", by: str = "王芳") -> Spreadsheet:
    return actions.give(name, text() if data is None else data, actor=town.actor(by))


def confirmed(town: Place, sheet: Spreadsheet, by: str = "王芳") -> Spreadsheet:
    """Its columns are what they are called; words that nobody put to anything are put to nothing of ours."""
    grid, actor = grid_of(sheet), town.actor(by)
    settings = settings_of(sheet, grid)
    actions.put(sheet.pk, settings, actor=actor)
    put = {
        one.value: dict.fromkeys(grid.column(heading), "")
        for heading, one in settings.columns.items()
        if one in TRANSLATED
    }
    known = {one: {**words, **settings.values.get(one, {})} for one, words in put.items()}
    return actions.put_words(sheet.pk, known, actor=actor)


def begun(town: Place, sheet: Spreadsheet, layout: str = "", by: str = "王芳") -> Run:
    return actions.begin(confirmed(town, sheet, by).pk, layout, actor=town.actor(by))


def carried_through() -> None:
    """The worker, until nothing runs."""
    while Run.objects.filter(state=RunState.RUNNING).exists():
        running.carry_on(clock.now(), timedelta(seconds=30))
