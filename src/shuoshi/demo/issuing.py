"""Papers of the demo: at the end of each week somebody who may issues what came up, so that every kind is met signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from shuoshi.demo.acting import Stage
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions, papers
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.queries.matter import RELATED
from shuoshi.matters.vocabulary import Action

_FRIDAY, _HOUR, _WEEK = 4, time(17, 20), timedelta(days=7)
_USUAL: Mapping[Action, tuple[PaperKind, ...]] = {  # of these one a week
    Action.ACCEPT: (PaperKind.REGISTRATION,),
    Action.ASSIGN: (PaperKind.ORDER,),
    Action.SIGN_RESULT: (PaperKind.REPLY, PaperKind.REPORT),
    Action.RECORD_FOLLOW_UP: (PaperKind.FOLLOW_UP,),
    Action.RULE_EXTENSION: (PaperKind.EXTENSION,),
    Action.RULE_RETURN: (PaperKind.RETURN,),
    Action.REMIND: (PaperKind.REMINDER,),
    Action.START_REWORK: (PaperKind.REWORK,),
}
_SELDOM: Mapping[Action, tuple[PaperKind, ...]] = {  # of these every one
    Action.HAND_OVER_OUTSIDE: (PaperKind.HAND_OVER,),
    Action.CONCLUDE_AGREEMENT: (PaperKind.AGREEMENT,),
    Action.RULE_PARK: (PaperKind.PARKING,),
    Action.RULE_ESCALATION: (PaperKind.ESCALATION,),
    Action.ORDER_SUPERVISION: (PaperKind.SUPERVISION,),
    Action.DECIDE_REVIEW: (PaperKind.REVIEW,),
    Action.RULE_EXIT: (PaperKind.EXIT,),
    Action.REPORT_BACK: (PaperKind.ORDER_ANSWER,),
}


class Issuing:
    """A script beside those of the matters. It rolls no dice: the matters go the same way with it and without."""

    title = "出具文书"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number = stage.town, -number
        fridays = [day for day in days if day.weekday() == _FRIDAY]
        self._ends = [datetime.combine(day, _HOUR, clock.INSTITUTION_ZONE) for day in fridays]
        self.start = self._ends[0]

    def script(self) -> Iterator[datetime]:
        for at in self._ends:
            yield at
            for action, kinds in _USUAL.items():
                self._issue(self._lately(action, at)[:1], kinds)
            for action, kinds in _SELDOM.items():
                self._issue(self._lately(action, at), kinds)

    def _lately(self, action: Action, at: datetime) -> list[UUID]:
        lines = Entry.objects.filter(action=action, at__gt=at - _WEEK, at__lte=at).order_by("at", "id")
        return list(dict.fromkeys(lines.values_list("matter_id", flat=True)))

    def _issue(self, matters: list[UUID], kinds: tuple[PaperKind, ...]) -> None:
        """The newest paper of each kind; a request that was refused has one too, one that fell has none."""
        for pk in matters:
            matter = Matter.objects.select_related(*RELATED).get(pk=pk)
            newest = {ref.kind: ref for ref in papers.refs(matter) if ref.kind in kinds}
            for ref in newest.values():
                self._by_somebody(matter, ref)

    def _by_somebody(self, matter: Matter, ref: Ref) -> None:
        """By the registry it lies with, or whoever else may; where nobody may any more it is not issued."""
        near = {key for (unit, _role), held in self._town.holders.items() if self._is(unit, matter) for key in held}
        for key in [*sorted(near), *sorted(self._town.persons.keys() - near)]:
            try:
                actions.issue_paper(matter.pk, ref, actor=self._town.actor(key))
            except Refused:
                continue
            return

    def _is(self, unit: str, matter: Matter) -> bool:
        return self._town.units[unit].pk in (matter.registry_id, matter.lead_unit_id)
