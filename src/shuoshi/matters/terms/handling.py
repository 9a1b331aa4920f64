"""Terms of handling and of words between speaker and staff (4.3.1, 4.3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import FileGiven, Terms, Text, needed
from shuoshi.matters.vocabulary import Action, Way, WishShown


@dataclass(frozen=True, kw_only=True)
class SignFor(Terms):
    action = Action.SIGN_FOR
    handler: UUID


@dataclass(frozen=True, kw_only=True)
class TransferDuties(Terms):
    """Which transfer of duties (organization.DutyTransfer) moves the matter."""

    action = Action.TRANSFER_DUTIES
    transfer: UUID


@dataclass(frozen=True, kw_only=True)
class TypeOut(Text):
    """What is said in the recordings that nobody has typed yet, in the speaker's words.

    `concerns`: whom of ours they complain about, as far as that is said; looked up like words that were written.
    """

    action = Action.TYPE_OUT
    concerns: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeHandler(Terms):
    action = Action.CHANGE_HANDLER
    handler: UUID
    reason: str

    def __post_init__(self) -> None:
        needed(self.reason, _("改派的理由"))


@dataclass(frozen=True, kw_only=True)
class RecordFirstContact(Terms):
    action = Action.RECORD_FIRST_CONTACT
    way: Way
    reached: bool
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("联系情况"))


@dataclass(frozen=True, kw_only=True)
class Work(Terms):
    """A record of handling: an inner text, and what of it the resident reads."""

    text: str
    public_text: str = ""
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("内容"))


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
        needed(self.done, _("已经做了什么"))
        needed(self.next_step, _("下一步做什么"))


@dataclass(frozen=True, kw_only=True)
class TickItems(Terms):
    """Codes of the checklist: what was looked at now, and what was not after all."""

    action = Action.TICK_ITEMS
    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Note(Text):
    action = Action.NOTE


@dataclass(frozen=True, kw_only=True)
class WriteToSpeaker(Text):
    action = Action.WRITE_TO_SPEAKER


@dataclass(frozen=True, kw_only=True)
class AddInformation(Text):
    action = Action.ADD_INFORMATION


@dataclass(frozen=True, kw_only=True)
class AnswerQuestions(Terms):
    """Answers of the speaker to questions of the category, by code: option, yes or no, number, ISO date, or words."""

    action = Action.ANSWER_QUESTIONS
    answers: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RewordDemands(Terms):
    """What is asked for as the speaker has it, point by point; staff write down what shows the wish, as for a review."""

    action = Action.REWORD_DEMANDS
    demands: tuple[str, ...]
    shown_by: WishShown | None = None
    proof_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Nudge(Terms):
    action = Action.NUDGE
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentToPublication(Terms):
    action = Action.CONSENT_TO_PUBLICATION


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent(Terms):
    action = Action.WITHDRAW_CONSENT
