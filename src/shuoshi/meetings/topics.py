"""Topics that residents propose without an account: kept once, admitted to an agenda, or declined with words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Event, Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.meetings.calling import new_item
from shuoshi.meetings.deeds import CLAUSE, Step, deed, fit_for_everybody, said
from shuoshi.meetings.models import AgendaItem, Topic
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.vocabulary import Look, State, TopicState
from shuoshi.organization.models import Unit
from shuoshi.people.models import Account
from shuoshi.people.policies import REVEALS_PER_DAY


@dataclass(frozen=True, kw_only=True)
class TopicGiven:
    unit_id: UUID
    words: str
    name: str = ""
    phone: str = ""


def propose(given: TopicGiven, *, actor: Actor, key: str) -> Topic:
    """Keep what somebody asks a meeting of the unit to speak about. The same key again gets the first. Raises Refused, KeyReused."""
    now = clock.now()
    told = hashlib.sha256(repr(given).encode()).hexdigest()
    with transaction.atomic(), idempotency.once("meeting:topic", key, told) as once:
        if not once.first:
            return Topic.objects.get(pk=once.answer["topic"])
        if not Unit.objects.filter(pk=given.unit_id, active=True).exists():
            raise Refused("unit_unknown", _("请选在哪里的会上说。"))
        words = said(given.words, "topic_missing", _("请写想在会上说什么。"))
        row = Topic(unit_id=given.unit_id, words=words, name=given.name.strip(), phone=given.phone, received_at=now)
        story = Story(Stream.of("topic", row), "propose_topic", by=actor, at=now, clause=CLAUSE, first=True)
        story.add(row)
        story.tell()
        once.keep({"topic": str(row.pk)})
    return row


@dataclass(frozen=True)
class Admitted:
    """`title`: the words of the registrar, which everybody reads. `answer`: what the proposer reads."""

    topic: UUID
    title: str
    answer: str = ""


@deed("admit_topic", State.CALLED, State.OPEN)
def admit(step: Step, given: Admitted) -> AgendaItem:
    """Put it on the agenda of a meeting of its unit, in words without anybody's data."""
    row = Topic.objects.select_for_update().get(pk=given.topic)
    _check_waiting(row)
    if row.unit_id != step.meeting.unit_id:
        raise Refused("topic_elsewhere", _("这个话题是给另一个单位的会的。"))
    title = said(given.title, "title_missing", _("请写议题。"))
    fit_for_everybody(title)
    item = new_item(step, title, public=True)
    item.topic, item.proposed_by = row, str(row.name)
    step.story.add(item)
    step.story.change(
        row,
        state=TopicState.ADMITTED,
        answer=given.answer.strip(),
        settled_at=step.now,
        settled_by_id=step.person,
    )
    return item


def decline(topic_id: UUID, answer: str, *, actor: Actor) -> Topic:
    """Say to the proposer why not. Once. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = Topic.objects.select_related("unit").select_for_update(of=("self",)).get(pk=topic_id)
        if not may_hold(actor, row.unit.path):
            raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=row.unit.name)
        _check_waiting(row)
        words = said(answer, "answer_missing", _("请写给提话题的人的答复。"))
        story = Story(Stream.of("topic", row), "decline_topic", by=actor, at=now, clause=CLAUSE)
        columns = {"answer": words, "settled_at": now, "settled_by_id": actor.person_id}
        story.change(row, state=TopicState.DECLINED, **columns)
        story.tell()
    return row


def reveal(topic_id: UUID, why: str, *, actor: Actor) -> str:
    """The whole telephone number, for calling back; who looked and why stands in the history.

    Raises Refused without a reason, and for one look more than people may take on a day.
    """
    now = clock.now()
    if actor.account_id is None:
        raise Refused("no_account", _("请先登录，再查看完整信息。"))
    if why not in Look.values:
        raise Refused("reason_missing", _("请写明为什么要看。"))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.account_id)  # two windows cannot both take the last look
        row = Topic.objects.select_related("unit").select_for_update(of=("self",)).get(pk=topic_id)
        if not may_hold(actor, row.unit.path):
            raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=row.unit.name)
        midnight = datetime.combine(clock.local(now).date(), time(), clock.INSTITUTION_ZONE)
        looks = Event.objects.filter(stream_kind="topic", action="reveal_topic", actor=actor.ref)
        if looks.filter(recorded_at__gte=midnight).count() >= REVEALS_PER_DAY:
            raise Refused("reveal_cap", _("您今天查看的次数已满，明天再看。急用请找值班领导。"))
        story = Story(Stream.of("topic", row), "reveal_topic", by=actor, at=now, clause=CLAUSE)
        story.fact(reason=why)
        story.tell()
    return str(row.phone)


def _check_waiting(row: Topic) -> None:
    if row.state != TopicState.WAITING:
        raise Refused("topic_settled", _("这个话题已经答复过了。"))
