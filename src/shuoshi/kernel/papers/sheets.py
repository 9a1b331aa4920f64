"""Workbooks: a list, or a form to fill in. Every cell is text or a number, nothing in it is a formula or a link.

Lists are made on the child's side; import this module only where one is made, so that servers do not carry the library.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter

_INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST = 32_767  # characters a cell can hold


@dataclass(frozen=True)
class FormColumn:
    """One column to fill in: heading, hint above it, and what may be chosen (() for free text)."""

    heading: str
    hint: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class FormSheet:
    """One sheet to fill in, with examples that show how; without columns a table to read."""

    name: str
    columns: Sequence[FormColumn]
    rows: Sequence[Sequence[str]]


def form(sheets: Sequence[FormSheet], *, down_to: int = 500) -> bytes:
    """A workbook to fill in; lists to choose from reach down to that row."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, _INERT) as book:
        heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F5F4F0"})
        soft = book.add_format({"font_color": "#4F575E", "text_wrap": True, "valign": "top"})
        example = book.add_format({"font_color": "#7D7A72"})
        for given in sheets:
            sheet = book.add_worksheet(given.name)
            sheet.set_column(0, max(len(given.columns), 2) - 1, 20)
            for at, column in enumerate(given.columns):
                sheet.write_string(0, at, column.hint, soft)
                sheet.write_string(1, at, column.heading, heading)
                if column.choices:
                    rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
                    sheet.data_validation(2, at, down_to, at, rule)
            top = 2 if given.columns else 0
            sheet.freeze_panes(top, 0)
            for row, cells in enumerate(given.rows, start=top):
                for at, cell in enumerate(cells):
                    sheet.write_string(row, at, cell, example if given.columns else None)
    return made.getvalue()


def workbook(
    title: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str | int]],
    notes: Sequence[str],
    stamp: int | None = None,
) -> bytes:
    """One sheet: title, notes, heading row, rows. `columns` are names with their width in characters.

    `stamp`: seconds since 1970; the same list of the same moment has the same bytes.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, _INERT)
    if stamp is not None:
        book.set_properties({"created": datetime.fromtimestamp(stamp, UTC)})
    sheet = book.add_worksheet("台账")
    heading = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    large = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    sheet.merge_range(0, 0, 0, len(columns) - 1, "", large)
    sheet.write_string(0, 0, title, large)
    for line, note in enumerate(notes, start=1):
        sheet.write_string(line, 0, note)
    top = len(notes) + 1
    for column, (name, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, name, heading)
    for line, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, column, value, cell)
            else:
                sheet.write_string(line, column, value[:_LONGEST], cell)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    book.close()
    return made.getvalue()
