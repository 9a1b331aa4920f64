"""A third person asks about ends that nobody decided: in the demo about all of them, so that a day gives the same demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from shuoshi.demo import words
from shuoshi.demo.acting import Stage
from shuoshi.kernel import clock
from shuoshi.matters import actions, queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, FollowUpBy, Looked, Proof, Way
from shuoshi.organization.roles import Role

_HOUR = time(16, 40)
_AFTER = timedelta(days=3)  # nobody is asked on the day after the end
_NOT_SO = 8  # of so many one says that it was not as recorded
ASKING = {
    FollowUpBy.REGISTRY: Role.FOLLOW_UP_AGENT,
    FollowUpBy.OVERSIGHT: Role.OVERSIGHT_MEMBER,
    FollowUpBy.ABOVE: Role.FOLLOW_UP_AGENT,
}


class Looking:
    """A script beside those of the matters, every working day; what ended last still waits."""

    title = "抽查回访"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number = stage.town, -number
        self._days = [datetime.combine(day, _HOUR, clock.INSTITUTION_ZONE) for day in days]
        self.start = self._days[0]
        self._asked = 0

    def script(self) -> Iterator[datetime]:
        for at in self._days:
            yield at
            waiting = Matter.objects.exclude(sample_path="").filter(samples__found="", samples__at__lt=at - _AFTER)
            for matter in waiting.order_by("number").distinct():
                self._ask(matter)

    def _ask(self, matter: Matter) -> None:
        """By the first, in the order of their keys, who may."""
        wanted = ASKING[FollowUpBy(matter.sample_by)]
        people = sorted({key for (_unit, role), held in self._town.holders.items() if role == wanted for key in held})
        for key in people:
            actor = self._town.actor(key)
            if any(
                one.action == Action.RECORD_SAMPLE and one.allowed for one in queries.offers(actor, matter, clock.now())
            ):
                self._asked += 1
                actions.run(Action.RECORD_SAMPLE, matter.pk, self._said(matter), actor=actor)
                return

    def _said(self, matter: Matter) -> terms.RecordSample:
        found = Looked.CONTRADICTED if self._asked % _NOT_SO == 0 else Looked.CONFIRMED
        some = matter.spokespersons.order_by("seat").values_list("pk", flat=True).first()
        return terms.RecordSample(
            way=Way.CALL,
            found=found,
            words=words.LOOKED[found == Looked.CONFIRMED],
            proof=Proof.RECORDING,
            proof_ref=words.RECORDED % {"n": self._asked},
            spokesperson=some,
        )
