"""What the speaker of a matter is told, in words: promise list, replies point by point, what was said.

The tracking page and the desk's "as the resident sees it" show the same; the facts come from `tracking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shuoshi.kernel import calendars, clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.templatetags.shuoshi import day, limit, moment
from shuoshi.knowledge.models import State
from shuoshi.matters import deadlines
from shuoshi.matters.models import Attachment, Citation, Entry, Matter, ResultPoint
from shuoshi.matters.queries import at_rest, honest, in_a_group
from shuoshi.matters.queries.at_rest import STATE_ICONS, Line
from shuoshi.matters.queries.disputes import DisputeView, dispute_of
from shuoshi.matters.queries.said import SPEAKS_FOR_ITSELF, Said, said_by
from shuoshi.matters.queries.tracking import Promise, PromiseState, TrackingView
from shuoshi.matters.vocabulary import (
    WHATEVER_WAS_SAID,
    Action,
    DeadlineKind,
    Exit,
    Heard,
    Outcome,
    RoundBecause,
    Status,
)
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import Profile

_L = gettext_lazy

PROMISE_ICONS = {
    PromiseState.KEPT: "circle-check",
    PromiseState.DUE: "p-due",
    PromiseState.MISSED: "c-over",
    PromiseState.LATER: "circle-dashed",
}
PROMISED = {
    DeadlineKind.ACCEPT: _L("告诉您受理不受理"),
    DeadlineKind.ASSIGN: _L("告诉您由谁来办"),
    DeadlineKind.FIRST_CONTACT: _L("先和您联系"),
    DeadlineKind.PROGRESS: _L("告诉您进展"),
    DeadlineKind.COMPLETION: _L("办好，并把结果告诉您"),
    DeadlineKind.PROMISE: _L("办好，并把结果告诉您"),
    DeadlineKind.FOLLOW_UP: _L("问您满不满意"),
    DeadlineKind.EMERGENCY: _L("赶到现场，先处置"),
    DeadlineKind.WITHDRAWAL: _L("撤回生效，之前您可以反悔"),
    DeadlineKind.PAUSE: _L("恢复计时，接着办"),
    DeadlineKind.REVIEW: _L("作出复核决定，并告诉您"),
    DeadlineKind.PARKED_REVIEW: _L("再看能不能办，并告诉您"),
    DeadlineKind.HAND_BACK: _L("把您的材料还给您，或者写明去向"),
    DeadlineKind.ASK_BACK: _L("问外单位办得怎么样，并告诉您"),
    DeadlineKind.PERFORMANCE: _L("看协议履行了没有，并告诉您"),
    DeadlineKind.CARRIED_OUT: _L("把采纳的建议落实，并告诉您"),
}
ROUNDS = {
    RoundBecause.REWORK: _L("第 %(n)d 轮：因为您不满意，%(day)s起重新办"),
    RoundBecause.REOPENED: _L("第 %(n)d 轮：您在%(day)s再次提出"),
    RoundBecause.REVIEWED: _L("第 %(n)d 轮：复核改变了决定，%(day)s起重新办"),
}
NOT_WORDS = frozenset(  # shown elsewhere, or a repetition of what the speaker said
    {
        Action.SIGN_RESULT,
        Action.SHARE_RESULT,
        Action.ANSWER_ON_THE_SPOT,
        Action.RULE_RETURN,
        Action.START_REWORK,
        Action.SCREEN_OUT,
    }
)


@dataclass(frozen=True)
class Cited:
    """An entry of the knowledge base a reply rests on. `number` 0 where residents cannot open it any more."""

    question: str
    number: int
    changed: bool  # since the reply other words are in force


@dataclass(frozen=True)
class Reply:
    """The answer of one round: each demand with its outcome, then the words of the reply."""

    round: int
    signed_at: datetime | None
    latest: bool
    points: Sequence[ResultPoint]
    reply: str
    remedies: str
    returned: bool
    sources: Sequence[Cited] = ()


@dataclass(frozen=True)
class Told:
    """Everything on the page that a speaker reads. `main` is the one thing they owe or may do first, "" for none."""

    seen: TrackingView
    state_icon: str
    stopped: str
    main: str
    honest: Sequence[str]  # one person for several duties, and who stands in for whom
    lines: Sequence[Line]
    replies: Sequence[Reply]
    words: Sequence[Said]
    dispute: DisputeView | None = None


def told(seen: TrackingView) -> Told:
    return Told(
        seen=seen,
        state_icon=STATE_ICONS[Status(seen.matter.status)],
        stopped=stopped(seen),
        main=owed(seen),
        honest=[*in_a_group.sentences(seen), *honest.sentences(seen.matter, seen.entries, seen.stood_in)],
        lines=lines(seen),
        replies=replies(seen),
        words=words(seen),
        dispute=dispute_of(seen.matter, seen.entries, to_speaker=True),
    )


def first_answer(actor: Actor, profile: Profile, now: datetime) -> datetime | None:
    """Until when somebody who speaks now hears whether it is taken on, by the rule that will start the clock.

    `actor` registers it: its unit's registry takes it in, the institution's for a resident; None before there is one.
    """
    registry = organization.registry_for(next((post.unit_id for post in actor.posts), None))
    if registry is None:
        return None
    made = deadlines.made(Matter(registry=registry, registered_at=now), profile, DeadlineKind.ACCEPT, now)
    return made.due_at if made else None


def lines(seen: TrackingView) -> list[Line]:
    """Kept, due, missed and still to come, round by round, with each return and its reason."""
    found = [_received(seen)]
    returns = [entry for entry in seen.entries if entry.action == Action.RULE_RETURN]
    current = 1
    for promise in sorted(seen.promises, key=_place):
        if promise.round != current:
            found += _returned(seen, returns, current)
            current = promise.round
            found.append(_round_heading(seen, current))
        found.append(_line(promise))
    found += _returned(seen, returns, current)
    found += at_rest.lines(seen)
    found += _to_come(seen)
    return found


def _received(seen: TrackingView) -> Line:
    came_from = next((str(one.facts["linked_to"]) for one in seen.entries if one.facts.get("linked_to")), "")
    more = _("是从您说的 %(number)s 号另行登记的。") % {"number": came_from} if came_from else ""
    return Line("kept", "circle-check", _("收到您说的事，给您回执"), moment(seen.matter.registered_at), more=more)


def replies(seen: TrackingView) -> list[Reply]:
    """Every signed answer, the newest first and open."""
    results = list(dict.fromkeys(point.result for point in seen.points))
    results.sort(key=lambda result: result.ordinal, reverse=True)
    for result in results:
        result.matter = seen.matter
    return [
        Reply(
            round=result.round.ordinal,
            signed_at=result.signed_at,
            latest=result is results[0],
            points=[point for point in seen.points if point.result_id == result.pk],
            reply=result.reply,
            remedies=result.remedies,
            returned=result.state == "returned",
            sources=[_cited(one) for one in seen.citations if one.result_id == result.pk],
        )
        for result in results
    ]


def _cited(citation: Citation) -> Cited:
    version, entry = citation.version, citation.version.entry
    assert entry.current is not None  # it was in force when it was cited
    readable = entry.state == State.PUBLISHED and entry.current.is_public
    return Cited(version.question, entry.number if readable else 0, changed=readable and entry.current_id != version.pk)


def words(seen: TrackingView) -> list[Said]:
    """What was said with words or files, newest first. The reply stands in its own place."""
    files: dict[object, list[Attachment]] = {}
    for attachment in seen.attachments:
        files.setdefault(attachment.entry_id, []).append(attachment)
    return [
        said_by(entry, files.get(entry.pk, []))
        for entry in reversed(seen.entries)
        if (entry.text or entry.pk in files or entry.action in SPEAKS_FOR_ITSELF) and entry.action not in NOT_WORDS
    ]


def owed(seen: TrackingView) -> str:
    """The one main action: rate, take back, say not solved, or add information."""
    if (seen.matter.withdrawal_asked_at is not None or seen.part) and seen.can(Action.REVOKE_WITHDRAWAL):
        return "keep-going"
    said = any(entry.action == Action.RATE and entry.round_id == seen.matter.round_id for entry in seen.entries)
    rated = seen.matter.exit == Exit.SATISFIED or (seen.matter.exit in WHATEVER_WAS_SAID and said)
    if seen.may_rate and not rated and not _part_answered(seen):
        return "rate"
    if seen.can(Action.REOPEN):
        return "not-solved"
    return "add" if seen.can(Action.ADD_INFORMATION) else ""


def _part_answered(seen: TrackingView) -> bool:
    """Whether this spokesperson said already what they think of the reply that stands."""
    open_ = seen.matter.status == Status.IN_FOLLOW_UP
    return open_ and seen.part is not None and seen.part.heard in (Heard.SATISFIED, Heard.DISSATISFIED)


def stopped(seen: TrackingView) -> str:
    """Words for the place of a clock when none runs."""
    if seen.matter.status == Status.CLOSED:
        return str(Exit(seen.matter.exit).label)
    return ""


def _line(promise: Promise) -> Line:
    running = promise.deadline
    what = str(PROMISED[promise.kind])
    due = _("最晚 %(day)s") % {"day": _until(promise)}
    icon = PROMISE_ICONS[promise.state]
    if promise.state == PromiseState.KEPT:
        done = promise.done_at
        when = _("%(due)s，%(done)s 做到") % {"due": due, "done": moment(done, "short")} if done else due
        return Line("kept", icon, what, when + _early(promise))
    if promise.state == PromiseState.MISSED:
        days = _days_late(promise)
        late = ngettext("晚了 %(n)d 个工作日", "晚了 %(n)d 个工作日", days) % {"n": days} if days else _("晚了")
        if promise.done_at:
            when = _("%(due)s，%(done)s 才做到，") % {"due": due, "done": moment(promise.done_at, "short")}
        elif running.settled_at:
            when, late = due + _("，"), _("没有做到")
        else:
            when = _("%(due)s，还没有做到，") % {"due": due}
        return Line("missed", icon, what, when, late)
    written = limit(running.limit) if running.limit else ""
    if written and promise.kind != DeadlineKind.PROMISE:
        due = _("%(due)s（%(limit)s）") % {"due": due, "limit": written}
    return Line("due", icon, what, due)


def _place(promise: Promise) -> tuple[int, bool, datetime]:
    """Round by round: first what is settled, as it happened, then what is still open, by its date."""
    settled = promise.done_at or promise.deadline.settled_at
    return promise.round, settled is None, settled or promise.due_at


def _until(promise: Promise) -> str:
    minutes = promise.deadline.limit.endswith(("min", "wh"))
    return moment(promise.due_at) if minutes else day(promise.due_at)


def _early(promise: Promise) -> str:
    if promise.done_at is None:
        return ""
    done, due = clock.local(promise.done_at).date(), clock.local(promise.due_at).date()
    days = calendars.load().working_days_between(done, due)
    return ngettext("，提前 %(n)d 个工作日", "，提前 %(n)d 个工作日", days) % {"n": days} if days else ""


def _days_late(promise: Promise) -> int:
    until = promise.done_at or promise.deadline.settled_at or clock.now()
    return calendars.load().working_days_between(clock.local(promise.due_at).date(), clock.local(until).date())


def _round_heading(seen: TrackingView, ordinal: int) -> Line:
    first = next((promise for promise in seen.promises if promise.round == ordinal), None)
    on = day(first.deadline.round.opened_at, "short") if first else ""
    because = first.deadline.round.because if first else RoundBecause.REWORK
    text = str(ROUNDS.get(RoundBecause(because), ROUNDS[RoundBecause.REWORK])) % {"n": ordinal, "day": on}
    return Line("round", "", text, heading=True)


def _returned(seen: TrackingView, returns: list[Entry], ordinal: int) -> Iterator[Line]:
    for entry in returns:
        facts = entry.facts
        if entry.round.ordinal != ordinal or not facts.get("granted"):
            continue
        reason = _reason(seen, str(facts.get("reason", "")))
        sentence = _("%(unit)s退回，改由%(proper)s来办") if facts.get("proper") else _("%(unit)s退回，由受理中心再交办")
        text = sentence % {"unit": facts.get("unit", ""), "proper": facts.get("proper", "")}
        said = [part for part in (moment(entry.at, "short"), reason, entry.text) if part]
        yield Line("kept", "corner-up-left", text, _("，").join(said), more=_("答复您的日期不变。"))


def _reason(seen: TrackingView, code: str) -> str:
    try:
        return str(seen.profile.return_reason(code))
    except KeyError:
        return ""


def _to_come(seen: TrackingView) -> Iterator[Line]:
    """What is promised but has no date yet."""
    matter = seen.matter
    if matter.status in (Status.SCREENED_OUT, Status.CLOSED, Status.IN_FOLLOW_UP, Status.UNDER_REVIEW):
        return
    kind = matter.kind or "INTEREST_CLAIM"
    icon = PROMISE_ICONS[PromiseState.LATER]
    if matter.status == Status.REGISTERED:
        within = limit(seen.profile.limit("assign", kind)) if seen.profile.limit("assign", kind) else ""
        yield Line("later", icon, _("告诉您由谁来办"), _("受理后 %(limit)s内") % {"limit": within} if within else "")
    stands_still = matter.status in (Status.PAUSED, Status.PARKED)
    if not stands_still and not any(
        promise.kind in (DeadlineKind.PROMISE, DeadlineKind.COMPLETION) for promise in seen.promises
    ):
        whole = seen.profile.limit("promise", kind, matter.complexity or "standard", matter.urgency)
        yield Line(
            "later",
            icon,
            _("办好，并把结果告诉您"),
            _("一般从您说那天起 %(limit)s内") % {"limit": limit(whole)} if whole else "",
        )
    after = seen.profile.limit("follow_up", kind)
    if after is not None:
        when = _("答复后 %(limit)s内。不满意就重新办；还不满意，交上一级。") % {"limit": limit(after)}
        yield Line("later", icon, _("问您满不满意"), when)


def outcome_words(point: ResultPoint) -> str:
    """The outcome of one demand as a word: 解决, 部分解决, 无法办理, 不予支持."""
    return str(Outcome(point.outcome).label)
