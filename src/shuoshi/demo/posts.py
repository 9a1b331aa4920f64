"""Somebody of the town leaves a post while matters are in hand, somebody else comes; the rule moves what is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from shuoshi.demo import words
from shuoshi.demo.acting import Stage
from shuoshi.demo.town import take_in
from shuoshi.kernel import clock
from shuoshi.matters import actions, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import RequestState, Status
from shuoshi.organization import actions as organization
from shuoshi.organization import queries

BY = "jiangbo"
AFTER_HOURS = (17.6, 17.7)  # handed over when the office has closed


class Succession:
    """A script beside those of the matters: one leaves, one comes, and signs for what the one before held."""

    def __init__(self, stage: Stage, given: dict[str, Any], days: list[date], number: int) -> None:
        self._stage, self._town, self._given = stage, stage.town, given
        self.title, self.number = f"{given['name']}到岗", -number
        self.start = stage.times.at_hour(days[-given["back"]], *AFTER_HOURS)

    def script(self) -> Iterator[datetime]:
        at = self.start
        while not self._holds_what_can_be_handed_on():
            at = self._stage.times.at_hour(self._stage.times.next_day(at.date()), *AFTER_HOURS)
            yield at
        left, came = self._given["after"], self._given["key"]
        self._change(left, came)
        yield clock.local(clock.now()) + timedelta(minutes=4)
        lay = list(self._lying(left).order_by("registered_at", "id").values_list("pk", flat=True))
        actions.rearrange(clock.now())
        for matter in lay:
            yield clock.local(clock.now()) + timedelta(minutes=1)
            self._take_over(matter, came)

    def _lying(self, key: str) -> Any:
        return Matter.objects.filter(handler=self._town.persons[key], status=Status.IN_HANDLING)

    def _holds_what_can_be_handed_on(self) -> bool:
        """Matters in the middle of handling: a ruling or a signature that is awaited comes first."""
        lying = self._lying(self._given["after"])
        waits = lying.filter(result_in_hand=True) | lying.filter(requests__state=RequestState.PENDING)
        return lying.exists() and not waits.exists()

    def _change(self, left: str, came: str) -> None:
        by = self._town.actor(BY)
        for post in queries.posts_at().filter(person=self._town.persons[left]):
            organization.end_post(post.pk, actor=by)
        take_in(self._town, self._given, by)
        for people in self._town.holders.values():
            if left in people:
                people.remove(left)
        self._town.successors[left] = came

    def _take_over(self, matter: Any, came: str) -> None:
        if not Matter.objects.filter(pk=matter, status=Status.ASSIGNED, handler=None).exists():
            return
        sign = terms.SignFor(handler=self._town.persons[came])
        note = terms.Note(text=words.HANDED_ON)
        say = terms.WriteToSpeaker(text=words.GOES_ON)
        actions.run_all(matter, [sign, note, say], actor=self._town.actor(came))
