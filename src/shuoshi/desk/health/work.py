"""The background work: whether a worker lives, gets to the limits, and gets its tasks done; receipts to hand over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.channels.points import queries as points
from shuoshi.desk import rights
from shuoshi.desk.health.line import LOG, RESTART, Line, Retry, State, restart
from shuoshi.kernel import clocks, outbox, steady, tasks
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.outbox import Channel
from shuoshi.kernel.templatetags.shuoshi import day, moment
from shuoshi.matters.queries import unreviewed
from shuoshi.organization.models import Unit, UnitKind

_SHOWN = 20
_SLIP_LATE = timedelta(days=7)


def lines(now: datetime, actor: Actor) -> Iterator[Line]:
    yield _worker(now)
    yield _clocks(now)
    yield _tasks()
    yield _slips(now, actor)
    yield _reviews()
    yield _points(now)


def _points(now: datetime) -> Line:
    """Fixed days that passed with nobody written down as there."""
    name, missed = _("说事日"), points.missed(now)
    if not missed:
        return Line(name, State.GOOD, _("一个月里的说事日都记了有人在岗。"))
    says = _("一个月里有 %(n)d 个说事日过了，没有人记在岗。") % {"n": len(missed)}
    do = _("请说事点所在的单位看一看：有人去了的，由登记员补记；没有人去的，把以后的排上人。")
    shown = [f"{one.point.name} {day(one.day, 'short')}" for one in missed[:_SHOWN]]
    links = [(_("说事点"), reverse("desk:points"))]
    return Line(name, State.NEAR, says, do, links=links, facts=[(_("哪几个"), _("、").join(shown))])


def _reviews() -> Line:
    """What waits for a decision that nobody may give."""
    name, stuck = _("复核"), unreviewed.nobody_decides()
    if not stuck:
        return Line(name, State.GOOD, _("正在复核的都有人能作决定。"))
    says = _("有 %(n)d 件正在复核，现在没有人能作决定：能作的人都离任了、经手过，或者要回避。") % {"n": len(stuck)}
    do = _("请给复核的那一级配上没有经手过的领导或者分办员；没有配上的，到期还没有决定，转给再上一级。")
    return Line(name, State.NEAR, says, do, facts=[(_("哪几件"), _("、").join(stuck[:_SHOWN]))])


def _worker(now: datetime) -> Line:
    name, beat = _("后台程序"), steady.last_beat()
    if beat is not None and now - beat < steady.BEAT_LATE:
        return Line(name, State.GOOD, _("在运行，看期限、做备份都靠它。"))
    says = _("没有动静：期限没有人看，备份也不做。")
    facts = [(_("最后一次动静"), moment(beat) if beat else _("从来没有"))]
    return Line(name, State.BAD, says, restart(), [RESTART, LOG], facts=facts)


def _clocks(now: datetime) -> Line:
    name, late = _("期限"), clocks.late(now - steady.SWEEP_LATE)
    if not late.count:
        return Line(name, State.GOOD, _("到了时候的期限都看过了，没有落下的。"))
    says = _("有 %(n)d 个期限到了时候没有看，快到期、已超期的提醒会晚。") % {"n": late.count}
    facts = [(_("最早的一个该在"), moment(late.oldest))]
    if not late.failing:
        return Line(name, State.BAD, says, restart(), [RESTART, LOG], facts=facts)
    facts.append((_("反复看不成的"), str(late.failing)))
    do = _("请重新启动服务。没有用的，请把日志里带“a look at”的几行交给技术支持。")
    return Line(name, State.BAD, says, do, [RESTART, LOG], facts=facts)


def _tasks() -> Line:
    name, given_up = _("后台任务"), tasks.given_up(_SHOWN + 1)
    if not given_up:
        return Line(name, State.GOOD, _("没有做不成的。"))
    count = f"{_SHOWN}+" if len(given_up) > _SHOWN else str(len(given_up))
    says = _("有 %(n)s 项试了多次都没有做成，程序不再自己试了。") % {"n": count}
    do = _("请先看日志里的原因，排除以后再试一次。")
    retries = [
        Retry(str(one.pk), one.name, _("%(at)s，试了 %(n)d 次") % {"at": moment(one.at, "short"), "n": one.tries})
        for one in given_up[:_SHOWN]
    ]
    return Line(name, State.BAD, says, do, [LOG], retries=retries)


def _slips(now: datetime, actor: Actor) -> Line:
    """Notices stand on desks, receipts are handed over."""
    name = _("要告诉人的")
    registries = Unit.objects.filter(kind=UnitKind.REGISTRY, active=True).values_list("pk", flat=True)
    waiting = outbox.oldest_for_units(registries, Channel.SLIP, _SHOWN + 1)
    if not waiting:
        return Line(name, State.GOOD, _("通知都在各人的工作台上，回执都交付了。"))
    facts = [
        (_("等着交付的回执"), f"{_SHOWN}+" if len(waiting) > _SHOWN else str(len(waiting))),
        (_("最早的一张"), moment(waiting[0])),
    ]
    if now - waiting[0] <= _SLIP_LATE:
        return Line(name, State.GOOD, _("通知都在各人的工作台上，回执正在交付。"), facts=facts)
    says = _("有回执等了一个多星期还没有交到说事人手里。")
    do = _("请受理中心的登记员在“待交付的回执”里打印、交付。")
    links = [(_("待交付的回执"), reverse("desk:receipts"))] if rights.delivers_receipts(actor) else []
    return Line(name, State.NEAR, says, do, links=links, facts=facts)
