"""Terms of the result, its follow-up and its rating (4.3.3, 4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import Cite, FileGiven, Terms, needed
from shuoshi.matters.vocabulary import Action, Outcome, Proof, ReportForm, Satisfaction, Solved, Way


@dataclass(frozen=True, kw_only=True)
class PointAnswer:
    """The answer to one demand: what came of it, in words, and what its outcome makes necessary."""

    demand: UUID
    outcome: Outcome
    text: str
    because: str = ""  # why not, who can act, or the legal ground

    def __post_init__(self) -> None:
        needed(self.text, _("对这条要求的答复"))
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
    cites: tuple[Cite, ...] = ()
    without_opinions: str = ""  # why it is answered although a unit that helps has not said its opinion

    def __post_init__(self) -> None:
        needed(self.reply, _("给说事人的答复"))
        needed(self.report, _("给受理中心的报告"))


@dataclass(frozen=True, kw_only=True)
class SendBackResult(Terms):
    action = Action.SEND_BACK_RESULT
    reason: str

    def __post_init__(self) -> None:
        needed(self.reason, _("退改的理由"))


@dataclass(frozen=True, kw_only=True)
class SignResult(Terms):
    action = Action.SIGN_RESULT
    delivered_by: Way
    delivered_on: date


@dataclass(frozen=True, kw_only=True)
class ReturnReport(Terms):
    action = Action.RETURN_REPORT
    reason: str
    parts: tuple[int, ...] = ()  # of a divided matter: which of its parts

    def __post_init__(self) -> None:
        needed(self.reason, _("缺什么"))


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
    declined: bool = False  # reached, and would not say: asked once, and left in peace
    spokesperson: UUID | None = None  # of a group: who was asked

    def __post_init__(self) -> None:
        if self.declined and (self.answers is not None or not self.reached):
            raise Refused("declined_answers", _("对方不愿评价，就不记评价。"))
        if self.reached and self.answers is None and not self.declined:
            raise Refused("answers_missing", _("联系上了，就要记下对方怎么回答。"))
        if self.answers is not None and (self.proof is None or not self.proof_ref.strip()):
            raise Refused("proof_missing", _("评价要有凭据：通话录音、本人签字或见证人。"))


@dataclass(frozen=True, kw_only=True)
class Rate(Terms):
    action = Action.RATE
    answers: Answers
