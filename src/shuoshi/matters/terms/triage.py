"""Terms of registration and triage (4.1, 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import Cite, Ruling, Terms, check_title, needed
from shuoshi.matters.vocabulary import Action, Complexity, Kind, Urgency


@dataclass(frozen=True, kw_only=True)
class Accept(Terms):
    action = Action.ACCEPT
    kind: Kind
    title: str
    demands: tuple[str, ...] | None = None  # None: as they were registered
    petition: bool = False  # handled as a petition: reviewed twice where the answer is not agreed to

    def __post_init__(self) -> None:
        check_title(self.title)


@dataclass(frozen=True, kw_only=True)
class ScreenOut(Terms):
    action = Action.SCREEN_OUT
    reason: str  # code of the profile's list
    text: str  # why, and the way to go, in words for the resident

    def __post_init__(self) -> None:
        needed(self.text, _("原因和应走的途径"))


@dataclass(frozen=True, kw_only=True)
class AnswerOnTheSpot(Terms):
    action = Action.ANSWER_ON_THE_SPOT
    kind: Kind
    title: str
    answer: str
    category: str = ""
    basis: str = ""
    clear: bool = False  # the asker said it is clear (我说清楚了吗)
    cites: tuple[Cite, ...] = ()

    def __post_init__(self) -> None:
        check_title(self.title)
        needed(self.answer, _("答复"))


@dataclass(frozen=True, slots=True)
class Offered:
    """Categories that were offered before somebody decided, likeliest first, and by which version of the rule."""

    rule: int
    categories: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Classify(Terms):
    action = Action.CLASSIFY
    kind: Kind
    category: str
    complexity: Complexity
    reason: str = ""
    offered: Offered | None = None  # None: nothing was


@dataclass(frozen=True, kw_only=True)
class Assign(Terms):
    """To a unit, to a person of it, or to oneself (我来办: unit is the own one, person oneself, signed for at once)."""

    action = Action.ASSIGN
    unit: UUID
    person: UUID | None = None
    myself: bool = False
    duty_line: UUID | None = None
    reason: str = ""  # why the duty list was left, needed when no line names the unit
    limit: Limit | None = None  # shorter than the rule only
    co_units: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Designate(Assign):
    action = Action.DESIGNATE

    def __post_init__(self) -> None:
        needed(self.reason, _("指定的理由"))


@dataclass(frozen=True, kw_only=True)
class ConfirmUrgency(Terms):
    action = Action.CONFIRM_URGENCY
    level: Urgency
    reason: str

    def __post_init__(self) -> None:
        needed(self.reason, _("理由"))


@dataclass(frozen=True, kw_only=True)
class LowerUrgency(Terms):
    action = Action.LOWER_URGENCY
    level: Urgency
    reason: str

    def __post_init__(self) -> None:
        needed(self.reason, _("理由"))


@dataclass(frozen=True, kw_only=True)
class OrderCorrected:
    """Number and limit of an outside order, as the order says them."""

    number: str
    days: int
    working_days: bool = True


@dataclass(frozen=True, kw_only=True)
class CorrectRegistration(Terms):
    """Fields to correct; both versions stay in the history. The resident's words are no field (rule 5)."""

    action = Action.CORRECT_REGISTRATION
    reason: str
    area: UUID | None = None
    place: str | None = None
    demands: tuple[str, ...] | None = None
    order: OrderCorrected | None = None

    def __post_init__(self) -> None:
        needed(self.reason, _("更正的理由"))


@dataclass(frozen=True, kw_only=True)
class CheckConcerned(Terms):
    """Which units and people of ours a resident's words speak of; or `nobody`, looked up all the same."""

    action = Action.CHECK_CONCERNED
    units: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    nobody: bool = False

    def __post_init__(self) -> None:
        if bool(self.units or self.people) == self.nobody:
            raise Refused("concerned_unsaid", _("请选出说到的是哪些单位和人；都不是的，勾上“不是”。"))


@dataclass(frozen=True, kw_only=True)
class Void(Terms):
    action = Action.VOID
    reason: str

    def __post_init__(self) -> None:
        needed(self.reason, _("作废的理由"))


@dataclass(frozen=True, kw_only=True)
class RuleVoid(Ruling):
    action = Action.RULE_VOID


@dataclass(frozen=True, kw_only=True)
class UndoImport(Terms):
    """The file it came from was imported by mistake: which run that was, and who ordered that it be undone."""

    action = Action.UNDO_IMPORT
    run: UUID
    by: UUID


@dataclass(frozen=True, kw_only=True)
class HandOverReceipt(Terms):
    """The printed slip reached the resident: on signed paper, or to the resident's own phone."""

    action = Action.HAND_OVER_RECEIPT
    to_whom: str
    spokesperson: UUID | None = None  # of a group: whose it is

    def __post_init__(self) -> None:
        needed(self.to_whom, _("交给了谁"))
