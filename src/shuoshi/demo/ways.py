"""Ways in beside people: boxes that are opened every week, a platform that was let in, mails that wait or were ignored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from shuoshi.channels.boxes import actions, keeping
from shuoshi.channels.boxes.actions import OpeningGiven
from shuoshi.channels.boxes.keeping import BoxGiven
from shuoshi.channels.boxes.models import Box
from shuoshi.channels.mail import keeping as inbox
from shuoshi.channels.mail.reading import Attached, Head, Read
from shuoshi.channels.mail.receiving import receive
from shuoshi.channels.platforms import keeping as platforms
from shuoshi.channels.platforms.keeping import PlatformGiven
from shuoshi.demo.acting import Stage
from shuoshi.demo.pictures import letter
from shuoshi.demo.town import Town, content
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.organization.roles import Role

_FRIDAY, _HOUR, _LATER = 4, time(10, 20), timedelta(minutes=40)
_FORGOTTEN = 3  # weeks in which nobody opens the last box any more


class Ways:
    """A script beside those of the matters. It rolls no dice: the matters go the same way with it and without."""

    title = "开意见箱"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number = stage.town, -number
        fridays = [day for day in days if day.weekday() == _FRIDAY]
        self._days = [datetime.combine(day, _HOUR, clock.INSTITUTION_ZONE) for day in fridays]
        self._end = datetime.combine(days[-1], time(16, 5), clock.INSTITUTION_ZONE)
        self.start = self._days[0]

    def script(self) -> Iterator[datetime]:
        yield self.start
        boxes = [_hang_up(self._town, given) for given in content()["boxes"]]
        for given in content()["platforms"]:
            _let_in(given, self._end.date())
        for week, at in enumerate(self._days):
            ahead = len(self._days) - week
            yield at
            opened = [
                self._open(box, week, found=2 if ahead == 1 and n == 0 else 0)
                for n, box in enumerate(boxes)
                if n < len(boxes) - 1 or ahead > _FORGOTTEN
            ]
            yield at + _LATER
            for key in opened if ahead > 1 else opened[1:]:  # the last one with letters waits for the second one's word
                actions.answer(key, agrees=True, actor=self._actor(Role.OVERSIGHT_MEMBER))

        yield self._end
        _receive(content())

    def _open(self, box: Box, week: int, found: int) -> UUID:
        registrar, second = self._actor(Role.REGISTRAR), self._actor(Role.OVERSIGHT_MEMBER)
        assert second.person_id is not None  # staff are persons
        given = OpeningGiven(at=clock.now(), second=second.person_id, found=found, key=f"demo:{box.pk}:{week}")
        row = actions.open_(box.pk, given, actor=registrar)
        first = row.letters.order_by("ordinal").first()
        if first is not None:
            actions.add_photos(first.pk, [letter()], actor=registrar)
        return row.pk

    def _actor(self, role: Role) -> Actor:
        """The first, in the order of their keys, who holds it."""
        held = sorted({key for (_unit, one), people in self._town.holders.items() if one == role for key in people})
        return self._town.actor(held[0])


def _hang_up(town: Town, given: dict[str, object]) -> Box:
    unit = town.units[str(given["unit"])].pk
    whole = BoxGiven(
        name=str(given["name"]), place=str(given["place"]), unit_id=unit, point_id=None, every=int(str(given["every"]))
    )
    return keeping.hang_up(whole, actor=SYSTEM)


def _receive(given: dict[str, Any]) -> None:
    """Mails without a server: the inbox is not read here."""
    server = {
        "host": "imap.example.com",
        "port": "993",
        "security": "ssl",
        "user": str(given["inbox"]),
        "password": "-",
    }
    inbox.keep(str(given["inbox"]), server, active=False, actor=SYSTEM)
    for n, one in enumerate(given["mails"]):
        head = Head(
            message_id=f"<demo-{n}@example.com>",
            sender=one["sender"],
            sender_name=one["name"],
            subject=one["subject"],
            marks=one.get("marks", {}),
        )
        files = (Attached(one["attached"], "application/pdf", b""),) if "attached" in one else ()
        receive(Read(head, one["text"], one["text"], files), str(n))


def _let_in(given: dict[str, object], today: date) -> None:
    until = today + timedelta(days=300)
    whole = PlatformGiven(name=str(given["name"]), runs_it=str(given["runs_it"]), posts=True, reads=True, until=until)
    platforms.let_in(whole, actor=SYSTEM)
