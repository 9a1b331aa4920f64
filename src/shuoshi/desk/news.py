"""Notices of the outbox as lines a person reads. They carry a number and codes, so the words are made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import outbox
from shuoshi.kernel.actors import Actor
from shuoshi.matters.scope import visible_to

WORDS = {
    "registered": _("有新登记的事"),
    "accepted": _("有一件事受理了，等着交办"),
    "assigned": _("有一件事交办到本单位"),
    "emergency": _("启动了应急，按分钟计时"),
    "danger_ticked": _("说事人勾了有危险，请马上核实"),
    "void_asked": _("有人申请作废，请另一个人核定"),
    "information": _("说事人补充了情况"),
    "not_solved": _("说事人说没有解决"),
    "nudge": _("说事人催办"),
    "nudged": _("说事人催办"),
    "warned": _("有一件事快到期"),
    "overdue": _("有一件事超期了"),
    "missed": _("有一件事超期了"),
    "near": _("有一件事快到期"),
    "return_asked": _("有人申请退单，请裁定"),
    "return_ruled": _("退单有了裁定"),
    "returned": _("退单获准，要重新交办"),
    "prepared": _("有一份答复等您签发"),
    "sent_back": _("答复退回来改"),
    "signed": _("答复已签发，报告已送到"),
    "report_returned": _("报告退回补正"),
    "rework": _("说事人不满意，要重新办理"),
    "escalated": _("提级办理"),
    "exit_asked": _("有人申请依规办结，请裁定"),
    "exit_ruled": _("依规办结有了裁定"),
    "conflict_asked": _("有人申请回避，请裁定"),
    "conflict_ruled": _("回避有了裁定"),
    "withdrawn": _("说事人要撤回"),
    "attitude": _("说事人对态度不满意"),
}


@dataclass(frozen=True)
class Line:
    """One notice: what, about which number, when."""

    pk: UUID
    words: str
    number: str
    at: datetime


def lines(actor: Actor) -> Sequence[Line]:
    """What waits for this actor on the desk, newest first; matters out of sight are left out. Two statements."""
    waiting = list(outbox.pending_for(actor))
    seen = set(visible_to(actor).filter(pk__in={one.about_id for one in waiting}).values_list("pk", flat=True))
    return [
        Line(one.pk, str(WORDS.get(one.kind, _("有了变化"))), one.number, one.created_at)
        for one in waiting
        if one.about_id in seen
    ]
