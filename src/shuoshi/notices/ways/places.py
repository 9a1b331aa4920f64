"""Where a connection may go: a name is resolved once, only to public addresses, and the one looked at is used.

An address that an administrator wrote must not reach what stands inside (security.md, 2.9).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

from django.conf import settings

PORTS = (25, 465, 587, 2525)  # of mail servers


class NotSent(Exception):
    """Nothing was sent. `code` says at which step."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def resolved(host: str, port: int, *, inside: bool = False) -> str:
    """The first address of a host; unless it may lie inside, all it has must be public. Raises NotSent."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # no such name, or what no name can be
        raise NotSent("resolve") from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not (inside or all(map(is_public, addresses))):
        raise NotSent("address")
    return addresses[0]


def is_inside(host: str, port: int, ports: Sequence[int] = PORTS) -> bool:
    """Whether whoever runs the machine named this mail server as one that may stand inside; without a port, at `ports`."""
    named = {name.lower() for name in settings.MAIL_HOSTS}
    return f"{host}:{port}".lower() in named or (host.lower() in named and port in ports)


def is_public(address: str) -> bool:
    """Whether it is out on the net; one that carries an address of the older kind within is what that one is."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if within is not None:
            return within.is_global and not within.is_multicast
    return found.is_global and not found.is_multicast
