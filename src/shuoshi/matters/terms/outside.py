"""Terms of orders of superior bodies and of letters to outside bodies (3.1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import FileGiven, Terms, needed
from shuoshi.matters.vocabulary import Action, ConsentShown, Given, Ground, OutsideBody


@dataclass(frozen=True, kw_only=True)
class ObjectToSuperior(Terms):
    action = Action.OBJECT_TO_SUPERIOR
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("异议的理由"))


@dataclass(frozen=True, kw_only=True)
class RecordSuperiorAnswer(Terms):
    """What the superior body answered: taken back, or it stands. `files`: the answer itself."""

    action = Action.RECORD_SUPERIOR_ANSWER
    withdrawn: bool
    number: str
    text: str
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.number, _("上级答复的文号或单号"))
        needed(self.text, _("上级是怎么答复的"))


@dataclass(frozen=True, kw_only=True)
class ReportBack(Terms):
    """`number` of the report, where it has one."""

    action = Action.REPORT_BACK
    text: str
    number: str = ""
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("报结的内容"))


@dataclass(frozen=True, kw_only=True)
class HandOverOutside(Terms):
    """`text` is the letter; `given` what it tells of the speaker, by `ground`; `until` when to ask back.

    `basis` names the law of a legal ground; `shown_by` and `proof_ref` show the consent.
    """

    action = Action.HAND_OVER_OUTSIDE
    kind: OutsideBody
    body: str
    ask_where: str
    text: str
    until: date
    number: str = ""  # of the letter; "": the number of the paper
    given: tuple[Given, ...] = ()
    ground: Ground | None = None
    basis: str = ""
    shown_by: ConsentShown | None = None
    proof_ref: str = ""
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.body, _("移送给哪个单位"))
        needed(self.ask_where, _("说事人到哪里问"))
        needed(self.text, _("函的正文"))
        if not self.given:
            return
        if self.ground is None:
            raise Refused("ground_missing", _("给外单位提供说事人的信息，要写明凭什么：本人同意，还是法律规定。"))
        if self.ground == Ground.LAW:
            needed(self.basis, _("依据哪部法律的哪一条"))


@dataclass(frozen=True, kw_only=True)
class AskOutside(Terms):
    """Asked again, with what they said; `until` when to ask next."""

    action = Action.ASK_OUTSIDE
    letter: int
    text: str
    until: date

    def __post_init__(self) -> None:
        needed(self.text, _("对方怎么说"))


@dataclass(frozen=True, kw_only=True)
class RecordOutsideAnswer(Terms):
    action = Action.RECORD_OUTSIDE_ANSWER
    letter: int
    text: str
    number: str = ""
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("对方的答复"))
