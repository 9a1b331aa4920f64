"""One value, written as XML or as JSON by the Spark convention: a list of `services` is made of `service` elements."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from io import StringIO
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEM = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


class Format(StrEnum):
    """How an answer is written; the value is the end of the address."""

    XML = "xml"
    JSON = "json"

    @property
    def media_type(self) -> str:
        return "text/xml" if self is Format.XML else "application/json"


def wanted(request: HttpRequest, named: str = "") -> Format:
    """The one the address names, or the one the client would rather have; XML is what everybody must be able to read."""
    if named:
        return Format(named)  # the addresses know no other
    rather = request.get_preferred_type([one.media_type for one in Format]) or Format.XML.media_type
    return next(one for one in Format if one.media_type == rather)


def answer(form: Format, root: str, value: Value, *, status: int = 200) -> HttpResponse:
    """The whole answer. `root` names the outermost element, which JSON has none of."""
    body = _xml(root, value) if form is Format.XML else json.dumps(value, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=f"{form.media_type}; charset=utf-8")


def _xml(root: str, value: Value) -> str:
    out = StringIO()
    writer = XMLGenerator(out, "utf-8", short_empty_elements=True)
    writer.startDocument()
    _element(writer, root, value)
    writer.endDocument()
    return out.getvalue()


def _element(writer: XMLGenerator, name: str, value: Value) -> None:
    writer.startElement(name, AttributesImpl({}))
    if isinstance(value, Mapping):
        for inner, one in value.items():
            _element(writer, inner, one)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            _element(writer, _ITEM[name], one)
    elif value is not None:
        writer.characters(_text(value))
    writer.endElement(name)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NOT_IN_XML.sub("", str(value))
