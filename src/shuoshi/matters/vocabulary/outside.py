"""What comes from outside and goes there: orders of a superior body, acting for the speaker elsewhere, letters to others."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderState(TextChoices):
    """Where an order of a superior body stands (3.1.3)."""

    OWED = "OWED", _("待报结")
    OBJECTED = "OBJECTED", _("已提异议，等上级答复")
    WITHDRAWN = "WITHDRAWN", _("上级已收回")
    REPORTED = "REPORTED", _("已报结")


ORDER_OWED = frozenset({OrderState.OWED, OrderState.OBJECTED})  # its limit runs and nothing was reported


class ConsentShown(TextChoices):
    """What shows that somebody agreed, where staff write it down (1.3.1)."""

    SIGNED = "signed", _("本人签字的书面")
    RECORDED = "recorded", _("有录音")


class AgencyKind(TextChoices):
    ACTS = "acts", _("代办：替他去办")
    GOES_ALONG = "goes_along", _("陪办：陪他去办")


class AgencyEnded(TextChoices):
    """Why nobody acts for the speaker any more."""

    DONE = "done", _("办完了")
    REVOKED = "revoked", _("本人收回委托")
    LAPSED = "lapsed", _("委托到期")
    REPLACED = "replaced", _("换了新的委托")
    HANDED_ON = "handed_on", _("换了承办单位")
    ANSWERED = "answered", _("已经答复")
    CLOSED = "closed", _("事情办结")


class PaperBecame(TextChoices):
    """Where a paper of the speaker is that was taken."""

    OUT = "out", _("还在我们手里")
    RETURNED = "returned", _("已还给本人")
    HANDED_IN = "handed_in", _("已交给办事的单位")
    LOST = "lost", _("丢失")


class OutsideBody(TextChoices):
    """To whom a matter may be handed over outside the institution."""

    POLICE = "police", _("公安机关")
    COURT = "court", _("法院、检察院")
    UTILITY = "utility", _("水电气热、通信等企业")
    AUTHORITY = "authority", _("其他机关、单位")


class Given(TextChoices):
    """What of the speaker's own data goes to an outside body."""

    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    ADDRESS = "address", _("地址")
    WORDS = "words", _("说事的原话")


class Ground(TextChoices):
    """Why the speaker's data may go to an outside body."""

    CONSENT = "consent", _("本人单独同意")
    LAW = "law", _("法律、行政法规规定")
