"""Where a matter, a request, an assignment or a result is, and why it came there."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
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
    DIVIDED = "DIVIDED", _("分项办理中")
    PART_OVER = "PART_OVER", _("分项已结")
    IN_FOLLOW_UP = "IN_FOLLOW_UP", _("待回访")
    UNDER_REVIEW = "UNDER_REVIEW", _("复核中")
    MERGED = "MERGED", _("已并入")
    CLOSED = "CLOSED", _("已办结")


HELD = frozenset({Status.IN_HANDLING, Status.PAUSED, Status.PARKED})  # somebody has it in hand
GIVEN = HELD | {Status.ASSIGNED}  # a unit has it
AT_WORK = GIVEN | {Status.REGISTERED, Status.ACCEPTED, Status.IN_FOLLOW_UP}  # open, and handled for itself
OPEN = AT_WORK | {Status.UNDER_REVIEW, Status.MERGED, Status.DIVIDED}
OVER = frozenset({Status.CLOSED, Status.SCREENED_OUT})  # a part is over otherwise, and counts for none

ANSWERED_IN_PARTS = frozenset(  # what was divided and has no assignment of its own
    {Status.DIVIDED, Status.IN_FOLLOW_UP, Status.UNDER_REVIEW, Status.CLOSED}
)
OF_A_PART = frozenset({Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING, Status.PART_OVER})  # all it can be


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
    CO_OPINION = "co_opinion", _("答复协办意见")
    PERFORMANCE = "performance", _("回查协议履行")
    CARRIED_OUT = "carried_out", _("落实采纳的建议")
    SUPERVISION = "supervision", _("答复督办")
    INSTRUCTION = "instruction", _("报告批示的落实情况")
    SPONSOR = "sponsor", _("包案推进")
    OUTSIDE_ORDER = "outside_order", _("报结上级件")
    AGENCY = "agency", _("委托到期")
    HAND_BACK = "hand_back", _("归还材料")
    ASK_BACK = "ask_back", _("问回外单位的结果")
    REVIEW = "review", _("作出复核决定")
    EMERGENCY = "emergency", _("应急处置")
    DUTY = "duty", _("值班员着手处置")
    SCENE = "scene", _("到现场")
    REPORT = "report", _("应急报告")
    PAPERS = "papers", _("补单")
    SAMPLE = "sample", _("抽查回访")


class CardColour(TextChoices):
    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")
    TALK = "talk", _("约谈")


class CardCause(TextChoices):
    """What brought a card; the numbers are the profile's."""

    NEAR = "near", _("快到期了，到了预警时间")
    PASSED = "passed", _("到期没有完成")
    LONG = "long", _("超期太久")
    OFTEN = "often", _("一个季度红牌太多")


class Lateness(IntegerChoices):
    """How far the lateness of a clock went, each step once."""

    IN_TIME = 0, _("没有超期")
    PASSED = 1, _("超期")
    LONG = 2, _("超期较久，督办")
    LONGEST = 3, _("超期太久，约谈")


class RequestKind(TextChoices):
    RETURN = "RETURN", _("退单")
    ESCALATION = "ESCALATION", _("提请上级办理")
    EXTENSION = "EXTENSION", _("延期")
    PAUSE = "PAUSE", _("暂停计时")
    PARK = "PARK", _("挂账")
    EXIT = "EXIT", _("依规办结")
    VOID = "VOID", _("作废")
    RECUSAL = "RECUSAL", _("回避")


OF_THE_WORK = (
    RequestKind.RETURN,
    RequestKind.ESCALATION,
    RequestKind.EXTENSION,
    RequestKind.PAUSE,
    RequestKind.PARK,
    RequestKind.EXIT,
)
"""What a unit asks for; it falls when the unit has the matter no longer, or has answered it."""


class RequestState(TextChoices):
    PENDING = "PENDING", _("待裁定")
    GRANTED = "GRANTED", _("同意")
    REFUSED = "REFUSED", _("不同意")
    WITHDRAWN = "WITHDRAWN", _("已撤销")


class Bond(TextChoices):
    """What a natural person did in a matter. Which of them make a person *involved*, INVOLVING says."""

    HANDLED = "handled", _("承办过")
    ISSUED = "issued", _("签发过")
    LED = "led", _("直接主管过")
    RULED = "ruled", _("裁定过")
    HELPED = "helped", _("协办过")
    REGISTERED = "registered", _("登记过")
    FOLLOWED_UP = "followed_up", _("回访过")
    CALLED = "called", _("应急时被叫过")
    STOOD_IN = "stood_in", _("代承办人办过")
    SAMPLED = "sampled", _("抽查回访过")


INVOLVING = frozenset({Bond.HANDLED, Bond.HELPED, Bond.ISSUED, Bond.LED, Bond.RULED, Bond.STOOD_IN})


class RoundBecause(TextChoices):
    REGISTERED = "registered", _("首次办理")
    REWORK = "rework", _("不满意，重新办理")
    REOPENED = "reopened", _("办结后再次提出")
    REVIEWED = "reviewed", _("复核改变了决定")


class EmergencyReportKind(TextChoices):
    """The first report, those that follow, and the last (初报、续报、终报)."""

    INITIAL = "initial", _("初报")
    FOLLOW = "follow", _("续报")
    FINAL = "final", _("终报")


class EndedBecause(TextChoices):
    """Why an assignment stopped being the current one."""

    RETURNED = "returned", _("退单获准")
    CONFLICT = "conflict", _("回避")
    ESCALATED = "escalated", _("提级")
    ROUND_ENDED = "round_ended", _("本轮结束")
    MERGED = "merged", _("并入别的件，由主件答复")
    TRANSFERRED = "transferred", _("职责划转")


class ExcludedBecause(TextChoices):
    """Why somebody is kept from a matter."""

    CONCERNED = "concerned", _("反映的就是这个人或单位")
    RECUSED = "recused", _("裁定回避")
    DECLARED = "declared", _("自己声明，裁定前先回避")


class ResultState(TextChoices):
    PREPARED = "prepared", _("待审签")
    SENT_BACK = "sent_back", _("退改")
    SIGNED = "signed", _("已签发")
    RETURNED = "returned", _("退回补正")


class BeyondUs(TextChoices):
    """Why a unit cannot do by itself what it is asked for, so that the tier above has to (4.2.2)."""

    POWERS = "powers", _("超出本级职权")
    ENFORCEMENT = "enforcement", _("要有执法权才能办")
    MONEY = "money", _("需要上级资金支持")


class Hears(TextChoices):
    """What a main matter hears of one that was merged into it."""

    JOINED = "joined", _("并进来一件")
    PARTED = "parted", _("分出去一件")
    SAID = "said", _("并入件补充了情况")
    NUDGED = "nudged", _("并入件催办")


class FromMain(TextChoices):
    """What a merged matter hears of its main one."""

    KEPT = "kept", _("有人要回避")
    RETURNED = "returned", _("主件的报告退回补正")


class Shared(TextChoices):
    """What a divided matter hears of one of its parts, or a part of the whole."""

    ANSWERED = "answered", _("分项办完")
    LATER = "later", _("分项延期")
    KEPT = "kept", _("有人要回避")
    SAID = "said", _("说事人补充了情况")
    NUDGED = "nudged", _("说事人催办")
    WITHDRAWING = "withdrawing", _("说事人要撤回")
    STAYS = "stays", _("说事人不撤回了")


class TakenUp(TextChoices):
    """Why a part that was over is worked on again."""

    RETURNED = "returned", _("退回补正")
    REWORK = "rework", _("重新办理")
