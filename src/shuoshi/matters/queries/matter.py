"""One matter as its page needs it: seven statements, whatever its length, and one more for the answers of its results."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import CharField, Model, QuerySet, UUIDField
from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind, PostHeld
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.prepared import Prepared
from shuoshi.matters import checklist, deadlines, permission, veil, workflow
from shuoshi.matters.case import Case, Standing
from shuoshi.matters.models import Attachment, Citation, Deadline, Demand, Entry, Matter, Party, Result, ResultPoint
from shuoshi.matters.permission import Other
from shuoshi.matters.scope import ACTORS, holding, standings_of, visible_to
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, PartyRole
from shuoshi.matters.workflow import Offer
from shuoshi.organization.profile import Profile, Question, stored

R = TypeVar("R", bound=Model)

RELATED = (
    "round", "assignment", "assignment__unit", "lead_unit", "lead_unit__parent", "registry", "registry__parent",
    "handler", "area", "said_point", "registered_by", "merged_into",
)  # fmt: skip


class Cited(NamedTuple):
    """The version of an entry of the knowledge base that an answer rests on."""

    entry: int
    version: int
    question: str

    @classmethod
    def of(cls, line: str) -> Cited:
        """From the line that `actions.citing.named` wrote."""
        entry, version, question = line.split(" ", 2)
        return cls(int(entry), int(version), question)


class Recording(NamedTuple):
    """One recording and when it came."""

    file: Attachment
    at: datetime


@dataclass(frozen=True)
class MatterView:
    """Everything the page of one matter shows. Rows belong to `matter` and know it, so that texts decrypt freely."""

    matter: Matter
    profile: Profile
    standing: Standing
    offers: Sequence[Offer]
    demands: Sequence[Demand]
    entries: Sequence[Entry]
    deadlines: Sequence[Deadline]
    parties: Sequence[Party]
    attachments: Sequence[Attachment]
    answers: dict[str, str] = field(default_factory=dict)
    veiled: bool = False  # the speaker's words are shown without what names them

    @cached_property
    def points(self) -> Sequence[ResultPoint]:
        """The answers of every result; read when they are asked for, and not before there can be any."""
        given = (Action.PREPARE_RESULT, Action.ANSWER_ON_THE_SPOT)
        if not any(entry.action in given for entry in self.entries):
            return []
        return mine(self.matter, _POINTS.ask(matter=self.matter.pk))

    @property
    def citations(self) -> Sequence[Cited]:
        """What any of its answers rests on, by number."""
        said = [str(entry.facts.get("cited", "")) for entry in self.entries]
        return sorted({Cited.of(line) for lines in said for line in lines.splitlines()})

    @property
    def answered(self) -> list[tuple[str, str]]:
        return answered(self.profile, self.matter.category, self.answers)

    @property
    def recordings(self) -> list[Recording]:
        """What was said into a microphone or left on the hotline, in the order it came."""
        came = {entry.pk: entry.at for entry in self.entries}
        return [Recording(file, came[file.entry_id]) for file in self.attachments if file.is_sound]

    @property
    def typed(self) -> list[Entry]:
        """What the registry typed of it, each time; the last of them are the words of a matter that had no others."""
        return [entry for entry in self.entries if entry.action == Action.TYPE_OUT]

    @property
    def checks(self) -> list[checklist.Line]:
        """What its category asks to be looked at, and what of it was in this assignment."""
        return checklist.lines(self.profile, self.matter, self.entries)

    @property
    def running(self) -> dict[str, Deadline]:
        return running(self.deadlines)

    def can(self, action: str) -> bool:
        return any(offer.action == action and offer.allowed for offer in self.offers)

    def files_of(self, entry: Entry) -> list[Attachment]:
        return [attachment for attachment in self.attachments if attachment.entry_id == entry.pk]


def matter_page(actor: Actor, number: str, now: datetime) -> MatterView:
    """The matter behind a number for this actor. Raises Matter.DoesNotExist when the actor may not know of it."""
    matter = _found(actor, number)
    if matter.round is not None:
        _give(matter.round, matter)
    clocks = mine(matter, _DEADLINES.ask(matter=matter.pk))
    case, others = _cases(actor, matter, now, clocks)
    demands, entries = mine(matter, _DEMANDS.ask(matter=matter.pk)), timeline(matter)
    parties = mine(matter, _PARTIES.ask(matter=matter.pk))
    _seat(entries, parties)
    veiled = veil.drawn_for(case)
    if veiled:
        veil.draw(matter, parties, demands, entries)
    offers = workflow.offers(case, others)
    profile = stored.version(matter.profile_id)
    _word_items(entries, profile)
    files = [] if matter.is_erased else numbered(mine(matter, _ATTACHMENTS.ask(matter=matter.pk)))
    if veiled:
        _cover(files, entries)
    veil.mute(files, case)
    return MatterView(
        matter=matter,
        profile=profile,
        standing=case.standing,
        offers=offers,
        demands=demands,
        entries=entries,
        deadlines=_known_to(offers, clocks),
        parties=parties,
        veiled=veiled,
        attachments=files,
        answers=answers_of(matter, profile, parties if veiled else None),
    )


def answers_of(matter: Matter, profile: Profile, parties: Sequence[Party] | None) -> dict[str, str]:
    """What was answered to the questions of its category; with `parties` as those read it whom they keep away."""
    given: dict[str, str] = json.loads(matter.answers) if matter.answers and not matter.is_erased else {}
    if not given or parties is None:
        return given
    free = {one.code for one in profile.category(matter.category).questions if not one.values}
    return veil.answers(given, free, parties)


def _cover(files: Sequence[Attachment], entries: Sequence[Entry]) -> None:
    theirs = {entry.pk for entry in entries if veil.covers(entry)}
    for file in files:
        file.covered = file.entry_id in theirs


def _known_to(offers: Sequence[Offer], clocks: Sequence[Deadline]) -> list[Deadline]:
    """That an end was drawn only those know who are to look at it, until they did: nobody speaks to the person before."""
    asks = any(offer.action == Action.RECORD_SAMPLE and offer.allowed for offer in offers)
    return [one for one in clocks if asks or one.kind != DeadlineKind.SAMPLE or one.outcome != Outcome.OPEN]


def _seat(entries: Sequence[Entry], parties: Sequence[Party]) -> None:
    """Tell each line which spokesperson of a group it is about; without a statement."""
    spoken = [party.spokesperson for party in parties if party.role == PartyRole.SPOKESPERSON]
    seats = {row.pk.hex: row.seat for row in spoken}
    for entry in entries if seats else ():
        entry.seat = seats.get(str(entry.facts.get("part", "")), 0) or int(entry.facts.get("seat") or 0)


def _word_items(entries: Sequence[Entry], profile: Profile) -> None:
    for entry in entries:
        if entry.action == Action.TICK_ITEMS:
            entry.items = checklist.said(profile, entry)


def running(clocks: Sequence[Deadline]) -> dict[str, Deadline]:
    """The open ones of these by key."""
    return {deadlines.key_of(clock): clock for clock in clocks if clock.outcome == Outcome.OPEN}


def _found(actor: Actor, number: str) -> Matter:
    if actor.kind is not ActorKind.STAFF or actor.person_id is None:
        return visible_to(actor).select_related(*RELATED).get(number=number)
    if actor.stands_in:
        return visible_to(actor).select_related(*RELATED).get(number=number)
    found = _visible(actor.posts, actor.one_record).one(person=actor.person_id, number=number)
    if found is None:
        raise Matter.DoesNotExist
    return found


@lru_cache(maxsize=ACTORS)
def _visible(posts: tuple[PostHeld, ...], one_record: bool) -> Prepared[Matter]:
    """The matter behind a number, where somebody with these posts may know of it."""

    def build(person: UUID, number: str) -> QuerySet[Matter]:
        somebody = holding(posts, person, one_record=one_record)
        return visible_to(somebody).select_related(*RELATED).filter(number=number)

    return Prepared(build, person=UUIDField(), number=CharField())


def _prepared(build: Callable[[UUID], QuerySet[Any, R]]) -> Prepared[R]:
    """What hangs on one matter."""
    return Prepared(build, matter=UUIDField())


_DEADLINES = _prepared(
    lambda matter: Deadline.objects.filter(matter=matter).select_related("round").order_by("due_at", "started_at", "pk")
)
_DEMANDS = _prepared(lambda matter: Demand.objects.filter(matter=matter).order_by("ordinal"))
_PARTIES = _prepared(
    lambda matter: (
        Party.objects.filter(matter=matter)
        .select_related("person", "contact", "contact__person", "spokesperson")
        .order_by("spokesperson__seat", "role", "pk")
    )
)
_POINTS = _prepared(
    lambda matter: (
        ResultPoint.objects.filter(matter=matter)
        .select_related("result", "result__prepared_by", "result__issuer", "demand", "result__round")
        .order_by("result__ordinal", "demand__ordinal")
    )
)
_ATTACHMENTS = _prepared(lambda matter: Attachment.objects.filter(matter=matter).order_by("id"))
_ENTRIES = _prepared(lambda matter: _entries(matter))
_PUBLIC_ENTRIES = _prepared(lambda matter: _entries(matter).filter(audience=Audience.PUBLIC))


def citations(matter: Matter, results: Iterable[Result]) -> list[Citation]:
    """What these results of a matter rest on, each with its entry; one statement, none where they rest on nothing."""
    citing = [result.pk for result in results if result.cites]
    if not citing:
        return []
    rows = matter.citations.filter(result__in=citing)
    return list(rows.select_related("version__entry__current").order_by("version__entry__number"))


def timeline(matter: Matter, *, public_only: bool = False) -> list[Entry]:
    """Everything said and done, oldest first, in one statement."""
    return mine(matter, (_PUBLIC_ENTRIES if public_only else _ENTRIES).ask(matter=matter.pk))


def _entries(matter: UUID) -> QuerySet[Entry]:
    return (
        Entry.objects.filter(matter=matter)
        .select_related("person", "unit", "round", "in_place_of")
        .order_by("at", "id")
    )


def offers(actor: Actor, matter: Matter, now: datetime) -> list[Offer]:
    """What this actor may do with the matter now, why not the rest, and who could. Two statements."""
    return workflow.offers(*_cases(actor, matter, now, list(matter.deadlines.filter(outcome=Outcome.OPEN))))


def _cases(actor: Actor, matter: Matter, now: datetime, clocks: Sequence[Deadline]) -> tuple[Case, list[Other]]:
    """This person before the matter, and everybody near it; one statement."""
    found = permission.near(matter)
    own, *theirs = standings_of([actor, *(holder.actor for holder in found)], matter)
    case = Case(actor=actor, matter=matter, standing=own, now=now, clocks=running(clocks))
    return case, permission.others(case, found, theirs)


def mine(matter: Matter, rows: Iterable[R]) -> list[R]:
    """Rows as a list, each holding this very matter and what hangs on it: one key unwrapped, no further statement."""
    found = list(rows)
    for row in found:
        _give(row, matter)
        for name in ("demand", "result", "round"):
            related = row._state.fields_cache.get(name)
            if related is not None:
                _give(related, matter)
    return found


def _give(row: Model, matter: Matter) -> None:
    setattr(row, "matter", matter)  # noqa: B010 (no type knows that each of these rows has a matter)


def numbered(files: list[Attachment]) -> list[Attachment]:
    """Files in their order, each told its number: the same for the resident and on the desk, without gaps for either."""
    places: Counter[str] = Counter()
    for file in files:
        places[file.audience] += 1
        file.ordinal = places[file.audience]
    return files


def answered(profile: Profile, category: str, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The category's questions with what was answered, both in words, in the order in which they are asked."""
    if not answers or not category:
        return []
    questions = [one for one in profile.category(category).questions if one.code in answers]
    return [(str(one.text), _in_words(one, answers[one.code])) for one in questions]


def _in_words(question: Question, value: str) -> str:
    names = {option.code: str(option) for option in question.options} | {"yes": _("是"), "no": _("不是")}
    return names.get(value, value) if question.values else value
