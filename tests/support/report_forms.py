"""Forms that those above send, as files."""

from __future__ import annotations

import io
from typing import Any

import docx
import xlsxwriter
from python_calamine import CalamineWorkbook

from shuoshi.ledgers.filling import LOOP

HEADINGS = ("序号", "工单编号", "登记时间", "诉求类别", "办理状态", "县里的备注", "经办")


def workbook(*beneath: str, formula: str = "=COUNTA(B5:B100)", link: str = "", top: int = 4) -> bytes:
    """A title, a cell for a figure with a formula beside it, headings in the fourth row, and a bordered line."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("月报")
        sheet.write(0, 0, "某县群众诉求月报表")
        sheet.write_row(1, 0, ["本月新登记", "", "合计"])
        sheet.write_formula(1, 3, formula)
        if link:
            sheet.write_url(2, 0, link)
        sheet.write_row(top - 1, 0, HEADINGS)
        sheet.write_blank(top, 1, None, book.add_format({"border": 1}))
        for line, text in enumerate(beneath, start=top):
            sheet.write(line, 1, text)
    return made.getvalue()


def document(loop: str = LOOP, about: str = "{{ 期间 }}新登记{{ 新登记 }}件，{{ 填报单位 }}，{{ 填报人 }}") -> bytes:
    made, file = docx.Document(), io.BytesIO()
    made.add_paragraph(about)
    made.add_paragraph(loop + "{{ 编号 }} {{ 状态 }} {{ 登记日期 }}；{% endfor %}")
    made.save(file)
    return file.getvalue()


def lines(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
