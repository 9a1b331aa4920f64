"""Where a request comes from, for throttles. Forwarded addresses count only from the configured proxy."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The address of the sender, read right to left through the proxies we know; None when it is no address."""
    address = _parse(request.META.get("REMOTE_ADDR", ""))
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while address is not None and hops and _is_proxy(address):
        address = _parse(hops.pop())
    return address


def network_of(request: HttpRequest) -> str:
    """The network a throttle counts: one IPv4 address, or the /64 of an IPv6 address."""
    address = address_of(request)
    if address is None:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)


def _is_proxy(address: IPv4Address | IPv6Address) -> bool:
    known = str(settings.VALUES["SHUOSHI_PROXY"]) if hasattr(settings, "VALUES") else ""
    return any(address == _parse(part.strip()) for part in known.split(",") if part.strip())


def _parse(written: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(written)
    except ValueError:
        return None
