"""A filled .docx as blocks for the one Typst page: page, paragraphs, runs, tables. Child side.

What Word can do and this cannot is gathered in `unknown`, by its name for people; it is told when a template comes in.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from shuoshi.kernel.papers import styles

Block = dict[str, Any]

FORMATS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}
_EMU = 12700  # in a point
_SILENT = frozenset(
    qn(f"w:{name}")
    for name in (
        "pPr", "rPr", "bookmarkStart", "bookmarkEnd", "proofErr", "lastRenderedPageBreak", "permStart", "permEnd",
        "tblPr", "tblGrid", "sdtPr", "sdtEndPr", "tcPr", "trPr", "softHyphen", "annotationRef", "tblPrEx",
    )
)  # fmt: skip
_THROUGH = frozenset(qn(f"w:{name}") for name in ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "moveTo"))
_UNKNOWN = {
    qn("w:del"): "revision", qn("w:moveFrom"): "revision", qn("w:pict"): "shape", qn("w:object"): "object",
    qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "footnote", qn("w:sym"): "symbol",
    qn("w:commentReference"): "comment", qn("w:commentRangeStart"): "comment", qn("w:ruby"): "ruby",
    qn("w:numPr"): "numbering", qn("w:framePr"): "frame", qn("w:tabs"): "tab_stops", qn("w:ptab"): "tab_stops",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": "formula",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMathPara": "formula",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent": "shape",
}  # fmt: skip
_QUIET = frozenset({qn("w:commentRangeEnd"), qn("w:moveFromRangeStart"), qn("w:moveFromRangeEnd")})


def walked(document: bytes) -> tuple[Block, list[str]]:
    """{"page", "header", "footer", "body"} and the names of what was left out, each once."""
    walk = _Walk(docx.Document(io.BytesIO(document)))
    return walk.whole(), sorted(walk.unknown)


class _Walk:
    def __init__(self, document: Any) -> None:
        self._document = document
        self._styles = styles.Styles(document)
        self._part = document.part
        self.unknown: set[str] = set()

    def whole(self) -> Block:
        sections = list(self._document.sections)
        if len(sections) > 1:
            self.unknown.add("sections")
        first = sections[0]
        if first.different_first_page_header_footer:
            self.unknown.add("first_page")
        found: Block = {"page": self._page(first._sectPr), "body": list(self._blocks(self._document.element.body))}
        for name, piece in (("header", first.header), ("footer", first.footer)):
            self._part = self._document.part if piece.is_linked_to_previous else piece.part
            found[name] = [] if piece.is_linked_to_previous else list(self._blocks(piece._element))
        return found

    @staticmethod
    def _page(section: Any) -> Block:
        size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
        get = styles.points

        def margin(name: str, otherwise: float) -> float:
            return abs(get(None if margins is None else margins.get(qn(f"w:{name}")), otherwise))

        return {
            "width": get(None if size is None else size.get(qn("w:w")), 595.3),
            "height": get(None if size is None else size.get(qn("w:h")), 841.9),
            "top": margin("top", 72), "bottom": margin("bottom", 72), "left": margin("left", 90),
            "right": margin("right", 90), "header": margin("header", 42.5), "footer": margin("footer", 42.5),
        }  # fmt: skip

    # ── blocks ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _blocks(self, parent: Any) -> Iterator[Block]:
        for element in parent:
            if element.tag == qn("w:p"):
                yield self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield self._table(element)
            elif element.tag in _THROUGH:
                yield from self._blocks(element)
            elif element.tag != qn("w:sectPr"):
                self._leave_out(element)

    def _paragraph(self, element: Any) -> Block:
        properties = element.find(qn("w:pPr"))
        for child in () if properties is None else properties:
            if child.tag in _UNKNOWN or child.tag == qn("w:sectPr"):
                self.unknown.add(_UNKNOWN.get(child.tag, "sections"))
        found = self._styles.paragraph(element)
        beginning = found.pop("_run")
        runs = [run for run in self._runs(element, beginning, _Fields()) if run]
        mark = beginning if properties is None else {**beginning, **styles.run_props(properties.find(qn("w:rPr")))}
        size = max([run["size"] for run in runs if "size" in run], default=mark.get("size", 10.5))
        for name in ("first", "left", "right"):
            if f"{name}_chars" in found:  # which Word prefers to the same length in points
                found[name] = found.pop(f"{name}_chars") * size or found.get(name, 0)
        return {**found, "kind": "paragraph", "size": size, "runs": runs}

    def _runs(self, parent: Any, beginning: styles.Props, fields: _Fields) -> Iterator[Block]:
        for element in parent:
            if element.tag == qn("w:r"):
                yield from self._run(element, self._styles.run(element, beginning), fields)
            elif element.tag == qn("w:fldSimple"):
                yield self._field(element.get(qn("w:instr"), ""), beginning)
            elif element.tag in _THROUGH:
                yield from self._runs(element, beginning, fields)
            else:
                self._leave_out(element)

    def _run(self, element: Any, props: styles.Props, fields: _Fields) -> Iterator[Block]:
        if props.get("hidden"):
            return
        look = {"size": props.get("size", 10.5), "bold": props.get("bold", False), "face": props.get("face", "serif")}
        look |= {name: props[name] for name in ("underlined", "colour") if props.get(name)}
        for child in element:
            if child.tag == qn("w:fldChar"):
                said = fields.mark(child.get(qn("w:fldCharType")))
                if said is not None:
                    yield self._field(said, props)
            elif child.tag == qn("w:instrText"):
                fields.said += child.text or ""
            elif fields.hides:  # the result Word last showed
                continue
            elif child.tag == qn("w:t"):
                yield {**look, "text": child.text or ""}
            elif child.tag == qn("w:noBreakHyphen"):
                yield {**look, "text": "-"}
            elif child.tag == qn("w:tab"):
                yield {**look, "text": "　　"}
            elif child.tag in (qn("w:br"), qn("w:cr")):
                yield {"break": "page" if child.get(qn("w:type")) == "page" else "line"}
            elif child.tag == qn("w:drawing"):
                yield self._drawing(child)
            else:
                self._leave_out(child)

    def _field(self, instruction: str, props: styles.Props) -> Block:
        name = instruction.split()[0].upper() if instruction.split() else ""
        if name not in ("PAGE", "NUMPAGES"):
            self.unknown.add("field")
            return {}
        return {
            "field": name.lower(),
            "size": props.get("size", 10.5),
            "face": props.get("face", "serif"),
            "bold": False,
        }

    def _drawing(self, element: Any) -> Block:
        inline = element.find(qn("wp:inline"))
        blip = None if inline is None else next(inline.iter(qn("a:blip")), None)
        if inline is None or blip is None:
            self.unknown.add("shape" if inline is None else "picture")
            return {}
        related = self._part.related_parts.get(blip.get(qn("r:embed")))
        blob = b"" if related is None else related.blob
        kind = next((kind for head, kind in FORMATS.items() if blob.startswith(head)), None)
        extent = inline.find(qn("wp:extent"))
        if kind is None or extent is None:
            self.unknown.add("picture")
            return {}
        return {
            "image": base64.b64encode(blob).decode(),
            "format": kind,
            "width": int(extent.get("cx")) / _EMU,
            "height": int(extent.get("cy")) / _EMU,
        }

    def _leave_out(self, element: Any) -> None:
        if not isinstance(element.tag, str) or element.tag in _SILENT or element.tag in _QUIET:
            return
        self.unknown.add(_UNKNOWN.get(element.tag, "other"))

    # ── tables ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, element: Any) -> Block:
        properties = element.find(qn("w:tblPr"))
        if properties is not None and properties.find(qn("w:tblpPr")) is not None:
            self.unknown.add("shape")
        grid = element.find(qn("w:tblGrid"))
        widths = [styles.points(one.get(qn("w:w")), 60) for one in grid] if grid is not None else []
        rows = [self._row(row) for row in element if row.tag == qn("w:tr")]
        _join(rows)
        columns = max((cell["column"] + cell["across"] for row in rows for cell in row["cells"]), default=1)
        widths = (widths + [60.0] * columns)[:columns]
        jc = None if properties is None else properties.find(qn("w:jc"))
        style = None if properties is None else properties.find(qn("w:tblStyle"))
        own = None if properties is None else properties.find(qn("w:tblBorders"))
        borders = (
            own if own is not None else self._styles.borders_of_table(None if style is None else style.get(qn("w:val")))
        )
        return {
            "kind": "table",
            "widths": widths,
            "align": "left" if jc is None else {"center": "center", "right": "right"}.get(jc.get(qn("w:val")), "left"),
            "lines": {} if borders is None else {side.tag.rpartition("}")[2]: styles.line(side) for side in borders},
            "inset": _inset(properties),
            "rows": rows,
        }

    def _row(self, element: Any) -> Block:
        properties = element.find(qn("w:trPr"))
        height, at, cells = 0.0, 0, []
        heading = properties is not None and properties.find(qn("w:tblHeader")) is not None
        if properties is not None:
            written = properties.find(qn("w:trHeight"))
            height = 0.0 if written is None else styles.points(written.get(qn("w:val")))
            skipped = properties.find(qn("w:gridBefore"))
            at = 0 if skipped is None else int(skipped.get(qn("w:val")))
        for cell in _cells(element):
            own = cell.find(qn("w:tcPr"))
            across = _integer(own, "w:gridSpan", 1)
            merge = None if own is None else own.find(qn("w:vMerge"))
            valign = None if own is None else own.find(qn("w:vAlign"))
            borders = None if own is None else own.find(qn("w:tcBorders"))
            cells.append(
                {
                    "column": at,
                    "across": across,
                    "down": 1,
                    "goes_on": merge is not None and merge.get(qn("w:val")) != "restart",
                    "valign": "top" if valign is None else valign.get(qn("w:val")),
                    "lines": {}
                    if borders is None
                    else {one.tag.rpartition("}")[2]: styles.line(one) for one in borders},
                    "blocks": list(self._blocks(cell)),
                }
            )
            at += across
        whole = properties is not None and properties.find(qn("w:cantSplit")) is not None
        return {"cells": cells, "height": height, "heading": heading, "whole": whole}


class _Fields:
    """The state of a field that is spread over runs: its instruction, then a result that is not ours to print."""

    def __init__(self) -> None:
        self.said = ""
        self.hides = False

    def mark(self, kind: str | None) -> str | None:
        """The whole instruction when it ends, None before."""
        if kind == "begin":
            self.said, self.hides = "", True
            return None
        if kind == "end":
            self.hides = False
            return self.said
        return None


def _join(rows: list[Block]) -> None:
    """Cells that go on from the row above are taken away, and the cell they belong to reaches down over them."""
    open_: dict[int, Block] = {}
    for row in rows:
        kept = []
        for cell in row["cells"]:
            begun = open_.get(cell["column"])
            if cell.pop("goes_on") and begun is not None:
                begun["down"] += 1
            else:
                open_[cell["column"]] = cell
                kept.append(cell)
        row["cells"] = kept


def _cells(row: Any) -> Iterator[Any]:
    for element in row:
        if element.tag == qn("w:tc"):
            yield element
        elif element.tag in _THROUGH:
            yield from _cells(element)


def _inset(properties: Any) -> dict[str, float]:
    found = {"left": 5.4, "right": 5.4, "top": 0.0, "bottom": 0.0}
    margins = None if properties is None else properties.find(qn("w:tblCellMar"))
    for side in () if margins is None else margins:
        name = side.tag.rpartition("}")[2]
        found[{"start": "left", "end": "right"}.get(name, name)] = styles.points(side.get(qn("w:w")))
    return found


def _integer(properties: Any, name: str, otherwise: int) -> int:
    found = None if properties is None else properties.find(qn(name))
    try:
        return otherwise if found is None else max(1, min(63, int(found.get(qn("w:val")))))
    except (TypeError, ValueError):
        return otherwise
