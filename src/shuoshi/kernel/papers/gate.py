"""The gate before a stranger's .docx: sizes first, then what must not be in it. Child side; nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

MOST_PARTS = 300
LARGEST_PART = 16 << 20  # bytes, unpacked
LARGEST_WHOLE = 48 << 20
MOST_TIMES = 200  # unpacked against packed: what Word writes stays far below
_SMALL = 1 << 20  # a part below it may be packed as tightly as it likes

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_KINDS = frozenset({"xml", "rels", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "odttf"})
_NEVER = re.compile(r"word/(embeddings|activex|afchunk)", re.IGNORECASE)
_LIVE_FIELDS = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b", re.IGNORECASE
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Refused(Exception):
    """One of the codes of press.Reason, and what it is about."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def inspect(data: bytes) -> None:
    """Raise Refused for anything but a plain Word document: bombs, macros, embedded objects, links to the outside."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _sizes(parts)
            _contents(parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as problem:
        raise Refused("not_docx") from problem


def _sizes(parts: zipfile.ZipFile) -> None:
    """Before anything is unpacked. What a part says of its size holds: zipfile reads no further."""
    listed = parts.infolist()
    if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > LARGEST_WHOLE:
        raise Refused("bomb")
    if len({part.filename.casefold() for part in listed}) != len(listed):
        raise Refused("not_docx")
    for part in listed:
        tight = part.file_size > max(part.compress_size, 1) * MOST_TIMES
        if part.file_size > LARGEST_PART or (tight and part.file_size > _SMALL):
            raise Refused("bomb", part.filename)
        if part.flag_bits & 1:
            raise Refused("not_docx")


def _contents(parts: zipfile.ZipFile) -> None:
    names = parts.namelist()
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise Refused("not_docx")
    for name in names:
        if name.endswith("/"):
            continue
        kind = name.rpartition(".")[2].lower()
        if kind not in _KINDS or _NEVER.match(name):
            raise Refused("macros" if "vba" in name.lower() else "embedded", name)
        if kind in ("xml", "rels"):
            _xml(name, _parsed(parts.read(name), name))


def _parsed(data: bytes, name: str) -> Any:
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise Refused("bomb", name) from None
    except ParseError:
        raise Refused("not_docx", name) from None


def _xml(name: str, root: Any) -> None:
    if name == "[Content_Types].xml":
        types = [str(one.get("ContentType", "")) for one in root]
        if any("macroenabled" in one.lower() or "vba" in one.lower() for one in types):
            raise Refused("macros")
        if _MAIN not in types:
            raise Refused("not_docx")
    elif name.endswith(".rels"):
        for one in root:
            if one.get("TargetMode", "").lower() == "external":
                raise Refused("external", str(one.get("Target", ""))[:80])
    else:
        said = "".join(one.text or "" for one in root.iter(f"{_W}instrText"))
        said += " ".join(one.get(f"{_W}instr", "") for one in root.iter(f"{_W}fldSimple"))
        live = _LIVE_FIELDS.search(said)
        if live:
            raise Refused("live_field", live[0].upper())
