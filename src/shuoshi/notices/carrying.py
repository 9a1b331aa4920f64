"""From a notice of the outbox to messages: to whom and by which way. One event, one person, one way: one message.

It runs in the worker, in one transaction with taking the notice off: killed in between, it is done again, and the
database refuses a second message of the same event to the same person by the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shuoshi.kernel import outbox
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.outbox import Channel, Notice
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.notices import PART_OVER
from shuoshi.matters.queries.speaking import has_left, speaking, wish_of
from shuoshi.matters.vocabulary import EMERGENCIES, TellBy
from shuoshi.notices import hours
from shuoshi.notices.models import BY_HAND, THROUGH_GATEWAYS, Gateway, Message, Robot, State, To, Way, Why, new_token
from shuoshi.organization import deputies
from shuoshi.organization.deputies import Covers
from shuoshi.organization.models import Post
from shuoshi.people.models import ContactKind, ContactPoint

BATCH = 100
URGENT = frozenset({"emergency", "danger_ticked"})  # told the duty officers at once, by text message too
SPOKEN = frozenset({"registered", "satisfied"})  # somebody was just speaking with them: nobody calls to say so again
TOLD = (Channel.DESK, Channel.SLIP, Channel.SPEAKER)  # people; what programs are told is not made here
STAFF = "staff"  # number and link, nothing else
_BY_MACHINE = {
    TellBy.SMS: (Way.SMS, ContactKind.PHONE),
    TellBy.EMAIL: (Way.EMAIL, ContactKind.EMAIL),
    TellBy.WECHAT: (Way.WECHAT, ContactKind.WECHAT),
}
_WISHED = {TellBy.CALL: Way.CALL, TellBy.VISIT: Way.VISIT, TellBy.REPRESENTATIVE: Way.RELAY}


@dataclass
class _Known:
    """What is read once for a batch: as many statements however long it is."""

    gateways: set[str]
    robots: set[UUID]
    matters: dict[UUID, Matter]
    speakers: dict[UUID, list[Party]]  # one, or the spokespersons of a group
    posts: Sequence[Post]
    addresses: set[tuple[UUID, str, UUID | None]]  # who has a phone or an e-mail address, and for which matter alone
    opens_at: datetime  # when people are told next of what can wait
    covers: Covers  # who is away, and who acts in their place

    @staticmethod
    def of(notices: Sequence[Notice], now: datetime) -> _Known:
        matters = {one.about_id for one in notices if one.about_kind == "matter"}
        spoken = {one.about_id for one in notices if one.channel == Channel.SPEAKER}
        units = {one.to_unit for one in notices if one.to_unit and one.channel == Channel.DESK}
        speakers = speaking(spoken, gone=True) if spoken else {}
        held = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now, unit__in=units)
        posts = list(held) if units else []
        people = {one.person_id for one in posts} | {one.to_person for one in notices if one.to_person}
        covers = deputies.covers(now)
        people |= set(covers.instead(people))
        people |= {one.person_id for several in speakers.values() for one in several}
        found = (
            ContactPoint.objects.filter(person__in=people, valid=True)
            .values_list("person_id", "kind", "given_for")
            .distinct()
        )
        return _Known(
            gateways=set(Gateway.objects.filter(active=True).values_list("way", flat=True)),
            robots=set(Robot.objects.filter(active=True, unit__in=units).values_list("unit_id", flat=True)),
            matters=Matter.objects.in_bulk(matters) if matters else {},
            speakers=speakers,
            posts=posts,
            addresses=set(found),
            opens_at=hours.allowed_from(now, urgent=False),
            covers=covers,
        )


def carry(now: datetime, batch: int = BATCH) -> int:
    """Make the messages of the oldest notices; how many notices."""
    if not outbox.waits_to_be_carried(TOLD):  # an idle worker takes no lock
        return 0
    with transaction.atomic():
        notices = outbox.to_carry(batch, TOLD)
        known = _Known.of(notices, now)
        made = [message for notice in notices for message in _messages(notice, known, now)]
        Message.objects.bulk_create(made, ignore_conflicts=True)
        outbox.carried(notices, now)
    return len(notices)


def _messages(notice: Notice, known: _Known, now: datetime) -> Iterable[Message]:
    if notice.channel == Channel.SPEAKER:
        return _to_speaker(notice, known, now)
    return _to_staff(notice, known, now) if notice.channel == Channel.DESK else ()


def _to_speaker(notice: Notice, known: _Known, now: datetime) -> Iterator[Message]:
    matter = known.matters.get(notice.about_id)
    for party in known.speakers.get(notice.about_id, ()) if matter is not None else ():
        if matter is None or notice.to_person not in (None, party.person_id):
            continue
        if not has_left(party) or notice.kind == PART_OVER:
            yield from _to_one(notice, matter, party, known, now)


def _to_one(notice: Notice, matter: Matter, party: Party, known: _Known, now: datetime) -> Iterator[Message]:
    urgent = matter.urgency in EMERGENCIES
    way, why = _way(matter, party, known)
    if way is None or (notice.kind in SPOKEN and way in BY_HAND):
        return
    message = made(notice, party.person_id, way, To.SPEAKER, now, urgent=urgent, opens_at=known.opens_at)
    message.unit_id, message.why = notice.to_unit, why
    if wish_of(party, matter).no_messages and way in THROUGH_GATEWAYS:
        message.state, message.why, message.settled_at = State.STOPPED, Why.ASKED_NOT_TO, now
    yield message


def _way(matter: Matter, party: Party, known: _Known) -> tuple[Way | None, str]:
    """By which way, and why not by the one that was wished."""
    wish = wish_of(party, matter)
    wished = TellBy(wish.tell_by)
    if wished in _WISHED:
        return _WISHED[wished], ""
    if wished == TellBy.PAGE:
        return None, ""
    way, kind = _BY_MACHINE[wished]
    needed = (kind, None if kind == ContactKind.PHONE else matter.pk)
    if wish.no_messages:
        return way, ""
    if (party.person_id, *needed) not in known.addresses:
        return by_hand(party), Why.NO_ADDRESS
    if way not in known.gateways:
        return by_hand(party), Why.NO_GATEWAY
    return way, ""


def by_hand(party: Party) -> Way:
    """A call where there is a number, else a letter."""
    phone = party.contact is not None and party.contact.valid and party.contact.kind == ContactKind.PHONE
    return Way.CALL if phone else Way.LETTER


def _to_staff(notice: Notice, known: _Known, now: datetime) -> Iterator[Message]:
    matter = known.matters.get(notice.about_id)
    urgent = notice.kind in URGENT or (matter is not None and matter.urgency in EMERGENCIES)
    named = list(_people(notice, known.posts))
    for person in dict.fromkeys([*named, *known.covers.instead(named)]):
        wanted = [(Way.EMAIL, ContactKind.EMAIL), *([(Way.SMS, ContactKind.PHONE)] if notice.kind in URGENT else [])]
        ways = [way for way, kind in wanted if way in known.gateways and (person, kind, None) in known.addresses]
        for way in ways:
            message = made(notice, person, way, To.STAFF, now, urgent=urgent, opens_at=known.opens_at)
            message.kind, message.notice_id = STAFF, notice.pk
            yield message
    if notice.to_unit in known.robots and notice.to_unit is not None:
        message = made(notice, notice.to_unit, Way.ROBOT, To.UNIT, now, urgent=urgent, opens_at=known.opens_at)
        message.kind, message.notice_id = STAFF, notice.pk
        yield message


def _people(notice: Notice, posts: Sequence[Post]) -> Iterator[UUID]:
    if notice.to_person:
        yield notice.to_person
    for post in posts:
        if post.unit_id == notice.to_unit and notice.to_role in ("", post.role):
            yield post.person_id


def made(
    notice: Notice, recipient: UUID, way: Way, to: To, now: datetime, *, urgent: bool, opens_at: datetime
) -> Message:
    """An unsaved message of this notice."""
    return Message(
        id=new_id(),
        occasion=notice.event_id or notice.pk,
        recipient=recipient,
        way=way,
        to=to,
        kind=notice.kind,
        about_kind=notice.about_kind,
        about_id=notice.about_id,
        number=notice.number,
        urgent=urgent,
        token=new_token(),
        created_at=now,
        not_before=now if urgent else opens_at,
    )
