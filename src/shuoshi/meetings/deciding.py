"""Village decisions (四议两公开): four meetings, each after the one before carried it, then two publications."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.meetings.deeds import CLAUSE, fit_for_everybody, said
from shuoshi.meetings.models import Decision, Meeting, Vote
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.rules import STEPS
from shuoshi.meetings.vocabulary import Kind, State, Step
from shuoshi.organization.models import Unit

_OVER = (State.CLOSED, State.APPROVED)


@dataclass(frozen=True, kw_only=True)
class DecisionGiven:
    unit_id: UUID
    title: str
    origin: str


def begin(given: DecisionGiven, *, actor: Actor, key: str = "") -> Decision:
    """Something goes the way of a village decision. The same key again gets the first one. Raises Refused, KeyReused."""
    now = clock.now()
    told = hashlib.sha256(repr(given).encode()).hexdigest()
    with transaction.atomic(), idempotency.once("decision:begin", key or new_id().hex, told) as once:
        if not once.first:
            return Decision.objects.get(pk=once.answer["decision"])
        unit = Unit.objects.filter(pk=given.unit_id, active=True).first()
        if unit is None or not may_hold(actor, unit.path):
            raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=unit.name if unit else "")
        title = said(given.title, "title_missing", _("请写决定的是什么事。"))
        origin = said(given.origin, "origin_missing", _("请写是谁提的、为什么提。"))
        fit_for_everybody(title, origin)
        assert actor.person_id is not None
        row = Decision(unit=unit, title=title, origin=origin, begun_at=now, begun_by_id=actor.person_id)
        story = Story(Stream.of("decision", row), "begin_decision", by=actor, at=now, clause=CLAUSE, first=True)
        story.add(row)
        story.tell()
        once.keep({"decision": str(row.pk)})
    return row


def publish(decision_id: UUID, text: str, *, outcome: bool, actor: Actor) -> Decision:
    """The decision, once every step was carried; or what came of it, once it was published. Each once. Raises Refused.

    By another person than closed the record of the last meeting, and than published the decision.
    """
    now = clock.now()
    with transaction.atomic():
        row = Decision.objects.select_related("unit").select_for_update(of=("self",)).get(pk=decision_id)
        if not may_hold(actor, row.unit.path):
            raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=row.unit.name)
        words = said(text, "text_missing", _("请写要公开的内容。"))
        fit_for_everybody(words)
        _check_publish(row, outcome, actor)
        story = Story(
            Stream.of("decision", row),
            "publish_outcome" if outcome else "publish_decision",
            by=actor,
            at=now,
            clause=CLAUSE,
        )
        if outcome:
            story.change(row, outcome_text=words, outcome_at=now, outcome_by_id=actor.person_id)
        else:
            story.change(row, decided_text=words, decided_at=now, decided_by_id=actor.person_id)
        story.tell()
    return row


def withdraw(decision_id: UUID, because: str, *, actor: Actor) -> Decision:
    """Nobody reads what was published any longer; what stood there is kept, with the reason. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = Decision.objects.select_related("unit").select_for_update(of=("self",)).get(pk=decision_id)
        if not may_hold(actor, row.unit.path):
            raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=row.unit.name)
        if row.decided_at is None or row.withdrawn_at is not None:
            raise Refused("nothing_published", _("现在没有公开。"))
        words = said(because, "reason_missing", _("请写明原因。"))
        story = Story(Stream.of("decision", row), "withdraw_decision", by=actor, at=now, clause=CLAUSE)
        story.change(row, withdrawn_at=now, withdrawn_by_id=actor.person_id, withdrawn_because=words)
        story.tell()
    return row


def check_step(decision_id: UUID | None, step: str, kind: Kind, unit_id: UUID) -> None:
    """Raise Refused unless this step comes next, by a meeting of its kind, and the one before carried it."""
    if decision_id is None:
        return
    decision = Decision.objects.select_for_update().get(pk=decision_id)
    if decision.unit_id != unit_id:
        raise Refused("step_elsewhere", _("这一步要由同一个村开会。"))
    following = next_step(decision)
    if following is None or step != following:
        raise Refused("step_not_next", _("四议要一步一步来，上一步通过了才能开下一步的会。"))
    if kind not in STEPS[following]:
        raise Refused("step_kind", _("这一步不由这种会议来议。"))


def next_step(decision: Decision) -> Step | None:
    """The first step that no meeting carried; None when all did, or while the meeting of that step is to be held.

    One that came to nothing, for want of a quorum say, may be held again.
    """
    for step in Step:
        held = held_for(decision, step)
        if held is None or (held.state in _OVER and not carried(held)):
            return step
        if held.state not in _OVER:
            return None
    return None


def held_for(decision: Decision, step: Step) -> Meeting | None:
    """The meeting of a step, that was not cancelled."""
    return decision.meetings.filter(step=step).exclude(state=State.CANCELLED).order_by("-called_at").first()


def carried(meeting: Meeting) -> bool:
    """Whether the meeting is over and the last vote on its step stands and went in favour: a struck one carried nothing."""
    last = Vote.objects.filter(meeting=meeting, item__decides=True).order_by("-at", "-id").first()
    return meeting.state in _OVER and last is not None and last.struck_at is None and last.passed


def _check_publish(row: Decision, outcome: bool, actor: Actor) -> None:
    same = Refused("same_hand", _("记录的人和定公开的人不能是同一个，请另一位来看。"))
    if outcome:
        if row.withdrawn_at is not None:
            raise Refused("decision_withdrawn", _("决议已经不再公开。"))
        if row.decided_at is None:
            raise Refused("not_decided", _("决议公开以后，才能公开实施结果。"))
        if row.outcome_at is not None:
            raise Refused("published_before", _("已经公开过了。"))
        if row.decided_by_id == actor.person_id:
            raise same
        return
    if row.decided_at is not None:
        raise Refused("published_before", _("已经公开过了。"))
    held = [held_for(row, step) for step in Step]
    if not all(one is not None and carried(one) for one in held):
        raise Refused("not_decided", _("四议都通过了，才能公开决议。"))
    last = held[-1]
    if last is not None and last.closed_by_id == actor.person_id:
        raise same
