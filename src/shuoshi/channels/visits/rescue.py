"""Rescue files: what a phone could not send, brought by an administrator. Sealed as it lay there; opened only here."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from shuoshi.channels.visits import actions, records
from shuoshi.kernel import pictures, room
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import NotDone, Refused
from shuoshi.organization.policies import require_arranger


@dataclass(frozen=True)
class Rescued:
    """How many visits and pictures are here now, and why some are not."""

    visits: int
    pictures: int
    faults: tuple[str, ...]


def largest() -> int:
    """Bytes of a rescue file: a phone with more writes several, and each goes through the door."""
    return int(settings.BODY_LIMIT) * 2 // 3


def bring_in(data: bytes, *, actor: Actor, holder: UUID | None = None) -> Rescued:
    """Records first, then their pictures; what is wrong with one costs the others nothing. Raises Refused.

    `holder`: whose phone it was, for one that is not known any more.
    """
    require_arranger(actor)
    if not room.for_uploads():
        raise Refused("no_room", room.no_uploads())
    visits, kept, faults = 0, 0, dict[str, None]()
    for item in sorted(_items(data), key=lambda one: one["place"]):
        visit, sealed = item["visit"], item["sealed"]
        try:
            if item["place"] == 0:
                actions.receive(records.open_record(sealed, visit), actor=actor, rescued=True, holder=holder)
                visits += 1
            else:
                plain = records.open_file(sealed, visit, item["sha256"])
                actions.keep_rescued(visit, item["sha256"], pictures.clean(plain), actor=actor)
                kept += 1
        except NotDone as problem:
            faults[problem.text] = None
        except pictures.BadPicture as bad:
            faults[str(bad)] = None
    return Rescued(visits, kept, tuple(faults))


def _items(data: bytes) -> list[dict[str, Any]]:
    try:
        whole = json.loads(data)
        if (whole["shuoshi"], whole["version"]) != ("visits", 1):
            raise ValueError
        return [
            {
                "visit": UUID(one["visit"]),
                "place": int(one["place"]),
                "sha256": str(one["sha256"]),
                "sealed": base64.b64decode(one["sealed"], validate=True),
            }
            for one in whole["items"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused("no_rescue_file", _("这不是走访应急文件，或者没有传完整。")) from None
