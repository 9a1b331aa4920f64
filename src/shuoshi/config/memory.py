"""What a process of many threads asks of its C library, so that an old PC has room for it."""

from __future__ import annotations

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's <malloc.h>


def one_heap() -> None:
    """Let all threads take their memory from one heap; to be called before they begin.

    glibc gives each thread a heap of its own, so that none waits for another. Ours wait for the interpreter anyway, and
    eight heaps full of holes are a third more memory. Where the library is another one, nothing happens.
    """
    import ctypes

    try:
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
    except (OSError, AttributeError, TypeError):  # musl, macOS, Windows
        return
