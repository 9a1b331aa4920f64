"""What leaves the machine: gateways that are down and why, text messages up to the limit, what people tell instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.channels.wechat import menu
from shuoshi.desk.health.line import Line, State
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.notices import circuits, limits
from shuoshi.notices import queries as notices
from shuoshi.notices.models import THROUGH_GATEWAYS, Circuit, Way
from shuoshi.organization import profile

_SHOWN = 20
_CALL_LATE = timedelta(days=3)
_ACCOUNT = {"401", "403", "530", "534", "535", "538"}
_NETWORK = {"connect", "resolve", "broken"}


def lines(now: datetime) -> Iterator[Line]:
    for channel, circuit in sorted(circuits.down().items()):
        yield _down(channel, circuit)
    yield from _full(now)
    yield _messages(now)


def _down(channel: str, circuit: Circuit) -> Line:
    """A gateway that does not work: since when, what it said, and what is to be done about that."""
    waiting = notices.waiting_for_gateway(channel)[: _SHOWN + 1].count()
    facts = [
        (_("从什么时候起"), moment(circuit.since)),
        (_("对方说"), circuit.code or "—"),
        (_("在等的"), f"{_SHOWN}+" if waiting > _SHOWN else str(waiting)),
        (_("下次再试"), moment(circuit.probe_at)),
    ]
    robots = channel not in THROUGH_GATEWAYS
    page = (_("群机器人"), reverse("desk:set_robots")) if robots else (_("短信和邮件"), reverse("desk:set_gateways"))
    if channel == Way.WECHAT:
        page = (_("微信公众号"), reverse("desk:set_official"))
    if robots:
        says = _(
            "%(way)s发不出去，要发的都在等。程序隔一会儿拿一条去试，通了就全发出去；等了一天的不再发，工作台上都有。"
        )
    else:
        says = _("%(way)s发不出去，要发的都在等。程序隔一会儿拿一条去试，通了就全发出去；等了一天的，改由人告知。")
    says = says % {"way": circuits.named(channel)}
    state = State.BAD if circuit.failures >= circuits.TOLD_AFTER else State.NEAR
    return Line(
        _("发消息的通道"),
        state,
        says,
        menu.said(int(circuit.code)) if channel == Way.WECHAT and circuit.code.isdecimal() else _remedy(circuit.code),
        links=[page],
        facts=facts,
    )


def _remedy(code: str) -> str:
    """What to look at, by what the other side said."""
    said = code.lower()
    if code in _ACCOUNT or "accesskey" in said or "signature" in said:
        return _("对方不认账号。请核对账号、密码或者 AccessKey，重新填好，再试发一条。")
    if "amount" in said or "outof" in said:
        return _("账户里没有钱了。请充值，再试发一条。")
    if "template" in said or "sign_" in said:
        return _("签名或者模板不对。请到服务商那里看审核通过没有，代码抄对没有，再试发一条。")
    if said == "address":
        return _(
            "服务器的名字指到了机构内部的地址。真是内部的邮件服务器，请技术人员写进 SHUOSHI_MAILHOSTS；不是的，请核对名字。"
        )
    if said == "port":
        return _("邮件服务器的端口只能是 25、465、587、2525。请向邮件服务商问清楚。")
    if said == "open":
        return _("不加密的，只能是写进 SHUOSHI_MAILHOSTS 的机构内部服务器。请选一种加密，或者请技术人员写进去。")
    if said in _NETWORK:
        return _("连不上对方。请看网线、防火墙、服务器的名字和端口，再试发一条。")
    return _("请照“对方说”的查：欠费、停机、账号停用都有可能。好了以后试发一条。")


def _full(now: datetime) -> Iterator[Line]:
    """The limits of the whole site, while one is reached."""
    if not limits.reached(now):
        return
    (hour, day), allowed = limits.sent(now), profile.current().telling
    facts = [
        (_("一小时里发的短信"), _("%(n)d 条，最多 %(most)d 条") % {"n": hour, "most": allowed.sms_hour}),
        (_("今天发的短信"), _("%(n)d 条，最多 %(most)d 条") % {"n": day, "most": allowed.sms_day}),
    ]
    says = _("全站的短信发满了，多出来的改由人告知，在“要告知的”里。")
    do = _("请先看今天登记的事是不是有人捣乱。真有这么多事的，请在规则的“次数和天数”里把限量改大，再发布。")
    yield Line(_("短信的限量"), State.BAD, says, do, links=[(_("规则"), reverse("desk:set_profile"))], facts=facts)


def _messages(now: datetime) -> Line:
    """What is dead, and what people tell because it cannot leave."""
    name, dead = _("工作台以外的告知"), notices.dead()[: _SHOWN + 1].count()
    if dead:
        says = _("有 %(n)s 条短信、邮件发不出去。") % {"n": f"{_SHOWN}+" if dead > _SHOWN else dead}
        do = _("请先看看通道，试发一条。好了再重发，或者改由人告知。")
        links = [(_("发不出去的通知"), reverse("desk:set_dead")), (_("短信和邮件"), reverse("desk:set_gateways"))]
        return Line(name, State.BAD, says, do, links=links)
    oldest = notices.oldest_by_hand()
    if oldest is not None and now - oldest > _CALL_LATE:
        says = _("有要打电话、上门告知的，等了三天还没有告知。")
        do = _("请受理中心的人在“要告知的”里办。")
        return Line(name, State.NEAR, says, do, facts=[(_("最早的一件"), moment(oldest))])
    return Line(name, State.GOOD, _("没有发不出去的；要由人告知的，受理中心正在告知。"))
