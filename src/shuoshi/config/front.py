"""The door of a server with a certificate of its own: https and plain http at one port, both handed on to the server behind.

It reads no HTTP. What it knows of a connection — who came, and whether encrypted — is told to the application by the
port from which it was handed on, and only a connection of ours stands in that list. A handshake that does not come to
its end, or a caller who sends nothing or takes nothing, holds up nobody.
"""

from __future__ import annotations

import _thread
import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import sys
import threading
from collections import Counter
from collections.abc import Coroutine, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 10  # seconds for the first byte and for the handshake
TAKEN_WITHIN = 30  # seconds for a piece of what is said to be taken
CALLERS = 200 if sys.platform == "win32" else 400  # at once, two sockets each; the others wait in the queue of the door
FROM_ONE = 100  # of them from one address
_CHUNK = 64 * 1024
_HANDSHAKE = b"\x16"  # the first byte of TLS, and of no HTTP
_log = logging.getLogger(__name__)

Scheme = Literal["http", "https"]


class Front:
    """Accepts at `door` and hands on to `behind`, an address on loopback where only this process listens."""

    def __init__(self, door: socket.socket, behind: tuple[str, int], certificate: Path) -> None:
        self._door, self._behind, self._certificate = door, behind, certificate
        self._callers: dict[int, tuple[str, Scheme]] = {}
        self._from: Counter[str] = Counter()
        self._context, self._read_at = _context(certificate), certificate.stat().st_mtime_ns
        self._thread = threading.Thread(target=self._run, name="front", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def told(self, application: WSGIApplication) -> WSGIApplication:
        """The application, told who really came and how."""

        def seen(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            caller = self._callers.get(int(environ.get("REMOTE_PORT") or 0))
            if caller is not None:
                environ["REMOTE_ADDR"], environ["wsgi.url_scheme"] = caller
            return application(environ, start_response)

        return seen

    def _run(self) -> None:
        """Until the process ends; should it end before, the process ends, and whoever watches it starts it again."""
        loop = asyncio.SelectorEventLoop()  # the one of Windows cannot look at a byte and leave it there
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._accept())
        except Exception:
            _log.exception("the door is broken")
            _thread.interrupt_main(signal.SIGTERM)

    async def _accept(self) -> None:
        loop, room = asyncio.get_running_loop(), asyncio.Semaphore(CALLERS)
        self._door.setblocking(False)
        going: set[asyncio.Task[None]] = set()
        while True:
            await room.acquire()
            try:
                caller, address = await loop.sock_accept(self._door)
            except OSError:  # no descriptor left, or the caller is gone already
                room.release()
                await asyncio.sleep(0.1)
                continue
            who = str(address[0])
            if self._from[who] >= FROM_ONE:
                caller.close()
                room.release()
                continue
            self._from[who] += 1
            task = loop.create_task(self._serve(caller, who))
            going.add(task)
            task.add_done_callback(going.discard)
            task.add_done_callback(partial(self._gone, who, room))

    def _gone(self, who: str, room: asyncio.Semaphore, _task: asyncio.Task[None]) -> None:
        room.release()
        self._from[who] -= 1
        if not self._from[who]:
            del self._from[who]

    async def _serve(self, caller: socket.socket, address: str) -> None:
        """One connection from its first byte to its end; what goes wrong with it concerns nobody else."""
        with contextlib.suppress(OSError, asyncio.TimeoutError, ssl.SSLError, EOFError):
            try:
                caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                first = await asyncio.wait_for(_first_byte(caller), PATIENCE)
                scheme: Scheme = "https" if first == _HANDSHAKE else "http"
                outer = await _opened(caller, self._fresh() if scheme == "https" else None)
            except BaseException:
                caller.close()
                raise
            try:
                await self._hand_on(outer, address, scheme)
            finally:
                await _closed(outer[1])

    async def _hand_on(self, outer: Streams, address: str, scheme: Scheme) -> None:
        inner = socket.socket(socket.AF_INET)
        inner.setblocking(False)
        inner.bind((self._behind[0], 0))  # so that the port is known before anybody can ask for it
        port, mine = inner.getsockname()[1], (address, scheme)
        self._callers[port] = mine
        try:
            try:
                await asyncio.get_running_loop().sock_connect(inner, self._behind)
            except BaseException:
                inner.close()
                raise
            reader, writer = await asyncio.open_connection(sock=inner, limit=_CHUNK)
            try:
                await _both(_pumped(outer[0], writer), _pumped(reader, outer[1]))
            finally:
                await _closed(writer)
        finally:
            if self._callers.get(port) is mine:  # else another has the port already
                del self._callers[port]

    def _fresh(self) -> ssl.SSLContext:
        """The certificate as it lies there: it is renewed while we serve."""
        with contextlib.suppress(OSError, ssl.SSLError):
            at = self._certificate.stat().st_mtime_ns
            if at != self._read_at:
                self._context, self._read_at = _context(self._certificate), at
        return self._context


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["http/1.1"])
    return context


async def _first_byte(caller: socket.socket) -> bytes:
    """Looked at and left there. Raises EOFError where none comes."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(caller, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(caller)
    first = caller.recv(1, socket.MSG_PEEK)
    if not first:
        raise EOFError
    return first


async def _opened(caller: socket.socket, context: ssl.SSLContext | None) -> Streams:
    """The streams of a connection that was accepted, after its handshake. Raises OSError and ssl.SSLError."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_CHUNK, loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    how: dict[str, Any] = {"ssl": context, "ssl_handshake_timeout": PATIENCE} if context else {}
    transport, _protocol = await loop.connect_accepted_socket(lambda: protocol, caller, **how)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _both(there: Coroutine[None, None, None], back: Coroutine[None, None, None]) -> None:
    """Until the server behind has said all; it ends whoever says nothing. A caller who is gone ends both at once."""
    loop = asyncio.get_running_loop()
    asking, answering = loop.create_task(there), loop.create_task(back)
    try:
        await asyncio.wait({asking, answering}, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            asking.result()  # raises what broke it
        await answering
    finally:
        asking.cancel()
        answering.cancel()
        await asyncio.gather(asking, answering, return_exceptions=True)


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that comes in goes out, no faster than it is taken."""
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await asyncio.wait_for(writer.drain(), TAKEN_WITHIN)
    if writer.can_write_eof():
        writer.write_eof()


async def _closed(writer: asyncio.StreamWriter) -> None:
    """What was written is still sent, to whoever takes it."""
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), PATIENCE)
    except (TimeoutError, OSError):
        writer.transport.abort()
