"""The shape of a profile: what an institution decides for itself, as frozen typed values. Reading files is load's.

A profile is data, never code: kinds and categories, limits per step, scales, outcomes, exits, numbering. Codes are
plain strings, equal to the enums of the packages that use them; names come in three languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import ConfigDict, Field

from shuoshi.kernel.calendar import Limit
from shuoshi.organization.profile.asked import Category, Code, Frozen, Kind, Named, Words
from shuoshi.organization.profile.cards import Cards
from shuoshi.organization.profile.public_numbers import PUBLIC_NUMBERS, PublicNumber
from shuoshi.organization.profile.retention import Retention
from shuoshi.organization.profile.sampling import Sampling
from shuoshi.organization.profile.spoken import SpokenOf, spoken_of
from shuoshi.organization.profile.times import Time

Found = TypeVar("Found")


class Step(StrEnum):
    """What a limit may be set for."""

    ACCEPT = "accept"
    ASSIGN = "assign"
    SIGN_FOR = "sign_for"
    RETURN = "return"  # the window in which an assignment may be given back
    RULING = "ruling"
    FIRST_CONTACT = "first_contact"
    PROGRESS = "progress"
    COMPLETION = "completion"
    PROMISE = "promise"  # the resident's: intake and handling together, from registration
    FOLLOW_UP = "follow_up"
    RATING = "rating"  # silence after which a matter ends unrated
    WITHDRAWAL = "withdrawal"
    EMERGENCY = "emergency"
    DUTY = "duty"  # until somebody acts on an emergency, or the next in the tree is called
    SCENE = "scene"  # until those who were sent are there
    REPORT = "report"  # the first report
    REPORT_AGAIN = "report_again"  # each further one
    PAPERS = "papers"  # what was dispatched before it was accepted is written up
    EXTENSION = "extension"  # the most working days that may be added; its cap is what the law adds to its own limit
    PAUSE = "pause"
    PARKED_REVIEW = "parked_review"
    PROGRESS_PAUSED = "progress_paused"  # how often progress is told while the time stands still
    PROGRESS_PARKED = "progress_parked"
    SUPERVISION = "supervision"  # to answer an order of supervision
    NOT_SOLVED = "not_solved"  # how long after closing the resident may still add and rate
    REVIEW = "review"  # to decide on a review
    REVIEW_ASKED = "review_asked"  # how long after the answer a review may be asked for
    MEDIATION = "mediation"  # calendar days a mediation may take, and once more with the consent of both
    PERFORMANCE = "performance"  # so long after its day an obligation is looked at
    SAMPLE = "sample"  # to look at an end that was drawn
    REOPEN = "reopen"  # how long after closing it may be raised again


class Urgency(Named):
    when: Words
    emergency: bool  # minute clocks day and night
    first_contact: Time
    action: Time | None = None
    report: Time | None = None
    report_every: Time | None = None
    scene: Time | None = None
    call_next: Time = Limit.parse("10min")  # when nobody acted, the next in the tree is called
    completion_percent: int = Field(ge=10, le=100)  # of the ordinary handling limit


class ByKind(Frozen):
    """The limit of one step: for all kinds, kind by kind, or by complexity; with its basis and a statutory cap."""

    basis: Words
    all: Time | None = None
    kinds: dict[Code, Time] = {}
    by_complexity: dict[Code, dict[Code, Time]] = {}  # kind → complexity → limit
    cap: Time | None = None

    def of(self, kind: str, complexity: str) -> Limit | None:
        by_complexity = self.by_complexity.get(kind)
        return self.kinds.get(kind, self.all) if by_complexity is None else by_complexity.get(complexity)


class Rework(Frozen):
    """Limit of a rework round: half the first limit within bounds; or fixed for a kind."""

    at_least: Time
    at_most: Time
    fixed: dict[Code, Time] = {}


class Limits(Frozen):
    intake: dict[Code, int]  # working days from registration that the promise adds to the handling limit, per kind
    steps: dict[Step, ByKind]
    rework: Rework
    unverified_contact: Time  # a danger that the resident ticked, until somebody confirmed it
    papers: Time = Limit.parse("1440min")  # of what was dispatched first: accepted, classified, assigned afterwards


class Band(Frozen):
    start: str = Field(alias="from", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    end: str = Field(alias="to", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Attempts(Frozen):
    """When somebody counts as unreachable: so many calls on so many days, with these hours among them."""

    calls: int = Field(ge=1)
    days: int = Field(ge=1)
    bands: tuple[Band, ...]


class Telling(Frozen):
    """Between which hours people are told of what is not urgent, when units get their list of the day, and how many text
    messages the whole site sends."""

    start: str = Field(default="08:00", alias="from", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    end: str = Field(default="20:30", alias="to", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    digest: str = Field(default="08:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    sms_hour: int = Field(default=500, ge=1, le=100_000)
    sms_day: int = Field(default=2000, ge=1, le=1_000_000)
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Level(Frozen):
    value: int = Field(ge=1, le=5)
    name: Words

    def __str__(self) -> str:
        return str(self.name)


class Satisfaction(Frozen):
    levels: tuple[Level, ...] = Field(min_length=5, max_length=5)
    states: tuple[Named, ...]  # not rated, unreachable, declined: never turned into a level


class FollowUpQuestion(Frozen):
    code: Code
    text: Words
    type: Literal["yes_no", "choice", "level", "text"]
    options: tuple[Named, ...] = ()
    required: bool = True


class Outcome(Named):
    """What became of one point of request, and what it means for the resident."""

    follows: Words
    needs_proof: bool = False  # where the category demands proof


class Exit(Named):
    """A lawful end. `decided` exits need somebody outside the handling side; none but SATISFIED counts as satisfied."""

    basis: Words
    decided: bool = False
    evidence: bool = False
    rights_notice: bool = False
    kinds: tuple[Code, ...] = ()  # empty: every kind
    counted: bool = True  # in rates at all


class ReturnReason(Named):
    needs_proper_unit: bool = True


class ScreeningReason(Named):
    route: Words  # where to go instead


class PauseCause(Named):
    at_most: Time | None = None
    renewals: int = 0
    for_speaker: bool = False  # their word is what we wait for, and ends it
    stops_the_law: bool = False  # the statutory limit stands still as well


class RequestKind(Named):
    ruled_by: Words
    reasons: tuple[Named, ...] = ()


class TierLevel(Named):
    rank: int = Field(ge=1)  # 1 is nearest to the people


_OF_EMERGENCIES: dict[Step, Callable[[Urgency], Limit | None]] = {
    Step.EMERGENCY: lambda level: level.action,
    Step.DUTY: lambda level: level.call_next,
    Step.SCENE: lambda level: level.scene,
    Step.REPORT: lambda level: level.report,
    Step.REPORT_AGAIN: lambda level: level.report_every,
}


class Numbering(Frozen):
    matter: str  # SS-{org}-{date}-{number}
    digits: int = Field(ge=4, le=8)
    suffixes: dict[Code, str]

    def matter_number(self, org: str, date: str, number: int) -> str:
        """`date` as YYYYMMDD; the running number gets more digits when a day needs them."""
        return self.matter.format(org=org, date=date, number=str(number).zfill(self.digits))


class CategoryNames(NamedTuple):
    """Words by code: groups with their kind, single categories with their group."""

    groups: Mapping[str, str]
    single: Mapping[str, str]


class Profile(Frozen):
    """Everything an institution decides for itself. Ask the methods; the fields are for lists on pages."""

    code: Code
    name: Words
    levels: tuple[TierLevel, ...]
    complexities: tuple[Named, ...]
    kinds: tuple[Kind, ...]
    urgencies: tuple[Urgency, ...]
    limits: Limits
    attempts: Attempts
    telling: Telling = Telling()
    cards: Cards = Cards()
    sampling: Sampling = Sampling()
    retention: Retention = Retention()
    satisfaction: Satisfaction
    follow_up: tuple[FollowUpQuestion, ...]
    outcomes: tuple[Outcome, ...]
    exits: tuple[Exit, ...]
    return_reasons: tuple[ReturnReason, ...]
    screening_reasons: tuple[ScreeningReason, ...]
    pause_causes: tuple[PauseCause, ...]
    park_reasons: tuple[Named, ...] = ()
    requests: tuple[RequestKind, ...]
    numbering: Numbering
    public_numbers: tuple[PublicNumber, ...] = PUBLIC_NUMBERS  # the four of the country, then those of the place

    def kind(self, code: str) -> Kind:
        """Raises KeyError for a code this version does not know; so do the others below."""
        return self._find(Kind, "kind", code)

    def urgency(self, code: str) -> Urgency:
        return self._find(Urgency, "urgency", code)

    def outcome(self, code: str) -> Outcome:
        return self._find(Outcome, "outcome", code)

    def exit(self, code: str) -> Exit:
        return self._find(Exit, "exit", code)

    def category(self, code: str) -> Category:
        return self._find(Category, "category", code)

    def return_reason(self, code: str) -> ReturnReason:
        return self._find(ReturnReason, "return_reason", code)

    def screening_reason(self, code: str) -> ScreeningReason:
        return self._find(ScreeningReason, "screening_reason", code)

    def kind_of(self, category: str) -> Kind:
        """The kind a category (or group) belongs to."""
        return self._find(Kind, "kind_of", category)

    def group_of(self, category: str) -> Category | None:
        """The first level above a category; None for a first level."""
        group = self._find(Category, "group_of", category)
        return None if group.code == category else group

    def path(self, category: str, kind: str = "") -> str:
        """利益诉求 › 基础设施 › 供水, as far as it is said; a code this version does not know stands as it is."""
        return " › ".join(self.steps(category, kind))

    def steps(self, category: str, kind: str = "") -> list[str]:
        """The same, step by step. Without `kind` it begins with that of the category."""
        found: list[Kind | Category | str | None] = []
        try:
            found = [self.kind(kind)] if kind else []
        except KeyError:
            found = [kind]
        try:
            if category:
                found = found or [self.kind_of(category)]
                found += [self.group_of(category), self.category(category)]
        except KeyError:
            found.append(category)
        return [str(step) for step in found if step is not None]

    def choices(self, kind: str) -> tuple[tuple[Category, tuple[Category, ...]], ...]:
        """Groups with what can be chosen in them; a group without children offers itself."""
        return tuple((group, group.children or (group,)) for group in self.kind(kind).categories)

    def sensitive(self, category: str) -> bool:
        return bool(self.category(category).sensitive)

    def limit(self, step: str, kind: str, complexity: str = "standard", urgency: str = "U4") -> Limit | None:
        """How long a step may take; None where nothing is promised (progress of an enquiry).

        The promise is intake and handling together; what is urgent has first contacts of its own, U1 and U2 in minutes.
        """
        level = self.urgency(urgency)
        if step in _OF_EMERGENCIES:
            return _OF_EMERGENCIES[Step(step)](level) if level.emergency else None
        if step == Step.PAPERS:
            return self.limits.papers
        if step == Step.PROMISE:
            handling = self.limit(Step.COMPLETION, kind, complexity, urgency)
            return None if handling is None else Limit(handling.amount + self.limits.intake.get(kind, 0), handling.unit)
        rule = self.limits.steps.get(Step(step))
        ordinary = None if rule is None else rule.of(kind, complexity)
        if step == Step.FIRST_CONTACT and (level.emergency or level.completion_percent < 100):
            return level.first_contact
        if ordinary is not None and step == Step.COMPLETION and level.completion_percent < 100:
            return Limit(max(1, -(-ordinary.amount * level.completion_percent // 100)), ordinary.unit)
        return ordinary

    def cap(self, step: str) -> Limit | None:
        """The statutory cap in calendar days checked beside the limit; the earlier of both is the deadline."""
        rule = self.limits.steps.get(Step(step if step != Step.PROMISE else Step.COMPLETION))
        return None if rule is None else rule.cap

    def basis(self, step: str) -> str:
        """Why the limit is what it is, for people; "" where there is no rule."""
        rule = self.limits.steps.get(Step(step if step != Step.PROMISE else Step.COMPLETION))
        return "" if rule is None else str(rule.basis)

    def rework_limit(self, kind: str, first: Limit | None) -> Limit:
        """Limit of a new round: half the first one, at least 3, at most 10 working days; fixed for enquiries."""
        rule = self.limits.rework
        if kind in rule.fixed:
            return rule.fixed[kind]
        half = 0 if first is None or first.unit != rule.at_least.unit else -(-first.amount // 2)
        return Limit(min(max(half, rule.at_least.amount), rule.at_most.amount), rule.at_least.unit)

    def every_category(self) -> Iterator[tuple[Kind, Category, Category]]:
        """(kind, group, category) for groups and for what is in them."""
        for kind in self.kinds:
            for group in kind.categories:
                yield kind, group, group
                for child in group.children:
                    yield kind, group, child

    def category_names(self, language: str) -> CategoryNames:
        """Groups and categories as lists offer them, in the language that is spoken now; put together once a language."""
        if language not in self._category_names:
            whole = [(kind, group, one) for kind, group, one in self.every_category()]
            self._category_names[language] = CategoryNames(
                groups={one.code: f"{kind} › {group}" for kind, group, one in whole if one is group},
                single={one.code: f"{group} › {one}" for _kind, group, one in whole if one is not group},
            )
        return self._category_names[language]

    @cached_property
    def spoken(self) -> SpokenOf:
        """The words that speak for categories; put together once."""
        return spoken_of(self.kinds)

    @cached_property
    def _category_names(self) -> dict[str, CategoryNames]:
        return {}

    def _find(self, of: type[Found], sort: str, code: str) -> Found:
        found = self._by_code[(sort, code)]
        assert isinstance(found, of)
        return found

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], Any]:
        found: dict[tuple[str, str], Any] = {("kind", kind.code): kind for kind in self.kinds}
        found |= {("urgency", urgency.code): urgency for urgency in self.urgencies}
        found |= {("outcome", outcome.code): outcome for outcome in self.outcomes}
        found |= {("exit", exit_.code): exit_ for exit_ in self.exits}
        found |= {("return_reason", reason.code): reason for reason in self.return_reasons}
        found |= {("screening_reason", reason.code): reason for reason in self.screening_reasons}
        for kind, group, category in self.every_category():
            found[("category", category.code)] = category
            found[("kind_of", category.code)] = kind
            found[("group_of", category.code)] = group
        return found
