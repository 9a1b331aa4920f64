"""What is different where several people ask for one thing: conditions beside the status (条例 20)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import DeadlineKind, Exit


@guard(_("这件事不是集体反映。"), hides=True)
def a_group(case: Case) -> bool:
    return case.matter.is_group


@guard(_("集体反映的事要单独交办、书面答复，不能当场答复了结，也不能并到别的件里。"))
def not_a_group(case: Case) -> bool:
    """What many ask for is neither settled in passing nor hidden behind what one asked for."""
    return not case.matter.is_group


@guard(_("集体反映的事，公开不公开不能由一个人替大家同意。"), hides=True)
def nobody_consents_for_all(case: Case) -> bool:
    """One may take a consent back; nobody gives it for the others (1.3.3)."""
    return not case.matter.is_group


@guard(_("还有代表没有说满意。"))
def everybody_satisfied(case: Case) -> bool:
    """Each spokesperson by their own word on this reply; who speaks for himself alone is nobody else's concern."""
    return not case.matter.is_group or case.matter.answers_owed == 0


@guard(_("有一位代表的撤回还没有生效，生效以后再请复核。"))
def no_part_is_ending(case: Case) -> bool:
    return not any(clock.kind == DeadlineKind.WITHDRAWAL and clock.about for clock in case.clocks.values())


@guard(_("代表都已经退出，没有人能替大家说；要再提，请另行登记。"))
def somebody_speaks(case: Case) -> bool:
    """A group ends as withdrawn when the last of those who spoke for it has left."""
    return not (case.matter.is_group and case.matter.exit == Exit.WITHDRAWN)
