"""Further processes of the server: forked where that is safe, else started as programs. All end with this one.

A fork shares the memory of modules and classes, which is most of what a process of ours holds. On Linux alone, and only
while there is one thread: one that died is started again as a program, as all are on Windows and macOS.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

_PATIENCE = 10  # seconds a child has to finish what it is doing


class Child:
    """One of our own commands as a process. It is started again when it dies, and ends by itself when we do."""

    def __init__(self, words: Sequence[str], work: Callable[[], None], door: socket.socket | None = None) -> None:
        """`words`: the command that does what `work` does, for a program; it may have the `door`."""
        self._command = [sys.executable, "-m", "shuoshi", *words]
        self._work = work
        self._handles = [door.fileno()] if door else []
        self._stopping = threading.Event()
        self._process: BaseProcess | subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep_alive, name=words[0], daemon=True)

    def watch(self) -> None:
        """Start it, unless it was forked, and again whenever it dies."""
        self._watch.start()

    def stop(self) -> None:
        self._stopping.set()
        process = self._process
        if isinstance(process, subprocess.Popen) and process.stdin:
            process.stdin.close()  # it reads from us: the end of the line tells it to finish
        elif isinstance(process, BaseProcess):
            process.terminate()
        if self._watch.ident is not None:
            self._watch.join(_PATIENCE)
        if process is not None and self._watch.is_alive():
            process.kill()

    def _fork(self) -> None:
        arguments = (self._watch.name, self._work)
        process = multiprocessing.get_context("fork").Process(target=_alone, args=arguments, daemon=True)
        process.start()
        self._process = process

    def _keep_alive(self) -> None:
        while not self._stopping.is_set():
            if self._process is None:
                # A session of its own: Ctrl-C is for us to pass on.
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, start_new_session=True, pass_fds=self._handles
                )
            if isinstance(self._process, subprocess.Popen):
                self._process.wait()
            else:
                self._process.join()
            if not self._stopping.wait(2):
                self._process = None


def fork(children: Sequence[Child]) -> None:
    """Begin them as copies of this process, if that is safe here; before anything starts a thread."""
    if sys.platform != "linux" or not hasattr(os, "fork"):
        return
    _load()
    if threading.active_count() > 1:
        return
    for child in children:
        child._fork()


def _load() -> None:
    """Import and read now what every process needs sooner or later; leave no connection that two would use."""
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils import translation

    from shuoshi.config import prepare, wsgi

    assert wsgi.application
    assert get_resolver().url_patterns
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
    prepare.disconnect()
    gc.collect()
    gc.freeze()  # the collector writes into what it looks at, and what is written into is shared no longer


def _alone(name: str, work: Callable[[], None]) -> None:
    """Within the copy: a name of its own in the list of processes; Ctrl-C is for the server to pass on."""
    os.setsid()
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"shuoshi {name}", "ascii")
    work()
