"""Verbs at a meeting: it is opened, people are there, votes are taken, it is closed; later only corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.meetings import rules
from shuoshi.meetings.calling import item_of
from shuoshi.meetings.deeds import Step, deed, said
from shuoshi.meetings.models import MOST_DUE, Attendance, Correction, Meeting, Vote, VotePresent
from shuoshi.meetings.vocabulary import Kind, Part, Presence, State, Way

MOST_WAITING = 300  # entries by code that nobody confirmed: a hall, not a machine
_HELD = (State.OPEN, State.CLOSED)


@dataclass(frozen=True)
class Opened:
    """`at`: when it began, where somebody writes that down afterwards; None: now."""

    at: datetime | None = None


@deed("open_meeting", State.CALLED)
def open_(step: Step, given: Opened) -> Meeting:
    """From an hour before its time on. What is written down later says so for good: `recorded_at` is the machine's."""
    meeting, at = step.meeting, given.at or step.now
    if at > step.now:
        raise Refused("opened_later", _("开会时间不能晚于现在。"))
    if at < meeting.begins_at - rules.EARLY:
        raise Refused("opened_early", _("还没有到开会的时间，最早提前一小时开始。"))
    step.story.change(
        meeting,
        state=State.OPEN,
        opened_at=at,
        recorded_at=step.now,
        opened_by_id=step.person,
        revision=meeting.revision + 1,
    )
    return meeting


@dataclass(frozen=True)
class Present:
    """Somebody who is there. `at`: when they came; None: now. `same_name`: two people do have one name."""

    name: str
    phone: str = ""
    part: Part = Part.MEMBER
    at: datetime | None = None
    same_name: bool = False
    because: str = ""  # asked for once the meeting is closed


@deed("enter_presence", *_HELD)
def enter(step: Step, given: Present) -> Attendance:
    """The recorder saw them; once the meeting is closed it is a correction, with its reason."""
    meeting = step.meeting
    late = meeting.state == State.CLOSED
    if late:
        said(given.because, "reason_missing", _("会已经开完，更正要写明原因。"))
    at = given.at or (meeting.opened_at if late else step.now)
    assert at is not None and meeting.opened_at is not None  # it was opened
    if not meeting.opened_at <= at <= (meeting.closed_at or step.now):
        raise Refused("came_outside", _("到会时间要在会议开始以后、结束以前。"))
    row = _somebody(step, given)
    if not given.same_name:
        _check_name(step, row)
    row.way, row.came_at, row.late = Way.RECORDER, at, late
    row.state, row.settled_at, row.settled_by_id = Presence.PRESENT, step.now, step.person
    row.because = given.because.strip() if late else ""
    _require_seat(step, row.part)
    step.story.add(row)
    return row


@deed("check_in_by_code", State.OPEN, open_to_all=True)
def check_in(step: Step, given: Present) -> Attendance:
    """Somebody says so of themselves by the code on the wall: it counts when the recorder confirms it."""
    if step.actor.kind is not ActorKind.SPEAKER:
        raise Refused("check_in_yourself", _("扫码签到由本人用自己的手机办，记录人在会议页上登记。"))
    if step.meeting.attendance.filter(state=Presence.WAITING).count() >= MOST_WAITING:
        raise Refused("check_in_full", _("等确认的人太多，请到记录人那里登记。"))
    row = _somebody(step, given)
    row.way, row.came_at, row.state = Way.CODE, step.now, Presence.WAITING
    step.story.add(row)
    return row


@dataclass(frozen=True)
class Entry:
    """`at`: when they left, where that is written down afterwards. `part`: as whom the recorder knows them."""

    attendance: UUID
    words: str = ""
    at: datetime | None = None
    part: Part | None = None


@deed("confirm_presence", State.OPEN)
def confirm(step: Step, given: Entry) -> Attendance:
    """The recorder sees who checked in by the code."""
    return _confirm(step, given.attendance, given.part)


@dataclass(frozen=True)
class Several:
    rows: tuple[UUID, ...]


@deed("confirm_presences", State.OPEN)
def confirm_several(step: Step, given: Several) -> Meeting:
    """Those the recorder ticked, as whom they said themselves: all of them or, where one is refused, none."""
    if not given.rows:
        raise Refused("nobody_ticked", _("请至少勾一个人。"))
    for key in given.rows:
        _confirm(step, key, None)
    return step.meeting


