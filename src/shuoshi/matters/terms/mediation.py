"""Terms of disputes: duties to report, the other side, mediation, agreement, its performance (2.2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import FileGiven, Terms, needed
from shuoshi.matters.vocabulary import (
    Action,
    Duty,
    EndsBecause,
    Mediated,
    Performed,
    Proof,
    Satisfaction,
    Side,
    Way,
)

MOST_OBLIGATIONS = 6


@dataclass(frozen=True, kw_only=True)
class DutyFound:
    """One duty to report. Found, it was reported to somebody, and when; a phone call counts."""

    duty: Duty
    found: bool
    reported_to: str = ""
    reported_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.found and (not self.reported_to.strip() or self.reported_at is None):
            raise Refused(
                "duty_not_reported", _("有这种情况，要写明报告了谁、什么时候报告的。还没有报告的，现在就报告。")
            )


@dataclass(frozen=True, kw_only=True)
class AnswerDuties(Terms):
    """Every duty is answered. `text`: how it was looked into."""

    action = Action.ANSWER_DUTIES
    answers: tuple[DutyFound, ...]
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("怎么核对的"))
        if {one.duty for one in self.answers} != set(Duty):
            raise Refused("duties_left_out", _("每一项都要回答有没有。"))


@dataclass(frozen=True, kw_only=True)
class NameOtherSide(Terms):
    """Somebody by name, or a unit of this institution, whose people then keep away."""

    action = Action.NAME_OTHER_SIDE
    name: str = ""
    phone: str = ""
    unit: UUID | None = None

    def __post_init__(self) -> None:
        if bool(self.name.strip()) == (self.unit is not None):
            raise Refused(
                "other_side_missing", _("写明对方是谁：一个人、一个外面的单位，或者选出本机构的单位，只填一样。")
            )


@dataclass(frozen=True, kw_only=True)
class Consent:
    """How and when one side said yes."""

    by: Way
    on: date


def _near() -> str:
    return _("调解员和任何一方有近亲属或者利害关系，就不能由他调解，要换人。")


@dataclass(frozen=True, kw_only=True)
class OpenMediation(Terms):
    """`until`: the day both sides agreed on. `no_conflict`: the mediator is near to neither."""

    action = Action.OPEN_MEDIATION
    mediator: UUID
    speaker: Consent
    other: Consent
    until: date
    no_conflict: bool

    def __post_init__(self) -> None:
        if not self.no_conflict:
            raise Refused("mediator_has_conflict", _near())


@dataclass(frozen=True, kw_only=True)
class RecordSession(Terms):
    """`text` is for the file, `public_text` for the speaker. `until`: both sides gave it more time, as `agreed` says.

    `mediator`: both want another one, who is near to neither (`no_conflict`); how they agreed to that, `agreed` says too.
    """

    action = Action.RECORD_SESSION
    held_on: date
    speaker_there: bool
    other_there: bool
    text: str
    public_text: str = ""
    until: date | None = None
    agreed: str = ""
    files: tuple[FileGiven, ...] = ()
    mediator: UUID | None = None
    no_conflict: bool = False

    def __post_init__(self) -> None:
        needed(self.text, _("调解经过"))
        if self.mediator is not None:
            needed(self.agreed, _("双方怎么同意换调解员的"))
            if not self.no_conflict:
                raise Refused("mediator_has_conflict", _near())
        if self.until is not None:
            needed(self.agreed, _("双方怎么同意延长的"))


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One obligation of the agreement."""

    by: Side
    text: str
    due_on: date

    def __post_init__(self) -> None:
        needed(self.text, _("要做什么"))


@dataclass(frozen=True, kw_only=True)
class ConcludeAgreement(Terms):
    """Written: the signed original is kept as a file. Oral: a recording, or who witnessed it."""

    action = Action.CONCLUDE_AGREEMENT
    form: Mediated
    facts: str
    issue: str
    obligations: tuple[Owed, ...]
    way: str
    concluded_on: date
    proof: Proof
    proof_ref: str
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.facts, _("主要事实"))
        needed(self.issue, _("争议事项和责任"))
        needed(self.way, _("怎么履行"))
        needed(self.proof_ref, _("凭据在哪里"))
        if not 0 < len(self.obligations) <= MOST_OBLIGATIONS:
            raise Refused("nothing_agreed", _("至少写一条谁要做什么，最多 %(n)d 条。") % {"n": MOST_OBLIGATIONS})
        if self.form not in (Mediated.SIGNED, Mediated.ORAL):
            raise Refused("agreement_form", _("协议是书面的或者口头的，请选一样。"))
        if self.form == Mediated.SIGNED and (self.proof != Proof.SIGNED_SLIP or not self.files):
            raise Refused("agreement_not_shown", _("书面协议要附上双方签字（或者按手印）、调解员签名的原件照片。"))


@dataclass(frozen=True, kw_only=True)
class EndMediation(Terms):
    """By the mediator's side with reason, the ways that are left, and how the other side heard; the speaker just says no."""

    action = Action.END_MEDIATION
    text: str = ""
    because: EndsBecause = EndsBecause.REFUSED
    remedies: str = ""
    told_other: Way | None = None


@dataclass(frozen=True, kw_only=True)
class CheckPerformance(Terms):
    """`heard`: how whoever it is owed to confirmed it. Not done: `again_on`, when it is looked at once more."""

    action = Action.CHECK_PERFORMANCE
    obligation: int
    performed: Performed
    heard: Way
    text: str
    again_on: date | None = None
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("查到的情况"))


@dataclass(frozen=True, kw_only=True)
class AskOtherSide(Terms):
    """The other side's own answers, taken by whoever follows up."""

    action = Action.ASK_OTHER_SIDE
    way: Way
    result: Satisfaction
    attitude: Satisfaction
    words: str = ""
    proof: Proof
    proof_ref: str

    def __post_init__(self) -> None:
        needed(self.proof_ref, _("凭据在哪里"))
