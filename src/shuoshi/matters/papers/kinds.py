"""Which papers there are, the names a template may ask for, and which of them a matter has by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.matters.models import Entry
from shuoshi.matters.vocabulary import Action


class PaperKind(TextChoices):
    REGISTRATION = "registration", _("登记表")
    ORDER = "order", _("交办单")
    REPLY = "reply", _("答复书")
    REPORT = "report", _("书面报告")
    FOLLOW_UP = "follow_up", _("回访记录")
    HAND_OVER = "hand_over", _("移送函")
    AGREEMENT = "agreement", _("调解协议书")
    RETURN = "return", _("退单单")
    EXTENSION = "extension", _("延期审批单")
    PARKING = "parking", _("挂账审批单")
    ESCALATION = "escalation", _("提级办理单")
    REMINDER = "reminder", _("催办单")
    SUPERVISION = "supervision", _("督办单")
    REWORK = "rework", _("重办通知单")
    REVIEW = "review", _("复核决定书")
    EXIT = "exit", _("依规办结审批单")
    ORDER_ANSWER = "order_answer", _("上级件回复单")
    RECEIPT = "receipt", _("说事回执")
    RECEIPT_ROLL = "receipt_roll", _("说事回执（80 毫米小票）")
    RESULTS = "results", _("办理结果公示")


SUFFIX = {  # the profile's code for the end of the number (domain.md 11.8)
    PaperKind.ORDER: "assignment_order",
    PaperKind.REPLY: "reply",
    PaperKind.REPORT: "report",
    PaperKind.FOLLOW_UP: "follow_up",
    PaperKind.HAND_OVER: "hand_over",
    PaperKind.AGREEMENT: "mediation",
    PaperKind.RETURN: "return",
    PaperKind.EXTENSION: "extension",
    PaperKind.PARKING: "parked",
    PaperKind.ESCALATION: "escalation",
    PaperKind.REMINDER: "reminder",
    PaperKind.SUPERVISION: "supervision",
    PaperKind.REWORK: "rework",
    PaperKind.REVIEW: "review",
    PaperKind.EXIT: "exit",
    PaperKind.ORDER_ANSWER: "order_answer",
}
_FURTHER = frozenset(
    {
        PaperKind.RETURN,
        PaperKind.EXTENSION,
        PaperKind.PARKING,
        PaperKind.ESCALATION,
        PaperKind.REMINDER,
        PaperKind.SUPERVISION,
        PaperKind.REWORK,
        PaperKind.REVIEW,
        PaperKind.EXIT,
    }
)
_SIGNING = (Action.SIGN_RESULT, Action.ANSWER_ON_THE_SPOT)

# What a template may ask for: 0 is a text or a picture, else a list whose rows have so many values.
_EVERY = {"机构": 0, "编号": 0, "出具日期": 0, "落款": 0, "热线": 0, "二维码": 0, "核验": 0, "指纹": 0, "版次": 0}
_OF_MATTER = {"标题": 0, "说事人": 0, "联系电话": 0, "类别": 0, "要求": 2}
_OF_RESULT = {
    "称呼": 0, "说事时间": 0, "逐条": 4, "依据": 0, "承办人": 0, "承办电话": 0, "签发人": 0, "签发时间": 0, "一人多岗": 0,
    "轮次": 0, "送达方式": 0, "送达日期": 0,
}  # fmt: skip
_OF_REQUEST = {
    "申请单位": 0, "申请人": 0, "申请时间": 0, "交办单编号": 0, "情况说明": 0, "附件": 0,
    "裁定结果": 0, "裁定人": 0, "裁定时间": 0, "裁定意见": 0,
}  # fmt: skip
_OF_UNIT = {"主送": 0, "交办单编号": 0, "办理期限": 0, "是否超期": 0}
_KNOWN: Mapping[PaperKind, Mapping[str, int]] = {
    PaperKind.REGISTRATION: _EVERY | _OF_MATTER | {
        "留名方式": 0, "渠道": 0, "上级编号": 0, "说事时间": 0, "说事地点": 0, "登记时间": 0, "登记人": 0, "事发地点": 0,
        "紧急程度": 0, "原话": 0, "核对": 0, "告知方式": 0, "同意公开": 0,
    },
    PaperKind.ORDER: _EVERY | _OF_MATTER | {
        "主送": 0, "紧急程度": 0, "交办时间": 0, "办理期限": 0, "期限依据": 0, "先行联系": 0, "答应说事人": 0,
        "退单期限": 0, "事发地点": 0, "原话": 0, "协办单位": 0, "交办人": 0, "交办理由": 0, "轮次": 0, "上轮原话": 0,
    },
    PaperKind.REPLY: _EVERY | _OF_MATTER | _OF_RESULT | {"答复": 0, "救济": 0},
    PaperKind.REPORT: _EVERY | _OF_MATTER | _OF_RESULT | {
        "主送": 0, "报告": 0, "交办单编号": 0, "答复书编号": 0, "报告形式": 0,
    },
    PaperKind.FOLLOW_UP: _EVERY | _OF_MATTER | {
        "轮次": 0, "承办单位": 0, "答复书编号": 0, "回访": 6, "评价来源": 0, "评价时间": 0, "联系过": 0, "是否解决": 0,
        "结果满意度": 0, "态度满意度": 0, "剩下的要求": 0, "说事人的话": 0, "凭据": 0, "处理": 0,
    },
    PaperKind.HAND_OVER: _EVERY | {
        "标题": 0, "主送": 0, "字号": 0, "函文": 0, "说事人": 0, "联系电话": 0, "事发地点": 0, "原话": 0, "提供依据": 0,
        "回复日期": 0, "承办人": 0, "承办电话": 0, "签发人": 0,
    },
    PaperKind.AGREEMENT: _EVERY | _OF_MATTER | {
        "对方": 0, "对方电话": 0, "形式": 0, "达成日期": 0, "事实": 0, "争议": 0, "约定": 4, "履行": 0, "调解员": 0,
        "记录人": 0, "司法确认": 0, "凭据": 0,
    },
    PaperKind.RETURN: _EVERY | _OF_MATTER | _OF_REQUEST | {"理由": 0, "建议单位": 0},
    PaperKind.EXTENSION: _EVERY | _OF_MATTER | _OF_REQUEST | {
        "延期时间": 0, "法定": 0, "计划": 0, "原期限": 0, "新期限": 0, "答应说事人": 0,
    },
    PaperKind.PARKING: _EVERY | _OF_MATTER | _OF_REQUEST | {
        "理由": 0, "措施": 0, "目标日期": 0, "复核": 4, "销号时间": 0, "销号人": 0, "销号理由": 0,
    },
    PaperKind.ESCALATION: _EVERY | _OF_MATTER | _OF_REQUEST | {"方式": 0, "理由": 0, "原层级": 0, "提到": 0},
    PaperKind.REMINDER: _EVERY | _OF_MATTER | _OF_UNIT | {"催办人": 0, "催办时间": 0, "催办内容": 0, "次数": 0},
    PaperKind.SUPERVISION: _EVERY | _OF_MATTER | _OF_UNIT | {
        "督办人": 0, "督办时间": 0, "督办要求": 0, "答复期限": 0, "答复人": 0, "答复时间": 0, "答复内容": 0,
    },
    PaperKind.REWORK: _EVERY | _OF_MATTER | {
        "主送": 0, "待交办": 0, "本轮": 0, "上轮": 0, "重办时间": 0, "办理期限": 0, "答复书编号": 0, "原承办单位": 0,
        "上轮原话": 0, "上轮逐条": 3,
    },
    PaperKind.REVIEW: _EVERY | _OF_MATTER | {
        "文种": 0, "称呼": 0, "申请日期": 0, "复核理由": 0, "答复书编号": 0, "原承办单位": 0, "结论": 0, "复核意见": 0,
        "依据": 0, "救济": 0, "决定人": 0, "决定时间": 0,
    },
    PaperKind.EXIT: _EVERY | _OF_MATTER | _OF_REQUEST | {"办结方式": 0, "依据": 0, "救济": 0},
    PaperKind.ORDER_ANSWER: _EVERY | _OF_MATTER | {
        "主送": 0, "上级单号": 0, "收到日期": 0, "上级期限": 0, "上级要求": 0, "事项编号": 0, "说事时间": 0, "登记时间": 0,
        "事发地点": 0, "承办单位": 0, "承办人": 0, "承办电话": 0, "逐条": 4, "答复": 0, "报告": 0, "依据": 0, "签发人": 0,
        "签发时间": 0, "答复日期": 0, "结论": 0, "满意度": 0, "答复书编号": 0,
    },
    PaperKind.RECEIPT: {
        "机构": 0, "编号": 0, "查询码": 0, "登记时间": 0, "承诺": 0, "热线": 0, "夜间电话": 0, "网址": 0, "二维码": 0,
    },
    PaperKind.RESULTS: {
        "机构": 0, "月份": 0, "列表": 7, "小结": 0, "不列出的": 0, "出具日期": 0, "落款": 0, "热线": 0, "二维码": 0, "网址": 0,
    },
}  # fmt: skip
KNOWN = {**_KNOWN, PaperKind.RECEIPT_ROLL: _KNOWN[PaperKind.RECEIPT]}


@dataclass(frozen=True)
class Ref:
    """One paper of one matter: its kind, and which of the kind: assignment, result or round. 0 where there is one only."""

    kind: PaperKind
    ordinal: int = 0
    round: int = 0  # of a reply or report: it may have been signed again within the same one; of a rework the new one

    @property
    def name(self) -> str:
        """As it stands in an address: registration, order-1."""
        return f"{self.kind}-{self.ordinal}" if self.ordinal else str(self.kind)

    @property
    def label(self) -> str:
        if not self.ordinal:
            return str(self.kind.label)
        if self.kind == PaperKind.ORDER:
            return _now("第 %(n)d 张交办单") % {"n": self.ordinal}
        if self.kind == PaperKind.HAND_OVER:
            return _now("第 %(n)d 份移送函") % {"n": self.ordinal}
        if self.kind == PaperKind.ORDER_ANSWER:
            return str(self.kind.label)
        if self.kind == PaperKind.AGREEMENT:
            return str(self.kind.label) if self.ordinal == 1 else _now("第 %(n)d 份调解协议书") % {"n": self.ordinal}
        if self.kind == PaperKind.FOLLOW_UP:
            return _now("第 %(n)d 轮回访记录") % {"n": self.ordinal}
        if self.kind in _FURTHER and not self.round:
            return _now("第 %(n)d 份%(paper)s") % {"paper": self.kind.label, "n": self.ordinal}
        return _now("第 %(n)d 轮%(paper)s") % {"paper": self.kind.label, "n": self.round}


def newest_reply(timeline: Sequence[Entry]) -> Ref | None:
    """The reply that was signed last, told from a timeline that was read anyway."""
    signed = next((entry for entry in reversed(timeline) if entry.action in _SIGNING), None)
    if signed is None:
        return None
    ordinal = int(signed.facts.get("result") or 1)  # answers on the spot did not say so once
    return Ref(PaperKind.REPLY, ordinal, signed.round.ordinal)
