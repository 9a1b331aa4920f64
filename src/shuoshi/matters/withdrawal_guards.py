"""When a withdrawal may be asked for, taken back, and takes effect: conditions beside the status (1.3.1)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import DeadlineKind, Naming


@guard(_("已经撤回，到期生效。"))
def not_withdrawing(case: Case) -> bool:
    """In a group each decides for themselves; of whom the registry writes it down is asked in the stage."""
    return case.matter.withdrawal_asked_at is None and not _own_part_ends(case)


@guard(_("说事人没有留名，谁也不能证明是他要撤回；要撤回，由他凭查询码自己撤回。"))
def known_or_own(case: Case) -> bool:
    """Withdrawn by the holder of the code, or written down for somebody whom we know."""
    return case.actor.kind is ActorKind.SPEAKER or case.matter.naming != Naming.ANONYMOUS


@guard(_("没有撤回过。"), hides=True)
def withdrawing(case: Case) -> bool:
    if case.matter.is_group and case.actor.part is None:
        return any(clock.kind == DeadlineKind.WITHDRAWAL for clock in case.clocks.values())
    return case.matter.withdrawal_asked_at is not None or _own_part_ends(case)


@guard(_("撤回是说事人自己用查询码提的，只有本人能收回。"))
def own_or_entered_withdrawal(case: Case) -> bool:
    """Staff take back only what staff wrote down; what the speaker did with the code nobody undoes for them (1.3.1)."""
    return case.actor.kind is ActorKind.SPEAKER or case.matter.withdrawal_entered or case.matter.is_group


@guard(_("撤回还没有到生效的时间。"))
def withdrawal_time_over(case: Case) -> bool:
    return any(clock.kind == DeadlineKind.WITHDRAWAL and clock.due_at <= case.now for clock in case.clocks.values())


def _own_part_ends(case: Case) -> bool:
    return case.actor.part is not None and f"{DeadlineKind.WITHDRAWAL}:{case.actor.part.hex}" in case.clocks
