"""The words of the procedure as enums with their labels; nothing here decides anything.

Names follow the glossary of the institution; labels are what people read, everywhere the same.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a matter is. Requests and conditions lie over it and have rows of their own."""

    REGISTERED = "REGISTERED", _("待受理")
    SCREENED_OUT = "SCREENED_OUT", _("不予受理")
    ACCEPTED = "ACCEPTED", _("待交办")
    ASSIGNED = "ASSIGNED", _("待签收")
    IN_HANDLING = "IN_HANDLING", _("办理中")
    PAUSED = "PAUSED", _("暂停计时")
    PARKED = "PARKED", _("挂账")
    IN_FOLLOW_UP = "IN_FOLLOW_UP", _("待回访")
    CLOSED = "CLOSED", _("已办结")


HELD = frozenset({Status.IN_HANDLING, Status.PAUSED, Status.PARKED})  # somebody has it in hand
GIVEN = HELD | {Status.ASSIGNED}  # a unit has it
OPEN = GIVEN | {Status.REGISTERED, Status.ACCEPTED, Status.IN_FOLLOW_UP}


class Action(TextChoices):
    """Every row of the table of transitions, by the name it has in code, addresses and events."""

    REGISTER = "register", _("登记")
    START_EMERGENCY = "start_emergency", _("启动应急")
    CONFIRM_URGENCY = "confirm_urgency", _("核实为紧急")
    LOWER_URGENCY = "lower_urgency", _("降低紧急程度")
    CORRECT_REGISTRATION = "correct_registration", _("更正登记")
    CHECK_CONCERNED = "check_concerned", _("核对说到的人")
    HAND_OVER_RECEIPT = "hand_over_receipt", _("交付回执")
    VOID = "void", _("申请作废")
    RULE_VOID = "rule_void", _("核定作废")
    ACCEPT = "accept", _("受理")
    SCREEN_OUT = "screen_out", _("不予受理")
    OBJECT_TO_SCREENING = "object_to_screening", _("对不予受理有异议")
    ANSWER_ON_THE_SPOT = "answer_on_the_spot", _("当场答复")
    CLASSIFY = "classify", _("分类")
    ASSIGN = "assign", _("交办")
    DESIGNATE = "designate", _("指定承办")
    SIGN_FOR = "sign_for", _("签收")
    REQUEST_RETURN = "request_return", _("申请退单")
    RULE_RETURN = "rule_return", _("裁定退单")
    CHANGE_HANDLER = "change_handler", _("改派")
    RECORD_FIRST_CONTACT = "record_first_contact", _("记首次联系")
    RECORD_INVESTIGATION = "record_investigation", _("记调查核实")
    SET_PLAN = "set_plan", _("定方案")
    RECORD_MEASURE = "record_measure", _("记实施")
    REPORT_PROGRESS = "report_progress", _("告知进展")
    REQUEST_EXTENSION = "request_extension", _("申请延期")
    RULE_EXTENSION = "rule_extension", _("裁定延期")
    REQUEST_PAUSE = "request_pause", _("申请暂停计时")
    RULE_PAUSE = "rule_pause", _("裁定暂停计时")
    RESUME = "resume", _("恢复计时")
    REQUEST_PARK = "request_park", _("申请挂账")
    RULE_PARK = "rule_park", _("裁定挂账")
    REVIEW_PARKED = "review_parked", _("挂账复核")
    STRIKE_OFF = "strike_off", _("销号")
    REMIND = "remind", _("催办")
    ORDER_SUPERVISION = "order_supervision", _("督办")
    ANSWER_SUPERVISION = "answer_supervision", _("答复督办")
    NOTE = "note", _("内部备注")
    WRITE_TO_SPEAKER = "write_to_speaker", _("告知说事人")
    ADD_INFORMATION = "add_information", _("补充情况")
    ANSWER_QUESTIONS = "answer_questions", _("回答小问题")
    NUDGE = "nudge", _("群众催办")
    PREPARE_RESULT = "prepare_result", _("写答复和报告")
    SEND_BACK_RESULT = "send_back_result", _("退改")
    SIGN_RESULT = "sign_result", _("签发答复和报告")
    RETURN_REPORT = "return_report", _("退回补正")
    RECORD_FOLLOW_UP = "record_follow_up", _("记回访")
    RATE = "rate", _("评价")
    CONFIRM_SATISFIED = "confirm_satisfied", _("满意办结")
    START_REWORK = "start_rework", _("重新办理")
    ESCALATE = "escalate", _("提级办理")
    RAISE_TIER = "raise_tier", _("超期，上一级过问")
    REFER = "refer", _("重办后仍不满意，报领导裁定")
    REQUEST_EXIT = "request_exit", _("申请依规办结")
    RULE_EXIT = "rule_exit", _("裁定依规办结")
    CLOSE_UNREACHED = "close_unreached", _("联系不上办结")
    CLOSE_UNRATED = "close_unrated", _("已答复未评价办结")
    WITHDRAW = "withdraw", _("撤回")
    REVOKE_WITHDRAWAL = "revoke_withdrawal", _("收回撤回")
    CONFIRM_WITHDRAWN = "confirm_withdrawn", _("撤回生效")
    REOPEN = "reopen", _("再次提出")
    DECLARE_CONFLICT = "declare_conflict", _("申请回避")
    RULE_CONFLICT = "rule_conflict", _("裁定回避")
    CONSENT_TO_PUBLICATION = "consent_to_publication", _("同意公开")
    WITHDRAW_CONSENT = "withdraw_consent", _("收回公开的同意")
    LAPSE_REQUEST = "lapse_request", _("逾期未裁定")
    RECOUNT = "recount", _("放假安排公布，期限重新计算")
    REARRANGE = "rearrange", _("岗位变动，换人接着办")


