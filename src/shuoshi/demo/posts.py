"""Somebody of the town leaves a post: who comes takes over what is in hand, one matter after another, and then the post ends."""

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
from shuoshi.matters.vocabulary import HELD, RequestState, Status
from shuoshi.organization import actions as organization
from shuoshi.organization import queries

BY = "jiangbo"
AFTER_HOURS = (17.6, 17.7)  # handed over when the office has closed


class Succession:
    """A script beside those of the matters: one comes, the head hands over to them what the one before holds, who leaves."""

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
        take_in(self._town, self._given, self._town.actor(BY))
        yield clock.local(clock.now()) + timedelta(minutes=4)
        lay = list(self._in_hand(left).order_by("registered_at", "number").values_list("pk", flat=True))
        to = dict.fromkeys(lay, self._town.persons[came])
        refused = actions.hand_over(to, words.LEAVES, actor=self._town.actor(self._given["head"])).refused
        for matter in lay:
            yield clock.local(clock.now()) + timedelta(minutes=1)
            self._take_over(matter, came)
        if not refused:
            self._change(left, came)

    def _in_hand(self, key: str) -> Any:
        return Matter.objects.filter(handler=self._town.persons[key], status__in=HELD)

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
        for people in self._town.holders.values():
            if left in people:
                people.remove(left)
        self._town.successors[left] = came

    def _take_over(self, matter: Any, came: str) -> None:
        if not Matter.objects.filter(pk=matter, handler=self._town.persons[came]).exists():
            return
        note = terms.Note(text=words.HANDED_ON)
        say = terms.WriteToSpeaker(text=words.GOES_ON)
        actions.run_all(matter, [note, say], actor=self._town.actor(came))
