"""The machine and the program on it: disk, time, versions."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shuoshi.desk.health.line import RESTART, Line, State, restart
from shuoshi.kernel import clock, database, events, room, steady
from shuoshi.kernel.copies import schema
from shuoshi.kernel.steady import Alarm, Kind
from shuoshi.kernel.templatetags.shuoshi import moment

_RUNNING = version("shuoshi")  # the one this process began with


def lines(now: datetime, alarms: Iterable[Alarm]) -> Iterator[Line]:
    yield _disk()
    yield _time(now, jumped=any(alarm.kind is Kind.CLOCK_JUMPED for alarm in alarms))
    yield _secure(now)
    yield _versions()


def _secure(now: datetime) -> Line:
    """Browsers keep a page for the time without a network only from https, or from the machine itself."""
    name, host = _("没有网络时记走访"), urlsplit(settings.PUBLIC_ADDRESS).hostname
    if settings.CERTIFICATE is not None and settings.CERTIFICATE.exists():
        return _certificate(name, now)
    if settings.PUBLIC_ADDRESS.startswith("https:"):
        return Line(name, State.GOOD, _("可以。网址是 https 开头的。"))
    if host in ("localhost", "127.0.0.1"):
        return Line(name, State.GOOD, _("在这台机器上可以。手机要用，网址要换成 https 开头的。"))
    says = _("手机上不行：网址 %(address)s 不是 https 开头，浏览器不让没有网络时记。有网络时不受影响。")
    do = _(
        "请在服务器上运行下面的命令，给单位的网络做一张证书；或者放在有证书的反向代理后面，再把 SHUOSHI_HTTPS 设成 1。"
    )
    return Line(name, State.NEAR, says % {"address": settings.PUBLIC_ADDRESS}, do, ["shuoshi tls"])


def _certificate(name: str, now: datetime) -> Line:
    """Of our own; it is renewed two months before its end, and phones trust the authority for ten years."""
    from shuoshi.kernel import authority

    ends = authority.of_server(settings.AUTHORITY).until
    if ends - now < timedelta(days=30):
        says = _("证书 %(day)s 到期，到期以后手机打不开。")
        do = _("请重新启动服务，它会自己换。还是不换的，手机信任的那一张也快到期了：重新做一张，每部手机再信任一次。")
        state = State.BAD if ends <= now else State.NEAR
        return Line(
            name, state, says % {"day": date_format(clock.local(ends).date())}, do, [RESTART, "shuoshi tls --new"]
        )
    says = _("信任了证书的手机可以，用 https 开头的网址打开。证书 %(day)s 到期，到期以前自己换。怎么信任：%(address)s")
    address = settings.PUBLIC_ADDRESS.replace("https:", "http:") + reverse("portal:certificate")
    return Line(name, State.GOOD, says % {"day": date_format(clock.local(ends).date()), "address": address})


def _disk() -> Line:
    name, left = _("磁盘"), room.left(Path(settings.FILES))
    if left is None:
        return Line(name, State.BAD, _("放数据的磁盘找不到了。"), _("请看看磁盘接好没有，再重新启动服务。"), [RESTART])
    free, wanted = filesizeformat(left.free), room.wanted_for_copies(left.total)
    do = _("请清理磁盘，腾出 %(size)s 以上。有了地方自己恢复，不用重新启动。") % {"size": filesizeformat(wanted)}
    if not room.for_uploads():
        says = _("只剩 %(free)s：照片收不进来，备份也停了，文字照常保存。") % {"free": free}
        return Line(name, State.BAD, says, do)
    if left.free < wanted:
        says = _("只剩 %(free)s：放在这块磁盘上的备份停了，再少下去照片也收不进来。") % {"free": free}
        return Line(name, State.NEAR, says, do)
    says = _("放数据的磁盘还有 %(free)s，一共 %(total)s。") % {"free": free, "total": filesizeformat(left.total)}
    return Line(name, State.GOOD, says)


def _time(now: datetime, *, jumped: bool) -> Line:
    name, newest, off = _("时间"), events.newest_at(), database.ahead()
    check = _("请核对服务器的时间，打开自动对时。")
    if jumped:
        says = _("服务器的时间突然变了，暂时不查看期限。")
        do = _("请核对服务器的时间，打开自动对时。时间本来就对的，请重新启动服务。")
        return Line(name, State.BAD, says, do, [RESTART])
    if newest is not None and newest - now > steady.TOLERANCE:
        says = _("最后一件事记在 %(at)s，比现在还晚：服务器的时间现在慢了，或者那时快了。") % {"at": moment(newest)}
        return Line(name, State.BAD, says, check, ["timedatectl"])
    if abs(off) > steady.TOLERANCE:
        minutes = round(abs(off).total_seconds() / 60)
        says = _("数据库那台机器的时间和这里差 %(n)d 分钟。") % {"n": minutes}
        return Line(name, State.BAD, says, _("请核对两台机器的时间，都打开自动对时。"), ["timedatectl"])
    says = _("服务器现在是 %(at)s。请和手机对一对：差了，期限就会算错。") % {"at": moment(now)}
    return Line(name, State.GOOD, says)


def _versions() -> Line:
    name, installed, current = _("版本"), version("shuoshi"), schema.is_current()
    facts = [
        (_("程序"), _RUNNING),
        ("Python", platform.python_version()),
        (_("数据库"), database.called()),
        (_("表的结构"), _("跟程序一致") if current else _("比程序旧")),
    ]
    if not current:
        says = _("数据库还没有跟上现在的程序，有的页面会打不开。")
        do = _("请重新启动服务，启动时先备份，再把数据库带到新版本。")
        return Line(name, State.BAD, says, do, [RESTART], facts=facts)
    if installed != _RUNNING:
        says = _("装好了新版本 %(version)s，重新启动以后才用上。") % {"version": installed}
        return Line(name, State.NEAR, says, restart(), [RESTART], facts=facts)
    if database.is_too_old():
        says = _("这一版 PostgreSQL 太旧，我们从 %(version)d 试起。") % {"version": database.OLDEST_POSTGRESQL}
        return Line(name, State.NEAR, says, _("请先做一份备份，再升级 PostgreSQL。"), ["shuoshi backup"], facts=facts)
    return Line(name, State.GOOD, _("程序和数据库配得上。"), facts=facts)