class Kind(TextChoices):
    """The four kinds of the norm, and three outside the loop: its list ends in 等 and is not closed (2.2)."""

    POLICY_ENQUIRY = "POLICY_ENQUIRY", _("政策咨询")
    INTEREST_CLAIM = "INTEREST_CLAIM", _("利益诉求")
    SUGGESTION = "SUGGESTION", _("意见建议")
    DISPUTE = "DISPUTE", _("矛盾纠纷")
    OTHER = "OTHER", _("其他")
    PRAISE = "PRAISE", _("表扬感谢")
    INVALID = "INVALID", _("无效")


FOUR_KINDS = frozenset({Kind.POLICY_ENQUIRY, Kind.INTEREST_CLAIM, Kind.SUGGESTION, Kind.DISPUTE})


class Urgency(TextChoices):
    U1 = "U1", _("特急")
    U2 = "U2", _("紧急")
    U3 = "U3", _("加急")
    U4 = "U4", _("一般")


EMERGENCIES = frozenset({Urgency.U1, Urgency.U2})


class Complexity(TextChoices):
    SIMPLE = "simple", _("简单")
    STANDARD = "standard", _("一般")
    COMPLEX = "complex", _("复杂")
    DIFFICULT = "difficult", _("疑难")


class Channel(TextChoices):
    """The way a matter came in (3.1, 3.2)."""

    POINT = "point", _("说事点")
    MEETING = "meeting", _("说事会")
    ONLINE = "online", _("网上")
    HOTLINE = "hotline", _("热线")
    BOX = "box", _("意见箱")
    VISIT = "visit", _("走访")
    REPRESENTATIVE = "representative", _("代表代说")
    OUTSIDE = "outside", _("上级转来")
    IMPORT = "import", _("导入")


class Naming(TextChoices):
    """How much of the speaker the handling unit may know."""

    ANONYMOUS = "anonymous", _("匿名")
    CONFIDENTIAL = "confidential", _("留名但对承办单位保密")
    NAMED = "named", _("留名")


class PartyRole(TextChoices):
    SPEAKER = "speaker", _("说事人")
    ON_BEHALF_OF = "on_behalf_of", _("被代说的人")
    RECORDER = "recorder", _("代说人")


class TellBy(TextChoices):
    CALL = "call", _("打电话")
    SMS = "sms", _("短信")
    VISIT = "visit", _("上门")
    REPRESENTATIVE = "representative", _("请代表转告")
    PAGE = "page", _("自己在网上查")


class Audience(TextChoices):
    PUBLIC = "public", _("群众看得到")
    INTERNAL = "internal", _("仅内部可见")


class DeadlineKind(TextChoices):
    ACCEPT = "accept", _("受理")
    ASSIGN = "assign", _("交办")
    SIGN_FOR = "sign_for", _("签收")
    FIRST_CONTACT = "first_contact", _("首次联系")
    PROGRESS = "progress", _("进展告知")
    COMPLETION = "completion", _("答复和书面报告")
    PROMISE = "promise", _("答应说事人的日期")
    FOLLOW_UP = "follow_up", _("回访")
    RATING = "rating", _("等待评价")
    RULING = "ruling", _("裁定")
    WITHDRAWAL = "withdrawal", _("撤回生效")
    PAUSE = "pause", _("恢复计时")
    PARKED_REVIEW = "parked_review", _("挂账复核")
    SUPERVISION = "supervision", _("答复督办")
    EMERGENCY = "emergency", _("应急处置")


class RequestKind(TextChoices):
    RETURN = "RETURN", _("退单")
    EXTENSION = "EXTENSION", _("延期")
    PAUSE = "PAUSE", _("暂停计时")
    PARK = "PARK", _("挂账")
    EXIT = "EXIT", _("依规办结")
    VOID = "VOID", _("作废")
    RECUSAL = "RECUSAL", _("回避")


OF_THE_WORK = (RequestKind.RETURN, RequestKind.EXTENSION, RequestKind.PAUSE, RequestKind.PARK, RequestKind.EXIT)
"""What a unit asks for; it falls when the unit has the matter no longer, or has answered it."""


