"""When a matter that ended, or was not accepted, may be taken up once more: conditions beside its status."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import Exit, Naming, RoundBecause

NOT_AGAIN = frozenset({Exit.VOID, Exit.PASSED_ON, Exit.DRILL})  # nothing was asked for


@guard(_("已经提过一次异议，换人看过了。还不同意的，可以走告知的途径。"))
def not_objected_yet(case: Case) -> bool:
    return case.matter.objected_at is None


@guard(_("这件事没有要办的，请另外说一次。"))
def asked_for_something(case: Case) -> bool:
    return case.matter.exit not in NOT_AGAIN


@guard(_("办结后还能再提的时限已经过了，请另外说一次。"))
def within_reopening(case: Case) -> bool:
    until = case.matter.may_come_again_until
    return until is None or case.now <= until


@guard(_("说事人没有留名，谁也不能证明是他要再提；要再提，由他凭查询码自己提。"))
def known_or_speaking(case: Case) -> bool:
    return case.actor.kind is ActorKind.SPEAKER or case.matter.naming != Naming.ANONYMOUS


@guard(_("交办过的事要办到底，不能当场答复了结。"))
def not_given_out_yet(case: Case) -> bool:
    """Since it was raised, the first time or again: no promise was given."""
    current = case.matter.round
    raised = current is None or current.ordinal == 1 or current.because == RoundBecause.REOPENED
    return raised and case.matter.promised_by is None
