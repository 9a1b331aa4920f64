"""When a matter may be divided: conditions beside its status (4.2.2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.answering import divided
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import EMERGENCIES, DeadlineKind, Kind

_APART = frozenset({Kind.INTEREST_CLAIM, Kind.POLICY_ENQUIRY})


@guard(_("只有一条要求，不用分项。"), hides=True)
def several_demands(case: Case) -> bool:
    return case.matter.demand_count > 1


@guard(_("利益诉求和政策咨询才能分项；矛盾纠纷、意见建议要一个单位办到底。"))
def of_a_kind_to_divide(case: Case) -> bool:
    """A dispute is mediated, and a suggestion adopted, by one body."""
    return case.matter.kind in _APART


@guard(_("上级件要单独报结，紧急、特急的事要马上办，都不能分项。"))
def neither_ordered_nor_urgent(case: Case) -> bool:
    """One report goes back to the superior body, and an emergency is handled by the minute."""
    urgent = case.matter.urgency in EMERGENCIES or case.matter.urgency_suspected
    return not urgent and DeadlineKind.OUTSIDE_ORDER not in case.clocks


@guard(_("这件事不是分项。"))
def a_part(case: Case) -> bool:
    return case.matter.is_part


@guard(_("这件事没有分项。"))
def in_parts(case: Case) -> bool:
    """Its parts answer it, or answered it last."""
    return divided(case.matter)


@guard(_("还有分项没有办完。"))
def the_last_part(case: Case) -> bool:
    """The reply of the whole is put together when its last part is answered."""
    return case.matter.parts_open == 1
