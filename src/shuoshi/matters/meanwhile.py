"""What happened to a matter since somebody opened a form about it: who did what, when, and how it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Stale
from shuoshi.matters.case import Case
from shuoshi.matters.models import Entry
from shuoshi.matters.models.matter import NEVER
from shuoshi.matters.permission import refusal_of
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import OPEN, Action, Audience

_L = gettext_lazy

_TURNED = '"turn":'  # the column as a row of an event notes it; a quote within a text would be escaped

DEEDS: Mapping[Action, str | Promise] = {  # every row that can make open forms stale, as one says it afterwards
    Action.REGISTER: _L("登记了这件事"),
    Action.REGISTER_GROUP: _L("登记了集体反映"),
    Action.CHECK_CONCERNED: _L("核对了说到的人"),
    Action.TYPE_OUT: _L("记下了录音内容"),
    Action.RULE_VOID: _L("核定了作废申请"),
    Action.UNDO_IMPORT: _L("撤销了导入，这件事不算了"),
    Action.ACCEPT: _L("受理了这件事"),
    Action.SCREEN_OUT: _L("作了不予受理"),
    Action.OBJECT_TO_SCREENING: _L("对不予受理提了异议"),
    Action.REOPEN: _L("再次提出了这件事"),
    Action.MERGE: _L("把这件事并到别的件里了"),
    Action.UNMERGE: _L("撤销了并单"),
    Action.TELL_MAIN: _L("收进了说同一件事的另一件，一起办"),
    Action.SHARE_RESULT: _L("把主件的结果告知了这件"),
    Action.ANSWER_ON_THE_SPOT: _L("当场答复了这件事"),
    Action.REWORD_DEMANDS: _L("更正了归纳的要求"),
    Action.ASSIGN: _L("交办了这件事"),
    Action.DESIGNATE: _L("指定了承办单位"),
    Action.DIVIDE: _L("把这件事分项交办了"),
    Action.OPEN_PART: _L("立了这个分项"),
    Action.TELL_PART: _L("把整件的情况传给了这个分项"),
    Action.TAKE_UP_PART: _L("让这个分项重新办理"),
    Action.END_PART: _L("让这个分项随整件结束了"),
    Action.GATHER_PARTS: _L("汇总了各分项的答复"),
    Action.SIGN_FOR: _L("签收了这件事"),
    Action.CHANGE_HANDLER: _L("换了承办人"),
    Action.PREPARE_RESULT: _L("写好答复和报告，送了审签"),
    Action.SEND_BACK_RESULT: _L("把答复和报告退回去改"),
    Action.SIGN_RESULT: _L("签发了答复和报告"),
    Action.RETURN_REPORT: _L("把报告退回补正"),
    Action.RECORD_FOLLOW_UP: _L("记了回访"),
    Action.RATE: _L("作了评价"),
    Action.CONFIRM_SATISFIED: _L("按满意办结"),
    Action.START_REWORK: _L("转为重新办理"),
    Action.ESCALATE: _L("提到上一级办理"),
    Action.RAISE_TIER: _L("因为超期，交给上一级过问"),
    Action.REFER: _L("报领导裁定"),
    Action.REARRANGE: _L("因为岗位变动，换人接着办"),
    Action.TRANSFER_DUTIES: _L("因为职责划转，交给别的单位接着办"),
    Action.CLOSE_UNREACHED: _L("因为联系不上办结"),
    Action.CLOSE_UNRATED: _L("因为没有评价办结"),
    Action.REQUEST_RETURN: _L("申请了退单"),
    Action.RULE_RETURN: _L("裁定了退单"),
    Action.START_EMERGENCY: _L("启动了应急"),
    Action.REQUEST_ESCALATION: _L("提请了上级办理"),
    Action.RULE_ESCALATION: _L("裁定了提请上级办理"),
    Action.DISPATCH_EMERGENCY: _L("先派人处置了"),
    Action.COMPLETE_PAPERS: _L("补了单"),
    Action.STAND_DOWN: _L("解除了应急"),
    Action.REQUEST_EXTENSION: _L("申请了延期"),
    Action.RULE_EXTENSION: _L("裁定了延期"),
    Action.REQUEST_PAUSE: _L("申请了暂停计时"),
    Action.RULE_PAUSE: _L("裁定了暂停计时"),
    Action.RESUME: _L("恢复了计时"),
    Action.REQUEST_PARK: _L("申请了挂账"),
    Action.RULE_PARK: _L("裁定了挂账"),
    Action.STRIKE_OFF: _L("销了号，接着办"),
    Action.REQUEST_EXIT: _L("申请了依规办结"),
    Action.RULE_EXIT: _L("裁定了依规办结"),
    Action.WITHDRAW: _L("提出了撤回"),
    Action.REVOKE_WITHDRAWAL: _L("收回了撤回"),
    Action.CONFIRM_WITHDRAWN: _L("按撤回处理了"),
    Action.LAPSE_REQUEST: _L("有一项申请逾期没有裁定，等于不同意"),
    Action.REPORT_BACK: _L("把上级件报结了"),
    Action.TAKE_PAPERS: _L("收下了说事人的材料"),
    Action.HAND_BACK_PAPERS: _L("记了材料的去向"),
    Action.INSTRUCT: _L("作了批示"),
    Action.CONFER: _L("记了会商"),
    Action.NAME_OTHER_SIDE: _L("登记了对方当事人"),
    Action.OPEN_MEDIATION: _L("开始了调解"),
    Action.CONCLUDE_AGREEMENT: _L("记下了调解协议"),
    Action.END_MEDIATION: _L("终止了调解"),
    Action.CLOSE_AGREED: _L("按调解协议办结"),
    Action.ADOPT: _L("采纳了建议"),
    Action.DECLINE_SUGGESTION: _L("定了不采纳建议"),
    Action.REQUEST_REVIEW: _L("请了上一级复核"),
    Action.LAPSE_REVIEW: _L("因为复核逾期，交上一级或者恢复到复核以前"),
    Action.DECIDE_REVIEW: _L("作出了复核决定"),
    Action.DECLARE_CONFLICT: _L("申请了回避"),
    Action.RULE_CONFLICT: _L("裁定了回避"),
}


def stale(case: Case, row: Transition, turn: int) -> Stale:
    """Why a form that was drawn at `turn` is not carried out; two statements.

    Named is the last deed since then that changed what the form rests on, and of those only one whose line this actor
    may read. The text that was typed is the page's to keep.
    """
    refusal = refusal_of(row, case)
    line = _lines(case, turn).select_related("person").order_by("-event__sequence", "-id").first()
    return Stale(
        str(DEEDS[Action(line.action)]) if line else "",
        _who(line, case) if line else "",
        line.at if line else None,
        state=case.matter.get_status_display(),
        due_at=_due(case),
        turn=case.matter.turn,
        refused=refusal[1] if refusal else "",
    )


def _lines(case: Case, turn: int) -> QuerySet[Entry]:
    """What the timeline says of the deeds since that turn: each of them raised it by one, and noted so in its event."""
    events = Event.objects.filter(stream_kind="matter", stream_id=str(case.matter.pk), payload__contains=_TURNED)
    since = events.order_by("-sequence").values("pk")[: max(case.matter.turn - turn, 0)]
    lines = case.matter.entries.filter(event__in=since)
    return lines.filter(audience=Audience.PUBLIC) if case.actor.kind is ActorKind.SPEAKER else lines


def _who(line: Entry, case: Case) -> str:
    if line.person is not None:
        return str(line.person.name)
    if not line.by_speaker:
        return _("这件事")  # by rule: 这件事已于 …… 按满意办结
    return _("您自己") if case.actor.kind is ActorKind.SPEAKER else _("说事人")


def _due(case: Case) -> datetime | None:
    """What is owed next: to the speaker the promised day, on the desk the nearest date of the work."""
    if case.matter.status not in OPEN:
        return None
    due = case.matter.promised_by if case.actor.kind is ActorKind.SPEAKER else case.matter.next_due_at
    return due if due is not None and due < NEVER else None
