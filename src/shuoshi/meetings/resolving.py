"""Verbs on what was decided and what was said: resolutions with who and until when, matters raised at the meeting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters import terms
from shuoshi.matters.intake import Intake
from shuoshi.matters.queries import visible_to
from shuoshi.matters.vocabulary import Action, Channel
from shuoshi.meetings.calling import item_of
from shuoshi.meetings.deeds import CLAUSE, Step, deed, locked, said
from shuoshi.meetings.models import AgendaItem, FollowUpTold, FromMeeting, Meeting, Resolution
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.rules import RULES
from shuoshi.meetings.vocabulary import Kind, Outcome, State
from shuoshi.organization.models import Unit

_HELD = (State.OPEN, State.CLOSED, State.APPROVED)


@dataclass(frozen=True, kw_only=True)
class Resolved:
    item: UUID
    text: str
    unit: UUID
    deadline: date | None = None
    vote: UUID | None = None
    because: str = ""  # asked for once the meeting is closed


@deed("resolve", State.OPEN, State.CLOSED)
def resolve(step: Step, given: Resolved) -> Resolution:
    """It rests on a vote that carried it, where the kind of meeting counts who is due or the item was voted on.

    One about a matter of the agenda knows which. Written down after the meeting, it says so for good.
    """
    item = item_of(step.meeting, given.item)
    late = step.meeting.state == State.CLOSED
    if late:
        said(given.because, "reason_missing", _("会已经开完，补记要写明原因。"))
    if not Unit.objects.filter(pk=given.unit, active=True).exists():
        raise Refused("unit_unknown", _("请选由哪个单位落实。"))
    if given.deadline is not None and given.deadline < clock.local(step.meeting.begins_at).date():
        raise Refused("deadline_past", _("期限不能早于开会那天。"))
    _check_vote(step.meeting, item, given.vote)
    row = Resolution(
        meeting=step.meeting,
        item=item,
        vote_id=given.vote,
        ordinal=step.meeting.resolutions.count() + 1,
        text=said(given.text, "text_missing", _("请写决议。")),
        unit_id=given.unit,
        deadline=given.deadline,
        matter_id=item.matter_id,
        made_at=step.now,
        made_by_id=step.person,
        because=given.because.strip() if late else "",
    )
    step.story.add(row)
    return row


def _check_vote(meeting: Meeting, item: AgendaItem, chosen: UUID | None) -> None:
    standing = meeting.votes.filter(item=item, struck_at__isnull=True)
    if chosen is None:
        if RULES[Kind(meeting.kind)].counts_due or standing.exists():
            raise Refused("vote_missing", _("这个议题要根据表决通过的结果记决议，请选是哪次表决。"))
        return
    taken = standing.filter(pk=chosen).first()
    if taken is None or not taken.passed:
        raise Refused("vote_not_passed", _("这次表决没有通过，或者不是这个议题的，不能作为决议的依据。"))


@dataclass(frozen=True)
class Told:
    """What became of a resolution. `at`: the meeting at which that was said, None beside one."""

    resolution: UUID
    words: str
    outcome: Outcome
    at: UUID | None = None


@deed("follow_resolution_up", *_HELD)
def follow_up(step: Step, given: Told) -> FollowUpTold:
    """What was carried out or given up stays so."""
    row = step.meeting.resolutions.filter(pk=given.resolution).first()
    if row is None or row.outcome != Outcome.OPEN:
        raise Refused("resolution_settled", _("没有这条决议，或者已经有了结果。"))
    if (
        given.at is not None
        and not Meeting.objects.filter(pk=given.at, unit=step.meeting.unit_id, opened_at__isnull=False).exists()
    ):
        raise Refused("not_a_later_one", _("没有这个会，或者还没有开。"))
    told = FollowUpTold(
        resolution=row,
        at_meeting_id=given.at,
        words=said(given.words, "words_missing", _("请写落实得怎么样。")),
        outcome=given.outcome,
        at=step.now,
        by_id=step.person,
    )
    step.story.add(told)
    if given.outcome != Outcome.OPEN:
        step.story.change(row, outcome=given.outcome, settled_at=step.now, settled_by_id=step.person)
    return told


@dataclass(frozen=True)
class OfMatter:
    resolution: UUID
    number: str


@deed("note_resolution_on_matter", *_HELD)
def note_on(step: Step, given: OfMatter) -> Resolution:
    """Write the resolution into the history of a matter the actor knows of, as its internal note. Raises what that raises."""
    row = step.meeting.resolutions.filter(pk=given.resolution).first()
    if row is None:
        raise Refused("resolution_settled", _("没有这条决议，或者已经有了结果。"))
    matter = visible_to(step.actor).filter(number=given.number.strip()).first()
    if matter is None:
        raise Refused("matter_unknown", _("没有这件事，或者您看不到它。"))
    if row.became or row.matter_id not in (None, matter.pk):
        raise Refused("resolution_elsewhere", _("这条决议已经关联另一件事。"))
    words = _("%(day)s %(title)s 的决议：%(text)s") % {
        "day": clock.local(step.meeting.begins_at).date().isoformat(),
        "title": step.meeting.title,
        "text": str(row.text),
    }
    matters.run(Action.NOTE, matter.pk, terms.Note(text=words), actor=step.actor, key=f"resolution:{row.pk}")
    step.story.change(row, matter=matter)
    return row


@dataclass(frozen=True)
class Said:
    """Where something was said: at which item, or as which resolution. `raised`: how many matters came of the meeting before."""

    meeting: UUID
    item: UUID | None = None
    resolution: UUID | None = None
    raised: int = 0


def register(where: Said, intake: Intake, *, actor: Actor) -> matters.Receipt:
    """Register what somebody said at the meeting, or what a resolution asks for. The same key again gets the first receipt.

    Raises Refused, and all that registering raises.
    """
    now = clock.now()
    with transaction.atomic():
        meeting = locked(where.meeting)
        if not may_hold(actor, meeting.unit.path):
            raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=meeting.unit.name)
        whole = replace(
            intake,
            channel=Channel.MEETING,
            said_place=intake.said_place or ("" if intake.said_point else meeting.place),
            happened_at=intake.happened_at or meeting.opened_at,
            also_said=f"meeting {meeting.pk} {where.item} {where.resolution}",
        )
        if not matters.registered_before(whole):
            _check(meeting, where, whole)
        receipt = matters.register(whole, actor=actor)
        if not FromMeeting.objects.filter(matter=receipt.matter_id).exists():
            story = Story(Stream.of("meeting", meeting), "register_at_meeting", by=actor, at=now, clause=CLAUSE)
            story.add(FromMeeting(meeting=meeting, item_id=where.item, matter_id=receipt.matter_id))
            if where.resolution is not None:
                row = meeting.resolutions.get(pk=where.resolution)
                story.change(row, matter_id=receipt.matter_id, became=True)
            story.tell()
    return receipt


def _check(meeting: Meeting, where: Said, intake: Intake) -> None:
    if meeting.state not in _HELD:
        raise Refused(
            "meeting_state", _("这个会现在是“%(state)s”，不能这样办。") % {"state": meeting.get_state_display()}
        )
    if intake.drill:
        raise Refused("meeting_is_real", _("会上说的事不能当演练。"))
    if where.item is not None:
        item_of(meeting, where.item)
    if where.resolution is not None:
        row = meeting.resolutions.filter(pk=where.resolution).first()
        if row is None or row.matter_id is not None:
            raise Refused("resolution_elsewhere", _("这条决议已经关联另一件事。"))
    if meeting.raised.count() != where.raised:
        raise Refused("meeting_registered", _("这个会上刚才有人登记了一件事。请回到会议页看看是不是同一件，再登记。"))
