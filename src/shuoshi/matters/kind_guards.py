"""What disputes and suggestions ask for beside their status: duties to report, both sides, a decision (2.2.3, 2.2.4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import EMERGENCIES, DeadlineKind, Kind, Mediated, Naming


@guard(_("只有矛盾纠纷才有这一步。"), hides=True)
def a_dispute(case: Case) -> bool:
    return case.matter.kind == Kind.DISPUTE


@guard(_("矛盾纠纷要先核对报告义务：有没有家庭暴力，是不是可能违法犯罪，有没有扬言伤人伤己。核对了再做这一步。"))
def duties_answered(case: Case) -> bool:
    """What the law obliges to report is looked at before anything is decided (反家庭暴力法 14, 人民调解法 25)."""
    return case.matter.kind != Kind.DISPUTE or case.matter.duties_answered_at is not None


@guard(_("还没有登记对方当事人，先登记再调解。"))
def other_side_known(case: Case) -> bool:
    return case.matter.other_side


@guard(_("说事人匿名或者要求保密，不能和对方坐到一起。本人愿意公开身份，请他留名再说一次，才能调解。"))
def speaker_named(case: Case) -> bool:
    return case.matter.naming == Naming.NAMED


@guard(_("这件事已经调解过，不再调解一次。"))
def not_mediated_yet(case: Case) -> bool:
    """Once since it was raised: a second mediation would only put the date off."""
    return not case.matter.mediation


@guard(_("现在没有在调解。"), hides=True)
def mediating(case: Case) -> bool:
    return case.matter.mediation == Mediated.OPEN


@guard(_("正在调解。调解结束了，才能做这一步；要更多时间，由双方同意延长调解。"))
def not_mediating(case: Case) -> bool:
    """The time of a mediation belongs to both sides: nobody moves it, or answers past it, alone."""
    return case.matter.mediation != Mediated.OPEN


@guard(_("紧急、特急的事先处置，不转入调解。"))
def danger_is_over(case: Case) -> bool:
    return case.matter.urgency not in EMERGENCIES and not case.matter.urgency_suspected


@guard(_("有别的件并在这一件里，先分出来再调解：答应别人的日期不因为调解往后推。"))
def nobody_joined(case: Case) -> bool:
    return not case.matter.merged_here


@guard(_("没有签过的调解协议。"))
def agreement_signed(case: Case) -> bool:
    """Both sides signed: it binds them, and is performed or taken to court, never handled again (4.4.2)."""
    return case.matter.mediation == Mediated.SIGNED


@guard(_("没有要回查的协议。"), hides=True)
def performance_owed(case: Case) -> bool:
    return any(clock.kind == DeadlineKind.PERFORMANCE for clock in case.clocks.values())


@guard(_("没有登记过对方当事人。"), hides=True)
def has_other_side(case: Case) -> bool:
    return case.matter.other_side


@guard(_("只有意见建议才有这一步。"), hides=True)
def a_suggestion(case: Case) -> bool:
    return case.matter.kind == Kind.SUGGESTION


@guard(_("意见建议要研究采纳不采纳，不能当场答复了结。"))
def not_a_suggestion(case: Case) -> bool:
    return case.matter.kind != Kind.SUGGESTION


@guard(_("已经定过采纳不采纳了。"))
def not_decided_yet(case: Case) -> bool:
    return not case.matter.adoption


@guard(_("意见建议要先定采纳不采纳，再写答复。"))
def decided_on(case: Case) -> bool:
    """Nothing is reported as adopted that nobody adopted (2.2.3)."""
    return case.matter.kind != Kind.SUGGESTION or bool(case.matter.adoption)


@guard(_("没有等着落实的采纳。"), hides=True)
def carrying_out(case: Case) -> bool:
    return any(clock.kind == DeadlineKind.CARRIED_OUT for clock in case.clocks.values())
