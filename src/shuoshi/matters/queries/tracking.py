"""A matter as its speaker sees it: what was promised, what was kept, what was said. Nothing internal can get in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import veil, workflow
from shuoshi.matters.case import Case, Standing
from shuoshi.matters.deadlines import key_of
from shuoshi.matters.models import Attachment, Citation, Deadline, Demand, Entry, Matter, ResultPoint, Spokesperson
from shuoshi.matters.queries import honest
from shuoshi.matters.queries.matter import RELATED, answered, answers_of, citations, mine, numbered, timeline
from shuoshi.matters.queries.outside import Outside, outside_of
from shuoshi.matters.queries.parts import PartView, parts_told, said_in_parts
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, ResultState
from shuoshi.matters.workflow import Offer
from shuoshi.organization.profile import Profile, Question, stored

TO_THE_RESIDENT = (
    DeadlineKind.ACCEPT,
    DeadlineKind.ASSIGN,
    DeadlineKind.FIRST_CONTACT,
    DeadlineKind.PROGRESS,
    DeadlineKind.COMPLETION,
    DeadlineKind.PROMISE,
    DeadlineKind.FOLLOW_UP,
    DeadlineKind.EMERGENCY,
    DeadlineKind.WITHDRAWAL,
    DeadlineKind.PAUSE,
    DeadlineKind.PARKED_REVIEW,
    DeadlineKind.REVIEW,
    DeadlineKind.HAND_BACK,
    DeadlineKind.ASK_BACK,
    DeadlineKind.PERFORMANCE,
    DeadlineKind.CARRIED_OUT,
)


class PromiseState(StrEnum):
    """How the promise list draws a line (ux.md §5.3)."""

    KEPT = "kept"
    DUE = "due"
    MISSED = "missed"
    LATER = "later"


@dataclass(frozen=True)
class Promise:
    """One line of the promise list. `done_at` None: not done, whatever the state says."""

    kind: DeadlineKind
    state: PromiseState
    due_at: datetime
    done_at: datetime | None
    round: int
    deadline: Deadline


@dataclass(frozen=True)
class TrackingView:
    """What the tracking page shows, and what its one main action may be."""

    matter: Matter
    profile: Profile
    promises: Sequence[Promise]
    next: Promise | None
    entries: Sequence[Entry]
    demands: Sequence[Demand]
    points: Sequence[ResultPoint]
    attachments: Sequence[Attachment]
    offers: Sequence[Offer]
    answers: dict[str, str]
    stood_in: Sequence[honest.StoodIn]
    outside: Outside
    parts: Sequence[PartView] = ()  # of a divided matter, with the unit of each
    part: Spokesperson | None = None  # who reads it, where several speak for a group
    spokespersons: int = 0  # how many they are
    citations: Sequence[Citation] = ()

    def can(self, action: str) -> bool:
        return any(offer.action == action and offer.allowed for offer in self.offers)

    @property
    def summed_up(self) -> bool:
        """Whether somebody else's words say what is asked for: then the speaker reads them beneath the own ones."""
        said = [str(one.text) for one in self.demands]
        return said not in ([str(self.matter.content).strip()], [self.matter.title])

    @property
    def reworded(self) -> bool:
        """Whether the speaker corrected what was summed up."""
        return any(entry.action == Action.REWORD_DEMANDS for entry in self.entries)

    @property
    def answered(self) -> list[tuple[str, str]]:
        return answered(self.profile, self.matter.category, self.answers)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions of the category that nobody has answered and that may still apply; none once it is closed."""
        if not self.can(Action.ANSWER_QUESTIONS):
            return ()
        return tuple(self.profile.category(self.matter.category).still_open(self.answers))

    @property
    def may_rate(self) -> bool:
        return self.can(Action.RATE)


def part_of(actor: Actor, matter: Matter) -> Spokesperson | None:
    """The spokesperson of a group who reads its page, as long as they speak; one statement, none for others."""
    if actor.part is None or not matter.is_group:
        return None
    row = matter.spokespersons.filter(pk=actor.part, left_at__isnull=True).select_related("party__contact").first()
    if row is not None:
        row.matter = matter
    return row


def tracking(actor: Actor, now: datetime) -> TrackingView:
    """The page of the one matter the speaker's code opened; eight statements, one more where a reply cites an entry.

    Staff who ask for "as the resident sees it" get it through `as_resident`.
    """
    assert actor.kind is ActorKind.SPEAKER
    return _view(actor, Matter.objects.select_related(*RELATED).get(pk=actor.matter_id), now)  # type: ignore[misc]  # a speaker has one


def as_resident(matter: Matter, now: datetime, *, veiled: bool = False) -> TrackingView:
    """What the speaker of this matter would see, of a group its first spokesperson; for staff who may see the matter.

    `veiled`: for those whom the speaker wants to be kept from, as they read it on their own page.
    """
    first = matter.spokespersons.filter(left_at__isnull=True).order_by("seat") if matter.is_group else None
    part = first.values_list("pk", flat=True).first() if first is not None else None
    speaker = Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=part)
    seen = _view(speaker, Matter.objects.select_related(*RELATED).get(pk=matter.pk), now)
    if veiled:
        parties = mine(seen.matter, seen.matter.parties.select_related("person"))
        demands = [*seen.demands, *(point.demand for point in seen.points)]
        veil.draw(seen.matter, parties, demands, seen.entries)
        return replace(seen, answers=answers_of(seen.matter, seen.profile, parties))
    return seen


def _view(actor: Actor, matter: Matter, now: datetime) -> TrackingView:
    clocks = mine(matter, matter.deadlines.select_related("round").order_by("round__ordinal", "due_at", "pk"))
    running = {key_of(clock): clock for clock in clocks if clock.outcome == Outcome.OPEN}
    case = Case(actor=actor, matter=matter, standing=Standing(), now=now, clocks=running)
    followed = {clock.follows_id for clock in clocks}
    clocks = [clock for clock in clocks if clock.pk not in followed]  # a reply that was sent back kept no promise
    part = part_of(actor, matter)
    promises = [_promise(clock, now) for clock in clocks if _shown(clock, clocks) and _own(clock, part)]
    entries = _for_own_eyes(timeline(matter, public_only=True), part)
    public = matter.attachments.filter(audience=Audience.PUBLIC).order_by("id")
    files = [] if matter.is_erased else mine(matter, public)
    in_parts, shown = said_in_parts(matter, entries)
    parts = parts_told(matter, entries)
    if in_parts:
        entries, files = sorted([*entries, *in_parts], key=lambda entry: (entry.at, entry.pk)), [*files, *shown]
    points = mine(
        matter,
        matter.result_points.filter(result__state__in=[ResultState.SIGNED, ResultState.RETURNED])
        .select_related("result", "result__round", "demand")
        .order_by("result__ordinal", "demand__ordinal"),
    )
    due = [promise for promise in promises if promise.done_at is None and promise.deadline.outcome == Outcome.OPEN]
    return TrackingView(
        matter=matter,
        profile=stored.version(matter.profile_id),
        promises=promises,
        next=min(due, key=lambda promise: promise.due_at, default=None),
        entries=entries,
        demands=mine(matter, matter.demands.filter(dropped=False).order_by("ordinal")),
        points=points,
        attachments=_files_of(numbered(files), entries, part),
        offers=workflow.offers(case),
        answers=answers_of(matter, stored.version(matter.profile_id), None),
        citations=citations(matter, {point.result for point in points}),
        stood_in=honest.stood_in(matter),
        outside=outside_of(matter),
        parts=parts,
        part=part,
        spokespersons=matter.spokespersons.filter(left_at__isnull=True).count() if matter.is_group else 0,
    )


def _shown(clock: Deadline, clocks: Sequence[Deadline]) -> bool:
    """Void clocks are history; where the resident's promise runs, the unit's own limit is shown only when later."""
    if clock.outcome == Outcome.VOID or clock.kind not in TO_THE_RESIDENT:
        return False
    if clock.kind != DeadlineKind.COMPLETION:
        return True
    promise = [c for c in clocks if c.kind == DeadlineKind.PROMISE and c.round_id == clock.round_id]
    return not promise or clock.due_at > max(c.due_at for c in promise)


def _own(clock: Deadline, part: Spokesperson | None) -> bool:
    """The withdrawal of another spokesperson is not the reader's."""
    ends_a_part = clock.kind == DeadlineKind.WITHDRAWAL and bool(clock.about)
    return not ends_a_part or (part is not None and clock.about == part.pk.hex)


def _for_own_eyes(entries: Sequence[Entry], part: Spokesperson | None) -> list[Entry]:
    """What one spokesperson said, or was asked, is not for the others: they speak for one demand, each in confidence."""
    own = part.pk.hex if part else None
    return [entry for entry in entries if entry.facts.get("part") in (None, own)]


def _files_of(files: Sequence[Attachment], entries: Sequence[Entry], part: Spokesperson | None) -> Sequence[Attachment]:
    if part is None:
        return files
    shown = {entry.pk for entry in entries}
    return [file for file in files if file.entry_id in shown]


def _promise(clock: Deadline, now: datetime) -> Promise:
    if clock.outcome == Outcome.MET:
        state = PromiseState.KEPT
    elif clock.outcome == Outcome.MISSED or now > clock.due_at:
        state = PromiseState.MISSED
    else:
        state = PromiseState.DUE
    return Promise(
        kind=DeadlineKind(clock.kind),
        state=state,
        due_at=clock.due_at,
        done_at=clock.done_at,
        round=clock.round.ordinal,
        deadline=clock,
    )
