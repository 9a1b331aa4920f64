"""Terms of acting for the speaker at another office, and of the papers taken along (4.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import FileGiven, Terms, needed
from shuoshi.matters.vocabulary import Action, AgencyKind, ConsentShown, PaperBecame, WishShown


@dataclass(frozen=True, kw_only=True)
class AuthoriseAgency(Terms):
    """`scope`: what may be done in the speaker's name; `until` the last day. `agent` None: whoever writes it down."""

    action = Action.AUTHORISE_AGENCY
    kind: AgencyKind
    office: str
    scope: str
    until: date
    agent: UUID | None = None
    shown_by: ConsentShown | None = None
    proof_ref: str = ""
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.office, _("到哪个单位去办"))
        needed(self.scope, _("委托办什么"))


@dataclass(frozen=True, kw_only=True)
class TakePapers(Terms):
    """`originals` and `copies`: one line each. `receipt`: the number of the list that the speaker was given."""

    action = Action.TAKE_PAPERS
    originals: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    receipt: str
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        if not any(one.strip() for one in (*self.originals, *self.copies)):
            raise Refused("no_papers", _("请写明收下了哪些材料，一行一件。"))
        needed(self.receipt, _("收件清单的编号"))


@dataclass(frozen=True, kw_only=True)
class RecordAgencyStep(Terms):
    """What was done there on `day`; `done`: nothing more is to be done there."""

    action = Action.RECORD_AGENCY_STEP
    text: str
    day: date
    done: bool = False
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("办了什么"))


@dataclass(frozen=True, kw_only=True)
class HandBackPapers(Terms):
    """Where these papers are now; `receipt`: who signed for them, the office's receipt, or how they were lost."""

    action = Action.HAND_BACK_PAPERS
    papers: tuple[UUID, ...]
    became: PaperBecame
    receipt: str
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.receipt, _("凭据"))
        if not self.papers or self.became == PaperBecame.OUT:
            raise Refused("no_papers", _("请选哪些材料，现在在哪里。"))


@dataclass(frozen=True, kw_only=True)
class RevokeAgency(Terms):
    action = Action.REVOKE_AGENCY
    text: str = ""
    shown_by: WishShown | None = None  # staff write down what shows the wish, and where it is kept
    proof_ref: str = ""
