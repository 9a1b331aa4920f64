"""Verbs before a meeting: it is called in time, changed, cancelled, and gets its agenda."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.queries import visible_to
from shuoshi.meetings import deciding
from shuoshi.meetings.deeds import CLAUSE, Step, deed, fit_for_everybody, said
from shuoshi.meetings.models import AgendaItem, Meeting, Resolution
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.rules import RULES, days_of_notice
from shuoshi.meetings.vocabulary import Kind, Outcome, Presence, State, TopicState
from shuoshi.organization.models import Unit

MOST_ITEMS = 60  # of one agenda
_BEFORE = (State.CALLED, State.OPEN)


@dataclass(frozen=True, kw_only=True)
class MeetingGiven:
    """What is told of a meeting. `hurry`: why it is called later than its kind demands. `decision`, `step`: of a village decision."""

    unit_id: UUID
    kind: Kind
    title: str
    place: str
    begins_at: datetime
    ends_at: datetime
    due: int | None = None
    hurry: str = ""
    decision: UUID | None = None
    step: str = ""


def call(given: MeetingGiven, *, actor: Actor, key: str = "") -> Meeting:
    """Tell of a meeting that will be held. The same key again gets the first one. Raises Refused, KeyReused."""
    now = clock.now()
    told = hashlib.sha256(repr(given).encode()).hexdigest()
    with transaction.atomic(), idempotency.once("meeting:call", key or new_id().hex, told) as once:
        if not once.first:
            return Meeting.objects.get(pk=once.answer["meeting"])
        unit = Unit.objects.filter(pk=given.unit_id, active=True).first()
        if unit is None or not may_hold(actor, unit.path):
            raise Refused("not_your_meeting", _("这个会不由您召集和记录。"), who_could=unit.name if unit else "")
        _check(given, now)
        deciding.check_step(given.decision, given.step, given.kind, unit.pk)
        assert actor.person_id is not None
        row = Meeting(
            unit=unit,
            kind=given.kind,
            **_told(given),
            notice_days=RULES[given.kind].notice,
            called_at=now,
            called_by_id=actor.person_id,
            told_at=now,
            decision_id=given.decision,
            step=given.step,
        )
        story = Story(Stream.of("meeting", row), "call_meeting", by=actor, at=now, clause=CLAUSE, first=True)
        story.add(row)
        if row.decision is not None:
            title = str(row.decision.title)
            story.add(AgendaItem(meeting=row, ordinal=1, title=title, public=True, added_at=now, decides=True))
        story.tell()
        once.keep({"meeting": str(row.pk)})
    return row


@deed("change_meeting", State.CALLED)
def change(step: Step, given: MeetingGiven) -> Meeting:
    """Another time or place is told anew, so that the notice counts from now; unit and kind stay."""
    meeting = step.meeting
    if (given.unit_id, given.kind) != (meeting.unit_id, meeting.kind):
        raise Refused("meeting_is_another", _("单位和会议类型不能改。请写明原因取消，再重新通知。"))
    anew = (meeting.begins_at, meeting.place) != (given.begins_at, given.place)
    _check(given, step.now, told_at=None if anew else meeting.told_at)
    columns = {name: value for name, value in _told(given).items() if getattr(meeting, name) != value}
    if columns.keys() & {"begins_at", "place"}:
        columns["told_at"] = step.now
    if columns:
        columns["revision"] = meeting.revision + 1
        step.story.change(meeting, **columns)
    return meeting


@dataclass(frozen=True)
class Because:
    words: str


@deed("cancel_meeting", State.CALLED)
def cancel(step: Step, given: Because) -> Meeting:
    """With a reason that everybody reads."""
    words = said(given.words, "reason_missing", _("请写明原因。"))
    fit_for_everybody(words)
    for item in step.meeting.items.filter(topic__isnull=False).select_related("topic"):
        _let_go(step, item)
    revision = step.meeting.revision + 1
    step.story.change(step.meeting, state=State.CANCELLED, cancelled_because=words, revision=revision)
    return step.meeting


@deed("meeting_not_held", State.OPEN)
def not_held(step: Step, given: Because) -> Meeting:
    """It was opened and came to nothing: nobody is there, nothing was decided. It counts as cancelled."""
    meeting, words = step.meeting, said(given.words, "reason_missing", _("请写明原因。"))
    fit_for_everybody(words)
    if meeting.attendance.filter(state__in=(Presence.PRESENT, Presence.WAITING)).exists():
        raise Refused("somebody_came", _("有人到会，会就开了：请结束会议。登记错的人先划去。"))
    if meeting.votes.exists() or meeting.resolutions.exists() or meeting.raised.exists() or meeting.minutes.exists():
        raise Refused("meeting_used", _("会上已经表决、形成决议、登记了事或者写了纪要，不能算没有开成。"))
    for item in meeting.items.filter(topic__isnull=False).select_related("topic"):
        _let_go(step, item)
    columns = {"opened_at": None, "recorded_at": None, "opened_by_id": None, "revision": meeting.revision + 1}
    step.story.change(meeting, state=State.CANCELLED, cancelled_because=words, **columns)
    return meeting


def _let_go(step: Step, item: AgendaItem) -> None:
    """The topic of an item that is not spoken of waits for an answer again."""
    topic = item.topic
    if topic is None:
        return
    step.story.change(item, topic=None)
    step.story.change(
        topic,
        state=TopicState.WAITING,
        answer=_("原来列入的会不开了，或者议题撤下了。重新安排以后，在这里告诉您。"),
        settled_at=None,
        settled_by_id=None,
    )


@dataclass(frozen=True)
class ItemGiven:
    """`matter`: of which the actor knows. `public`: whether everybody may read the title."""

    title: str
    proposed_by: str = ""
    public: bool = False
    matter: UUID | None = None


@deed("add_to_agenda", *_BEFORE)
def add_item(step: Step, given: ItemGiven) -> AgendaItem:
    """A matter stands on an agenda once."""
    title = said(given.title, "title_missing", _("请写议题。"))
    if given.public:
        fit_for_everybody(title)
    if given.matter is not None:
        if not visible_to(step.actor).filter(pk=given.matter).exists():
            raise Refused("matter_unknown", _("没有这件事，或者您看不到它。"))
        if step.meeting.items.filter(matter=given.matter, dropped_at__isnull=True).exists():
            raise Refused("item_there", _("这件事已经在议程上了。"))
    row = new_item(step, title, given.public)
    row.proposed_by, row.matter_id = given.proposed_by.strip(), given.matter
    step.story.add(row)
    return row


@dataclass(frozen=True)
class Matters:
    """Matters with the titles under which they stand on the desk."""

    titles: tuple[tuple[UUID, str], ...]


@deed("add_matters_to_agenda", *_BEFORE)
def add_matters(step: Step, given: Matters) -> Meeting:
    """Those that stand on it already are passed over; their titles are for the desk alone."""
    wanted = dict(given.titles)
    known = set(visible_to(step.actor).filter(pk__in=wanted).values_list("pk", flat=True))
    there = set(
        step.meeting.items.filter(matter__in=wanted, dropped_at__isnull=True).values_list("matter_id", flat=True)
    )
    for key, title in wanted.items():
        if key in known and key not in there:
            row = new_item(step, title, public=False)
            row.matter_id = key
            step.story.add(row)
    return step.meeting


@deed("carry_resolutions_over", *_BEFORE)
def carry_over(step: Step, given: object) -> Meeting:
    """Resolutions of earlier meetings of the unit that are not carried out yet are looked at again."""
    there = step.meeting.items.filter(resolution__isnull=False, dropped_at__isnull=True).values("resolution")
    rows = Resolution.objects.filter(meeting__unit=step.meeting.unit_id, outcome=Outcome.OPEN)
    rows = rows.exclude(meeting=step.meeting).exclude(pk__in=there).select_related("meeting")
    left = max(1, MOST_ITEMS - step.meeting.items.count())
    found = list(rows.order_by(F("deadline").asc(nulls_last=True), "id")[:left])
    if not found:
        raise Refused("nothing_open", _("没有还在落实的决议要回头看。"))
    for one in found:
        row = new_item(step, _("回头看：%(text)s") % {"text": str(one.text)[:200]}, public=False)
        row.resolution, row.matter_id = one, one.matter_id  # whoever may not know of the matter reads neither
        step.story.add(row)
    return step.meeting


@dataclass(frozen=True)
class Dropped:
    item: UUID
    words: str


@deed("drop_from_agenda", *_BEFORE)
def drop_item(step: Step, given: Dropped) -> AgendaItem:
    """It stays with its reason; what was voted on or decided cannot be dropped."""
    row = item_of(step.meeting, given.item)
    if row.votes.exists() or row.resolutions.exists() or row.raised.exists():
        raise Refused("item_used", _("这个议题已经表决、形成决议或者登记了事，不能撤下。"))
    if row.decides:
        raise Refused("item_decides", _("这次会就是为这个议题开的，不能撤下。"))
    step.story.change(row, dropped_at=step.now, dropped_because=said(given.words, "reason_missing", _("请写明原因。")))
    _let_go(step, row)
    return row


def item_of(meeting: Meeting, key: UUID) -> AgendaItem:
    """An item that stands on this agenda. Raises Refused."""
    row = meeting.items.filter(pk=key, dropped_at__isnull=True).first()
    if row is None:
        raise Refused("no_such_item", _("议程上没有这个议题。"))
    return row


def new_item(step: Step, title: str, public: bool) -> AgendaItem:
    """The next of the agenda, not written yet. Raises Refused for one too many."""
    n = step.meeting.items.count()
    if n >= MOST_ITEMS:
        raise Refused("agenda_full", _("一次会最多 %(most)d 个议题。") % {"most": MOST_ITEMS})
    return AgendaItem(meeting=step.meeting, ordinal=n + 1, title=title, public=public, added_at=step.now)


def _told(given: MeetingGiven) -> dict[str, object]:
    return {
        "title": given.title.strip(),
        "place": given.place.strip(),
        "begins_at": given.begins_at,
        "ends_at": given.ends_at,
        "due": given.due,
        "hurry": given.hurry.strip(),
    }


def _check(given: MeetingGiven, now: datetime, *, told_at: datetime | None = None) -> None:
    """`told_at`: when it was told of, from which the notice counts; None: now."""
    said(given.title, "title_missing", _("请写会议名称。"))
    said(given.place, "place_missing", _("请写在哪里开。"))
    fit_for_everybody(given.title, given.place, given.hurry)
    if given.ends_at <= given.begins_at:
        raise Refused("meeting_backwards", _("结束的时间要在开始之后。"))
    if told_at is None and given.begins_at <= now:
        raise Refused("meeting_past", _("开会的时间要在现在之后。"))
    rule = RULES[given.kind]
    if rule.counts_due and not given.due:
        raise Refused("due_missing", _("这种会要算到会的人够不够，请写应到人数。"))
    if days_of_notice(told_at or now, given.begins_at) < rule.notice and not given.hurry.strip():
        raise Refused(
            "notice_short",
            _("这种会要提前 %(n)d 天通知。时间不够的，请写明原因，会和通知一起公开。") % {"n": rule.notice},
        )
