"""When a matter that ended, or was not accepted, may be taken up once more: conditions beside its status."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import Exit

NOT_AGAIN = frozenset({Exit.VOID, Exit.PASSED_ON})  # nothing was asked for
_USUAL = timedelta(days=90)  # for what ended before the day was written down


@guard(_("已经提过一次异议，换人看过了。还不同意的，可以走告知的途径。"))
def not_objected_yet(case: Case) -> bool:
    return case.matter.objected_at is None


@guard(_("这件事没有要办的，请另外说一次。"))
def asked_for_something(case: Case) -> bool:
    return case.matter.exit not in NOT_AGAIN


@guard(_("办结后还能再提的时限已经过了，请另外说一次。"))
def within_reopening(case: Case) -> bool:
    ended = case.matter.closed_at
    until = case.matter.reopen_until or (ended + _USUAL if ended else None)
    return until is None or case.now <= until
