"""A list as .xlsx, row by row: memory grows by what it packs to, and nothing of it touches the disk in clear.

The library writes its long sheets into files of text beside it, which would lie there unsealed. What it makes of short
ones, sheets.py does.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

MOST_ROWS = 1_000_000  # a sheet holds 1,048,576 lines, some of which are above the list
_LONGEST = 32_767  # characters a cell can hold
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML knows no way to write these
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TITLE, _HEADING, _CELL = 1, 2, 3  # places in the styles below

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LINES = "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f"<styleSheet {_MAIN}>"
    '<fonts count="3"><font><sz val="11"/></font><font><b/><sz val="16"/></font><font><b/><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    f'</fills><borders count="2"><border/><border>{_LINES}</border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf fontId="1" applyFont="1"/>'
    '<xf fontId="2" borderId="1" applyFont="1" applyBorder="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    '<xf borderId="1" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>'
    "</cellXfs></styleSheet>",
}


class LongSheet:
    """Title, notes, heading row, and then rows as they come. `columns` are names with their width in characters."""

    def __init__(
        self, title: str, columns: Sequence[tuple[str, int]], notes: Sequence[str], tab: str, made_at: datetime
    ) -> None:
        self._made = io.BytesIO()
        self._when = max(made_at.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
        self._zip = zipfile.ZipFile(self._made, "w", zipfile.ZIP_DEFLATED)
        for name, part in _PARTS.items():
            self._zip.writestr(self._part(name), _HEAD + part)
        top = len(notes) + 2  # the heading row, counted from 1
        printed = f"'{tab}'!${top}:${top}"
        book = (
            f'<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets><sheet name="{_text(tab)}" sheetId="1" r:id="rId1"/>'
            f'</sheets><definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">{_text(printed)}'
            "</definedName></definedNames></workbook>"
        )
        self._zip.writestr(self._part("xl/workbook.xml"), _HEAD + book)
        self._sheet = self._zip.open(self._part("xl/worksheets/sheet1.xml"), "w", force_zip64=True)
        widths = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
            for at, (_name, width) in enumerate(columns, start=1)
        )
        self._write(
            f'{_HEAD}<worksheet {_MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
            f'<sheetView workbookViewId="0"><pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" '
            f'state="frozen"/></sheetView></sheetViews><cols>{widths}</cols><sheetData>'
        )
        self.rows = 0
        self._line = 0
        self._add([title], _TITLE)
        for note in notes:
            self._add([note], 0)
        self._add([name for name, _width in columns], _HEADING)

    def add(self, row: Sequence[str | int]) -> None:
        """One more row of the list."""
        self._add(row, _CELL)
        self.rows += 1

    def finished(self) -> bytes:
        """The workbook; nothing can be added after."""
        self._write(
            '</sheetData><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
        )
        self._sheet.close()
        self._zip.close()
        return self._made.getvalue()

    def _add(self, row: Sequence[str | int], style: int) -> None:
        self._line += 1
        cells = "".join(
            f'<c s="{style}"><v>{cell}</v></c>'
            if isinstance(cell, int)
            else f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(cell[:_LONGEST])}</t></is></c>'
            for cell in row
        )
        self._write(f'<row r="{self._line}">{cells}</row>')

    def _write(self, text: str) -> None:
        self._sheet.write(text.encode())

    def _part(self, name: str) -> zipfile.ZipInfo:
        part = zipfile.ZipInfo(name, self._when)
        part.compress_type = zipfile.ZIP_DEFLATED
        return part


def _text(words: str) -> str:
    return escape(_LIKE_AN_ESCAPE.sub("_x005F_", _NEVER.sub("\ufffd", words)), {'"': "&quot;"})
