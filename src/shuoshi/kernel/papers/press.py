"""Making papers, from the parent's side: a child process with limits does the work, and what it refused is put in words.

Which papers exist, and what stands on them, is for the package that owns them. Takes up to half a minute at worst and a
third of a second as a rule: call it outside transactions.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import accumulate
from typing import Any, Literal

from django.utils.translation import gettext as _

from shuoshi.kernel.pictures import ENVIRONMENT
from shuoshi.kernel.refusal import Refused

SHOWN = 8  # pages of a preview
LARGEST = 3 * 1024 * 1024  # bytes of a template
WALL_SECONDS = 40
_AT_ONCE = threading.BoundedSemaphore(2)
_OUT_OF_TIME = frozenset({-9, -24})  # SIGKILL, SIGXCPU
_KEPT_SECONDS, _KEPT_MOST = 90.0, 6
_PREVIEWS: dict[bytes, tuple[Made, float]] = {}
_LOCK = threading.Lock()
_CHILD = [sys.executable, "-I", "-m", "shuoshi.kernel.papers.child"]

Picture = Mapping[str, str | int]  # {"png": base64, "mm": width}
Value = str | Picture | Sequence[Sequence[str]]
Known = Mapping[str, int]


class Reason(StrEnum):
    """Why a template was not taken, or a paper not made."""

    TOO_BIG = "too_big"
    NOT_DOCX = "not_docx"
    BOMB = "bomb"
    MACROS = "macros"
    EMBEDDED = "embedded"
    EXTERNAL = "external"
    LIVE_FIELD = "live_field"
    SYNTAX = "syntax"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN_NAME = "unknown_name"
    WRONG_WIDTH = "wrong_width"
    BROKEN = "broken"
    TOO_SLOW = "too_slow"


class NotMade(Refused):
    """The template was refused. `reason` is for programs; `words` for people, half a sentence without 。"""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"paper_{reason}", _("%(words)s。") % {"words": self.words})

    @property
    def words(self) -> str:
        said = {
            Reason.TOO_BIG: _("模板超过 3 MB，请把里面的图片换小"),
            Reason.NOT_DOCX: _("这不是 Word 文档（.docx），请在 Word 里另存为“Word 文档”再传"),
            Reason.BOMB: _("文档展开以后太大，或者结构不正常，不能收"),
            Reason.MACROS: _("文档里有宏，请另存为不带宏的 Word 文档（.docx）再传"),
            Reason.EMBEDDED: _("文档里嵌着别的文件或者控件，请删掉再传"),
            Reason.EXTERNAL: _("文档里有指向外面的链接，请取消超链接、断开链接的图片和模板再传"),
            Reason.LIVE_FIELD: _("文档里有会去取外部内容的域，请删掉再传"),
            Reason.SYNTAX: _("大括号里的写法不完整，请照说明里的例子写"),
            Reason.NOT_ALLOWED: _("大括号里只能写内容的名称、简单的“for”和“if”，不能写计算、函数或者点号"),
            Reason.UNKNOWN_NAME: _("大括号里写了这份文书没有的内容"),
            Reason.WRONG_WIDTH: _("“for”后面的名称个数和这一列表不一样，应有"),
            Reason.BROKEN: _("按这个模板填不出文书，文档可能已经损坏"),
            Reason.TOO_SLOW: _("文书排版时间太长，没有做成"),
        }[self.reason]
        return _("%(said)s：%(detail)s") % {"said": said, "detail": self.detail} if self._tells_detail else said

    @property
    def _tells_detail(self) -> bool:
        told = (
            Reason.EMBEDDED,
            Reason.EXTERNAL,
            Reason.LIVE_FIELD,
            Reason.SYNTAX,
            Reason.UNKNOWN_NAME,
            Reason.WRONG_WIDTH,
        )
        return bool(self.detail) and self.reason in told


@dataclass(frozen=True, slots=True)
class Made:
    """A paper. `replaced` are characters that stand on it as 〓, `unknown` codes of what Word shows and the PDF does not.

    `used` are the names its template asks for.
    """

    data: bytes
    pages: int = 0  # of pictures only: how many pages there are
    pictures: tuple[bytes, ...] = ()
    replaced: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    used: tuple[str, ...] = ()

    @property
    def left_out(self) -> list[str]:
        """What the PDF does not show of the template, in words."""
        return left_out(self.unknown)


@dataclass(frozen=True)
class Paper:
    """What a paper is made of: a template with `known` names, the values, and what the file says of itself."""

    template: bytes
    known: Known
    values: Mapping[str, Value]
    title: str = ""
    author: str = ""
    made_at: datetime | None = None  # the same paper of the same moment has the same bytes

    def docx(self) -> Made:
        return self._made("docx")

    def pdf(self) -> Made:
        return self._made("pdf")

    def pictures(self) -> Made:
        """The first SHOWN pages as PNG, for a screen. Kept for a moment: the page that shows them asks one by one."""
        return _kept(self)

    def _made(self, as_: Literal["docx", "pdf", "png"]) -> Made:
        if len(self.template) > LARGEST:
            raise NotMade(Reason.TOO_BIG)
        request = {"task": "fill", "values": self.values, "known": self.known, **_about(self), "as": as_, "most": SHOWN}
        return _asked(request, self.template)


@dataclass(frozen=True)
class Several:
    """Papers one after the other in one file, each beginning on a page of its own and counting its own pages."""

    papers: Sequence[Paper]
    title: str = ""
    author: str = ""
    made_at: datetime | None = None

    def pdf(self) -> Made:
        templates = list(dict.fromkeys(paper.template for paper in self.papers))
        if any(len(template) > LARGEST for template in templates):
            raise NotMade(Reason.TOO_BIG)
        papers = [
            {"template": templates.index(paper.template), "values": paper.values, "known": paper.known}
            for paper in self.papers
        ]
        sizes = [len(template) for template in templates]
        request = {"task": "fill_several", "papers": papers, "templates": sizes, **_about(self), "as": "pdf", "most": 0}
        return _asked(request, b"".join(templates))


@dataclass(frozen=True)
class Blocks:
    """A paper without a template: blocks as walker.py makes them, for long lists."""

    whole: Mapping[str, Any]
    title: str = ""
    author: str = ""
    made_at: datetime | None = None

    def pdf(self) -> Made:
        return _asked({"task": "set", "whole": self.whole, **_about(self), "as": "pdf", "most": 0})


@dataclass(frozen=True)
class Sheet:
    """A list as .xlsx; nothing in it is a formula. `columns` are names with their width in characters."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str | int]]
    notes: Sequence[str] = field(default_factory=tuple)
    made_at: datetime | None = None

    def xlsx(self) -> Made:
        stamp = None if self.made_at is None else int(self.made_at.timestamp())
        sheet = {"title": self.title, "columns": self.columns, "rows": self.rows, "notes": self.notes, "stamp": stamp}
        return _asked({"task": "sheet", "sheet": sheet})