def _confirm(step: Step, key: UUID, known_as: Part | None) -> Attendance:
    row = _entry(step, key)
    if row.state != Presence.WAITING:
        raise Refused("presence_settled", _("这个人的签到已经处理过了。"))
    part = known_as or Part(row.part)
    _check_name(step, row)
    _require_seat(step, part)
    step.story.change(row, state=Presence.PRESENT, part=part, settled_at=step.now, settled_by_id=step.person)
    return row


@deed("strike_presence", *_HELD)
def strike(step: Step, given: Entry) -> Attendance:
    """It stays and counts no more; votes that were taken keep who was there then."""
    row = _entry(step, given.attendance)
    if row.state == Presence.STRUCK:
        raise Refused("presence_settled", _("这个人的签到已经处理过了。"))
    words = said(given.words, "reason_missing", _("请写明原因。"))
    late = row.late or step.meeting.state == State.CLOSED
    step.story.change(
        row, state=Presence.STRUCK, settled_at=step.now, settled_by_id=step.person, because=words, late=late
    )
    return row


@dataclass(frozen=True)
class All:
    words: str


@deed("strike_waiting", State.OPEN)
def strike_waiting(step: Step, given: All) -> Meeting:
    """All who checked in by the code and were not confirmed: nobody there has that name."""
    words = said(given.words, "reason_missing", _("请写明原因。"))
    for row in step.meeting.attendance.filter(state=Presence.WAITING):
        step.story.change(row, state=Presence.STRUCK, settled_at=step.now, settled_by_id=step.person, because=words)
    return step.meeting


@deed("leave_meeting", State.OPEN)
def leave(step: Step, given: Entry) -> Attendance:
    """Somebody went before the end: later votes are taken without them."""
    row = _entry(step, given.attendance)
    if row.state != Presence.PRESENT or row.left_at is not None:
        raise Refused("not_there", _("这个人现在不在会上。"))
    at = _then(step, given.at)
    if at < row.came_at:
        raise Refused("left_before", _("离开的时间不能早于到会的时间。"))
    step.story.change(row, left_at=at, leave_recorded_at=step.now)
    return row


@dataclass(frozen=True)
class Due:
    due: int
    because: str


@deed("correct_due", *_HELD)
def correct_due(step: Step, given: Due) -> Meeting:
    """How many ought to be there was told wrongly. Votes keep the number they were counted by."""
    said(given.because, "reason_missing", _("请写明原因。"))
    here = members(step.meeting).count()
    if not max(1, here) <= given.due <= MOST_DUE:
        raise Refused("due_too_few", _("应到人数不能比已经到的 %(n)d 人少。") % {"n": here})
    correction = Correction(
        meeting=step.meeting,
        before=step.meeting.due,
        after=given.due,
        because=given.because.strip(),
        at=step.now,
        by_id=step.person,
    )
    step.story.add(correction)
    step.story.change(step.meeting, due=given.due)
    return step.meeting


@dataclass(frozen=True)
class VoteGiven:
    item: UUID
    question: str
    in_favour: int
    against: int
    abstained: int
    at: datetime | None = None  # when it was taken, where that is written down afterwards


@deed("take_vote", State.OPEN)
def vote(step: Step, given: VoteGiven) -> Vote:
    """Counted against those who are there at this moment, who are kept with it."""
    meeting, item = step.meeting, item_of(step.meeting, given.item)
    at = _then(step, given.at)
    still = Q(left_at__isnull=True) | Q(left_at__gt=at)
    there = list(members(meeting).filter(still, came_at__lte=at))
    if min(given.in_favour, given.against, given.abstained) < 0 or not there:
        raise Refused("nobody_there", _("还没有应到人员到会，不能表决。"))
    if given.in_favour + given.against + given.abstained > len(there):
        raise Refused(
            "too_many_votes", _("票数比在场的应到人员 %(n)d 人多。先登记到会的人，再记表决。") % {"n": len(there)}
        )
    row = Vote(
        meeting=meeting,
        item=item,
        question=said(given.question, "question_missing", _("请写表决的是什么。")),
        in_favour=given.in_favour,
        against=given.against,
        abstained=given.abstained,
        due=meeting.due,
        present=len(there),
        by_code=sum(one.way == Way.CODE for one in there),
        quorate=rules.quorate(meeting.kind, meeting.due, len(there)),
        passed=rules.passed(meeting.kind, meeting.due, len(there), given.in_favour),
        at=at,
        recorded_at=step.now,
        by_id=step.person,
    )
    step.story.add(row)
    step.story.add_all(VotePresent(vote=row, attendance=one) for one in there)
    return row


