"""The last evening of the demo: somebody is away with a deputy, and a duty moves to another department by a document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from shuoshi.demo import words
from shuoshi.demo.acting import Stage
from shuoshi.demo.pictures import jpeg
from shuoshi.kernel import clock
from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from shuoshi.organization import actions as organization
from shuoshi.organization.absence import AwayBecause
from shuoshi.organization.actions import TransferGiven

EVENING = time(21, 30)  # when the scripts of the matters have said what they had to say
BY = "jiangbo"
AWAY, DEPUTY, HEAD = "sunli", "dengwei", "zhoujianguo"
MOVES = (("environment", "construction"), ("land", "agriculture"), ("culture", "civil"))  # the first that has something


class Leaving:
    """A script beside those of the matters; where nothing fits, nothing happens."""

    title = "请假、职责划转"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number = stage.town, -number
        self.start = datetime.combine(days[-1], EVENING, clock.INSTITUTION_ZONE)  # no dice: the others' fall as before

    def script(self) -> Iterator[datetime]:
        self._goes_away()
        yield clock.local(clock.now()) + timedelta(minutes=5)
        if self._moves():
            yield clock.local(clock.now()) + timedelta(minutes=5)
            actions.carry_out_transfers(clock.now())

    def _goes_away(self) -> None:
        """Four days of leave; whoever came after the deputy takes the place."""
        deputy = self._town.successors.get(DEPUTY, HEAD)
        now = clock.now()
        organization.enter_absence(
            self._town.persons[AWAY],
            self._town.persons[deputy],
            now,
            now + timedelta(days=4),
            AwayBecause.LEAVE,
            actor=self._town.actor(AWAY),
        )

    def _moves(self) -> bool:
        for old, new in MOVES:
            lead = Matter.objects.filter(lead_unit=self._town.units[old].pk, area__isnull=False, drill=False)
            found = lead.filter(status__in=[Status.ASSIGNED, Status.IN_HANDLING]).order_by("number").first()
            if found is None:
                continue
            today = clock.local(clock.now()).date()
            given = TransferGiven(
                from_unit=self._town.units[old].pk,
                to_unit=self._town.units[new].pk,
                codes=(found.category,),
                area=found.area_id,
                from_day=today,
                document_number=words.DOCUMENT_NUMBER % {"year": today.year},
                document_date=today - timedelta(days=3),
                document_name=words.DOCUMENT_NAME,
                document=jpeg(1, 960),
                reason=words.TRANSFERRED,
            )
            organization.enter_transfer(given, actor=self._town.actor(BY))
            return True
        return False
