"""Verbs on minutes: written in versions, approved at a later meeting, released by another person after redaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.meetings import rules
from shuoshi.meetings.calling import Because
from shuoshi.meetings.deeds import Step, deed, fit_for_everybody, said
from shuoshi.meetings.models import Attendance, Meeting, Minutes, Published
from shuoshi.meetings.vocabulary import Part, Presence, State

_WRITTEN = (State.OPEN, State.CLOSED)


@dataclass(frozen=True)
class Text:
    """`of`: the version somebody had before them, so that two do not write over each other; 0: none."""

    text: str
    because: str = ""
    of: int = 0


@deed("write_minutes", *_WRITTEN)
def write(step: Step, given: Text) -> Minutes:
    """Another version; after the meeting is closed with the reason why it differs. Approved minutes are never changed."""
    last = newest(step.meeting)
    version = last.version if last is not None else 0
    text = said(given.text, "text_missing", _("请写纪要。"))
    if given.of != version:
        raise Refused("minutes_moved", _("纪要刚才有人改过，现在是第 %(n)d 版。请对照着再改。") % {"n": version})
    if last is not None and step.meeting.state == State.CLOSED:
        said(given.because, "reason_missing", _("改已经写好的纪要，要写明原因。"))
    row = Minutes(
        meeting=step.meeting,
        version=version + 1,
        text=text,
        because=given.because.strip(),
        written_at=step.now,
        written_by_id=step.person,
    )
    step.story.add(row)
    return row


@dataclass(frozen=True)
class Approval:
    """`meeting`: the later one at which they were read out. `of`: the version that was."""

    meeting: UUID
    of: int


@deed("approve_minutes", State.CLOSED)
def approve(step: Step, given: Approval) -> Meeting:
    """At a later meeting of the unit, which was not over yet when this version was written."""
    last = newest(step.meeting)
    if last is None:
        raise Refused("no_minutes", _("还没有写纪要。"))
    if given.of != last.version:
        raise Refused("minutes_moved", _("纪要刚才有人改过，现在是第 %(n)d 版。请对照着再改。") % {"n": last.version})
    later = later_than(step.meeting, last).filter(pk=given.meeting).first()
    if later is None:
        raise Refused("not_a_later_one", _("纪要要在同一单位以后的会上念过、通过。"))
    step.story.change(
        step.meeting, state=State.APPROVED, approved_at=step.now, approved_by_id=step.person, approved_in=later
    )
    return step.meeting


@dataclass(frozen=True)
class Release:
    text: str


@deed("release_minutes", State.APPROVED)
def release(step: Step, given: Release) -> Published:
    """What everybody reads: by another person than wrote the minutes, without numbers that lead to somebody."""
    last = newest(step.meeting)
    assert last is not None  # approved
    if last.written_by_id == step.person:
        raise Refused("same_hand", _("写纪要的人和定公开的人不能是同一个，请另一位来看。"))
    if standing(step.meeting) is not None:
        raise Refused("published_before", _("已经公开过了。"))
    text = said(given.text, "text_missing", _("请写要公开的内容。"))
    fit_for_everybody(text)
    row = Published(meeting=step.meeting, minutes=last, text=text, released_at=step.now, released_by_id=step.person)
    step.story.add(row)
    return row


@deed("withdraw_minutes", State.APPROVED)
def withdraw(step: Step, given: Because) -> Published:
    """Nobody reads them any longer; what stood there is kept, with the reason."""
    row = standing(step.meeting)
    if row is None:
        raise Refused("nothing_published", _("现在没有公开。"))
    words = said(given.words, "reason_missing", _("请写明原因。"))
    step.story.change(row, withdrawn_at=step.now, withdrawn_by_id=step.person, withdrawn_because=words)
    return row


def newest(meeting: Meeting) -> Minutes | None:
    """The version that stands."""
    return meeting.minutes.select_related("written_by").order_by("-version").first()


def later_than(meeting: Meeting, version: Minutes) -> QuerySet[Meeting]:
    """The meetings of the unit at which this version may have been read out: of a fitting kind, with somebody there."""
    somebody = Attendance.objects.filter(meeting=OuterRef("pk"), state=Presence.PRESENT, part=Part.MEMBER)
    after = Meeting.objects.filter(
        Exists(somebody),
        unit=meeting.unit_id,
        kind__in=rules.may_approve(meeting.kind),
        opened_at__gt=meeting.opened_at,
    ).exclude(pk=meeting.pk)
    return after.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=version.written_at)).order_by("begins_at")


def standing(meeting: Meeting) -> Published | None:
    """What everybody reads now."""
    return meeting.published.filter(withdrawn_at__isnull=True).first()
