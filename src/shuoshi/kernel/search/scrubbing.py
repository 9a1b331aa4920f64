"""Taking numbers and addresses that lead to people out of a text, before it is indexed or read by who may not know them.

Masking on pages lives with people.
"""

from __future__ import annotations

import re
import unicodedata

MARK = "〔号码〕"

_GAP = r"[ \u00a0\u3000\-‐-―−·.()（）/／_\u00ad\u200b-\u200f\u2060\ufeff]{0,2}"
_DAY = r"(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:[12]\d|3[01]|0?[1-9])(?!\d)"
_DIGITS = rf"\d(?:{_GAP}\d){{6,}}(?:{_GAP}[XxＸｘ](?![A-Za-z]))?"  # telephones, identity and bank cards, accounts
_WORD = "[零〇一二三四五六七八九幺壹贰貳叁參叄肆伍陆陸柒捌玖①-⑨⓪❶-❾⓿➀-➈➊-➒⑴-⑼⒈-⒐]"  # a digit that is none to a program
_SPELT = rf"{_WORD}(?:{_GAP}{_WORD}){{6,}}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_LETTER = "A-Za-zＡ-Ｚａ-ｚ"
_LABEL = rf"[{_LETTER}\d\-]{{1,63}}"
_MAIL = rf"[{_LETTER}\d._%+\-]{{1,64}}[@＠]{_LABEL}(?:[.．]{_LABEL}){{1,8}}"
_PLATE = rf"[{_PROVINCES}][{_LETTER}][ ·•・.\-]?(?=[{_LETTER}]{{0,5}}\d)[{_LETTER}\d]{{4,6}}[挂学警港澳]?"
_PATTERN = re.compile(rf"(?P<day>{_DAY})|{_MAIL}|{_PLATE}|{_DIGITS}|{_SPELT}")
_ANY = rf"[\d{_WORD[1:-1]}]"
_CARD = (
    rf"(?<!{_ANY}){_ANY}(?:{_GAP}{_ANY}){{14}}(?:(?:{_GAP}{_ANY}){{2}}{_GAP}(?:{_ANY}|[XxＸｘ]))?(?!{_ANY}|[{_LETTER}])"
)
_IDENTITY = re.compile(rf"(?P<mail>{_MAIL})|{_CARD}")
_BORN = re.compile(r"[1-9]\d{5}(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]?")


def scrub(text: str) -> str:
    """Replace telephone, identity and card numbers, plates, addresses of mail and every other run of seven digits or
    more by 〔号码〕, however the digits are written or spaced.

    Dates such as 2026-11-23 stay. `\\d` includes full-width digits. Time grows linearly with the text.
    """
    return _PATTERN.sub(lambda found: found.group() if found["day"] else MARK, text)


def scrub_identities(text: str) -> str:
    """Replace numbers of identity cards, old ones too, and addresses of mail by 〔号码〕; telephones and all else stay.

    A card is known by the date of birth in its number. A mistyped one leads to a person too: no check digit is asked.
    """
    return _IDENTITY.sub(lambda found: MARK if found["mail"] or _is_card(found.group()) else found.group(), text)


def _is_card(number: str) -> bool:
    return _BORN.fullmatch(_plain(number)) is not None


def _plain(number: str) -> str:
    """In digits, whichever way they were written."""
    values = ((sign, unicodedata.numeric(sign, None)) for sign in number)
    return "".join("X" if sign in "XxＸｘ" else "" if value is None else str(int(value)) for sign, value in values)
