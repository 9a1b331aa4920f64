"""One https request to a host that is known, at a public address (see places), no redirects, SECONDS once it is found.

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

__all__ = ["Broken", "NotSent", "Reply", "post"]

SECONDS = 5.0  # from the first connection to the last byte
LARGEST = 64 * 1024
PORT = 443


class Broken(Exception):
    """The request had begun: whether it was carried out, nobody knows."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was looked at, with the certificate of the host that was asked for."""

    def __init__(self, host: str, port: int, at: str) -> None:
        self._tls = _trusted(os.environ.get("SSL_CERT_FILE", ""))
        super().__init__(host, port, timeout=SECONDS, context=self._tls)
        self._at = at
        self._line: socket.socket | None = None  # http.client forgets it when the answer has begun
        self.over = False  # cut: what was read so far is no answer

    def connect(self) -> None:
        plain = socket.create_connection((self._at, self.port), SECONDS)
        self._line = self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        if self.over:
            raise TimeoutError
        self.sock.do_handshake()

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
    """POST to one of these hosts, at 443. Raises NotSent, Broken.

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
    line = _Pinned(host, port, resolved(host, port, inside=allowed))
    watch = threading.Timer(SECONDS, line.cut)
    watch.daemon = True
    watch.start()
    try:
        return _sent(line, f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/", body, headers)
    finally:
        watch.cancel()
        line.close()


def _sent(line: _Pinned, target: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    try:
        line.connect()
    except (OSError, ssl.SSLError):
        raise NotSent("connect") from None
    try:
        line.request("POST", target, body, {**headers, "Content-Length": str(len(body)), "Connection": "close"})
    except ValueError:  # a header that cannot be written: nothing went out
        raise NotSent("request") from None
    except (OSError, http.client.HTTPException):
        raise Broken from None
    try:
        answer = line.getresponse()
        reply = Reply(answer.status, _capped(answer))
        if line.over:
            raise TimeoutError
        return reply
    except (OSError, ValueError, http.client.HTTPException):
        raise Broken from None


def _capped(answer: http.client.HTTPResponse) -> bytes:
    body = answer.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise OSError("the answer is too long")
    return body
