"""The door for every verb on a meeting: key, lock, who may, state, rows, event — in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.search import scrub
from shuoshi.meetings.models import Meeting
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.vocabulary import State

CLAUSE = "3.1.2"
G = TypeVar("G")
G_contra = TypeVar("G_contra", contravariant=True)


@dataclass(frozen=True)
class Step:
    """A verb under way: the meeting is locked, and all it writes goes into the story."""

    meeting: Meeting
    story: Story
    actor: Actor
    now: datetime

    @property
    def person(self) -> UUID:
        assert self.actor.person_id is not None  # whoever keeps a record is somebody
        return self.actor.person_id


@dataclass(frozen=True)
class Nothing:
    """What a verb is given that needs nothing said."""


class Verb(Protocol[G_contra]):
    """`key` is one intention: the same again changes nothing and gets the first answer.

    Returns the key of the row that was written. Raises Refused, KeyReused, Meeting.DoesNotExist.
    """

    def __call__(self, meeting_id: UUID, given: G_contra, *, actor: Actor, key: str = "") -> UUID: ...


def deed(
    name: str, *states: State, open_to_all: bool = False
) -> Callable[[Callable[[Step, G], models.Model]], Verb[G]]:
    """Make a verb of a function that writes into a step. It may be done in these states alone.

    `open_to_all`: somebody of the public does it, who was let in by other means.
    """

    def decorate(write: Callable[[Step, G], models.Model]) -> Verb[G]:
        def verb(meeting_id: UUID, given: G, *, actor: Actor, key: str = "") -> UUID:
            now = clock.now()
            with transaction.atomic():
                meeting = locked(meeting_id)
                if not open_to_all and not may_hold(actor, meeting.unit.path):
                    raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=meeting.unit.name)
                told = hashlib.sha256(f"{name} {meeting_id} {given!r}".encode()).hexdigest()
                if not key:
                    return _carry_out(meeting, given, actor, now)
                with idempotency.once(f"meeting:{name}", key, told) as once:
                    if not once.first:
                        return UUID(once.answer["row"])
                    row = _carry_out(meeting, given, actor, now)
                    once.keep({"row": str(row)})
                    return row

        def _carry_out(meeting: Meeting, given: G, actor: Actor, now: datetime) -> UUID:
            if State(meeting.state) not in states:
                raise Refused(
                    "meeting_state", _("这个会现在是“%(state)s”，不能这样办。") % {"state": meeting.get_state_display()}
                )
            story = Story(Stream.of("meeting", meeting), name, by=actor, at=now, clause=CLAUSE)
            row = write(Step(meeting, story, actor, now), given)
            story.tell()
            return UUID(str(row.pk))

        return verb

    return decorate


def locked(meeting_id: UUID) -> Meeting:
    """The meeting, which all that is done to it waits for."""
    return Meeting.objects.select_related("unit").select_for_update(of=("self",)).get(pk=meeting_id)


def fit_for_everybody(*texts: str) -> None:
    """Raise Refused where words that everybody is to read hold a number that leads to somebody."""
    if any(text != scrub(text) for text in texts):
        raise Refused("number_in_public", _("要公开的话里有电话、证件号一类的号码，请先去掉。"))


def said(words: str, code: str, sentence: str) -> str:
    """The words without what surrounds them. Raises Refused where nothing is left."""
    if not words.strip():
        raise Refused(code, sentence)
    return words.strip()
