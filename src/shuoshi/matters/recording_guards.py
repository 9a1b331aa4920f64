"""Guards around what was said into a microphone: nobody decides on words that stand nowhere yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import Spoken, Status


@guard(_("没有要记成文字的录音。"), hides=True)
def recording_to_type(case: Case) -> bool:
    """One that nobody has typed; or what was typed, to mend a slip before anybody decides on it."""
    mended = case.matter.spoken == Spoken.TYPED and case.matter.status == Status.REGISTERED
    return case.matter.untyped or mended


@guard(_("说事人的话在录音里，还没有记成文字。先听录音记下来，再做这一步。"))
def recordings_typed(case: Case) -> bool:
    """Units and papers have the words only, and some of them may not hear who speaks (4.1.1)."""
    return not case.matter.untyped
