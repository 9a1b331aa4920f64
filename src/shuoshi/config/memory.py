"""What a process of many threads asks of its C library, so that an old PC has room for it."""

from __future__ import annotations

# Of glibc's <malloc.h>, with the values we ask for.
_ONE_HEAP = (-8, 1)  # M_ARENA_MAX
_LARGE_APART = (-3, 64 * 1024)  # M_MMAP_THRESHOLD
_REST_BACK = (-1, 128 * 1024)  # M_TRIM_THRESHOLD


def spare() -> None:
    """Let all threads take their memory from one heap, and give back what is no longer needed; before they begin.

    glibc gives each thread a heap of its own, so that none waits for another. Ours wait for the interpreter anyway, and
    eight heaps full of holes are a third more memory. Once it has freed something large it also takes the next large
    things from the heap, where they leave holes; told a size, it keeps to it. Where the library is another one, nothing
    happens.
    """
    import ctypes

    try:
        library = ctypes.CDLL(None)
        for what, value in (_ONE_HEAP, _LARGE_APART, _REST_BACK):
            library.mallopt(what, value)
    except (OSError, AttributeError, TypeError):  # musl, macOS, Windows
        return
