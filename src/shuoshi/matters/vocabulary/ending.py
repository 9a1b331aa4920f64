"""How a matter ends: its report, what became of each demand, who asks, what was answered."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Exit(TextChoices):
    """How a matter ended. Only SATISFIED says satisfied, and only the person's own answer produces it."""

    SATISFIED = "SATISFIED", _("满意")
    ANSWERED = "ANSWERED", _("已答清")
    PASSED_ON = "PASSED_ON", _("已转达")
    AGREED_MEDIATION = "AGREED_MEDIATION", _("调解达成协议")
    MEDIATION_ENDED = "MEDIATION_ENDED", _("调解不成，已告知其他途径")
    EXPLAINED = "EXPLAINED", _("已解释说明")
    STATUTORY_ROUTE = "STATUTORY_ROUTE", _("已告知法定途径")
    UNREACHABLE = "UNREACHABLE", _("联系不上")
    UNRATED = "UNRATED", _("已答复未评价")
    WITHDRAWN = "WITHDRAWN", _("已撤回")
    REVIEW_FINAL = "REVIEW_FINAL", _("复核终结")
    VOID = "VOID", _("作废")
    DRILL = "DRILL", _("演练结束")


DECIDED_EXITS = frozenset({Exit.EXPLAINED, Exit.STATUTORY_ROUTE, Exit.MEDIATION_ENDED})
WHATEVER_WAS_SAID = DECIDED_EXITS | {Exit.REVIEW_FINAL, Exit.AGREED_MEDIATION}
"""Ends that do not rest on the person's word: it is kept beside them and changes nothing (4.4.2)."""


BY_FACTS = frozenset({Exit.ANSWERED, Exit.PASSED_ON, Exit.UNREACHABLE, Exit.UNRATED, Exit.WITHDRAWN})
"""Ends that nobody decides: they follow from what somebody wrote down, so a share is looked at by a third person."""


class Drawn(TextChoices):
    """Why an end is looked at by somebody else; most are not."""

    NOT = "", _("没有抽到")
    SHARE = "share", _("按比例抽到")
    TURN = "turn", _("每个单位若干件里至少一件")


class Looked(TextChoices):
    """What the person said when a third one asked whether the end was as it was written down."""

    CONFIRMED = "confirmed", _("和记录一样")
    CONTRADICTED = "contradicted", _("和记录不一样")
    DECLINED = "declined", _("联系上了，不愿多说")
    UNREACHED = "unreached", _("几次没有联系上")


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


class Heard(TextChoices):
    """What came of asking one of several spokespersons about the reply."""

    OWED = "owed", _("还没有问到")
    SATISFIED = "satisfied", _("满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    DECLINED = "declined", _("不愿评价")
    UNREACHED = "unreached", _("几次没有联系上")


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


class FollowUpBy(TextChoices):
    """Who asks the resident, in the order of fall-back; each step down leaves an event."""

    REGISTRY = "registry", _("受理中心")
    OVERSIGHT = "oversight", _("监督委员会成员")
    ABOVE = "above", _("上一级受理中心")
    SPEAKER = "speaker", _("只由本人评价")


class ReportForm(TextChoices):
    SHORT = "short", _("短式报告")
    LONG = "long", _("完整报告")
