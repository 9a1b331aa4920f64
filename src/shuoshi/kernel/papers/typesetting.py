"""Blocks to PDF or pictures: characters checked against the fonts, then one compilation by Typst. Child side."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import typst

from shuoshi.kernel.papers import glyphs

PAGE = Path(__file__).with_name("page.typ")
_LONG = re.compile(r"[!-~]{40,}")  # a run without a place to break it
_NUMBER = re.compile(
    r"(?<![0-9A-Z-])([A-Z]{2}-[0-9A-Z]{1,8}-\d{8}-\d{4,8}(?:-[0-9A-Z]{1,6}){0,3})(?![0-9A-Z-])"
)  # never breaks
_PIECES = re.compile(r".{1,12}?(?<=[/?&=._-])|.{1,12}")


@dataclass
class Set:
    """A document ready to be set. `replaced` are the characters that no font can draw.

    `whole` is one paper, or {"papers": several of them} for one file.
    """

    whole: dict[str, Any]
    title: str = ""
    author: str = ""
    look_elsewhere: bool = True
    stamp: int | None = None  # seconds since 1970; the same document at the same time gives the same bytes

    def __post_init__(self) -> None:
        wanted = glyphs.lacking(run["text"] for run in _texts(self.whole))
        self._others = glyphs.elsewhere(wanted) if wanted and self.look_elsewhere else {}
        self.replaced = [character for character in wanted if character not in self._others]
        nowhere = frozenset(self.replaced)
        for run in _texts(self.whole):
            run["text"] = _LONG.sub(_breakable, glyphs.visible(run["text"], nowhere))
        _keep_numbers_whole(self.whole)
        for run in _runs(self.whole):
            if isinstance(run.get("image"), str):
                run["image"] = list(base64.b64decode(run["image"]))
        for paper in self._papers:
            paper["body"] = list(_pages(paper["body"]))
            _fit(paper)

    @property
    def _papers(self) -> list[dict[str, Any]]:
        return list(self.whole.get("papers", [self.whole]))

    def pdf(self) -> bytes:
        try:
            return bytes(self._compiled("pdf", pdf_standards="a-2b"))
        except typst.TypstError:  # a picture of an own template may be none that archives take
            return bytes(self._compiled("pdf"))

    def pictures(self, dots_per_inch: float) -> list[bytes]:
        made = self._compiled("png", ppi=dots_per_inch)
        return made if isinstance(made, list) else [made]

    def _compiled(self, kind: Any, **options: Any) -> Any:
        tags = kind == "pdf" and not any(
            block["kind"] == "listing" for paper in self._papers for block in paper["body"]
        )
        return self._compiler.compile(
            input=PAGE.read_bytes(), format=kind, timestamp=self.stamp, pdf_tags=tags, **options
        )  # tags for each cell of a long list would make it sixteen times as large

    @cached_property
    def _compiler(self) -> typst.Compiler:
        others = sorted({str(file) for file in self._others.values()})
        folders = [str(glyphs.FONTS), *sorted({str(Path(file).parent) for file in others})]
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        families = [font.family for font in fonts.fonts() if font.path in others] if others else []
        data = {**self.whole, "title": self.title, "author": self.author, "families": list(dict.fromkeys(families))}
        return typst.Compiler(font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": json.dumps(data)})


def _runs(part: Any) -> Iterator[dict[str, Any]]:
    """Every run anywhere in the document."""
    if isinstance(part, dict):
        if "runs" in part:
            yield from part["runs"]
        else:
            for inner in part.values():
                yield from _runs(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _runs(inner)


def _keep_numbers_whole(part: Any) -> None:
    """A number becomes a run of its own, which is not broken over two lines."""
    if isinstance(part, dict) and part.get("kind") == "listing":
        for run in part["runs"]:
            if _NUMBER.fullmatch(run["text"]):
                run["together"] = True
    elif isinstance(part, dict) and "runs" in part:
        part["runs"] = [piece for run in part["runs"] for piece in _pieces(run)]
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            _keep_numbers_whole(inner)


def _pieces(run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = _NUMBER.split(run["text"]) if "text" in run else [""]
    if len(parts) == 1:
        yield run
        return
    for place, text in enumerate(parts):
        if text:
            yield {**run, "text": text, "together": place % 2 == 1}


def _texts(whole: Any) -> Iterator[dict[str, Any]]:
    return (run for run in _runs(whole) if "text" in run)


def _breakable(found: re.Match[str]) -> str:
    return "\u200b".join(_PIECES.findall(found[0]))


def _pages(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Page breaks stand between blocks, for Typst takes them nowhere else."""
    for block in blocks:
        if block.pop("new_page", False):
            yield {"kind": "new_page"}
        part: list[dict[str, Any]] = []
        for run in block.get("runs", ()):
            if run.get("break") != "page":
                part.append(run)
                continue
            if part:
                yield {**block, "runs": part}
            yield {"kind": "new_page"}
            part = []
        if "runs" not in block or part or not block["runs"]:
            yield {**block, "runs": part} if "runs" in block else block


def _fit(whole: dict[str, Any]) -> None:
    """Tables wider than the text are made as wide as it."""
    page = whole["page"]
    room = page["width"] - page["left"] - page["right"]
    for block in (*whole["body"], *whole["header"], *whole["footer"]):
        if block["kind"] == "table" and sum(block["widths"]) > room:
            scale = room / sum(block["widths"])
            block["widths"] = [width * scale for width in block["widths"]]
