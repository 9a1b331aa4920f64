"""Terms of looking at an end that nobody decided (4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import Terms
from shuoshi.matters.vocabulary import Action, Looked, Proof, Way


@dataclass(frozen=True, kw_only=True)
class RecordSample(Terms):
    """One attempt; `found` None where nobody was reached. What the person said needs what proves it."""

    action = Action.RECORD_SAMPLE
    way: Way
    found: Looked | None = None
    words: str = ""
    proof: Proof | None = None
    proof_ref: str = ""  # number of the recording or slip, name of the witness
    spokesperson: UUID | None = None  # of a group: who was asked

    def __post_init__(self) -> None:
        if self.found == Looked.UNREACHED:
            raise Refused("sample_found_by_rule", _("几次没有联系上，由规则来定；这一次没有联系上，照实记。"))
        said = self.found in (Looked.CONFIRMED, Looked.CONTRADICTED)
        if said and (self.proof is None or not self.proof_ref.strip()):
            raise Refused("sample_proof_missing", _("对方怎么说，要有凭据：通话录音、本人签字或见证人。"))
        if self.found == Looked.CONTRADICTED and not self.words.strip():
            raise Refused("sample_words_missing", _("和记录不一样的，请照原话记下对方怎么说。"))
