"""Notices of the outbox as lines a person reads. They carry a number and codes, so the words are made here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import disclosure, words
from shuoshi.kernel import outbox
from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Audience, DeadlineKind, Naming
from shuoshi.people.models import PrivilegedDeed
from shuoshi.workbench import queries

TOLD = 4  # changes of one matter that are said

WORDS = {
    "registered": _("有新登记的事"),
    "group_registered": _("有集体反映登记了，请关注"),
    "spokesperson_added": _("集体反映增加了代表"),
    "headcount_corrected": _("集体反映的人数有更正"),
    "part_ended": _("集体反映里有代表撤回了，请了解原因"),
    "danger_ticked": _("说事人勾了有危险，请马上核实"),
    "emergency": _("启动了应急，按分钟计时"),
    "duty_called": _("有急事，请您马上处置"),
    "dispatched": _("先处置后补单：已经派了人，请马上办"),
    "papers_owed": _("有一件事先处置了，要在一天内补单"),
    "emergency_reported": _("有一份应急报告"),
    "stood_down": _("应急解除了"),
    "accepted": _("有一件事受理了，等着交办"),
    "assigned": _("有一件事交办到本单位"),
    "proposed": _("交办时指定由您承办，请签收"),
    "handed_to_you": _("有一件事交到您手里"),
    "information": _("说事人补充了情况"),
    "answered": _("说事人回答了类别里的小问题"),
    "reworded": _("说事人更正了要求，请按新的写法答复"),
    "nudged": _("说事人催办"),
    "reminded": _("有人催办，请加快"),
    "supervised": _("发来督办，要书面答复"),
    "supervision_answered": _("督办有了答复"),
    "objected": _("说事人对不予受理有异议，请换一个人看"),
    "reopened": _("办结的事又提出来了，请重新交办"),
    "review_asked": _("说事人请您这一级复核，请作出决定"),
    "review_lapsed": _("复核逾期没有人作出决定"),
    "review_decided": _("复核有了决定"),
    "merged": _("有一件事并到别的件里办了，不用再办"),
    "unmerged": _("一件并办的事分出来了，请接着办"),
    "whole_ended": _("整件结束了，这个分项不用再办"),
    "joined": _("有一件同样的事并进来一起办"),
    "parted": _("并进来的一件分出去了"),
    "relay": _("有一句话要转达给说事人"),
    "return_asked": _("有人申请退单，请裁定"),
    "return_refused": _("退单没有准，请继续办"),
    "returned": _("退单获准，要重新交办"),
    "help_asked": _("有单位请本单位协办，请答复意见"),
    "help_given": _("协办单位答复了意见"),
    "objected_to_superior": _("对上级件提了异议，上级答复以后请记下"),
    "superior_answered": _("上级对异议有了答复"),
    "report_owed": _("上级件可以报结了，报结以前不能办结"),
    "agency_revoked": _("说事人收回了委托，请停下代办，归还材料"),
    "agency_lapsed": _("委托到期了，请归还材料"),
    "papers_lost": _("说事人的材料丢失了，请过问"),
    "outside_answered": _("移送的外单位有了答复"),
    "sponsored": _("有领导包案"),
    "duty_found": _("纠纷里有依法要报告的情况，请过问"),
    "mediation_opened": _("有一件纠纷开始调解"),
    "to_mediate": _("请您调解一件纠纷"),
    "agreement_reached": _("调解达成了协议"),
    "mediation_ended": _("调解终止了，请接着办"),
    "suggestion_decided": _("有一条建议定了采纳不采纳"),
    "instructed": _("有领导批示，到期要报告落实情况"),
    "instruction_answered": _("批示有了落实情况的报告"),
    "conferred": _("会商过了，请照商定的意见办"),
    "escalation_asked": _("下级单位提请上级办理，请裁定"),
    "escalation_refused": _("提请上级办理没有准，请继续办"),
    "order_corrected": _("上级件的单号或者期限更正了，请看一看"),
    "report_owed_anew": _("报结以后又重新办理，办完要再报结一次"),
    "extension_asked": _("有人申请延期，请裁定"),
    "extension_asked_here": _("您单位的承办人申请了延期。您的意见写在内部备注里，裁定的人看得到"),
    "extension_refused": _("延期没有准，期限照旧"),
    "extended": _("延期获准，期限往后推了"),
    "pause_asked": _("有人申请暂停计时，请裁定"),
    "pause_refused": _("暂停计时没有准，照常计时"),
    "paused": _("暂停计时获准"),
    "resumed": _("恢复计时了，请接着办"),
    "parking_asked": _("有人申请挂账，请裁定"),
    "parking_refused": _("挂账没有准，请继续办"),
    "parked": _("挂账获准，每月要复核"),
    "struck_off": _("挂账的事销号了，接着办"),
    "to_sign": _("有一份答复等您签发"),
    "sent_back": _("答复退回来改"),
    "replied": _("答复已签发，报告已送到"),
    "report_returned": _("报告退回补正"),
    "copy_returned": _("主件的报告退回了补正，这件用的是同一份答复，请核对要不要也退回"),
    "report_returned_again": _("同一件事的报告又一次退回补正，请过问"),
    "to_follow_up": _("有一件事等着回访"),
    "to_sample": _("有一件办结的事抽到要回访，请先不要告诉经手的人"),
    "sample_contradicted": _("抽查回访：说事人说的和办结记录不一样，请过问"),
    "rework": _("说事人不满意，要重新办理"),
    "escalated": _("提级办理"),
    "attitude": _("说事人对态度不满意"),
    "exit_asked": _("有人申请依规办结，请裁定"),
    "exit_refused": _("依规办结没有准，请继续办"),
    "recusal_asked": _("有人申请回避，请裁定"),
    "void_asked": _("有人申请作废，请另一个人核定"),
    "ruling_missed": _("裁定的期限过了，等于不同意"),
    "withdrawing": _("说事人要撤回，到期生效"),
    "withdrawal_revoked": _("说事人收回了撤回"),
    "account_asked": _("有管理员提出改动您的账号或岗位：%(deed)s。不知情的，请马上问另一位管理员"),
    "account_changed": _("您的账号或岗位有改动：%(deed)s。不知情的，请马上问另一位管理员"),
    "passkey_added": _("您的账号添加了一个通行密钥。不是您加的，请马上在“我的账号”里删除，改密码，并告诉系统管理员"),
    "passkey_copied": _(
        "有人用您的通行密钥的旧副本登录，没有放行。请在“我的账号”里删除这个通行密钥，重新添加，并告诉系统管理员"
    ),
    "deputy_named": _("有人请假，由您代理。哪天到哪天，请看“请假和代理”"),
    "absence_entered": _("有人替您登记了请假和代理人。不对的，请在“请假和代理”里收回"),
    "clock_warned": _("快到期：%(clock)s"),
    "clock_overdue": _("超期了：%(clock)s"),
    "talk_due": _("超期太久或者红牌太多，要约谈单位负责人：%(clock)s"),
    "clock_warned_beside": _("快到期：%(clock)s"),
    "clock_overdue_beside": _("超期了：%(clock)s"),
}


@dataclass(frozen=True)
class Line:
    """One notice: what, about which number ("" for the own account), when."""

    pk: UUID
    words: str
    number: str
    at: datetime


def lines(actor: Actor) -> Sequence[Line]:
    """What waits for this actor on the desk, newest first; matters out of sight are left out. Two statements.

    Whoever is told of one step by name and by a post (who heads and handles) has one line of it, that by name.
    """
    waiting = _once(outbox.pending_for(actor))
    seen = set(visible_to(actor).filter(pk__in={one.about_id for one in waiting}).values_list("pk", flat=True))
    return [
        Line(one.pk, _worded(one), one.number, one.created_at)
        for one in waiting
        if one.about_id in seen | {actor.person_id}
    ]


@dataclass(frozen=True)
class Changed:
    """A watched matter with what others did to it since its watcher looked, the latest first; `more` are not said."""

    matter: Matter
    since: datetime
    lines: Sequence[tuple[str, str, datetime]]  # what, by whom, when
    more: int

    @property
    def deeds(self) -> str:
        """What happened, each once, in one line."""
        return _now("、").join(dict.fromkeys(words_ for words_, _by, _at in self.lines))


def watched(actor: Actor) -> list[Changed]:
    """What this person watches, what changed first. Three statements, one where they watch nothing."""
    return [_changed(one) for one in queries.watched(actor)]


def _changed(one: queries.Watched) -> Changed:
    """Only what was done and by whom: what was said stands on the page, which knows who may read it."""
    told = [entry for entry in one.changes if not _names_somebody(entry)]
    lines = [(str(entry.get_action_display()), words.entry_author(entry), entry.at) for entry in told[:TOLD]]
    return Changed(one.matter, one.watch.looked_at, lines, max(0, len(told) - TOLD))


def _names_somebody(entry: Entry) -> bool:
    """What the timeline of a confidential matter keeps with the registry."""
    hidden = entry.matter.naming == Naming.CONFIDENTIAL and entry.audience == Audience.INTERNAL
    return hidden and entry.action in disclosure.NAMES_THEM


def _once(waiting: Iterable[outbox.Notice]) -> list[outbox.Notice]:
    """One notice of each step and kind."""
    found: dict[object, outbox.Notice] = {}
    for one in waiting:
        step = (one.event_id, one.kind) if one.event_id else one.pk
        if step not in found or (one.to_person and not found[step].to_person):
            found[step] = one
    return list(found.values())


def _worded(notice: outbox.Notice) -> str:
    said, facts = str(WORDS[notice.kind]), notice.facts
    if facts.get("drill"):
        said = _now("【演练】%(words)s") % {"words": said}
    if "deed" in facts:
        return said % {"deed": PrivilegedDeed(facts["deed"]).label}
    return said % {"clock": DeadlineKind(facts["kind"]).label} if facts.get("kind") else said
