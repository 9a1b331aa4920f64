"""What is owed to others before a matter ends: the report to a superior body, the speaker's own papers (3.1.3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import ORDER_OWED, DeadlineKind, Naming, OrderState, RequestKind


@guard(_("这是上级转来的件，要先报结，才能办结。"))
def order_reported(case: Case) -> bool:
    """An outside order is reported back before anything ends, also by rule (3.1.3)."""
    return case.matter.order_state not in ORDER_OWED


@guard(_("说事人的材料还在我们手里，要先归还或者写明去向。"))
def papers_back(case: Case) -> bool:
    """Nothing that was taken from the speaker stays unaccounted for."""
    return not case.matter.papers_out


@guard(_("没有等着报结的上级件。"), hides=True)
def outside_order_open(case: Case) -> bool:
    return case.matter.order_state in ORDER_OWED


@guard(_("还没有答复说事人，没有什么可以报结。"))
def something_to_report(case: Case) -> bool:
    """An answer that went out, an end that is asked for, or a withdrawal: what the superior body is told of."""
    answered = case.matter.round is not None and case.matter.round.replied_at is not None
    return answered or RequestKind.EXIT in case.standing.pending or case.matter.withdrawal_asked_at is not None


@guard(_("异议已经报上级了，等上级答复以后再报结。"))
def no_objection_open(case: Case) -> bool:
    return case.matter.order_state != OrderState.OBJECTED


@guard(_("对这份上级件已经提过异议了。"))
def not_objected_to_superior(case: Case) -> bool:
    """Once: an order that stands is carried out."""
    return case.matter.order_objector_id is None


@guard(_("上级要求的期限已经过了，不能再提异议。"))
def within_the_orders_limit(case: Case) -> bool:
    clock = case.clocks.get(DeadlineKind.OUTSIDE_ORDER)
    return clock is not None and case.now < clock.due_at


@guard(_("没有等着上级答复的异议。"), hides=True)
def objection_open(case: Case) -> bool:
    return case.matter.order_state == OrderState.OBJECTED


@guard(_("说事人没有留名，不能替他去办。"))
def known_speaker(case: Case) -> bool:
    """Nobody acts in the name of somebody who is not known."""
    return case.matter.naming != Naming.ANONYMOUS


@guard(_("没有有效的委托。"), hides=True)
def agency_open(case: Case) -> bool:
    return DeadlineKind.AGENCY in case.clocks


@guard(_("委托还没有到期。"))
def agency_time_over(case: Case) -> bool:
    clock = case.clocks.get(DeadlineKind.AGENCY)
    return clock is not None and clock.due_at <= case.now


@guard(_("没有说事人的材料在我们手里。"), hides=True)
def papers_out(case: Case) -> bool:
    return case.matter.papers_out > 0


@guard(_("没有等着答复的函。"), hides=True)
def outside_answer_owed(case: Case) -> bool:
    return any(clock.kind == DeadlineKind.ASK_BACK for clock in case.clocks.values())
