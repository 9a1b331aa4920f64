"""Where the words of a mail end and those it answers begin. What is cut off is kept beside it. Pure.

Cut only where a mail program's own sign of quoting stands; a sign in the middle of somebody's words cuts nothing, and
where nothing would be left everything stays.
"""

from __future__ import annotations

import re

# What programs write above the mail that is answered, in Chinese with escapes since these are no words of ours:
# 原始邮件, 写道 and its traditional form, 发件人, 发送时间, 寄件者
_ORIGINAL = r"\u539f\u59cb\u90ae\u4ef6|\u539f\u59cb\u90f5\u4ef6|Original Message|Forwarded message"
_WROTE = r"\u5199\u9053|\u5beb\u9053|wrote"
_FROM = r"\u53d1\u4ef6\u4eba|\u5bc4\u4ef6\u8005|From"
_SENT = r"\u53d1\u9001\u65f6\u95f4|\u53d1\u4ef6\u65f6\u95f4|\u65e5\u671f|Sent|Date"
_BARRED = re.compile(rf"^\s*[-_=]{{2,}}\s*(?:{_ORIGINAL})\s*[-_=]{{2,}}\s*$", re.I)
_SAID = re.compile(rf"^.{{4,200}}(?:{_WROTE})\s*[:\uff1a]\s*$", re.I)
_HEADED = re.compile(rf"^\s*\**(?:{_FROM})\**\s*[:\uff1a]", re.I)
_TIMED = re.compile(rf"^\s*\**(?:{_SENT})\**\s*[:\uff1a]", re.I)
_SENDER = re.compile(r"[\w.+-]+@[\w-]+|\d{1,4}[-/\u5e74]\d{1,2}")  # an address or a date: no sentence of a resident
_QUOTED = re.compile(r"^\s*[>\uff1e|]")


def without_quotes(whole: str) -> str:
    """What was written now."""
    lines = whole.split("\n")
    end = next((n for n in range(len(lines)) if _begins(lines, n)), len(lines))
    kept = lines[:end]
    while kept and (not kept[-1].strip() or _QUOTED.match(kept[-1])):  # quoted beneath, without a line above
        kept.pop()
    return "\n".join(kept).strip() or whole.strip()


def _begins(lines: list[str], n: int) -> bool:
    """Whether what is quoted begins with this line."""
    line = lines[n]
    if len(line) > 300:
        return False
    if _BARRED.match(line):
        return True
    after = [one for one in lines[n + 1 : n + 6] if one.strip()]
    if _SAID.match(line):
        return not after or _QUOTED.match(after[0]) is not None or _SENDER.search(line) is not None
    return _HEADED.match(line) is not None and any(_TIMED.match(one) for one in after[:3])
