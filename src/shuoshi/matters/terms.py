"""What must be given to each action, typed. Faces turn their forms into these; actions take nothing else.

A rule about a single value that holds everywhere (a title has at most 40 characters) is checked here, so that the
desk, an import and a program hear the same words. Rules about the matter are guards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.vocabulary import (
    Action,
    Complexity,
    Exit,
    Kind,
    Outcome,
    Proof,
    ReportForm,
    RequestKind,
    Satisfaction,
    Solved,
    Urgency,
    Way,
)

TITLE_LIMIT = 40
TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class FileGiven:
    """One attachment, already cleaned (kernel.pictures); `name` is what the person called it."""

    name: str
    data: bytes
    media_type: str
    thumbnail: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Base of all terms: `action` names the row of the table they belong to."""

    action: ClassVar[Action]


def _needed(value: str, what: str) -> None:
    if not value.strip():
        raise Refused("missing", _("还没有写%(what)s。") % {"what": what})
    if len(value) > TEXT_LIMIT:
        raise Refused("too_long", _("%(what)s最多 20,000 字。") % {"what": what})


@dataclass(frozen=True, kw_only=True)
class Text(Terms):
    """Terms that are one text. Subclasses say which action and what the text is called."""

    text: str
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        _needed(self.text, _("内容"))


@dataclass(frozen=True, kw_only=True)
class Accept(Terms):
    action = Action.ACCEPT
    kind: Kind
    title: str

    def __post_init__(self) -> None:
        check_title(self.title)


def check_title(title: str) -> None:
    """At most 40 characters and nothing that identifies a person: titles stand in lists and notices."""
    _needed(title, _("标题"))
    if len(title) > TITLE_LIMIT:
        raise Refused("title_too_long", _("标题最多 40 个字，现在是 %(n)d 个。") % {"n": len(title)})
    if sum(character.isdigit() for character in title) >= 7:
        raise Refused("title_has_number", _("标题里不要写电话或证件号。"))


@dataclass(frozen=True, kw_only=True)
class ScreenOut(Terms):
    action = Action.SCREEN_OUT
    reason: str  # code of the profile's list
    text: str  # why, and the way to go, in words for the resident

    def __post_init__(self) -> None:
        _needed(self.text, _("原因和应走的途径"))


@dataclass(frozen=True, kw_only=True)
class AnswerOnTheSpot(Terms):
    action = Action.ANSWER_ON_THE_SPOT
    kind: Kind
    title: str
    answer: str
    category: str = ""
    basis: str = ""
    clear: bool = False  # the asker said it is clear (我说清楚了吗)

    def __post_init__(self) -> None:
        check_title(self.title)
        _needed(self.answer, _("答复"))


@dataclass(frozen=True, kw_only=True)
class Classify(Terms):
    action = Action.CLASSIFY
    kind: Kind
    category: str
    complexity: Complexity
    reason: str = ""


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
        _needed(self.reason, _("指定的理由"))


@dataclass(frozen=True, kw_only=True)
class SignFor(Terms):
    action = Action.SIGN_FOR
    handler: UUID


@dataclass(frozen=True, kw_only=True)
class RequestReturn(Terms):
    action = Action.REQUEST_RETURN
    reason: str
    text: str
    proper_unit: UUID

    def __post_init__(self) -> None:
        _needed(self.text, _("退单理由"))


@dataclass(frozen=True, kw_only=True)
class Ruling(Terms):
    """An answer to a pending request. The reason is owed both ways."""

    granted: bool
    text: str

    def __post_init__(self) -> None:
        _needed(self.text, _("裁定理由"))


@dataclass(frozen=True, kw_only=True)
class RuleReturn(Ruling):
    action = Action.RULE_RETURN


@dataclass(frozen=True, kw_only=True)
class ChangeHandler(Terms):
    action = Action.CHANGE_HANDLER
    handler: UUID
    reason: str

    def __post_init__(self) -> None:
        _needed(self.reason, _("改派的理由"))


