"""Slowing down who guesses query codes, whoever it is aimed at (security.md 2.1). The page only asks and tells.

A network has a few wrong tries an hour. Where many networks guess at one number, or at the whole site, each of them has
one, and waits longer. A right code opens at its network's first try whatever strangers do, so that guessing bars nobody;
and all is counted by what was typed, so that an unknown number takes the same way as a known one.
Where all requests come from one other server, whoever stands behind it is named in the place of a network.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shuoshi.kernel import throttle
from shuoshi.kernel.steady import Kind, alarm

_OURS, _STRICT = throttle.CODE_BY_NETWORK, throttle.CODE_WHEN_GUESSED
_NUMBER, _SITE = throttle.CODE_BY_NUMBER, throttle.CODE_BY_SITE


def take(number: str, network: str, now: datetime) -> timedelta | None:
    """Count one try before the code is looked at: None when it may be, else how long the network has to wait."""
    if _is_guessed(number, now):
        left = throttle.take(_STRICT.scope, network, now)
        if left is not None:
            return left
    return throttle.take(_OURS.scope, network, now)


def was_right(number: str, network: str, now: datetime) -> None:
    """Undo what `take` counted; wrong tries of the same network stay counted, so that no own code buys new guesses."""
    throttle.give_back(_OURS.scope, network)
    if _is_guessed(number, now):
        throttle.give_back(_STRICT.scope, network)


def was_wrong(number: str, now: datetime) -> None:
    """Count a wrong pair for the number and for the site; the one that is too many gives alarm."""
    if throttle.hit(_NUMBER.scope, number, now) == _NUMBER.free:
        alarm(Kind.NUMBER_GUESSED)
    if throttle.hit(_SITE.scope, throttle.SITE, now) == _SITE.free:
        alarm(Kind.CODES_GUESSED)


def _is_guessed(number: str, now: datetime) -> bool:
    """Whether strangers are at this number, or at many. Both are asked for, known or not, first or last."""
    at_number = throttle.wait(_NUMBER.scope, number, now) is not None
    at_site = throttle.wait(_SITE.scope, throttle.SITE, now) is not None
    return at_number or at_site
