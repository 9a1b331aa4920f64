"""What disputes and suggestions have of their own: where a mediation is, what an agreement binds, what was adopted."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shuoshi.matters.vocabulary.state import DeadlineKind

LOOKED_AT = frozenset({DeadlineKind.PERFORMANCE, DeadlineKind.CARRIED_OUT})
"""What was agreed or adopted is looked at again on its day, also when the matter is closed."""
AFTERWARDS = LOOKED_AT | {DeadlineKind.SAMPLE}
"""Clocks that outlive the round, and the matter."""
OUTLIVES = AFTERWARDS | {DeadlineKind.ASK_BACK}
"""And what an outside body was asked: its answer is awaited whatever became of the matter meanwhile."""


class Mediated(TextChoices):
    """Where the mediation of a dispute is; what was dropped leaves none (2.2.4)."""

    OPEN = "open", _("正在调解")
    SIGNED = "signed", _("达成书面协议")
    ORAL = "oral", _("达成口头协议")
    FAILED = "failed", _("调解不成")
    DROPPED = "dropped", _("没有调解下去")


AGREED = frozenset({Mediated.SIGNED, Mediated.ORAL})
SETTLED = AGREED | {Mediated.FAILED}  # over by itself: its outcome stands, and is not reworked like a claim


class AgreementForm(TextChoices):
    """Written and signed, or spoken and written down by the mediator (人民调解法 28)."""

    SIGNED = "signed", _("书面协议")
    ORAL = "oral", _("口头协议")


class EndsBecause(TextChoices):
    """Why a mediation ended without an agreement (人民调解法 26)."""

    REFUSED = "refused", _("一方不愿再调解")
    NO_AGREEMENT = "no_agreement", _("谈过，没有谈成")
    TIME_OVER = "time_over", _("调解的期限到了")
    UNSUITABLE = "unsuitable", _("不宜再调解（恶意串通、可能激化等）")


class Side(TextChoices):
    """Who has to do what the agreement says."""

    SPEAKER = "speaker", _("说事人")
    OTHER = "other", _("对方")
    BOTH = "both", _("双方")


class Performed(TextChoices):
    """What a look at an obligation found."""

    YES = "yes", _("已经履行")
    PARTLY = "partly", _("履行了一部分")
    NO = "no", _("没有履行")


class Duty(TextChoices):
    """What the law obliges to report when a dispute shows it (反家庭暴力法 14, 人民调解法 25)."""

    VIOLENCE = "violence", _("家庭暴力，受害人没有或者只有部分行为能力")
    CRIME = "crime", _("可能是治安案件或者刑事案件")
    THREAT = "threat", _("扬言伤人、伤己，或者矛盾可能激化")


class Adopted(TextChoices):
    """What became of a suggestion (2.2.3)."""

    WHOLE = "whole", _("采纳")
    PART = "part", _("部分采纳")
    NOT = "not", _("不采纳")