class RequestState(TextChoices):
    PENDING = "PENDING", _("待裁定")
    GRANTED = "GRANTED", _("同意")
    REFUSED = "REFUSED", _("不同意")
    WITHDRAWN = "WITHDRAWN", _("已撤销")


class Bond(TextChoices):
    """What a natural person did in a matter. The first four make a person *involved*; the others do not."""

    HANDLED = "handled", _("承办过")
    ISSUED = "issued", _("签发过")
    LED = "led", _("直接主管过")
    RULED = "ruled", _("裁定过")
    REGISTERED = "registered", _("登记过")
    FOLLOWED_UP = "followed_up", _("回访过")


INVOLVING = frozenset({Bond.HANDLED, Bond.ISSUED, Bond.LED, Bond.RULED})


class Exit(TextChoices):
    """How a matter ended. Only SATISFIED says satisfied, and only the person's own answer produces it."""

    SATISFIED = "SATISFIED", _("满意")
    ANSWERED = "ANSWERED", _("已答清")
    PASSED_ON = "PASSED_ON", _("已转达")
    EXPLAINED = "EXPLAINED", _("已解释说明")
    STATUTORY_ROUTE = "STATUTORY_ROUTE", _("已告知法定途径")
    UNREACHABLE = "UNREACHABLE", _("联系不上")
    UNRATED = "UNRATED", _("已答复未评价")
    WITHDRAWN = "WITHDRAWN", _("已撤回")
    VOID = "VOID", _("作废")


DECIDED_EXITS = frozenset({Exit.EXPLAINED, Exit.STATUTORY_ROUTE})


class Outcome(TextChoices):
    """What became of one demand; each asks for its own sentence."""

    SOLVED = "SOLVED", _("解决")
    PARTLY = "PARTLY", _("部分解决")
    CANNOT_ACT = "CANNOT_ACT", _("无法办理")
    NOT_JUSTIFIED = "NOT_JUSTIFIED", _("不予支持")


class Solved(TextChoices):
    YES = "YES", _("解决了")
    PARTLY = "PARTLY", _("部分解决")
    NO = "NO", _("没有解决")


class Satisfaction(TextChoices):
    """The five levels of the national scheme; 3 and above is satisfied, 3 is reported apart."""

    VERY_GOOD = "5", _("非常满意")
    GOOD = "4", _("满意")
    FAIR = "3", _("基本满意")
    BAD = "2", _("不满意")
    VERY_BAD = "1", _("非常不满意")


class RatingSource(TextChoices):
    SPEAKER = "speaker", _("本人评价")
    CALL = "call", _("回访记录")


class Proof(TextChoices):
    """What shows that a rating taken by staff is the person's own (1.3.1)."""

    RECORDING = "recording", _("通话录音")
    SIGNED_SLIP = "signed_slip", _("本人签字")
    WITNESS = "witness", _("见证人")


class WishShown(TextChoices):
    """What shows that it was the speaker who wanted to withdraw, where staff write it down (1.3.1)."""

    IDENTIFIED = "identified", _("当面说，核对过证件")
    SIGNED = "signed", _("本人签字的书面")
    CALLED_BACK = "called_back", _("按登记的电话拨回去核实")


class Way(TextChoices):
    """How somebody was spoken to."""

    CALL = "call", _("电话")
    VISIT = "visit", _("上门")
    FACE_TO_FACE = "face", _("当面")
    SMS = "sms", _("短信")
    LETTER = "letter", _("书信")
    PAGE = "page", _("进度页")
    RELAY = "relay", _("受理中心转达")


class RoundBecause(TextChoices):
    REGISTERED = "registered", _("首次办理")
    REWORK = "rework", _("不满意，重新办理")
    REOPENED = "reopened", _("办结后再次提出")


class EndedBecause(TextChoices):
    """Why an assignment stopped being the current one."""

    RETURNED = "returned", _("退单获准")
    CONFLICT = "conflict", _("回避")
    ESCALATED = "escalated", _("提级")
    ROUND_ENDED = "round_ended", _("本轮结束")


class ExcludedBecause(TextChoices):
    """Why somebody is kept from a matter."""

    CONCERNED = "concerned", _("反映的就是这个人或单位")
    RECUSED = "recused", _("裁定回避")
    DECLARED = "declared", _("自己声明，裁定前先回避")


class FollowUpBy(TextChoices):
    """Who asks the resident, in the order of fall-back; each step down leaves an event."""

    REGISTRY = "registry", _("受理中心")
    OVERSIGHT = "oversight", _("监督委员会成员")
    ABOVE = "above", _("上一级受理中心")
    SPEAKER = "speaker", _("只由本人评价")


class ResultState(TextChoices):
    PREPARED = "prepared", _("待审签")
    SENT_BACK = "sent_back", _("退改")
    SIGNED = "signed", _("已签发")
    RETURNED = "returned", _("退回补正")


class ReportForm(TextChoices):
    SHORT = "short", _("短式报告")
    LONG = "long", _("完整报告")
