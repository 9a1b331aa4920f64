"""When: pure conditions on the state of a matter beside its status. Their docstrings and words stand on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters.case import Case, scopes
from shuoshi.matters.policies import Words
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    FOUR_KINDS,
    GIVEN,
    SETTLED,
    WHATEVER_WAS_SAID,
    Channel,
    DeadlineKind,
    Exit,
    Kind,
    Lateness,
    Naming,
    OrderState,
    RequestKind,
    RoundBecause,
    Satisfaction,
    Solved,
    Status,
)
from shuoshi.organization.roles import Role

DISSATISFIED_AT_TIER = 2  # round 1 and its rework: then the tier above
HOLDS_UP = frozenset({DeadlineKind.ACCEPT, DeadlineKind.ASSIGN, DeadlineKind.COMPLETION})
NUDGED_AGAIN_AFTER = timedelta(days=2)  # so long handler and head have to answer; a louder bell makes nobody faster


def holds_up(status: str) -> frozenset[DeadlineKind]:
    """The clocks whose end holds the matter up; of what is parked also the target that was promised."""
    return HOLDS_UP | {DeadlineKind.PROMISE} if status == Status.PARKED else HOLDS_UP


@dataclass(frozen=True)
class Guard:
    """A condition, and what the page says when it does not hold. `hides`: then the action is not even listed."""

    name: str
    test: Callable[[Case], bool]
    says: Words
    hides: bool = False

    def __call__(self, case: Case) -> bool:
        return self.test(case)


def guard(says: Words, *, hides: bool = False) -> Callable[[Callable[[Case], bool]], Guard]:
    return lambda test: Guard(test.__name__, test, says, hides)


@guard(_("上一次不予受理是您定的，这一次要由别人来看。"))
def not_the_one_who_screened(case: Case) -> bool:
    """Whose word was objected to does not decide once more (1.3.1)."""
    return case.matter.objected_at is None or not any(one.is_actor(case.matter.screened_by_id) for one in case.persons)


def _pending(case: Case, kind: RequestKind) -> bool:
    return kind in case.standing.pending


@guard(_("退单还没有裁定，现在不能签收。"))
def no_return_pending(case: Case) -> bool:
    return not _pending(case, RequestKind.RETURN)


@guard(_("没有待裁定的退单。"), hides=True)
def return_pending(case: Case) -> bool:
    return _pending(case, RequestKind.RETURN)


@guard(_("没有待裁定的依规办结申请。"), hides=True)
def exit_pending(case: Case) -> bool:
    return _pending(case, RequestKind.EXIT)


@guard(_("已经提过依规办结，正在等裁定。"))
def no_exit_pending(case: Case) -> bool:
    return not _pending(case, RequestKind.EXIT)


@guard(_("没有待核定的作废。"), hides=True)
def void_pending(case: Case) -> bool:
    return _pending(case, RequestKind.VOID)


@guard(_("交办过的事要办到底，不能作废，也不能当场答复了结。"))
def never_assigned(case: Case) -> bool:
    """Back at the dispatcher after a return or an escalation it is under way: a promise was given, a round may have failed."""
    first = case.matter.round is None or case.matter.round.ordinal == 1
    return first and case.matter.promised_by is None


@guard(_("已经申请作废，正在等另一个人核定。"))
def no_void_pending(case: Case) -> bool:
    return not _pending(case, RequestKind.VOID)


@guard(_("没有待裁定的回避。"), hides=True)
def recusal_pending(case: Case) -> bool:
    return _pending(case, RequestKind.RECUSAL)


@guard(_("这件事是指定承办或重新办理，不能再退。"))
def returnable(case: Case) -> bool:
    return case.matter.assignment is not None and not case.matter.assignment.binding


@guard(_("退单的时限已经过了。"))
def within_return_window(case: Case) -> bool:
    """The window is counted in the unit's working time and kept as the date of the assignment's row."""
    assignment = case.matter.assignment
    return assignment is not None and assignment.returnable_until >= case.now


@guard(_("这件事已经退过两次，要会商后指定承办。"))
def fewer_than_two_returns(case: Case) -> bool:
    return case.matter.returns < 2


@guard(_("退过两次的事只能指定承办。"))
def assignable(case: Case) -> bool:
    return case.matter.returns < 2


@guard(_("没有要核对的人。"), hides=True)
def concerns_to_check(case: Case) -> bool:
    return case.matter.concerns_to_check


@guard(_("说事人说到了哪个人，还没有核对是谁。先核对，再做这一步。"))
def concerns_checked(case: Case) -> bool:
    """A resident complains about somebody in words of their own: nobody decides on it before they are looked up (5.3)."""
    return not case.matter.concerns_to_check


@guard(_("四类以外的事不交办，只能当场答复或转达。"))
def of_the_four_kinds(case: Case) -> bool:
    return case.matter.kind in FOUR_KINDS


@guard(_("还没有分到具体类别，先分类再交办。"))
def classified(case: Case) -> bool:
    return bool(case.matter.category and case.matter.complexity)


@guard(_("还没有分到具体类别，没有要问的。"), hides=True)
def has_category(case: Case) -> bool:
    return bool(case.matter.category)


@guard(_("紧急、特急的事不能当场答复了结。"))
def not_an_emergency(case: Case) -> bool:
    return case.matter.urgency not in EMERGENCIES


@guard(_("矛盾纠纷不能当场答复了结。"))
def not_a_dispute(case: Case) -> bool:
    return case.matter.kind != Kind.DISPUTE


@guard(_("已经受理了。"), hides=True)
def not_accepted_or_kept_from_somebody(case: Case) -> bool:
    """Accepted, it may still turn out that all who could handle or sign must stay away; the stage asks whether."""
    kept = case.standing.excluded_people or case.standing.excluded_units
    return case.matter.status == Status.REGISTERED or bool(kept)


@guard(_("上级转来的件不能不予受理。"))
def not_an_outside_order(case: Case) -> bool:
    return not case.matter.outside_number or case.matter.order_state == OrderState.WITHDRAWN


@guard(_("没有需要核实的紧急程度。"), hides=True)
def emergency_or_suspected(case: Case) -> bool:
    return case.matter.urgency_suspected or case.matter.urgency in EMERGENCIES


@guard(_("要先分到紧急或特急。"), hides=True)
def an_emergency(case: Case) -> bool:
    return case.matter.urgency in EMERGENCIES


@guard(_("应急已经启动了。"))
def emergency_clock_not_running(case: Case) -> bool:
    return DeadlineKind.EMERGENCY not in case.clocks


@guard(_("紧急的事可以先联系；其他的事要先交办。"))
def assigned_or_emergency(case: Case) -> bool:
    urgent = case.matter.urgency in EMERGENCIES or case.matter.urgency_suspected
    return urgent or case.matter.status in GIVEN


@guard(_("说事人没有留联系方式，只能在进度页上留言。"))
def reachable(case: Case) -> bool:
    return case.matter.naming != Naming.ANONYMOUS


@guard(_("已经问过了，不再打扰；说事人自己还可以评价。"))
def to_be_asked(case: Case) -> bool:
    """Nobody is asked again who answered, or would not say."""
    return DeadlineKind.FOLLOW_UP in case.clocks


@guard(_("现在没有待审签的答复和报告。"))
def result_prepared(case: Case) -> bool:
    return case.matter.result_in_hand


@guard(_("答复和报告已经送审，等负责人签发或退改。"))
def no_result_waiting(case: Case) -> bool:
    return not case.matter.result_in_hand


@guard(_("回执已经交给说事人了。"), hides=True)
def receipt_open(case: Case) -> bool:
    return case.matter.receipt_on_paper and case.matter.receipt_handed_over_at is None


@guard(_("催办后要等一段时间才能再催。"))
def not_nudged_lately(case: Case) -> bool:
    last = case.matter.nudged_at
    return last is None or case.now - last >= NUDGED_AGAIN_AFTER


@guard(_("已经同意公开。"), hides=True)
def not_consented(case: Case) -> bool:
    return not case.matter.consent_to_publication


@guard(_("没有同意过公开。"), hides=True)
def consented(case: Case) -> bool:
    return case.matter.consent_to_publication


@guard(_("办结后还能再提的时限已经过了，要另外提出。"))
def within_second_thoughts(case: Case) -> bool:
    until = case.matter.reconsidered_until
    return until is None or case.now <= until


@guard(_("这件事不需要评价。"))
def rateable(case: Case) -> bool:
    """Open to an answer: in follow-up, closed without the person's own word or by it, or decided over an answer.

    An exit that somebody decides ends the work, not the person's word: it is kept and counted as it is, and neither
    turns the exit into another nor opens a round (4.4.2).
    """
    if case.matter.status == Status.IN_FOLLOW_UP or case.matter.exit in (
        Exit.SATISFIED,
        Exit.UNREACHABLE,
        Exit.UNRATED,
    ):
        return True
    answered = case.matter.round is not None and case.matter.round.replied_at is not None
    return answered and case.matter.exit in WHATEVER_WAS_SAID


# ── consequences: what an answer leads to ──────────────────────────────────────────────────────────────────────────


@guard(_("要有说事人本人的评价。"))
def satisfied_with_result(case: Case) -> bool:
    """Result 3 or better, and not unsolved, and no rest that is still wanted (4.4.2)."""
    rating = case.rating
    return (
        rating is not None
        and rating.result >= Satisfaction.FAIR
        and rating.solved != Solved.NO
        and not (rating.solved == Solved.PARTLY and rating.rest_wanted)
    )


@guard(_("查询码经过了办这件事的人的手，要等别人回访。"))
def nobody_else_asks_yet(case: Case) -> bool:
    """A call is over when it was answered. A rating by the code leaves it owed only where the code may be another's."""
    return DeadlineKind.FOLLOW_UP not in case.clocks


