"""A list as .xlsx: every cell is text or a number, nothing in it is a formula or a link. Child side."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

_INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST = 32_767  # characters a cell can hold


def workbook(
    title: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str | int]],
    notes: Sequence[str],
) -> bytes:
    """One sheet: title, notes, heading row, rows. `columns` are names with their width in characters."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, _INERT)
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
