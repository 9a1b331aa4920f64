"""One request to a host that is known, at an address that was looked at (see places), no redirects, little time in all.

http.client gives every read its own patience: who sends a letter of a header now and then would hold the worker for
hours. Here the line is cut when the time is over, whatever is waited for.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from shuoshi.kernel.outgoing.places import NotSent, is_named, resolved

__all__ = ["Broken", "NotSent", "Reply", "Server", "ask", "post"]

SECONDS = 5.0  # once the address is found, to the last byte
LARGEST = 64 * 1024
PORT = 443


class Broken(Exception):
    """The request had begun: whether it was carried out, nobody knows."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Server:
    """Whom to ask. `plain`: without TLS; `inside`: whoever runs the machine named it, so that it may stand in its network."""

    host: str
    port: int = PORT
    plain: bool = False
    inside: bool = False


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was looked at, with the certificate of the host that was asked for."""

    def __init__(self, server: Server, at: str, seconds: float) -> None:
        self._tls = None if server.plain else _trusted(os.environ.get("SSL_CERT_FILE", ""))
        super().__init__(server.host, server.port, timeout=seconds, context=self._tls)
        self._at = at
        self._line: socket.socket | None = None  # http.client forgets it when the answer has begun
        self.over = False  # cut: what was read so far is no answer

    def connect(self) -> None:
        plain = socket.create_connection((self._at, self.port), self.timeout)
        if self._tls is None:
            self._line = self.sock = plain
        else:
            tls = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
            self._line = self.sock = tls
            if not self.over:
                tls.do_handshake()
        if self.over:
            raise TimeoutError

    def cut(self) -> None:
        """From another thread: whoever reads or writes here gets an error at once."""
        self.over = True
        if self._line is not None:
            with suppress(OSError):  # it ended by itself meanwhile
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)  # beneath TLS, which is in use


@cache
def _trusted(_named: str) -> ssl.SSLContext:
    """Reading all authorities takes as long as a request does."""
    return ssl.create_default_context()


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, hosts: Collection[str], inside: Collection[str] = ()
) -> Reply:
    """POST by https to one of these hosts, at 443. Raises NotSent, Broken.

    `inside` are those, as `name:port`, that may stand within the network and have a port of their own.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc not in hosts:  # no user: the very name on the list
        raise NotSent("host")
    try:
        host, port = parts.hostname or "", parts.port or PORT
    except ValueError:
        raise NotSent("host") from None
    allowed = is_named(host, port, inside, {PORT})
    if port != PORT and not allowed:
        raise NotSent("port")
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return ask(Server(host, port, inside=allowed), "POST", target, body, headers)


def ask(
    server: Server,
    method: str,
    target: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    largest: int = LARGEST,
    seconds: float = SECONDS,
) -> Reply:
    """One request; at most `largest` bytes of an answer, within `seconds` in all. Raises NotSent, Broken."""
    line = _Pinned(server, resolved(server.host, server.port, inside=server.inside), seconds)
    watch = threading.Timer(seconds, line.cut)
    watch.daemon = True
    watch.start()
    try:
        return _sent(line, method, target, body, headers or {}, largest)
    finally:
        watch.cancel()
        line.close()


def _sent(line: _Pinned, method: str, target: str, body: bytes, headers: Mapping[str, str], largest: int) -> Reply:
    try:
        line.connect()
    except (OSError, ssl.SSLError):
        raise NotSent("connect") from None
    try:
        said = {**headers, "Connection": "close"} | ({"Content-Length": str(len(body))} if body else {})
        line.request(method, target, body or None, said)
    except ValueError:  # a header that cannot be written: nothing went out
        raise NotSent("request") from None
    except (OSError, http.client.HTTPException):
        raise Broken from None
    try:
        answer = line.getresponse()
        reply = Reply(answer.status, _capped(answer, largest))
        if line.over:
            raise TimeoutError
        return reply
    except (OSError, ValueError, http.client.HTTPException):
        raise Broken from None


def _capped(answer: http.client.HTTPResponse, largest: int) -> bytes:
    body = answer.read(largest + 1)
    if len(body) > largest:
        raise OSError("the answer is too long")
    return body