@deed("strike_vote", *_HELD)
def strike_vote(step: Step, given: Entry) -> Vote:
    """It was written down wrongly: it stays, struck. After the end no other takes its place."""
    row = step.meeting.votes.filter(pk=given.attendance).first()
    if row is None or row.struck_at is not None:
        raise Refused("vote_settled", _("没有这次表决，或者已经划去了。"))
    words = said(given.words, "reason_missing", _("请写明原因。"))
    step.story.change(row, struck_at=step.now, struck_by_id=step.person, struck_because=words)
    return row


@dataclass(frozen=True)
class Closed:
    """`at`: when it ended, where that is written down afterwards; None: now."""

    at: datetime | None = None


@deed("close_meeting", State.OPEN)
def close(step: Step, given: Closed) -> Meeting:
    """Refused while somebody who checked in waits to be confirmed: they would never count; and where nobody came."""
    waiting = step.meeting.attendance.filter(state=Presence.WAITING).count()
    if waiting:
        raise Refused("presence_waits", _("还有 %(n)d 个扫码签到没有确认，确认或者划去以后再结束。") % {"n": waiting})
    if not step.meeting.attendance.filter(state=Presence.PRESENT).exists():
        raise Refused("nobody_came", _("没有人到会，不能算开过。请登记到会的人，或者记下会没有开成。"))
    at = _then(step, given.at)
    if step.meeting.votes.filter(at__gt=at).exists() or step.meeting.attendance.filter(came_at__gt=at).exists():
        raise Refused("ended_before", _("结束的时间不能早于到会和表决的时间。"))
    step.story.change(
        step.meeting, state=State.CLOSED, closed_at=at, close_recorded_at=step.now, closed_by_id=step.person
    )
    return step.meeting


def members(meeting: Meeting) -> QuerySet[Attendance]:
    """Those who count for the quorum and were there at any time."""
    return meeting.attendance.filter(state=Presence.PRESENT, part=Part.MEMBER)


def _then(step: Step, at: datetime | None) -> datetime:
    """When something was that is written down now: between the beginning and now. Raises Refused."""
    assert step.meeting.opened_at is not None  # it is open
    if at is not None and not step.meeting.opened_at <= at <= step.now:
        raise Refused("time_outside", _("时间要在会议开始以后、现在以前。"))
    return at or step.now


def _somebody(step: Step, given: Present) -> Attendance:
    name = said(given.name, "name_missing", _("请写姓名。"))
    return Attendance(meeting=step.meeting, name=name, phone=given.phone, part=given.part)


def _check_name(step: Step, row: Attendance) -> None:
    """Raise Refused for a name that is there already: twice the same one counts once."""
    name, there = str(row.name), step.meeting.attendance.filter(state=Presence.PRESENT)
    if any(str(one.name) == name for one in there):
        raise Refused(
            "name_there", _("“%(name)s”已经到会了。是另一个同名的人，请登记到会的人时勾选同名。") % {"name": name}
        )


def _require_seat(step: Step, part: str) -> None:
    """More people cannot have come than are due, where it counts who is."""
    due = step.meeting.due if rules.RULES[Kind(step.meeting.kind)].counts_due else None
    if part == Part.MEMBER and due is not None and members(step.meeting).count() >= due:
        raise Refused("more_than_due", _("应到 %(n)d 人，已经到齐了。应到人数不对的，先更正，写明原因。") % {"n": due})


def _entry(step: Step, key: UUID) -> Attendance:
    row = step.meeting.attendance.filter(pk=key).first()
    if row is None:
        raise Refused("nobody_such", _("这个会上没有这个人的签到。"))
    return row
