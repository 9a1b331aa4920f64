"""What a password must be, and making one up. Checking one at sign-in is sign_in's."""

from __future__ import annotations

import secrets
from functools import cache
from itertools import pairwise

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused

SHORTEST = 12
SHORTEST_ALONE = 15  # without a second factor
LONGEST = 256

_LOCAL_WORDS = ("shuoshi", "qunzhong", "qunzhongshuoshi", "12345", "说事", "群众", "admin", "password", "woaini")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def require_good(password: str, *, username: str, second_factor: bool) -> None:
    """Raises Refused with what to do better: length, common passwords, words everybody here would try."""
    shortest = SHORTEST if second_factor else SHORTEST_ALONE
    if len(password) < shortest:
        raise Refused("password_short", _("密码至少 %(count)d 位。可以用几个不相干的词连起来。") % {"count": shortest})
    if len(password) > LONGEST:
        raise Refused("password_long", _("密码最多 %(count)d 位。") % {"count": LONGEST})
    if _is_guessable(password.casefold(), username.casefold()):
        raise Refused("password_common", _("这个密码太容易猜到。请不要用常见密码、账号名、单位名或连续的数字。"))


def made_up() -> str:
    """A first password to be changed at once: five groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(4)) for _group in range(5))


@cache
def nobodys() -> str:
    """The hash of a password that was thrown away: of accounts without one, and what unknown names are compared with."""
    return make_password(made_up())


def _is_guessable(password: str, username: str) -> bool:
    """Common as it stands, or little more than known words, one run or one character over and over."""
    if password in _common():
        return True
    rest = password
    for word in sorted((username, *_LOCAL_WORDS), key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) > 1 else rest
    return rest in _common() or len(set(rest)) < 5 or _runs(rest) * 2 > len(rest)


def _runs(text: str) -> int:
    """How many characters follow the one before by one step up or down, or repeat it: 123456, aaaa, fedcba."""
    return sum(abs(ord(one) - ord(other)) <= 1 for one, other in pairwise(text))


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
