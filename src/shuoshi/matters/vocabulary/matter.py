"""What a matter is: its kind, urgency, way in, its people and how they are spoken to."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    PLATFORM = "platform", _("其他平台")
    WECHAT = "wechat", _("微信公众号")
    MAIL = "mail", _("电子邮件")
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
    OPPONENT = "opponent", _("对方当事人")
    SPOKESPERSON = "spokesperson", _("推选的代表")


THEIR_SIDE = frozenset(PartyRole) - {PartyRole.OPPONENT}  # the side that said it
SPEAKING = frozenset({PartyRole.SPEAKER, PartyRole.SPOKESPERSON})  # whom a reply goes to


class RelationKind(TextChoices):
    """Why a matter belongs to an earlier one of the same speaker."""

    LINKED = "linked", _("另一件事，另行登记")
    REPEAT = "repeat", _("还是这件事，办结后又说")


class TellBy(TextChoices):
    CALL = "call", _("打电话")
    SMS = "sms", _("短信")
    EMAIL = "email", _("电子邮件")
    WECHAT = "wechat", _("微信")
    VISIT = "visit", _("上门")
    REPRESENTATIVE = "representative", _("请代表转告")
    PAGE = "page", _("自己在网上查")


class Audience(TextChoices):
    PUBLIC = "public", _("群众看得到")
    INTERNAL = "internal", _("仅内部可见")


class Way(TextChoices):
    """How somebody was spoken to."""

    CALL = "call", _("电话")
    VISIT = "visit", _("上门")
    FACE_TO_FACE = "face", _("当面")
    SMS = "sms", _("短信")
    LETTER = "letter", _("书信")
    PAGE = "page", _("进度页")
    RELAY = "relay", _("受理中心转达")


class Spoken(TextChoices):
    """What a matter says that was raised by a recording, without a written word; "" for any other."""

    WAITING = "waiting", _("还没有记成文字")
    TYPED = "typed", _("照录音记下的")
