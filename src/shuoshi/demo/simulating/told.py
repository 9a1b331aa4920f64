"""Whether everybody who had to be told was told, and by machines once: counted from events, messages and what left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import Count, QuerySet

from shuoshi.kernel.events import Event
from shuoshi.kernel.outbox import Channel, Notice
from shuoshi.matters.models import Entry, Matter, Party
from shuoshi.matters.notices import SPEAKER
from shuoshi.matters.transition import Told as Audience
from shuoshi.matters.vocabulary import Action, Naming, PartyRole, TellBy
from shuoshi.matters.vocabulary import Audience as For
from shuoshi.matters.workflow import TRANSITIONS
from shuoshi.notices.carrying import SPOKEN
from shuoshi.notices.models import BY_HAND, OUTGOING, Message, State, To, Why

SETTLES = timedelta(
    days=4
)  # what is younger at the end may still wait: nights, holidays, the registry's round of calls
_ALWAYS_SOMEBODY = frozenset({Audience.REGISTRY, Audience.DISPATCHER})  # whose offices never stand empty
_NOT_ALWAYS = (
    frozenset(  # of a confidential speaker through the registry; what is said of a merged matter reaches the main one
        {
            Action.WRITE_TO_SPEAKER,
            Action.ADD_INFORMATION,
            Action.NUDGE,
            Action.ANSWER_DUTIES,  # where the law obliges to report
            Action.NAME_OTHER_SIDE,  # where a unit is the other side
            Action.RECORD_SESSION,  # where another mediates from then on
            Action.CORRECT_REGISTRATION,  # where an outside order is corrected
            Action.HAND_BACK_PAPERS,  # where one of them was lost
        }
    )
)


@dataclass
class Told:
    """`notices` that had to be made, `messages` that came of them, and what was lost or sent twice."""

    notices: int = 0
    messages: int = 0
    by_hand: int = 0
    uncertain: int = 0  # killed while sending: told by a person, whatever left
    notices_lost: int = 0
    notices_doubled: int = 0
    examples: list[str] = field(default_factory=list)

    def lost(self, several: Iterable[object]) -> None:
        for one in several:
            self.notices_lost += 1
            if len(self.examples) < 20:
                self.examples.append(f"lost: {one}")

    def doubled(self, several: Iterable[object]) -> None:
        for one in several:
            self.notices_doubled += 1
            if len(self.examples) < 20:
                self.examples.append(f"doubled: {one}")


def told(end: datetime, sent: Path) -> Told:
    """`end` is when the year ended, `sent` the file into which text messages went."""
    found = Told(notices=Notice.objects.count(), messages=Message.objects.count())
    found.by_hand = Message.objects.filter(way__in=BY_HAND).count()
    found.uncertain = Message.objects.filter(why=Why.UNCERTAIN, state=State.FAILED).count()
    found.lost(_speakers_without_notice())
    found.lost(_desks_without_notice())
    found.lost(_notices_without_message())
    found.lost(_messages_that_lie(end - SETTLES))
    found.doubled(_twice_in(sent))
    found.doubled(_twice_to_one_person())
    found.doubled(_twice_on_a_desk())
    return found


def _speakers_without_notice() -> Iterable[str]:
    """Steps that wrote the speaker a line, of matters whose speaker wished to be told."""
    wished = Matter.objects.exclude(tell_by=TellBy.PAGE).exclude(naming=Naming.ANONYMOUS).filter(drill=False)
    lines = Entry.objects.filter(audience=For.PUBLIC, by_speaker=False, action__in=SPEAKER, matter__in=wished)
    lines = lines.exclude(matter__headcount__isnull=False, facts_json__contains='"part"')  # each wishes alone
    heard = _events_on(Channel.SPEAKER)
    told = lines.values_list("event_id", "action", "matter__number").distinct()
    return [f"{action} of {number} to the speaker" for event, action, number in told if event not in heard]


def _desks_without_notice() -> Iterable[str]:
    """Steps whose row in the table tells the registry or the dispatcher."""
    actions = {row.action for row in TRANSITIONS if _ALWAYS_SOMEBODY & set(row.notify)} - _NOT_ALWAYS
    heard = _events_on(Channel.DESK)
    done = Event.objects.filter(stream_kind="matter", action__in=actions).values_list("pk", "action", "stream_id")
    return [f"{action} of {stream} to the desk" for event, action, stream in done if event not in heard]


def _events_on(channel: Channel) -> set[UUID | None]:
    """Of which somebody was told there. A year has hundreds of thousands, and nothing else looks notices up by event."""
    return set(Notice.objects.filter(channel=channel).values_list("event_id", flat=True))


def _notices_without_message() -> Iterable[str]:
    """Carried, and nothing came of it; or never carried."""
    left = Notice.objects.filter(to_carry=True).values_list("kind", "number")
    parties = set(Party.objects.filter(role=PartyRole.SPEAKER).values_list("matter_id", flat=True))
    messages = set(Message.objects.filter(to=To.SPEAKER).values_list("occasion", flat=True))
    spoken = Notice.objects.filter(channel=Channel.SPEAKER, to_carry=False).exclude(kind__in=SPOKEN)
    every = spoken.values_list("about_id", "event_id", "kind", "number")
    without = [(kind, number) for about, event, kind, number in every if about in parties and event not in messages]
    return [f"notice {kind} of {number}" for kind, number in (*left, *without)]


def _messages_that_lie(since: datetime) -> Iterable[str]:
    """Neither told nor given up for a reason that the speaker gave; being sent for ever; failed, and nobody took it on."""
    lie = Message.objects.filter(created_at__lt=since, not_before__lt=since)
    instead = set(Message.objects.filter(way__in=BY_HAND).values_list("occasion", "recipient"))
    machine = lie.filter(way__in=OUTGOING)
    for several in (
        lie.filter(state__in=[State.SENDING, State.DEAD]),
        machine.filter(state=State.WAITING),
    ):
        yield from _named(several)
    failed = machine.filter(state=State.FAILED, to=To.SPEAKER).values_list("pk", "occasion", "recipient")
    yield from _named(lie.filter(pk__in=[pk for pk, *to in failed if tuple(to) not in instead]))


def _named(several: QuerySet[Message]) -> Iterable[str]:
    return [
        f"message {kind} of {number}: {state}" for kind, number, state in several.values_list("kind", "number", "state")
    ]


def _twice_in(sent: Path) -> Iterable[str]:
    """What left the machine twice: the link of a message stands in it, and no other message has the same."""
    if not sent.exists():
        return []
    tokens = Message.objects.filter(way__in=OUTGOING).values_list("token", flat=True)
    known, times = set(tokens), Counter[str]()
    for line in sent.read_text("utf-8").splitlines():
        times.update(part for word in line.split() for part in word.split("/") if part in known)
    return [f"message {token} left {count} times" for token, count in times.items() if count > 1]


def _twice_to_one_person() -> Iterable[str]:
    """One event told to one person by two machines' messages that both left."""
    left = Message.objects.filter(state__in=[State.SENT, State.DELIVERED], to=To.SPEAKER).order_by()
    twice = left.values("occasion", "recipient").annotate(times=Count("pk")).filter(times__gt=1)
    return [f"event {row['occasion']} told {row['times']} times" for row in twice]


def _twice_on_a_desk() -> Iterable[UUID]:
    """One event, one kind, one addressee: one line."""
    who = ("event_id", "kind", "channel", "to_person", "to_unit", "to_role")
    lines = Notice.objects.filter(event_id__isnull=False).order_by()
    twice = lines.values(*who).annotate(times=Count("pk")).filter(times__gt=1)
    return [row["event_id"] for row in twice]
