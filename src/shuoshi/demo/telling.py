"""People of the demo are told beyond the desk: text messages go to a file, the registry makes its calls each day.

What came in last still waits on the list, and one text message could not be sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from random import Random

from shuoshi.demo.town import Town
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter
from shuoshi.notices import actions, carrying, delivering
from shuoshi.notices.models import BY_HAND, Message, Provider, State, Way
from shuoshi.notices.ways import Answer, Came, Outgoing
from shuoshi.organization import actors
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from shuoshi.people.models import Account

BY = "jiangbo"
HOURS = (time(10, 40), time(16, 20))
LEFT = 4  # the last moments at which nobody called: that still waits
SELDOM = 0.08  # of calls nobody answers


class _Refusing:
    """A gateway that takes no more for one number."""

    def send(self, to: str, out: Outgoing) -> Answer:
        return Answer(Came.LATER, "isv.BUSINESS_LIMIT_CONTROL")

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return None

    def close(self) -> None:
        """Nothing was open."""


class Telling:
    """A script beside those of the matters: twice a day messages leave and calls are made."""

    title = "告知"
    number = -1000

    def __init__(self, town: Town, days: list[date], dice: Random) -> None:
        self._town, self._dice = town, dice
        self._moments = [datetime.combine(day, hour, clock.INSTITUTION_ZONE) for day in days for hour in HOURS]
        self.start = self._moments[0]

    def script(self) -> Iterator[datetime]:
        self._open_gateway()
        for place, at in enumerate(self._moments):
            yield at
            while carrying.carry(clock.now()):
                pass
            if place == len(self._moments) - 1:
                self._fail()
            while delivering.deliver(clock.now()):
                pass
            if place < len(self._moments) - LEFT:
                self._call()

    def _open_gateway(self) -> None:
        actions.set_gateway(Way.SMS, Provider.FILE, {}, active=True, actor=self._town.actor(BY))

    def _call(self) -> None:
        due = Message.objects.filter(state=State.WAITING, way__in=BY_HAND, not_before__lte=clock.now())
        for key in list(due.order_by("not_before", "id").values_list("pk", flat=True)):
            message = Message.objects.filter(pk=key, state=State.WAITING, not_before__lte=clock.now()).first()
            if message is not None:  # a call tells everything that waits of a matter
                self._tick(message)

    def _tick(self, message: Message) -> None:
        reached = self._dice.random() > SELDOM
        held = Post.objects.filter(unit=message.unit_id, role=Role.REGISTRAR, until__isnull=True).order_by(
            "since", "pk"
        )
        for person in held.values_list("person_id", flat=True):
            account = Account.objects.filter(person=person).order_by("pk").first()
            if account is None:
                continue
            try:
                actions.tick(message.pk, reached=reached, actor=actors.of(account))
            except (Refused, Matter.DoesNotExist):  # kept from this matter
                continue
            return

    def _fail(self) -> None:
        """The newest text message meets a gateway that does not take it, as often as it is tried."""
        newest = Message.objects.filter(state=State.WAITING, way=Way.SMS).order_by("-created_at", "-id").first()
        if newest is None:
            return
        for _try in range(delivering.TRIES):
            delivering.send_one(newest.pk, {str(Way.SMS): _Refusing()}, clock.now())
