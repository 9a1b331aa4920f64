"""What shows that it is the speaker's own wish, where staff write it down for them (1.3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Spokesperson
from shuoshi.matters.step import Step
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import SPEAKING, Audience, ConsentShown, WishShown


class Shown(Protocol):
    """Terms that say how the wish was shown, and where that is kept."""

    @property
    def shown_by(self) -> WishShown | None: ...

    @property
    def proof_ref(self) -> str: ...


def keep_what_shows_the_wish(step: Step, given: Shown, refused: str, part: Spokesperson | None = None) -> None:
    """Nothing is asked for in the speaker's name on the word of staff alone; a call goes to a number we had before."""
    if given.shown_by is None or not given.proof_ref.strip():
        raise Refused("wish_not_shown", refused)
    if given.shown_by == WishShown.CALLED_BACK and not _has_number(step, part):
        raise Refused("no_number", _("说事人没有留电话，不能回拨核实。"))
    step.say(Audience.INTERNAL, given.proof_ref, shown_by=str(given.shown_by))


def keep_what_shows_the_consent(
    step: Step, shown_by: ConsentShown | None, proof_ref: str, files: Sequence[FileGiven], refused: str
) -> None:
    """Signed or recorded, and where that is kept; of what was signed a picture. The speaker reads of it at once."""
    if shown_by is None or not proof_ref.strip():
        raise Refused("consent_not_shown", refused)
    if shown_by == ConsentShown.SIGNED and not files:
        raise Refused("slip_not_shown", _("签字的书面要拍照附上。"))
    step.say(Audience.INTERNAL, proof_ref, files_given=files, consent=str(shown_by))


def _has_number(step: Step, part: Spokesperson | None) -> bool:
    if part is not None:
        return part.party.contact_id is not None
    return step.matter.parties.filter(role__in=SPEAKING, contact__isnull=False).exists()