@dataclass(frozen=True, kw_only=True)
class RecordFirstContact(Terms):
    action = Action.RECORD_FIRST_CONTACT
    way: Way
    reached: bool
    text: str

    def __post_init__(self) -> None:
        _needed(self.text, _("联系情况"))


@dataclass(frozen=True, kw_only=True)
class Work(Terms):
    """A record of handling: an inner text, and what of it the resident reads."""

    text: str
    public_text: str = ""
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        _needed(self.text, _("内容"))


@dataclass(frozen=True, kw_only=True)
class RecordInvestigation(Work):
    action = Action.RECORD_INVESTIGATION


@dataclass(frozen=True, kw_only=True)
class SetPlan(Work):
    action = Action.SET_PLAN


@dataclass(frozen=True, kw_only=True)
class RecordMeasure(Work):
    action = Action.RECORD_MEASURE


@dataclass(frozen=True, kw_only=True)
class ReportProgress(Terms):
    action = Action.REPORT_PROGRESS
    done: str
    next_step: str
    next_on: date | None = None
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        _needed(self.done, _("已经做了什么"))
        _needed(self.next_step, _("下一步做什么"))


@dataclass(frozen=True, kw_only=True)
class Note(Text):
    action = Action.NOTE


@dataclass(frozen=True, kw_only=True)
class WriteToSpeaker(Text):
    action = Action.WRITE_TO_SPEAKER


@dataclass(frozen=True, kw_only=True)
class AddInformation(Text):
    action = Action.ADD_INFORMATION
    not_solved: bool = False  # said within 30 days of closing


@dataclass(frozen=True, kw_only=True)
class Nudge(Terms):
    action = Action.NUDGE
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class PointAnswer:
    """The answer to one demand: what came of it, in words, and what its outcome makes necessary."""

    demand: UUID
    outcome: Outcome
    text: str
    because: str = ""  # why not, who can act, or the legal ground

    def __post_init__(self) -> None:
        _needed(self.text, _("对这条要求的答复"))
        if self.outcome in (Outcome.CANNOT_ACT, Outcome.NOT_JUSTIFIED) and not self.because.strip():
            raise Refused("because_missing", _("无法办理要写明原因和谁能办；不予支持要写明依据。"))


@dataclass(frozen=True, kw_only=True)
class PrepareResult(Terms):
    action = Action.PREPARE_RESULT
    points: tuple[PointAnswer, ...]
    reply: str
    report: str
    form: ReportForm = ReportForm.SHORT
    basis: str = ""
    remedies: str = ""
    proofs: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        _needed(self.reply, _("给说事人的答复"))
        _needed(self.report, _("给受理中心的报告"))


@dataclass(frozen=True, kw_only=True)
class SendBackResult(Terms):
    action = Action.SEND_BACK_RESULT
    reason: str

    def __post_init__(self) -> None:
        _needed(self.reason, _("退改的理由"))


@dataclass(frozen=True, kw_only=True)
class SignResult(Terms):
    action = Action.SIGN_RESULT
    delivered_by: Way
    delivered_on: date


