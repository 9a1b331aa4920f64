"""What stands in a mail, as far as anybody may believe it. Bounded in time and memory, whatever was sent; pure.

Only the headers that are asked for are read: ten thousand recipients cost nothing, because nobody looks at them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage, Message
from html import unescape
from typing import cast

from shuoshi.channels.mail.quoting import without_quotes
from shuoshi.kernel import pictures

LARGEST = 25 * 1024 * 1024  # bytes of a whole mail
HEAD = 64 * 1024  # bytes of headers
PICTURES = 9
_COST = 8_000_000  # lines times parts: what parsing takes grows with both
_PARTS = 200
_TAGS = 15_000  # of HTML
_PART_HEADER = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M)
_HEADER = 2000  # signs of one header that are looked at
_TEXT = 200_000  # signs of text that are kept
_REFERENCES = 50
_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,200}>")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)  # halves of a sign are none, and no database takes them
_HALVES = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")  # without those that stand for raw bytes
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"\r?\n(?![ \t])")
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")
_COMMENT = re.compile(r"\([^()]*\)\s*$")
# What a mail may have its bytes decoded by, and by what they are. Python knows more, and some of it takes hours
# (punycode), makes halves of signs (utf-7, unicode_escape), or is remembered for ever because nobody knows it.
_CHARSETS = {
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "cp936", "gb18030", "gb-2312", "euc-cn"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1"), "iso-8859-1"),
    **dict.fromkeys(("windows-1252", "cp1252"), "windows-1252"),
    **dict.fromkeys(("windows-1251", "cp1251"), "windows-1251"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "shift_jis"),
    **{one: one for one in ("utf-8", "iso-8859-15", "euc-jp", "iso-2022-jp", "euc-kr", "koi8-r")},
    **{one: one for one in ("utf-16", "utf-16le", "utf-16be")},
}
_NO_TEXT = {"script", "style", "title", "head", "template", "svg", "math"}
_BREAKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"}
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|h1|h2|h3|blockquote)[^>]*>")
_BLANKS = re.compile(r"[ \t]+")
_MANY = re.compile(r" ?\n(?: ?\n){2,} ?")  # after _BLANKS: nothing here looks at a sign more than a few times


_FAULTS = (MessageError, RecursionError, LookupError, ValueError, TypeError, AttributeError)  # of the library


class Unreadable(ValueError):
    """It costs too much to be read, or is no mail."""


@dataclass(frozen=True)
class Attached:
    """A file as it came. `data` is empty where it is no picture."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Head:
    """What the headers say. `sender` "" where nobody can be answered; names of `marks` are those that stand there."""

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    answers: tuple[str, ...] = ()  # ids of messages before it, the nearest first
    marks: dict[str, str] = field(default_factory=dict)
    media_type: str = "text/plain"


@dataclass(frozen=True)
class Read:
    """`text`: what was written now; `whole`: with all that is quoted beneath it."""

    head: Head
    text: str = ""
    whole: str = ""
    files: tuple[Attached, ...] = ()


_MARKS = (
    "auto-submitted",
    "precedence",
    "list-id",
    "list-unsubscribe",
    "list-post",
    "return-path",
    "x-autoreply",
    "x-autorespond",
    "x-auto-response-suppress",
    "x-failed-recipients",
    "x-loop",
    "x-spam-flag",
    "x-spam-status",
)


