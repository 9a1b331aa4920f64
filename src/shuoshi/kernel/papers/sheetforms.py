"""Filling a stranger's .xlsx form: read where its headings are, and put text and numbers into its cells. Child side.

Everything else of the form stays as it came, its own formulas too; what is put in is a typed string or a number. A form
that would fetch or send anything is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from lxml import etree

from shuoshi.kernel.papers.gate import LARGEST_PART, LARGEST_WHOLE, MOST_PARTS, MOST_TIMES, Refused

SEEN_ROWS, SEEN_COLUMNS = 40, 60  # of a sheet, from its top left: where headings are
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_M = f"{{{_MAIN}}}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NEVER = re.compile(
    r"xl/(externallinks|embeddings|activex|ctrlprops|connections|querytables|macrosheets|model)|vbaproject|customui",
    re.IGNORECASE,
)
_LIVE = re.compile(
    r"\b(WEBSERVICE|FILTERXML|ENCODEURL|RTD|CALL|REGISTER(\.ID)?|EXEC|IMAGE|HYPERLINK|INDIRECT)\s*\(|\|\s*'",
    re.IGNORECASE,
)
_REF = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SMALL = 1 << 20
_LONGEST = 32_767

Cell = tuple[int, int, str | int]  # row and column, from 1, and what is put there


def look(form: bytes) -> list[dict[str, Any]]:
    """Its sheets in order: name, and the filled cells of the first rows as [row, column, text, is a formula].

    `last` is the lowest row in which anything stands.
    """
    book = _Book(form)
    return [{"name": name, **book.seen(part)} for name, part in book.sheets]


def filled(form: bytes, tab: str, cells: Sequence[Cell]) -> bytes:
    """The form with the cells put in. Raises Refused where one of them holds a formula of the form."""
    book = _Book(form)
    part = dict(book.sheets).get(tab)
    if part is None:
        raise Refused("unknown_name", tab)
    return book.with_cells(part, cells)


class _Book:
    def __init__(self, form: bytes) -> None:
        self.zip = _opened(form)
        self.names = [one.filename for one in self.zip.infolist() if not one.filename.endswith("/")]
        self.parts: dict[str, Any] = {}
        for name in self.names:
            if name.endswith((".xml", ".rels", ".vml")):
                _inspect(name, self.tree(name))
        self.shared = self._shared()
        self.sheets = self._sheets()

    def tree(self, name: str) -> Any:
        if name not in self.parts:
            self.parts[name] = _parsed(self.zip.read(name), name)
        return self.parts[name]

    def seen(self, part: str) -> dict[str, Any]:
        found: list[list[int | str | bool]] = []
        last = 0
        for row in self.tree(part).iter(f"{_M}row"):
            for cell in row.iter(f"{_M}c"):
                at, column = _place(cell)
                text, formula = self._text(cell), cell.find(f"{_M}f") is not None
                if not text and not formula:
                    continue
                last = max(last, at)
                if at <= SEEN_ROWS and column <= SEEN_COLUMNS:
                    found.append([at, column, text[:200], formula])
        return {"cells": found, "last": last, "seen": SEEN_ROWS}

    def with_cells(self, part: str, cells: Sequence[Cell]) -> bytes:
        tree = self.tree(part)
        data = tree.find(f"{_M}sheetData")
        rows = {int(row.get("r")): row for row in data.iter(f"{_M}row") if row.get("r")}
        style: dict[int, str] = {}
        for at, column, value in sorted(cells, key=lambda one: one[:2]):
            if at not in rows:
                rows[at] = _new_row(data, at)
            cell = _cell(rows[at], at, column)
            if cell.find(f"{_M}f") is not None:
                raise Refused("not_allowed", f"{_letters(column)}{at}")
            if cell.get("s"):
                style.setdefault(column, cell.get("s"))
            elif column in style:
                cell.set("s", style[column])
            _put(cell, value)
        for dimension in tree.findall(f"{_M}dimension"):
            tree.remove(dimension)
        book = self.tree("xl/workbook.xml")
        calc = book.find(f"{_M}calcPr")
        if calc is None:
            before = book.find(f"{_M}definedNames")
            calc = etree.Element(f"{_M}calcPr")
            (book.find(f"{_M}sheets") if before is None else before).addnext(calc)
        calc.set("fullCalcOnLoad", "1")
        return self._written({part, "xl/workbook.xml"})

    def _written(self, changed: set[str]) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
            for name in self.names:
                part = zipfile.ZipInfo(name)
                part.compress_type = zipfile.ZIP_DEFLATED
                if name in changed:
                    whole = etree.tostring(self.tree(name), xml_declaration=True, encoding="UTF-8", standalone=True)
                else:
                    whole = self.zip.read(name)
                out.writestr(part, whole)
        return made.getvalue()

    def _shared(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.names:
            return []
        return [_words(one) for one in self.tree("xl/sharedStrings.xml").iter(f"{_M}si")]

    def _sheets(self) -> list[tuple[str, str]]:
        targets = {
            one.get("Id"): posixpath.normpath(posixpath.join("xl", str(one.get("Target", "")).removeprefix("/xl/")))
            for one in self.tree("xl/_rels/workbook.xml.rels")
        }
        found = []
        for one in self.tree("xl/workbook.xml").iter(f"{_M}sheet"):
            part = targets.get(one.get(f"{_R}id"), "")
            if part in self.names and part.startswith("xl/worksheets/"):
                found.append((str(one.get("name")), part))
        if not found:
            raise Refused("broken")
        return found

    def _text(self, cell: Any) -> str:
        kind, value = cell.get("t", "n"), cell.find(f"{_M}v")
        if kind == "inlineStr":
            inline = cell.find(f"{_M}is")
            return _words(inline) if inline is not None else ""
        if value is None or value.text is None:
            return ""
        if kind == "s":
            at = int(value.text)
            return self.shared[at] if 0 <= at < len(self.shared) else ""
        return str(value.text).strip()


def _opened(form: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(form))
        parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as problem:
        raise Refused("not_xlsx") from problem
    names = [one.filename for one in parts]
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        raise Refused("not_xlsx")
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > LARGEST_WHOLE:
        raise Refused("bomb")
    if len({name.casefold() for name in names}) != len(names):
        raise Refused("not_xlsx")
    for one in parts:
        tight = one.file_size > max(one.compress_size, 1) * MOST_TIMES and one.file_size > _SMALL
        if one.file_size > LARGEST_PART or tight or one.flag_bits & 1:
            raise Refused("bomb", one.filename)
        if _NEVER.search(one.filename):
            raise Refused("macros" if "vba" in one.filename.lower() else "embedded", one.filename)
    return archive


def _parsed(data: bytes, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Refused("not_xlsx") from None
    if tree.getroottree().docinfo.doctype:
        raise Refused("bomb", name)
    return tree


def _inspect(name: str, tree: Any) -> None:
    if name == "[Content_Types].xml":
        if any("macroenabled" in str(one.get("ContentType", "")).lower() for one in tree):
            raise Refused("macros")
    elif name.endswith(".rels"):
        for one in tree:
            if str(one.get("TargetMode", "")).lower() == "external":
                raise Refused("external", str(one.get("Target", ""))[:80])
    else:
        for one in tree.iter(f"{_M}f", f"{_M}definedName", f"{_M}formula1", f"{_M}formula2", f"{_M}formula"):
            live = _LIVE.search(one.text or "")
            if live:
                raise Refused("live_field", live[0].strip("( ").upper())


def _put(cell: Any, value: str | int) -> None:
    for inner in list(cell):
        cell.remove(inner)
    if isinstance(value, int):
        cell.attrib.pop("t", None)
        etree.SubElement(cell, f"{_M}v").text = str(value)
        return
    cell.set("t", "inlineStr")
    text = etree.SubElement(etree.SubElement(cell, f"{_M}is"), f"{_M}t")
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.text = _LIKE_AN_ESCAPE.sub("_x005F_", _CONTROL.sub("\ufffd", value[:_LONGEST]))


def _new_row(data: Any, at: int) -> Any:
    row = etree.Element(f"{_M}row", r=str(at))
    below = next((one for one in data if int(one.get("r", "0")) > at), None)
    if below is None:
        data.append(row)
    else:
        below.addprevious(row)
    return row


def _cell(row: Any, at: int, column: int) -> Any:
    for one in row:
        there = _place(one)[1]
        if there == column:
            return one
        if there > column:
            cell = etree.Element(f"{_M}c", r=f"{_letters(column)}{at}")
            one.addprevious(cell)
            return cell
    return etree.SubElement(row, f"{_M}c", r=f"{_letters(column)}{at}")


def _place(cell: Any) -> tuple[int, int]:
    found = _REF.fullmatch(str(cell.get("r", "")))
    if found is None:  # readers may leave it out, and those who write forms do not
        raise Refused("broken")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _letters(column: int) -> str:
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def _words(holder: Any) -> str:
    """Text of runs; what is read aloud beside Chinese signs (rPh) is left out."""
    return "".join(one.text or "" for one in holder.iter(f"{_M}t") if one.getparent().tag != f"{_M}rPh").strip()