def left_out(codes: Iterable[str]) -> list[str]:
    """What is in a template and not on its PDF, by the codes of walker.py."""
    words = {
        "shape": _("文本框、图形或者浮动的图片"),
        "picture": _("PNG、JPEG 以外的图片"),
        "object": _("嵌入的对象"),
        "field": _("页码以外的域（日期、目录等）"),
        "footnote": _("脚注和尾注"),
        "symbol": _("插入的特殊符号"),
        "comment": _("批注"),
        "revision": _("修订痕迹"),
        "ruby": _("拼音指南"),
        "numbering": _("自动编号和项目符号"),
        "frame": _("图文框"),
        "tab_stops": _("制表位（按两个字的空格排）"),
        "formula": _("公式"),
        "sections": _("第二节以后的纸张和页眉页脚"),
        "first_page": _("首页不同的页眉页脚"),
        "other": _("其他认不出的内容"),
    }
    return [words[code] for code in codes]


def _kept(paper: Paper) -> Made:
    """Pictures of a paper that were made in the last moments by this process, else made now."""
    name = hashlib.sha256(repr((paper.template, paper.values, paper.title)).encode()).digest()
    now = time.monotonic()
    with _LOCK:
        for old in [one for one, (_made, at) in _PREVIEWS.items() if now - at > _KEPT_SECONDS]:
            del _PREVIEWS[old]
        if name in _PREVIEWS:
            return _PREVIEWS[name][0]
    made = paper._made("png")
    with _LOCK:
        _PREVIEWS[name] = (made, now)
        while len(_PREVIEWS) > _KEPT_MOST:
            del _PREVIEWS[next(iter(_PREVIEWS))]
    return made


def _about(paper: Paper | Several | Blocks) -> dict[str, Any]:
    stamp = None if paper.made_at is None else int(paper.made_at.timestamp())
    return {"title": paper.title, "author": paper.author, "stamp": stamp, "look_elsewhere": True}


def _asked(request: Mapping[str, Any], template: bytes = b"") -> Made:
    """What the child made. Raises NotMade."""
    with _AT_ONCE:
        said = _in_child(json.dumps(request).encode() + b"\n" + template)
    head, _newline, rest = said.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError:  # killed by its limits
        raise NotMade(Reason.BROKEN) from None
    if "refused" in answer:
        raise NotMade(Reason(answer["refused"]), answer["detail"])
    ends = list(accumulate(answer["parts"]))
    parts = [rest[end - size : end] for end, size in zip(ends, answer["parts"], strict=True)]
    if answer["pages"]:
        return Made(b"", answer["pages"], tuple(parts), *_told(answer))
    return Made(parts[0], 0, (), *_told(answer))


def _told(answer: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(answer[name]) for name in ("replaced", "unknown", "used"))


def _in_child(request: bytes) -> bytes:
    try:
        child = subprocess.run(
            _CHILD, input=request, capture_output=True, timeout=WALL_SECONDS, env=ENVIRONMENT, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotMade(Reason.TOO_SLOW) from None
    if child.returncode in _OUT_OF_TIME:
        raise NotMade(Reason.TOO_SLOW)
    return child.stdout
