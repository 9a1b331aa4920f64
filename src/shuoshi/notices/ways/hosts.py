"""Which mail servers a line may lead to."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings

from shuoshi.kernel.outgoing.places import is_named

PORTS = (25, 465, 587, 2525)  # of mail servers


def is_inside(host: str, port: int, ports: Collection[int] = PORTS) -> bool:
    """Whether whoever runs the machine named this mail server as one that may stand inside; without a port, at `ports`."""
    return is_named(host, port, settings.MAIL_HOSTS, ports)
