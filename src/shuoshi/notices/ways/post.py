"""One request to a host that is known beforehand, at an address that was looked at (see places), no redirects, little time."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from shuoshi.notices.ways.places import NotSent, resolved

__all__ = ["Broken", "NotSent", "Reply", "Server", "ask", "post"]

SECONDS = 5.0
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
        self._tls = None if server.plain else ssl.create_default_context()
        super().__init__(server.host, server.port, timeout=seconds, context=self._tls)
        self._at = at

    def connect(self) -> None:
        plain = socket.create_connection((self._at, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain


def post(url: str, body: bytes, headers: Mapping[str, str], *, hosts: Collection[str]) -> Reply:
    """POST by https to one of these hosts. Raises NotSent, Broken."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc not in hosts:  # no port, no user: the very name on the list
        raise NotSent("host")
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return ask(Server(parts.netloc), "POST", target, body, headers)


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
    """One request; at most `largest` bytes of an answer, within `seconds` for each step. Raises NotSent, Broken."""
    line = _Pinned(server, resolved(server.host, server.port, inside=server.inside), seconds)
    try:
        line.connect()
    except (OSError, ssl.SSLError):
        line.close()
        raise NotSent("connect") from None
    try:
        said = {**(headers or {}), "Connection": "close"} | ({"Content-Length": str(len(body))} if body else {})
        line.request(method, target, body or None, said)
        answer = line.getresponse()
        return Reply(answer.status, _capped(answer, line, largest, seconds))
    except ValueError:  # a header that cannot be written: nothing went out
        raise NotSent("request") from None
    except (OSError, http.client.HTTPException):
        raise Broken from None
    finally:
        line.close()


def _capped(answer: http.client.HTTPResponse, line: http.client.HTTPSConnection, largest: int, seconds: float) -> bytes:
    """At most so many bytes within so much time in all: who drips is cut."""
    until, body = time.monotonic() + seconds, bytearray()
    while len(body) < largest:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if line.sock is not None:
            line.sock.settimeout(left)
        part = answer.read1(16 * 1024)
        if not part:
            return bytes(body)
        body += part
    raise TimeoutError
