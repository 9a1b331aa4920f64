"""Where the words of a mail end and those it answers begin, and whether they say anything. Pure.

Cut only where a mail program's own sign of quoting stands; a sign in the middle of somebody's words cuts nothing, and
where nothing would be left everything stays.
"""

from __future__ import annotations

import re
import unicodedata

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

# Words that say no more than that it came: 已收到了, 好的, 您好, 谢谢您, 多谢, 感谢, 知道了, 明白了, 了解, 已阅, 嗯, 辛苦了,
# and their traditional forms; beneath them 发自我的…, which telephones write
_RECEIPT = re.compile(
    r"(?:(?:\u5df2\u7ecf|\u5df2\u7d93|\u5df2|\u6211)?\u6536\u5230[\u4e86\u5566]?|\u597d\u7684?|[\u60a8\u4f60]\u597d"
    r"|(?:\u8c22\u8c22|\u591a\u8c22|\u611f\u8c22|\u8b1d\u8b1d|\u591a\u8b1d|\u611f\u8b1d)[\u60a8\u4f60]?[\u4eec\u5011]?"
    r"|\u77e5\u9053\u4e86|\u660e\u767d\u4e86?|\u4e86\u89e3\u4e86?|\u5df2[\u9605\u95b1]|\u55ef|\u8f9b\u82e6\u4e86"
    r"|ok|okay|thanks|thankyou|received|gotit)+(?:\u53d1\u81ea\u6211\u7684\w*)?"
)
_LONGEST_RECEIPT = 40


def is_receipt(text: str) -> bool:
    """Whether somebody only says that it came: nothing to be added, and nothing that ends a wait for their answer."""
    words = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text[: _LONGEST_RECEIPT * 4])).casefold()
    return len(text) <= _LONGEST_RECEIPT * 4 and len(words) <= _LONGEST_RECEIPT and bool(_RECEIPT.fullmatch(words))


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
