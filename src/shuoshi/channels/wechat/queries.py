"""How the account stands: in use or not, when somebody wrote last, and what somebody has to see to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuoshi.channels.wechat.models import Enclosure, Incoming
from shuoshi.notices import circuits
from shuoshi.notices.models import Circuit, Gateway, Way


@dataclass(frozen=True)
class Standing:
    """`plain`: messages come unencrypted; `down`: the platform does not let us in, or is not reached; `waiting`: messages
    that wait for an answer longer than the platform did; `stuck`: pictures and voices that could not be fetched so far."""

    active: bool
    plain: bool
    last: datetime | None
    down: Circuit | None
    waiting: int
    stuck: int


def standing(now: datetime) -> Standing | None:
    """Five statements; None where no account was ever set up, and one."""
    row = Gateway.objects.filter(way=Way.WECHAT).first()
    if row is None:
        return None
    return Standing(
        active=row.active,
        plain=row.given.get("plain") == "1",
        last=Incoming.objects.order_by("-at").values_list("at", flat=True).first(),
        down=circuits.down().get(Way.WECHAT),
        waiting=Incoming.objects.filter(answered_at__isnull=True, not_before__lte=now).count(),
        stuck=Enclosure.objects.filter(tries__gt=0).count(),
    )
