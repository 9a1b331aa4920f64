"""One https request to a host from a fixed list, at a public address (see places), no redirects, little time."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from shuoshi.notices.ways.places import NotSent, resolved

__all__ = ["Broken", "NotSent", "Reply", "post"]

SECONDS = 5.0
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

    def __init__(self, host: str, at: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, PORT, timeout=SECONDS, context=self._tls)
        self._at = at

    def connect(self) -> None:
        plain = socket.create_connection((self._at, PORT), SECONDS)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str], *, hosts: Collection[str]) -> Reply:
    """POST to one of these hosts. Raises NotSent, Broken."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc not in hosts:  # no port, no user: the very name on the list
        raise NotSent("host")
    line = _Pinned(parts.netloc, resolved(parts.netloc, PORT))
    try:
        line.connect()
    except (OSError, ssl.SSLError):
        line.close()
        raise NotSent("connect") from None
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        line.request("POST", target, body, {**headers, "Content-Length": str(len(body)), "Connection": "close"})
        answer = line.getresponse()
        return Reply(answer.status, _capped(answer, line))
    except ValueError:  # a header that cannot be written: nothing went out
        raise NotSent("request") from None
    except (OSError, http.client.HTTPException):
        raise Broken from None
    finally:
        line.close()


def _capped(answer: http.client.HTTPResponse, line: http.client.HTTPSConnection) -> bytes:
    """At most LARGEST bytes within SECONDS in all: who drips is cut."""
    until, body = time.monotonic() + SECONDS, b""
    while len(body) < LARGEST:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if line.sock is not None:
            line.sock.settimeout(left)
        part = answer.read1(4096)
        if not part:
            return body
        body += part
    raise TimeoutError
