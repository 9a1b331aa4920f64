"""Where a connection may go: a name is resolved once, only to public addresses, and the one looked at is used.

An address that somebody wrote on a page must not reach what stands inside (security.md, 2.9).
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Collection
from contextlib import suppress

SECONDS = 5.0  # to look a name up
_GLOBAL = ipaddress.IPv6Network("2000::/3")
_EXAMPLES = ipaddress.IPv6Network("3fff::/20")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # of the older kind, through a gateway


class NotSent(Exception):
    """Nothing was sent. `code` says at which step."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def resolved(host: str, port: int, *, inside: bool = False) -> str:
    """The first address of a host; unless it may lie inside, all it has must be public. Raises NotSent."""
    addresses = _looked_up(host, port)
    if not addresses or not (inside or all(map(is_public, addresses))):
        raise NotSent("address")
    return addresses[0]


def _looked_up(host: str, port: int) -> list[str]:
    """What the machine's resolver says within SECONDS, which itself knows no such limit."""
    found: list[str] = []

    def look() -> None:
        with suppress(OSError, UnicodeError):  # no such name, or what no name can be
            found.extend(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(SECONDS)
    if looking.is_alive() or not found:
        raise NotSent("resolve")
    return found


def is_named(host: str, port: int, names: Collection[str], ports: Collection[int]) -> bool:
    """Whether whoever runs the machine named this host, as `name:port`, or as `name` for one of the usual ports."""
    named = {name.lower() for name in names}
    return f"{host}:{port}".lower() in named or (host.lower() in named and port in ports)


def is_public(address: str) -> bool:
    """Whether it is out on the net; one that carries an address of the older kind within is what that one is."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _TRANSLATED:
            within = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if within is not None:
            return within.is_global and not within.is_multicast
        return found in _GLOBAL and found not in _EXAMPLES and found.is_global
    return found.is_global and not found.is_multicast
