"""What keeps the data: the keys that open it, and a database that loses nothing when the power goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from shuoshi.desk.health.line import Line, State
from shuoshi.kernel import database, keys

_CHECK = "shuoshi check"


def lines() -> Iterator[Line]:
    yield _keys()
    yield _durable()


def _keys() -> Line:
    unfit = keys.unfit(Path(settings.KEYS))
    if not unfit:
        says = _("%(n)d 把都在，只有程序自己能读。") % {"n": len(keys.NAMES)}
        return Line(_("密钥"), State.GOOD, says)
    says = _("有 %(n)d 把不在、坏了，或者别人也能读。服务再启动就起不来。") % {"n": len(unfit)}
    facts = [(_("哪几把"), _("、").join(unfit))]
    return Line(_("密钥"), State.BAD, says, _("先别重新启动。运行这一条，它会说怎么办："), [_CHECK], facts=facts)


def _durable() -> Line:
    name, weak = _("断电时"), database.weak()
    if not weak:
        return Line(name, State.GOOD, _("登记好的事都写到了磁盘上，不会丢。"))
    says = _("会丢掉刚登记的事，群众手里却有回执。")
    facts = [(setting, value) for setting, value in weak.items()]
    if connection.vendor == "postgresql":
        do = _("请在 postgresql.conf 里把上面几项改成 on，重新加载 PostgreSQL 的设置，再运行：")
    else:
        do = _("数据文件夹不要放在网络共享上，请移到本机的磁盘，再运行：")
    return Line(name, State.BAD, says, do, [_CHECK], facts=facts)