@guard(_("要有说事人本人不满意的评价。"))
def dissatisfied_with_result(case: Case) -> bool:
    return case.rating is not None and not satisfied_with_result(case)


@guard(_("这类事按规定不再重办。"))
def rework_open_for_kind(case: Case) -> bool:
    """As the profile says: until satisfied; once at a tier, then above; never; not once mediated. A ruling may reopen it."""
    if case.goes_on or case.matter.mediation in SETTLED:
        return case.goes_on
    assert case.profile is not None
    rework = case.profile.kind(case.matter.kind).rework
    if rework == "once":
        return case.matter.rework_at_tier == 0 or bool(case.matter.tier_above_path)
    return rework == "until_satisfied"


@guard(_("这类事还能重办。"))
def rework_used_up(case: Case) -> bool:
    return not rework_open_for_kind(case)


@guard(_("只有按期不满意的答复才会重办。"))
def closed_by_its_own_word_or_open(case: Case) -> bool:
    return case.matter.status == Status.IN_FOLLOW_UP or case.matter.exit in (
        Exit.SATISFIED,
        Exit.UNREACHABLE,
        Exit.UNRATED,
    )


@guard(_("还没有两次不满意。"))
def second_dissatisfaction_or_by_hand(case: Case) -> bool:
    """By rule when the round just opened is the second rework in a row at this tier; a dispatcher or leader any time."""
    if case.actor.kind is not ActorKind.SYSTEM:
        return True
    current = case.matter.round
    reworked = current is not None and current.because == RoundBecause.REWORK
    return reworked and case.matter.rework_at_tier >= DISSATISFIED_AT_TIER


