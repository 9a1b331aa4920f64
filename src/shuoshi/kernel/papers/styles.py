"""What a paragraph or a run of a .docx looks like, after its styles and the document's defaults. Child side.

Properties are read from the XML into plain dicts, so that an inherited one is simply overwritten by a nearer one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

Props = dict[str, Any]

_TRUE = {None, "1", "true", "on"}
_ALIGN = {
    "left": "left", "start": "left", "right": "right", "end": "right", "center": "center", "both": "justify",
    "distribute": "justify",
}  # fmt: skip


class Styles:
    """The styles of one document by their ids, each merged with what it is based on."""

    def __init__(self, document: Document) -> None:
        self._root = document.styles.element
        self._merged: dict[str, tuple[Props, Props]] = {}
        for style in self._root.findall(qn("w:style")):
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true"):
                self._usual = style.get(qn("w:styleId"))
                break
        else:
            self._usual = None

    def paragraph(self, element: Any) -> Props:
        """Properties of a paragraph: defaults, its style, its own; `_run` what its runs begin with."""
        own = element.find(qn("w:pPr"))
        named = _val(own, "w:pStyle") or self._usual
        of_style, of_runs = self._style(named)
        found = {**self._defaults[0], **of_style, **paragraph_props(own)}
        found["_run"] = {**self._defaults[1], **of_runs}
        return found

    def run(self, element: Any, beginning: Props) -> Props:
        own = element.find(qn("w:rPr"))
        return {**beginning, **self._style(_val(own, "w:rStyle"))[1], **run_props(own)}

    def borders_of_table(self, style: str | None) -> Any:
        """The border element a table's style brings along, if it brings one."""
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            element = self._by_id.get(style)
            if element is None:
                return None
            properties = element.find(qn("w:tblPr"))
            borders = None if properties is None else properties.find(qn("w:tblBorders"))
            if borders is not None:
                return borders
            style = _val(element, "w:basedOn")
        return None

    @cached_property
    def _by_id(self) -> dict[str, Any]:
        return {one.get(qn("w:styleId")): one for one in self._root.findall(qn("w:style"))}

    @cached_property
    def _defaults(self) -> tuple[Props, Props]:
        found = self._root.find(qn("w:docDefaults"))
        if found is None:
            return {}, {}
        of_paragraphs = next(found.iter(qn("w:pPr")), None)
        of_runs = next(found.iter(qn("w:rPr")), None)
        return paragraph_props(of_paragraphs), run_props(of_runs)

    def _style(self, named: str | None) -> tuple[Props, Props]:
        if named is None or named not in self._by_id:
            return {}, {}
        if named not in self._merged:
            self._merged[named] = ({}, {})  # what is based on itself ends here
            element = self._by_id[named]
            base = self._style(_val(element, "w:basedOn"))
            own = paragraph_props(element.find(qn("w:pPr"))), run_props(element.find(qn("w:rPr")))
            self._merged[named] = ({**base[0], **own[0]}, {**base[1], **own[1]})
        return self._merged[named]


def paragraph_props(element: Any) -> Props:
    """Alignment, indents, spacing, lines around it; lengths in points, those in characters kept apart."""
    found: Props = {}
    if element is None:
        return found
    for child in element:
        name = child.tag
        if name == qn("w:jc"):
            found["align"] = _ALIGN.get(child.get(qn("w:val")), "left")
        elif name == qn("w:ind"):
            found |= dict(_indents(child))
        elif name == qn("w:spacing"):
            found |= dict(_spacing(child))
        elif name == qn("w:pBdr"):
            found["rules"] = {side.tag.rpartition("}")[2]: line(side) for side in child}
        elif name == qn("w:pageBreakBefore"):
            found["new_page"] = child.get(qn("w:val")) in _TRUE
        elif name == qn("w:keepNext"):
            found["with_next"] = child.get(qn("w:val")) in _TRUE
    return found


def run_props(element: Any) -> Props:
    found: Props = {}
    if element is None:
        return found
    for child in element:
        name, value = child.tag, child.get(qn("w:val"))
        if name == qn("w:b"):
            found["bold"] = value in _TRUE
        elif name == qn("w:u"):
            found["underlined"] = value != "none"
        elif name == qn("w:sz"):
            found["size"] = _number(value, 21) / 2
        elif name == qn("w:color"):
            found["colour"] = value if value and len(value) == 6 else ""
        elif name == qn("w:rFonts"):
            face = child.get(qn("w:eastAsia")) or child.get(qn("w:ascii"))
            if face:
                found["face"] = _face(face)
        elif name == qn("w:vanish"):
            found["hidden"] = value in _TRUE
    return found


def line(element: Any) -> tuple[float, str] | None:
    """Width in points and colour of one side of a border; None for none."""
    if element is None or element.get(qn("w:val")) in (None, "nil", "none"):
        return None
    colour = element.get(qn("w:color")) or ""
    return _number(element.get(qn("w:sz")), 4) / 8, colour if len(colour) == 6 else ""


def points(value: str | None, otherwise: float = 0.0) -> float:
    """Twentieths of a point, as Word counts."""
    return _number(value, otherwise * 20) / 20


def _indents(element: Any) -> Iterator[tuple[str, float]]:
    get = {name: element.get(qn(f"w:{name}")) for name in (
        "left", "start", "right", "end", "firstLine", "hanging", "firstLineChars", "leftChars", "rightChars",
    )}  # fmt: skip
    for name, written in (("left", get["left"] or get["start"]), ("right", get["right"] or get["end"])):
        if written is not None:
            yield name, points(written)
    if get["hanging"] is not None:
        yield "first", -points(get["hanging"])
    elif get["firstLine"] is not None:
        yield "first", points(get["firstLine"])
    for name, chars in (("first", "firstLineChars"), ("left", "leftChars"), ("right", "rightChars")):
        if get[chars] is not None:
            yield f"{name}_chars", _number(get[chars]) / 100


def _spacing(element: Any) -> Iterator[tuple[str, Any]]:
    for name in ("before", "after"):
        if element.get(qn(f"w:{name}")) is not None:
            yield name, points(element.get(qn(f"w:{name}")))
    written = element.get(qn("w:line"))
    if written is not None:
        rule = element.get(qn("w:lineRule")) or "auto"
        yield "line", (rule, _number(written) / (240 if rule == "auto" else 20))


def _face(name: str) -> str:
    """Which of our faces stands for a font of Word: serif, heading (bold serif), sans."""
    if "黑" in name or "Hei" in name or "hei" in name:
        return "sans"
    return "heading" if "标宋" in name or "大标" in name else "serif"


def _val(element: Any, name: str) -> str | None:
    found = None if element is None else element.find(qn(name))
    return None if found is None else found.get(qn("w:val"))


def _number(value: str | None, otherwise: float = 0.0) -> float:
    try:
        return float(value) if value is not None else otherwise
    except ValueError:
        return otherwise
