"""Keys of rows: time-ordered UUIDs in the layout of version 7 (RFC 9562). Numbers that people read are in numbering."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from uuid import UUID

from shuoshi.kernel import clock

_TAIL_BITS = 74  # 12 bits of rand_a and 62 of rand_b
_lock = threading.Lock()
_last = (0, 0)  # milliseconds and tail of the newest key of this process


def new_id() -> UUID:
    """A new key; keys of one process sort in the order they were made, by the kernel's clock."""
    milliseconds = int(clock.now().timestamp() * 1000)
    with _lock:
        tail = _next_tail(milliseconds)
    return made(milliseconds, tail)


def tails(count: int) -> Iterator[int]:
    """Endings of keys that sort in this order, for whoever makes keys of another moment than now."""
    first = secrets.randbits(_TAIL_BITS - 1)
    return (first + (place << 32) for place in range(count))


def made(milliseconds: int, tail: int) -> UUID:
    """The key of a moment (since 1970) with this ending of 74 bits."""
    value = milliseconds << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | (tail & (1 << 62) - 1)
    return UUID(int=value)


def _next_tail(milliseconds: int) -> int:
    """Random for a new millisecond; within one it only grows, so that order is kept."""
    global _last
    if milliseconds == _last[0]:
        tail = (_last[1] + 1 + secrets.randbits(32)) % (1 << _TAIL_BITS)
    else:  # the top bit stays free, so that growing cannot overflow in practice
        tail = secrets.randbits(_TAIL_BITS - 1)
    _last = (milliseconds, tail)
    return tail
