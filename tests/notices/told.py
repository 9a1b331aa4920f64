"""What tests of notices share: a gateway that keeps what it was given, and messages of a town."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Story, Stream
from shuoshi.matters.models import Matter
from shuoshi.notices import carrying, delivering
from shuoshi.notices.models import Gateway, Message, Provider, Way
from shuoshi.notices.ways import Answer, Came, Outgoing
from shuoshi.people import actions as people
from shuoshi.people.models import ContactKind, ContactPoint, Person
from tests.support.village import Place

MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=clock.INSTITUTION_ZONE).replace(hour=10)
NIGHT = MORNING.replace(hour=23)


@dataclass
class Kept:
    """A gateway of a test: answers in order, then always OUT."""

    answers: list[Answer] = field(default_factory=list)
    sent: list[tuple[str, Outgoing]] = field(default_factory=list)
    arrived: bool | None = None

    def send(self, to: str, out: Outgoing) -> Answer:
        answer = self.answers.pop(0) if self.answers else Answer(Came.OUT, "ok", ticket="t-1")
        self.sent.append((to, out))
        return answer

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return self.arrived

    def close(self) -> None:
        """Nothing is open."""


def gateway(way: Way, **given: str) -> Gateway:
    provider = Provider.SMTP if way == Way.EMAIL else Provider.ALIYUN
    return Gateway.objects.create(way=way, provider=provider, settings=json.dumps(given))


def address(town: Place, name: str, written: str) -> None:
    """Somebody of the staff who reads e-mail."""
    people.set_own_email(written, actor=town.actor(name))


def speaker_address(matter: Matter, written: str) -> None:
    person = Person.objects.get(pk=matter.parties.get(role="speaker").person_id)
    with transaction.atomic():
        story = Story(Stream.of("person", person), "set_email", by=SYSTEM, at=clock.now())
        people.keep_email(story, person, written, given_for=matter.pk)
        story.tell()


def phone(town: Place, name: str, number: str) -> None:
    from shuoshi.kernel import blind

    ContactPoint.objects.create(
        person_id=town.persons[name],
        kind=ContactKind.PHONE,
        value=number,
        index=blind.index("phone", number),
        created_at=clock.now(),
    )


def carried() -> list[Message]:
    """Everything the outbox holds, as messages, oldest first."""
    while carrying.carry(clock.now()):
        pass
    return list(Message.objects.order_by("created_at", "id"))


def of_speaker(found: Sequence[Message]) -> list[Message]:
    return [one for one in found if one.to == "speaker"]


def round_(hours: float = 0) -> int:
    """One round of the worker, so many hours later."""
    at = clock.now() + timedelta(hours=hours)
    with clock.simulated(at):
        return delivering.deliver(at)
