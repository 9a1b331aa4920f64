"""`Step`: one row of the table being carried out — its rows, clocks, words and notices gathered into one event.

Nothing here decides; stages in `actions` say what happens, and `actions.run` says whether it may.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from shuoshi.kernel import outbox, rows
from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.calendar import Limit, Unit
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Event, Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import deadlines, notices, outside_guards
from shuoshi.matters.case import Case
from shuoshi.matters.clocked import Clocked
from shuoshi.matters.models import (
    Attachment,
    Deadline,
    Entry,
    Involvement,
    Matter,
    Mediation,
    Request,
    Result,
)
from shuoshi.matters.models.matter import NEVER
from shuoshi.matters.scope import standing
from shuoshi.matters.terms import FileGiven, FileKept, Terms
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import (
    AFTERWARDS,
    GIVEN,
    INVOLVING,
    LOOKED_AT,
    Action,
    AgencyEnded,
    Audience,
    Bond,
    DeadlineKind,
    Mediated,
    RequestState,
    ResultState,
    Status,
)
from shuoshi.organization.profile import Profile

Row = TypeVar("Row", bound=models.Model)

ASIDE = AFTERWARDS | {DeadlineKind.SPONSOR, DeadlineKind.CO_OPINION}  # owed by others than whoever has it, or later
_NOT_WORK = frozenset(  # of whoever has the matter in hand
    {
        DeadlineKind.PROMISE,
        DeadlineKind.RATING,
        DeadlineKind.WITHDRAWAL,
        *ASIDE,
    }
)
_PAPERS_WITHIN = Limit(3, Unit.WORKING_DAYS)  # when nobody acts for the speaker any more
_WITH_THE_PLACE = frozenset({Bond.ISSUED, Bond.LED, Bond.RULED, Bond.HELPED})
_TOLD = {"turn", "status", "lead_unit", "promised_by"}  # columns of which a program outside is told
_MAIN = GIVEN | {Status.ACCEPTED}  # where others may be merged into it
_ONLY_PROMISED = frozenset(
    {Status.PARKED, Status.MERGED, Status.DIVIDED}
)  # of these the promise is the date to work towards


class Step(Clocked):
    """What one action does, gathered until `tell`. `matter` is locked by the caller, or new.

    A new one is written when the step is told and all its columns are known; what hangs on it may be written before.
    `give_number` is called then, last of all: who registers in the same series waits from there to the commit.
    """

    def __init__(
        self,
        row: Transition,
        case: Case,
        profile: Profile,
        occurred_at: datetime | None = None,
        give_number: Callable[[Matter], None] | None = None,
    ) -> None:
        self.row = row
        self.case = case
        self.matter: Matter = case.matter
        self.actor = case.actor
        self.now = case.now
        self.profile = profile
        self.story = Story(
            Stream("matter", str(case.matter.pk)),
            row.action,
            by=case.actor,
            at=case.now,
            clause=row.clause,
            occurred_at=occurred_at,
            first=case.matter._state.adding,
        )
        self._begins = case.matter._state.adding
        self._give_number = give_number
        self.started: list[Deadline] = []
        self.clocks: dict[str, Deadline] = dict(case.clocks)
        self.rating = case.rating
        self.goes_on = False  # ruled in this step: handled again, although its kind would not be
        self._columns: dict[str, Any] = {}
        self._fallen: list[tuple[str, str]] = []
        self._notices: list[outbox.Notice] = []
        self._public = False  # whether the speaker finds something new, said by somebody else
        self._parts: list[str] = []  # of a group those who do, where not all find it
        self.onward: list[tuple[Action, Terms]] = []  # rows the same person goes on with, in the same transaction
        self.elsewhere: list[tuple[UUID, Action, Terms]] = []  # rows of other matters that follow by rule, likewise
        self._unit = _acts_for(row, case)
        self.came_from = Status(case.matter.status)
        self.came_exit, self.came_ended_at = case.matter.exit, case.matter.closed_at
        self.came_with = case.matter.merged_here

    # ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, row: Row) -> Row:
        return self.story.add(row)

    def change(self, row: Row, **values: Any) -> Row:
        return self.story.change(row, **values)

    def set(self, **columns: Any) -> None:
        """Columns of the matter, written together in one UPDATE when the step is told."""
        for name, value in columns.items():
            setattr(self.matter, name, value)
        self._columns |= columns

    def turn(self) -> None:
        """Forms that were opened before this step are stale after it."""
        self.set(turn=self.matter.turn + 1)

    def move(self, status: Status) -> None:
        if self.row.targets and status not in self.row.targets:
            raise AssertionError(f"{self.row.action} does not lead to {status}")
        self.set(status=status)

    def say(
        self,
        audience: Audience,
        text: str = "",
        *,
        files_given: Iterable[FileGiven | FileKept] = (),
        **facts: str | int | bool | None,
    ) -> Entry:
        """The line of the timeline for this step, with its words and files."""
        staff = self.actor.kind is ActorKind.STAFF
        if self.actor.part is not None:
            facts.setdefault("part", self.actor.part.hex)
        if audience == Audience.PUBLIC and self.actor.kind is not ActorKind.SPEAKER:
            part = facts.get("part")
            self._parts += [str(part)] if part else []
            self._public = self._public or not part
        entry = self.add(
            rows.new(
                Entry,
                matter=self.matter,
                round=self.matter.round,
                assignment=self.matter.assignment,
                event_id=self.story.event_id,
                action=self.row.action,
                audience=audience,
                text=text,
                facts_json=json.dumps(facts, ensure_ascii=False, sort_keys=True),
                person_id=self.actor.person_id if staff else None,
                unit_id=self._unit if staff else None,
                in_place_of_id=self.actor.acting_for if staff else None,
                by_speaker=self.actor.kind is ActorKind.SPEAKER,
                at=self.now,
            )
        )
        for given in files_given:
            self.attach(entry, given)
        return entry

    def attach(self, entry: Entry, given: FileGiven | FileKept) -> Attachment:
        """Store the bytes (on disk before the row exists) and add the row that leads to them."""
        kept = given if isinstance(given, FileKept) else given.kept(self.matter.data_key())
        if kept.is_sound and self.actor.kind is ActorKind.SPEAKER:
            self.set(untyped=True)
        return self.add(
            Attachment(
                matter=self.matter,
                entry=entry,
                audience=entry.audience,
                name=kept.name[:200],
                stored=kept.stored.name,
                thumbnail=kept.thumbnail,
                media_type=kept.media_type,
                size=kept.stored.size,
                sha256=kept.stored.sha256,
                seconds=kept.seconds,
            )
        )

    def next_result(self) -> int:
        """The ordinal of the next result: a returned one keeps its own."""
        last = self.matter.results.order_by("-ordinal").values_list("ordinal", flat=True).first()
        return (last or 0) + 1

    def take_back_result(self) -> None:
        """A result that waits for its signature when its handler changes: whoever handles next prepares another."""
        for result in Result.objects.filter(matter=self.matter, state=ResultState.PREPARED):
            result.matter = self.matter
            self.change(result, state=ResultState.SENT_BACK)
        self.set(result_in_hand=False)

    def involve(self, person: UUID | None, bond: Bond, over: Iterable[str] = ()) -> None:
        """Write down what this person did, and which units they head; once is enough for ever."""
        if person is None:
            return
        if person == self.actor.person_id and bond in _WITH_THE_PLACE:
            self.involve(self.actor.acting_for, bond, over)  # it was done in their name
        known = Involvement.objects.filter(matter=self.matter, person_id=person, bond=bond)
        written = set() if self._begins else set(known.values_list("over_path", flat=True))
        for path in dict.fromkeys(over or [""]):
            if path not in written:
                self.add(Involvement(matter=self.matter, person_id=person, bond=bond, over_path=path, at=self.now))
        if self.matter.is_part and bond in INVOLVING:
            self._involve_in_the_whole(person, bond, over)

    def _involve_in_the_whole(self, person: UUID, bond: Bond, over: Iterable[str]) -> None:
        """Who had to do with a part had to do with the whole, which is locked with it: one call, one rating (1.3.1)."""
        whole = self.matter.part_of
        known = Involvement.objects.filter(matter=whole, person_id=person, bond=bond)
        written = set(known.values_list("over_path", flat=True))
        for path in dict.fromkeys(over or [""]):
            if path not in written:
                self.add(Involvement(matter=whole, person_id=person, bond=bond, over_path=path, at=self.now))

    def fall_back(self, to: str, why: str) -> None:
        """Note who does a duty instead, and why nobody before them in the order could."""
        self._fallen += [(to, why)]
        self.story.fact(fallback=[to for to, _ in self._fallen], why_no_other=[why for _, why in self._fallen])

    def look_again(self) -> None:
        """Who is kept from the matter, who is involved and what waits for a ruling, as the rows now say."""
        self.case = replace(self.case, standing=standing(self.actor, self.matter))

    # ── the end ────────────────────────────────────────────────────────────────────────────────────────────────────

    def close(self, exit_: str) -> None:
        """End the matter: requests, the round, the assignment, and every clock but of what is looked at afterwards.

        Raises Refused while something is owed.
        """
        for owed in (outside_guards.order_reported, outside_guards.papers_back):
            if not owed(self.case):
                raise Refused(owed.name, str(owed.says))
        self.end_agency(AgencyEnded.CLOSED)
        self.drop_all(but=self.afterwards)
        for request in Request.objects.filter(matter=self.matter, state=RequestState.PENDING):
            request.matter = self.matter
            self.change(request, state=RequestState.WITHDRAWN, decided_at=self.now)
        if self.matter.assignment is not None and self.matter.assignment.ended_at is None:
            self.change(self.matter.assignment, ended_at=self.now, ended_because="round_ended")
        if self.matter.round is not None and self.matter.round.ended_at is None:
            self.change(self.matter.round, ended_at=self.now)
        self.take_back_result()
        self.end_emergency()
        self.drop_mediation()
        self.set(
            exit=exit_,
            supervised=False,
            papers_owed=False,
            paused_for="",
            waits_for_speaker=False,
            closed_at=self.now,
            reconsidered_until=deadlines.reconsidered_until(self.matter, self.profile, self.now),
            reopen_until=deadlines.reopen_until(self.matter, self.profile, self.now),
            withdrawal_asked_at=None,
        )

    def end_emergency(self, words: str = "") -> None:
        """Nothing more is counted in minutes and nobody is called any more; the file, if there is one, is closed."""
        if self.matter.duty_since is None:
            return
        for kind in (DeadlineKind.DUTY, DeadlineKind.SCENE, DeadlineKind.REPORT):
            self.drop(kind)
        for file in self.matter.emergency_files.filter(stood_down_at__isnull=True):
            file.matter = self.matter
            self.change(file, stood_down_at=self.now, stood_down_by_id=self.actor.person_id, words=words)
        self.set(duty_since=None)

    def end_agency(self, because: AgencyEnded) -> None:
        """Nobody acts for the speaker elsewhere any more; papers that are out are owed all the same."""
        if self.matter.agent_id is None:
            return
        running = self.clocks.pop(DeadlineKind.AGENCY, None)
        if running is not None:  # a last day is neither kept nor missed
            self.change(running, outcome=Outcome.VOID, settled_at=self.now, next_look_at=None)
        for agency in self.matter.authorisations.filter(ended_at__isnull=True):
            agency.matter = self.matter
            self.change(agency, ended_at=self.now, ended_because=because)
        if not self.matter.papers_out:
            self.set(agent_id=None)
        elif because != AgencyEnded.REPLACED and DeadlineKind.HAND_BACK not in self.clocks:
            self.start(DeadlineKind.HAND_BACK, limit=_PAPERS_WITHIN, basis="agency_ended")

    def drop_mediation(self) -> None:
        """It goes no further, and nothing came of it."""
        if self.matter.mediation != Mediated.OPEN:
            return
        for mediation in Mediation.objects.filter(matter=self.matter, outcome=Mediated.OPEN):
            mediation.matter = self.matter
            self.change(mediation, outcome=Mediated.DROPPED, ended_at=self.now)
        self.set(mediation="", mediator_id=None)

    def queue(self, notice: outbox.Notice) -> None:
        """A notice that is made by hand, such as the printed receipt."""
        self._notices.append(notice)

    def settle_notices(self, kind: str) -> int:
        """Tick off what was waiting to be handed over in this matter; how many."""
        return outbox.settle_about("matter", self.matter.id, kind, by=self.actor.person_id, at=self.now)

    def hand_on(self, terms: Terms) -> None:
        """Go on with another row as the same person when this one is told (我来办)."""
        self.onward.append((terms.action, terms))

    def send(self, matter: UUID, terms: Terms) -> None:
        """Let a row of another matter follow by rule when this one is told."""
        self.elsewhere.append((matter, terms.action, terms))

    def notify(self, kind: str, *audiences: str, **facts: str | int | bool | None) -> None:
        self._notices += notices.made(self.matter, self.now, kind, audiences, facts)

    def tell(self) -> Event:
        """Write the state and the event, then the notices. Once per step."""
        aside = _NOT_WORK - {DeadlineKind.PROMISE} if self.matter.status in _ONLY_PROMISED else _NOT_WORK
        aside = aside - LOOKED_AT if self.matter.status == Status.CLOSED else aside
        work = [clock for clock in self.clocks.values() if clock.kind not in aside]
        nearest = min(work, key=lambda clock: (clock.due_at, clock.kind), default=None)
        self.set(
            next_due_at=nearest.due_at if nearest else NEVER,
            next_due_kind=nearest.kind if nearest else "",
        )
        if self.matter.merged_here and self.matter.status not in _MAIN:
            self.set(merged_here=0)  # they go on by themselves
        if self._public or self._parts:
            parts = None if self._public else self._parts
            spoken_of = self.matter.part_of or self.matter  # the speaker knows the whole only
            self._notices += notices.to_speaker(spoken_of, self.now, self.row.action, parts)
        if self._begins:
            self._write_new()
        else:
            if self.matter.sent_by_platform and _TOLD & self._columns.keys():
                self.queue(notices.to_program(self.matter, self.now, self.row.action))
            self.change(self.matter, **self._columns)
        event = self.story.tell()
        if not self._begins:  # nothing was told of a new one before
            self._take_back_notices()
        for notice in self._notices:
            notice.event_id = event.pk
        outbox.put_all(self._notices)
        return event

    def _take_back_notices(self) -> None:
        if self.row.raises_turn:
            lasting = notices.lasting(self.matter, self.clocks)
            outbox.outdate("matter", self.matter.id, before=self.now, but=lasting)
        else:
            moved = self._of_its_unit(self.clocks) < self._of_its_unit(self.case.clocks) or set(self.row.start) - ASIDE
            over = notices.done(self.matter, self.clocks) + (list(notices.CLOCK) if moved else [])
            outbox.outdate("matter", self.matter.id, before=self.now, kinds=over)

    @staticmethod
    def _of_its_unit(clocks: Mapping[str, Deadline]) -> int:
        return sum(clock.kind not in ASIDE for clock in clocks.values())

    def _write_new(self) -> None:
        if self._give_number is not None:
            self._give_number(self.matter)
        for notice in self._notices:
            notice.number = self.matter.number
        self.add(self.matter)


def _acts_for(row: Transition, case: Case) -> UUID | None:
    """The unit of the post a step is taken under: of several the first that would be enough alone, else the first."""
    posts = case.actor.posts
    if len(posts) > 1:
        for post in posts:
            if row.allow.refusal(replace(case, actor=replace(case.actor, posts=(post,)))) is None:
                return post.unit_id
    return posts[0].unit_id if posts else None