@guard(_("还没有超期五个工作日。"))
def long_overdue(case: Case) -> bool:
    """A clock that holds the matter up is over by more than the rules allow before an order follows."""
    held = holds_up(case.matter.status)
    running = (clock for clock in case.clocks.values() if clock.kind in held)
    return any(clock.late >= Lateness.LONG for clock in running)


@guard(_("已经是最上一级，继续在本级办理。"))
def tier_above_exists(case: Case) -> bool:
    return bool(case.matter.tier_above_path)


@guard(_("回访次数还没有用完。"))
def attempts_used_up(case: Case) -> bool:
    return case.matter.attempts_used_up


@guard(_("还在等说事人评价。"))
def rating_time_over(case: Case) -> bool:
    clock = case.clocks.get(DeadlineKind.RATING)
    return clock is not None and clock.due_at <= case.now


@guard(_("办过一轮还不满意的，要由领导裁定。"))
def leader_after_a_failed_round(case: Case) -> bool:
    """The dispatcher rules in the first round; after a failed one only a leader may (4.4.2)."""
    request = case.standing.pending.get(RequestKind.EXIT)
    if request is None or case.matter.round is None or case.matter.round.ordinal == 1:
        return True
    return request.decider_path in scopes(case.actor, (Role.LEADER,))


@guard(_("裁定还没有到期。"))
def a_ruling_is_overdue(case: Case) -> bool:
    return any(clock.kind == DeadlineKind.RULING and clock.due_at <= case.now for clock in case.clocks.values())


@guard(_("这件事不是从表格导入的。"), hides=True)
def imported(case: Case) -> bool:
    """It came from a file somebody gave."""
    return bool(case.matter.channel == Channel.IMPORT)