@dataclass(frozen=True, kw_only=True)
class ReturnReport(Terms):
    action = Action.RETURN_REPORT
    reason: str

    def __post_init__(self) -> None:
        _needed(self.reason, _("缺什么"))


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The follow-up questions: contacted, solved, result and attitude 1–5, own words (4.4.1)."""

    contacted: bool
    solved: Solved
    result: Satisfaction
    attitude: Satisfaction
    words: str = ""
    rest_wanted: bool | None = None  # asked when partly solved: 剩下的要不要继续办
    meant: bool = False  # unsolved but content was asked again and confirmed
    unsettled: tuple[UUID, ...] = ()  # demands still open; empty means all that were not solved


@dataclass(frozen=True, kw_only=True)
class RecordFollowUp(Terms):
    action = Action.RECORD_FOLLOW_UP
    way: Way
    reached: bool
    text: str = ""
    answers: Answers | None = None
    proof: Proof | None = None
    proof_ref: str = ""  # number of the recording or slip, name of the witness

    def __post_init__(self) -> None:
        if self.reached and self.answers is None:
            raise Refused("answers_missing", _("联系上了，就要记下对方怎么回答。"))
        if self.answers is not None and (self.proof is None or not self.proof_ref.strip()):
            raise Refused("proof_missing", _("评价要有凭据：通话录音、本人签字或见证人。"))


@dataclass(frozen=True, kw_only=True)
class Rate(Terms):
    action = Action.RATE
    answers: Answers


@dataclass(frozen=True, kw_only=True)
class Escalate(Terms):
    action = Action.ESCALATE
    reason: str

    def __post_init__(self) -> None:
        _needed(self.reason, _("提级的理由"))


@dataclass(frozen=True, kw_only=True)
class RequestExit(Terms):
    action = Action.REQUEST_EXIT
    exit: Exit
    text: str
    basis: str
    rights_notice: str

    def __post_init__(self) -> None:
        _needed(self.text, _("事实和证据"))
        _needed(self.basis, _("依据"))
        _needed(self.rights_notice, _("告知的权利和途径"))


@dataclass(frozen=True, kw_only=True)
class RuleExit(Ruling):
    action = Action.RULE_EXIT


@dataclass(frozen=True, kw_only=True)
class Withdraw(Terms):
    action = Action.WITHDRAW
    text: str = ""
    way: Way = Way.PAGE  # staff write down how the speaker said so


@dataclass(frozen=True, kw_only=True)
class RevokeWithdrawal(Terms):
    action = Action.REVOKE_WITHDRAWAL


@dataclass(frozen=True, kw_only=True)
class DeclareConflict(Terms):
    """`person` None: oneself. A speaker or a colleague names somebody else."""

    action = Action.DECLARE_CONFLICT
    text: str
    person: UUID | None = None

    def __post_init__(self) -> None:
        _needed(self.text, _("是什么关系"))


@dataclass(frozen=True, kw_only=True)
class RuleConflict(Ruling):
    action = Action.RULE_CONFLICT


@dataclass(frozen=True, kw_only=True)
class ConfirmUrgency(Terms):
    action = Action.CONFIRM_URGENCY
    level: Urgency
    reason: str

    def __post_init__(self) -> None:
        _needed(self.reason, _("理由"))


@dataclass(frozen=True, kw_only=True)
class LowerUrgency(Terms):
    action = Action.LOWER_URGENCY
    level: Urgency
    reason: str

    def __post_init__(self) -> None:
        _needed(self.reason, _("理由"))


@dataclass(frozen=True, kw_only=True)
class CorrectRegistration(Terms):
    """Fields to correct; both versions stay in the history. The resident's words are no field (rule 5)."""

    action = Action.CORRECT_REGISTRATION
    reason: str
    area: UUID | None = None
    place: str | None = None
    demands: tuple[str, ...] | None = None
    answers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _needed(self.reason, _("更正的理由"))


@dataclass(frozen=True, kw_only=True)
class Void(Terms):
    action = Action.VOID
    reason: str

    def __post_init__(self) -> None:
        _needed(self.reason, _("作废的理由"))


@dataclass(frozen=True, kw_only=True)
class RuleVoid(Ruling):
    action = Action.RULE_VOID


@dataclass(frozen=True, kw_only=True)
class HandOverReceipt(Terms):
    """The printed slip reached the resident: on signed paper, or to the resident's own phone."""

    action = Action.HAND_OVER_RECEIPT
    to_whom: str

    def __post_init__(self) -> None:
        _needed(self.to_whom, _("交给了谁"))


@dataclass(frozen=True, kw_only=True)
class LapseRequest(Terms):
    """The request of this kind got no ruling in time."""

    action = Action.LAPSE_REQUEST
    kind: RequestKind


@dataclass(frozen=True, kw_only=True)
class BySystem(Terms):
    """What the system needs to run a consequence: nothing."""

    action = Action.CONFIRM_SATISFIED
