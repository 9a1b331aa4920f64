"""Drill 18 for workbooks: what is no workbook, or a bomb, is refused in words; what is one is read as text, in bounds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from shuoshi.kernel import workbooks
from shuoshi.kernel.workbooks import BadWorkbook, Reason


def workbook(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        fill(book)
    return made.getvalue()


def plain(rows: int = 1) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("单位")
        for row in range(rows):
            sheet.write_row(row, 0, ["名称", "𠮷家村 <b>&", 13800000017, 2.5])

    return workbook(fill)


def changed(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part put in or replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return made.getvalue()


def refused(data: bytes) -> Reason:
    with pytest.raises(BadWorkbook) as caught:
        workbooks.read(data)
    assert "请" in str(caught.value) or "最多" in str(caught.value)
    return caught.value.reason


def test_cells_are_read_as_text_and_rare_characters_survive() -> None:
    assert workbooks.read(plain())["单位"] == [["名称", "𠮷家村 <b>&", "13800000017", "2.5"]]


def test_a_cell_merged_over_rows_is_read_in_each_of_them() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("人员")
        sheet.write_row(1, 1, ["王芳", "城建办", "承办人"])
        sheet.write(2, 1, "孙丽")
        sheet.merge_range(1, 2, 2, 2, "城建办")
        sheet.merge_range(3, 1, 3, 3, "以下空白")

    assert workbooks.read(workbook(fill))["人员"][1:] == [
        ["王芳", "城建办", "承办人"],
        ["孙丽", "城建办", ""],
        ["以下空白", "", ""],
    ]


def test_a_formula_is_what_the_file_says_it_came_to() -> None:
    data = workbook(lambda book: book.add_worksheet().write_formula(0, 0, '=HYPERLINK("http://x","y")', None, "算好的"))
    assert workbooks.read(data)["Sheet1"] == [["算好的"]]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 nonsense", b"\xd0\xcf\x11\xe0" + b"\0" * 512, "名称,类型\n".encode()]
)
def test_what_is_no_workbook_is_told_so(data: bytes) -> None:
    assert refused(data) == Reason.WRONG_TYPE


@pytest.mark.drill(18)
def test_bombs_macros_and_document_types_are_not_opened() -> None:
    swollen = changed(plain(), "xl/worksheets/sheet2.xml", b"<a>" + b" " * 50_000_000)
    assert refused(swollen) == Reason.SUSPICIOUS
    assert refused(changed(plain(), "xl/vbaProject.bin", b"macro")) == Reason.SUSPICIOUS
    billion = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><sst>&a;</sst>'
    assert refused(changed(plain(), "xl/sharedStrings.xml", billion)) == Reason.SUSPICIOUS
    many = plain()
    made = io.BytesIO(many)
    with zipfile.ZipFile(made, "a") as archive:
        for n in range(300):
            archive.writestr(f"junk/{n}.txt", "x")
    assert refused(made.getvalue()) == Reason.SUSPICIOUS
    assert refused(b"\0" * (workbooks.LARGEST + 1)) == Reason.TOO_BIG


def test_a_broken_part_and_too_many_rows_are_told_apart() -> None:
    assert refused(changed(plain(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>")) == Reason.BROKEN
    assert refused(plain(workbooks.MOST_ROWS + 1)) == Reason.TOO_LONG
