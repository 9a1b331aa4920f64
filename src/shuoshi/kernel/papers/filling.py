"""Filling a .docx with values: Jinja cut down to names, simple loops and conditions. Child side.

A template is code, and administrators bring their own. What may stand in one is a list: `{{ 编号 }}`, `{% if 依据 %}`,
`{% for 序号, 内容 in 要求 %}`. Every source is read against it when it is compiled, whatever part it came from.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shuoshi.kernel.papers.gate import Refused

DEEPEST = 3  # loops and conditions in one another

Known = Mapping[str, int]  # 0 for a text or picture; for a list, how many values each of its rows has


def filled(template: bytes, values: Mapping[str, Any], known: Known) -> tuple[bytes, list[str]]:
    """The document with the values in the places of their names, and which names it asks for. Raises Refused."""
    document = DocxTemplate(io.BytesIO(template))
    document.init_docx()
    context = {name: _value(document, value) for name, value in values.items()}
    environment = _Environment(known)
    try:
        document.render(context, environment, autoescape=True)
    except TemplateSyntaxError as problem:
        raise Refused("syntax", str(problem.message)[:120]) from problem
    except TemplateError as problem:
        raise Refused("unknown_name", str(problem.message)[:120]) from problem
    _without_traces(document)
    made = io.BytesIO()
    document.save(made)
    return _timeless(made.getvalue()), sorted(environment.used)


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox with nothing in it: no filters, tests or globals, and no syntax but the listed one."""

    def __init__(self, known: Known) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()
        self._known = known
        self.used: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.body:
            self._allow(node, dict(self._known), 0)
        return tree

    def _allow(self, node: nodes.Node, names: dict[str, int], depth: int) -> None:
        if depth > DEEPEST:
            raise Refused("not_allowed", "{% … {% …")
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    self._name(part, names, of_list=False)
        elif isinstance(node, nodes.If):
            test = node.test.node if isinstance(node.test, nodes.Not) else node.test
            self._name(test, names, of_list=None)
            for inner in (*node.body, *node.elif_, *node.else_):
                self._allow(inner, names, depth + 1)
        elif isinstance(node, nodes.For):
            inside = names | self._loop(node, names)
            for inner in node.body:
                self._allow(inner, inside, depth + 1)
        else:
            raise Refused("not_allowed", type(node).__name__)

    def _loop(self, node: nodes.For, names: dict[str, int]) -> dict[str, int]:
        """The names a loop gives to what it goes through; each row has as many values as names are written."""
        if node.test is not None or node.recursive or node.else_:
            raise Refused("not_allowed", "for … if")
        wide = names[self._name(node.iter, names, of_list=True)]
        targets = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
        given = [target.name for target in targets if isinstance(target, nodes.Name)]
        if len(given) != len(targets):
            raise Refused("not_allowed", "for")
        if len(given) != wide:
            raise Refused("wrong_width", f"{getattr(node.iter, 'name', '')}: {wide}")
        return dict.fromkeys(given, 0)

    def _name(self, node: nodes.Node, names: Mapping[str, int], *, of_list: bool | None) -> str:
        if not isinstance(node, nodes.Name):
            raise Refused("not_allowed", type(node).__name__)
        if node.name not in names:
            raise Refused("unknown_name", node.name)
        if of_list is not None and bool(names[node.name]) != of_list:
            raise Refused("unknown_name", node.name)
        self.used.add(node.name)
        return node.name


def _value(document: DocxTemplate, value: Any) -> Any:
    """Text, rows of text, or {"png": base64, "mm": width}. A line of a text becomes a paragraph of its own."""
    if isinstance(value, str):
        return "\a".join(line for line in _clean(value).split("\n") if line.strip()) if "\n" in value else _clean(value)
    if isinstance(value, Mapping):
        return InlineImage(document, io.BytesIO(base64.b64decode(value["png"])), width=Mm(value["mm"]))
    assert isinstance(value, Sequence)
    rows = [tuple(_value(document, cell) for cell in row) for row in value]
    return [row[0] if len(row) == 1 else row for row in rows]


def _clean(text: str) -> str:
    """Without what XML cannot hold, and without what docxtpl would take for its own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "　")
    for mark in ("{_{", "}_}", "{_%", "%_}"):
        text = text.replace(mark, f"{mark[0]} _{mark[2]}")
    return "".join(
        character
        for character in text
        if character == "\n"
        or (
            ord(character) >= 0x20
            and ord(character) not in (0x7F, 0xFFFE, 0xFFFF)
            and not "\ud800" <= character <= "\udfff"
        )
    )


def _without_traces(document: DocxTemplate) -> None:
    """Nobody reads from a paper who made its template, and when."""
    about = document.docx.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""


def _timeless(document: bytes) -> bytes:
    """The same package without the moment it was written: the same content has the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
