"""The pieces the templates of the papers are written with: pages, lines, tables, in the measures of GB/T 9704."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

LEFT, CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
TITLE, SONG, FANG, HEI = "方正小标宋简体", "宋体", "仿宋", "黑体"
ALL = ("top", "left", "bottom", "right", "insideH", "insideV")


def new_sheet(
    *,
    width: int = 210,
    height: int = 297,
    margins: tuple[int, int, int, int] = (25, 26, 24, 28),
    letter: bool = False,
    footer: bool = True,
    foot_text: str = "{{ 编号 }}　　{% if 指纹 %}指纹 {{ 指纹 }}　　{% endif %}",
) -> Any:
    """A document of one section. `letter`: the margins of GB/T 9704, 28 characters of 三号 a line."""
    sheet = docx.Document()
    section = sheet.sections[0]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    top, right, bottom, left = (37, 26, 35, 28) if letter else margins
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.footer_distance = Mm(bottom // 2 if bottom > 20 else 6)
    usual = sheet.styles["Normal"]
    usual.font.name, usual.font.size = "Times New Roman", Pt(12)
    usual.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
    usual.paragraph_format.space_after = Pt(0)
    if footer:
        _page_numbers(section.footer.paragraphs[0], foot_text)
    for paragraph in list(sheet.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    return sheet


def head(sheet: Any, title: str, *, over: str = "{{ 机构 }}", issuer: bool = False) -> None:
    """In whose name, what it is, the rule, the number line; with `issuer` who signed, as on a report to those above."""
    line(sheet, over, size=16, align=CENTRE, font=SONG)
    line(sheet, title, size=22, align=CENTRE, font=TITLE, before=4, after=6)
    table = bare_table(sheet, [96, 60], lines=())
    cells = table.add_row().cells
    edition = "{% if 版次 %}（{{ 版次 }}）{% endif %}"
    fill(cells[0], [f"编号：{{{{ 编号 }}}}{edition if issuer else ''}"], size=12)
    fill(cells[1], ["签发人：{{ 签发人 }}" if issuer else edition], size=12, align=RIGHT)
    rule(line(sheet, "", size=4), 12)
    line(sheet, "", size=4)


def foot(sheet: Any, *, size: float = 12) -> None:
    """Where the seal goes, and where the paper can be checked."""
    line(sheet, "", size=8, keep=True)
    table = bare_table(sheet, [30, 62, 64], lines=())
    row = table.add_row()
    _together(row)
    fill(row.cells[0], ["{% if 二维码 %}{{ 二维码 }}{% endif %}"], size=10, exact=False)
    fill(row.cells[1], ["{{ 核验 }}"], size=9)
    fill(row.cells[2], ["", "{{ 落款 }}", "{{ 出具日期 }}", "（盖章）"], size=size, align=CENTRE)
    row.cells[1].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def line(
    parent: Any,
    text: str,
    *,
    size: float = 16,
    font: str = FANG,
    align: Any = BOTH,
    first: float = 0,
    before: float = 0,
    after: float = 0,
    exact: bool = True,
    keep: bool = False,
) -> Any:
    """A paragraph. 三号 stands on lines of 28 points; other sizes keep the proportion."""
    paragraph = parent.add_paragraph()
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after = align, Pt(before), Pt(after)
    form.keep_with_next = keep or None
    if exact:
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = Pt(round(size * (1.75 if size == 16 else 1.5), 1))
    if first:
        indent = paragraph._element.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), str(int(first * 100)))
        indent.set(qn("w:firstLine"), str(int(first * size * 20)))
    add_runs(paragraph, (text, font), size=size)
    return paragraph


def add_runs(paragraph: Any, *texts: tuple[str, str], size: float = 16) -> None:
    for text, font in texts:
        run = paragraph.add_run(text)
        run.font.size, run.font.name = Pt(size), "Times New Roman" if font in (FANG, SONG) else font
        run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def rule(paragraph: Any, eighths: int) -> None:
    """The thick line beneath a heading."""
    borders = OxmlElement("w:pBdr")
    side = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", "000000")):
        side.set(qn(f"w:{name}"), value)
    borders.append(side)
    later = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")  # Word minds the order
    paragraph._element.get_or_add_pPr().insert_element_before(borders, *later)


def bare_table(sheet: Any, widths: Sequence[float], *, lines: Sequence[str] = ALL) -> Any:
    table = sheet.add_table(rows=0, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    borders = OxmlElement("w:tblBorders")
    for name in ALL:
        side = OxmlElement(f"w:{name}")
        side.set(qn("w:val"), "single" if name in lines else "nil")
        if name in lines:
            side.set(qn("w:sz"), "8" if name in ("top", "left", "bottom", "right") else "4")
            side.set(qn("w:color"), "000000")
        borders.append(side)
    if lines:
        margins = OxmlElement("w:tblCellMar")
        for name, width in (("top", 45), ("left", 100), ("bottom", 45), ("right", 100)):
            side = OxmlElement(f"w:{name}")
            side.set(qn("w:w"), str(width))
            side.set(qn("w:type"), "dxa")
            margins.append(side)
        table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    return table


def ruled(sheet: Any, widths: Sequence[float], *, size: float = 12, heading: Sequence[str] = ()) -> Any:
    """A ruled table; `heading` repeats on every page."""
    table = bare_table(sheet, widths)
    if heading:
        row = table.add_row()
        for cell, name in zip(row.cells, heading, strict=True):
            fill(cell, [name], size=size, align=CENTRE, font=HEI)
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)
    _SIZES[id(table._tbl)] = (table._tbl, size)
    return table


def add_row(table: Any, *cells: Any, tall: float = 9, big: float = 0, labels: bool = False) -> None:
    """Label and text in turn, or `labels` alone; a last text given as a list of paragraphs takes the rest of the row."""
    size = _SIZES[id(table._tbl)][1]
    row = table.add_row()
    row.height = Mm(tall)
    for at, content in enumerate(cells):
        cell = row.cells[at]
        label = labels or at % 2 == 0
        if isinstance(content, list):
            cell = cell.merge(row.cells[-1]) if at < len(row.cells) - 1 else cell
            fill(cell, content, size=big or size, align=BOTH)
        else:
            fill(cell, content.split("\n"), size=size, align=CENTRE if label else LEFT, font=SONG if label else FANG)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER if label or tall <= 10 else None


def when(table: Any, name: str, label: str, content: list[str]) -> None:
    """A row that stands only where there is something to say."""
    add_row(table, f"{{%tr if {name} %}}", [""])
    add_row(table, label, content)
    add_row(table, "{%tr endif %}", [""])


def loop(table: Any, through: str, cells: Sequence[str], *, centred: Sequence[int]) -> None:
    size = _SIZES[id(table._tbl)][1]
    for mark in (f"{{%tr for {through} %}}", "", "{%tr endfor %}"):
        row = table.add_row()
        if mark:
            fill(row.cells[0], [mark], size=size)
            continue
        for at, content in enumerate(cells):
            fill(row.cells[at], [content], size=size, align=CENTRE if at in centred else LEFT)
            row.cells[at].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def fill(
    cell: Any, lines: Sequence[str], *, size: float, align: Any = LEFT, font: str = FANG, exact: bool = True
) -> None:
    for paragraph in list(cell.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    for text in lines:
        line(cell, text, size=size, align=align, font=font, exact=exact)


def _together(row: Any) -> None:
    mark = OxmlElement("w:cantSplit")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _page_numbers(paragraph: Any, before: str) -> None:
    paragraph.alignment = CENTRE
    add_runs(paragraph, (f"{before}第 ", SONG), size=9)
    _field(paragraph, "PAGE")
    add_runs(paragraph, (" 页，共 ", SONG), size=9)
    _field(paragraph, "NUMPAGES")
    add_runs(paragraph, (" 页", SONG), size=9)


def _field(paragraph: Any, name: str) -> None:
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(9)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = name
        run._element.append(mark)


def without_times(file: Path) -> None:
    """The same script gives the same bytes."""
    with zipfile.ZipFile(file) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


_SIZES: dict[int, tuple[Any, float]] = {}  # of tables, while they are written
