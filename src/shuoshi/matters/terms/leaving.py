"""Terms of ways off the straight road (4.4.2, 5.1, 1.3.1, 2.2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import FileGiven, Ruling, Terms, needed
from shuoshi.matters.vocabulary import Action, Exit, RequestKind, WishShown


@dataclass(frozen=True, kw_only=True)
class RequestReturn(Terms):
    action = Action.REQUEST_RETURN
    reason: str
    text: str
    proper_unit: UUID | None = None  # where the reason says that it belongs elsewhere

    def __post_init__(self) -> None:
        needed(self.text, _("退单理由"))


@dataclass(frozen=True, kw_only=True)
class RuleReturn(Ruling):
    action = Action.RULE_RETURN


@dataclass(frozen=True, kw_only=True)
class Escalate(Terms):
    action = Action.ESCALATE
    reason: str

    def __post_init__(self) -> None:
        needed(self.reason, _("提级的理由"))


@dataclass(frozen=True, kw_only=True)
class RequestExit(Terms):
    action = Action.REQUEST_EXIT
    exit: Exit
    text: str
    basis: str
    rights_notice: str
    evidence: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("事实和证据"))
        needed(self.basis, _("依据"))
        needed(self.rights_notice, _("告知的权利和途径"))


@dataclass(frozen=True, kw_only=True)
class RuleExit(Ruling):
    action = Action.RULE_EXIT


@dataclass(frozen=True, kw_only=True)
class Withdraw(Terms):
    action = Action.WITHDRAW
    text: str = ""
    shown_by: WishShown | None = None  # staff write down what shows the wish, and where it is kept
    proof_ref: str = ""  # number of the paper or the recording, which document was shown, who saw it
    spokesperson: UUID | None = None  # of a group: whose part ends


@dataclass(frozen=True, kw_only=True)
class RevokeWithdrawal(Terms):
    action = Action.REVOKE_WITHDRAWAL
    text: str = ""  # staff say why the work goes on
    spokesperson: UUID | None = None  # of a group: whose part goes on


@dataclass(frozen=True, kw_only=True)
class DeclareConflict(Terms):
    """Neither `person` nor `unit`: oneself. A speaker or a colleague names another person, or a whole unit."""

    action = Action.DECLARE_CONFLICT
    text: str
    person: UUID | None = None
    unit: UUID | None = None
    for_speaker: bool = False  # the registry writes down what the speaker asked for

    def __post_init__(self) -> None:
        needed(self.text, _("是什么关系"))


@dataclass(frozen=True, kw_only=True)
class RuleConflict(Ruling):
    action = Action.RULE_CONFLICT


@dataclass(frozen=True, kw_only=True)
class LapseRequest(Terms):
    """The request of this kind got no ruling in time."""

    action = Action.LAPSE_REQUEST
    kind: RequestKind
