"""Words of meetings: kinds, states, who somebody is there, and what became of topics and resolutions."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What meets. How long before it is called, and how many decide, stands in rules."""

    MATTER_MEETING = "matter_meeting", _("说事会")
    BRANCH_MEETING = "branch_meeting", _("党支部会议")
    COMMITTEES_MEETING = "committees_meeting", _("村“两委”会议")
    PARTY_MEETING = "party_meeting", _("党员大会")
    DELEGATE_MEETING = "delegate_meeting", _("村民代表会议")
    VILLAGERS_MEETING = "villagers_meeting", _("村民会议")
    RESIDENTS_MEETING = "residents_meeting", _("居民会议")
    OTHER = "other", _("其他会议")


class State(TextChoices):
    CALLED = "called", _("已通知")
    OPEN = "open", _("正在开")
    CLOSED = "closed", _("开过了")
    APPROVED = "approved", _("纪要已通过")
    CANCELLED = "cancelled", _("不开了")


class Part(TextChoices):
    """Who somebody is at a meeting: only members count for the quorum and vote."""

    MEMBER = "member", _("应到人员")
    ATTENDING = "attending", _("列席")
    OBSERVER = "observer", _("旁听")


class Way(TextChoices):
    CODE = "code", _("扫码签到")
    RECORDER = "recorder", _("记录人登记")


class Presence(TextChoices):
    WAITING = "waiting", _("等记录人确认")
    PRESENT = "present", _("到会")
    STRUCK = "struck", _("已划去")


class TopicState(TextChoices):
    WAITING = "waiting", _("等答复")
    ADMITTED = "admitted", _("列入议程")
    DECLINED = "declined", _("没有列入")


class Look(TextChoices):
    """Why somebody looks at the whole telephone number of whoever proposed a topic."""

    ASK = "ask", _("打电话问清楚")
    TELL = "tell", _("告知安排")


class Outcome(TextChoices):
    """What became of a resolution."""

    OPEN = "open", _("落实中")
    DONE = "done", _("已落实")
    DROPPED = "dropped", _("不再落实")


class Step(TextChoices):
    """The steps of a village decision (四议两公开), in their order."""

    PROPOSED = "proposed", _("党支部提议")
    DISCUSSED = "discussed", _("村“两委”商议")
    REVIEWED = "reviewed", _("党员大会审议")
    DECIDED = "decided", _("村民会议或者村民代表会议决议")