def read(raw: bytes) -> Read:
    """Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable("size")
    _check_cost(raw)
    try:
        message = message_from_bytes(raw, policy=policy.default)
        plain, html, files = _bodies(message)
    except _FAULTS as problem:
        raise Unreadable(type(problem).__name__) from problem
    whole = (plain if plain.strip() else _text_of(html))[:_TEXT].strip()
    return Read(head_of(raw), without_quotes(whole), whole, tuple(files))


def _check_cost(raw: bytes) -> None:
    """Raise Unreadable for what would take the parser minutes: parts within parts, lines without end, endless headers."""
    small = raw.lower()
    parts = small.count(b"boundary") + small.count(b"message/rfc822")
    lines = raw.count(b"\n") + raw.count(b"\r")
    if parts > _PARTS or lines * (parts + 1) > _COST:
        raise Unreadable("cost")
    if any(found.end() - found.start() > _HEADER * 2 for found in _PART_HEADER.finditer(raw)):
        raise Unreadable("header")


def head_of(raw: bytes) -> Head:
    """The headers alone, the first of each name; read without the library, which looks into each as deep as it goes."""
    head = raw[:HEAD]
    end = _END_OF_HEAD.search(head)
    given: dict[str, str] = {}
    for one in _FIELD.split(head[: end.start()] if end else head):
        name, _colon, value = one.partition(b":")
        given.setdefault(name.strip().lower().decode("ascii", "replace"), _plain(text_of(value[: _HEADER * 4])))
    name, address = _sender(given.get("from", ""))
    ids = [*_ID.findall(given.get("in-reply-to", "")), *reversed(_ID.findall(given.get("references", "")))]
    return Head(
        message_id=next(iter(_ID.findall(given.get("message-id", ""))), ""),
        sender=address,
        sender_name=name,
        subject=clean(_decoded(given.get("subject", "")), 200),
        answers=tuple(dict.fromkeys(ids))[:_REFERENCES],
        marks={one: given[one][:200] for one in _MARKS if one in given},
        media_type=given.get("content-type", "text/plain").partition(";")[0].strip().lower()[:80],
    )


def _plain(value: str) -> str:
    """One line: whatever was folded, or slipped in."""
    return re.sub(r"[\r\n\x00]+\s*", " ", value).strip()


def _sender(value: str) -> tuple[str, str]:
    """The name as it is written, and the address; both "" where there is none, or more than one."""
    if len(value) > _HEADER:
        return "", ""
    value = _CONTROLS.sub("", value)
    value = _COMMENT.sub("", value).strip()
    named = _NAMED.fullmatch(value)
    name, address = named.groups() if named else ("", value)
    address = address.strip().casefold()
    if len(address) > 120 or not _ADDRESS.fullmatch(address):
        return "", ""
    return clean(_decoded(name.strip().strip('"').replace("\\", "")), 40), address


def _decoded(value: str) -> str:
    """RFC 2047, with what mail programs make of it: unknown names of charsets, raw bytes of a Chinese one."""
    value = _HALVES.sub("", value[:_HEADER])
    if not value.isascii():
        value = text_of(value.encode("utf-8", "surrogateescape"))
    try:
        parts = decode_header(value)
    except _FAULTS:
        return value
    return "".join(part if isinstance(part, str) else text_of(part, charset or "") for part, charset in parts)


def text_of(data: bytes, charset: str = "") -> str:
    """Bytes as text; never fails. What names no charset, or a wrong one, is UTF-8, else Chinese of the mainland."""
    for one in (_CHARSETS.get(charset.lower().strip(), ""), "utf-8", "gb18030"):
        try:
            if one:
                return data.decode(one)
        except UnicodeError:
            continue
    return data.decode("utf-8", "replace")


def clean(text: str, most: int) -> str:
    """One line without signs that cannot be seen."""
    return " ".join(_CONTROLS.sub("", text.replace("\n", " ").replace("\r", " ")).split())[:most].strip()


def _bodies(message: EmailMessage) -> tuple[str, str, list[Attached]]:
    """The plain words, the words in HTML, and what is attached; a mail within the mail is attached."""
    plain: list[str] = []
    html: list[str] = []
    files: list[Attached] = []
    for part in _leaves(message):
        kind, name = clean(part.get_content_type(), 80), _name(part)
        if kind in ("text/plain", "text/html") and not name and part.get_content_disposition() != "attachment":
            words = text_of(_payload(part), part.get_content_charset() or "")
            if sum(map(len, plain if kind == "text/plain" else html)) < _TEXT * 2:
                (plain if kind == "text/plain" else html).append(words)
            continue
        picture = kind.startswith("image/") or kind == "application/octet-stream"
        data = _payload(part) if picture and sum(1 for one in files if one.data) < PICTURES * 2 else b""
        files.append(Attached(name or kind, kind, data[: pictures.LARGEST + 1]))
    return _lines("\n".join(plain)), "\n".join(html), files


def _leaves(message: Message) -> Iterator[EmailMessage]:
    """Parts that hold something, without those of a mail within."""
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        held = part.get_payload()
        if isinstance(held, list) and part.get_content_maintype() == "multipart":
            waiting += reversed([one for one in held if isinstance(one, Message)])
        else:
            yield cast("EmailMessage", part)


def _payload(part: EmailMessage) -> bytes:
    found = Message.get_payload(part, decode=True)
    return found if isinstance(found, bytes) else b""


def _name(part: EmailMessage) -> str:
    """RFC 2231 and RFC 2047, and what is a path only its last step."""
    found = part.get_filename() or ""
    return clean(_decoded(found).replace("\\", "/").rpartition("/")[2], 80)


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text)


def _text_of(html: str) -> str:
    """The words of HTML: nothing of it is ever fetched, run, or shown."""
    if not html.strip():
        return ""
    if html.count("<") > _TAGS:  # what is nested so deep takes the best of libraries minutes
        raise Unreadable("html")
    flat = " ".join(html[: _TEXT * 2].split())  # in HTML a line is no line
    import nh3  # only where a mail has nothing but HTML

    kept = nh3.clean(flat, tags=_BREAKS, attributes={}, clean_content_tags=_NO_TEXT, strip_comments=True, link_rel=None)
    words = _lines(unescape(_BREAK.sub("\n", kept)).replace("\xa0", " "))
    return _MANY.sub("\n\n", _BLANKS.sub(" ", words))
