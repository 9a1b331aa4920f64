"""Word documents made by hand for the tests of papers: plain ones, and ones that nobody should send."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader

KNOWN = {"编号": 0, "内容": 0, "要求": 2}
VALUES: Mapping[str, Any] = {
    "编号": "SS-QH-20261117-0012-DF01",
    "内容": "修好了",
    "要求": [["1", "修路灯"], ["2", "清沟"]],
}


def word(*lines: str, also: Callable[[Any], None] | None = None) -> bytes:
    """A document with these paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if also is not None:
        also(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def with_xml(xml: str) -> Callable[[Any], None]:
    """Put this before the end of the body."""

    def add(document: Any) -> None:
        document.element.body.insert(0, parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))

    return add


def repacked(document: bytes, change: Mapping[str, bytes | None], *, add: Mapping[str, bytes] | None = None) -> bytes:
    """The same package with parts replaced, taken away (None) or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return made.getvalue()


def part(document: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        return parts.read(name)


def words_of_pdf(pdf: bytes) -> str:
    """The text of all pages, without the spaces that setting adds between letters of two scripts."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return "".join("\f".join(pages).replace("\u200b", "").split(" "))


def words_of_docx(document: bytes) -> str:
    """All there is to read in body, tables and foot, as Word would open it."""
    opened = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    foot = [paragraph.text for paragraph in opened.sections[0].footer.paragraphs]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells, *foot])
