"""One https request to a host from a fixed list: resolved once, only to a public address, no redirects, little time.

An address that an administrator wrote must not reach what stands inside (security.md, 2.9): the host has to be on the
list, every address it resolves to has to be a public one, and the connection goes to the very address that was looked at.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 5.0
LARGEST = 64 * 1024
PORT = 443


class NotSent(Exception):
    """Nothing was sent. `code` says at which step."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


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
    line = _Pinned(parts.netloc, _public_address(parts.netloc))
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


def _public_address(host: str) -> str:
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except OSError:
        raise NotSent("resolve") from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(ipaddress.ip_address(one).is_global for one in addresses):
        raise NotSent("address")
    return addresses[0]


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
