"""Telephone numbers as people write them, brought to one form. Whose number it is, is not known here."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from django.utils.translation import gettext as _

_SHORT = re.compile(r"11[0249]|12[02]|1[012]\d{3}|9\d{4,5}")  # 110, 12345, 95598: service numbers without area code
_DEMO = re.compile(r"000\d{8}")  # numbers of the demo institution and of tests, which nobody can own
_MOBILE = re.compile(r"1[3-9]\d{9}")  # also ranges the library does not know yet


class BadNumber(ValueError):
    """What was written is no telephone number; `str()` says how one looks."""

    def __str__(self) -> str:
        return _("电话号码没有认出来。手机号应是 11 位数字，固定电话请带区号，例如 0571-8888 0000。")


def normalise(text: str) -> str:
    """One form for one number: 13800000000, 057188880000, 12345; abroad with its plus, +8525….

    Takes full-width digits, spaces, dashes, brackets and +86. Raises BadNumber.
    """
    plain = re.sub(r"[\s\-‐-―−－()\[\].·/_]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(\+|00)86(?=\d{5})", "", plain)
    if not re.fullmatch(r"\+?\d+", plain):
        raise BadNumber(text)
    if _SHORT.fullmatch(plain) or _DEMO.fullmatch(plain) or _MOBILE.fullmatch(plain):
        return plain
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException:
        raise BadNumber(text) from None
    if not phonenumbers.is_possible_number(number):
        raise BadNumber(text)
    if number.country_code != 86:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    if not phonenumbers.is_valid_number(number):
        raise BadNumber(text)
    return national if _MOBILE.fullmatch(national) or national.startswith(("400", "800")) else f"0{national}"


def takes_messages(number: str) -> bool:
    """Whether a text message can reach this number, as `normalise` wrote it."""
    return bool(_MOBILE.fullmatch(number) or _DEMO.fullmatch(number))
