"""The copies: whether there is a good one, where, proved when, and whether anybody could open it elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk.health.line import Line, State
from shuoshi.kernel import copies, room
from shuoshi.kernel.copies import nightly, recovery
from shuoshi.kernel.copies.record import Copy, Outcome
from shuoshi.kernel.copies.targets import S3
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.organization import queries as organization

_PROVED_LATE = timedelta(days=14)  # the worker proves one a week
_NOW = "shuoshi backup"


def lines(now: datetime) -> Iterator[Line]:
    if organization.institution().demo:
        yield Line(_("备份"), State.GOOD, _("演示里的事都是编的，不用备份。"))
        return
    good, latest, checked = copies.last_good(), copies.latest(), copies.last_checked()
    yield _newest(now, good)
    if latest is not None and latest.outcome == Outcome.FAILED:
        says = _("%(at)s 那一次没有做成。") % {"at": moment(latest.started_at)}
        yield Line(_("最近一次备份"), State.NEAR, says, _("程序每小时再试。自己运行一次，会说出原因："), [_NOW])
    if good is not None and good.problem:
        says = _("有附件在磁盘上找不到了，新的备份里也没有。")
        links = [(_("运行手册"), reverse("desk:manual", args=["about-operations"]))]
        yield Line(_("丢失的附件"), State.BAD, says, _("请从更早的备份里找回来。"), links=links)
    yield from _proof(now, good, checked)
    yield from _place()
    yield _sheet()


def _newest(now: datetime, good: Copy | None) -> Line:
    name, late = _("备份"), nightly.is_late(now)
    if good is None and late:
        do = _("请看看备份用的磁盘或 U 盘接好没有、满了没有，再运行：")
        return Line(name, State.BAD, _("一份完好的备份都没有。"), do, [_NOW])
    if good is None:
        says = _("还没有备份。后台程序几分钟内自动做第一份。")
        return Line(name, State.NEAR, says, _("不想等，现在就做："), [_NOW])
    facts = [
        (_("放在"), good.place),
        (_("有多少"), _("%(rows)d 行，%(files)d 个附件") % {"rows": good.rows, "files": good.files}),
    ]
    if late:
        says = _("最近一份完好的备份是 %(at)s 的，已经超过三天。") % {"at": moment(good.started_at)}
        do = _("请看看备份用的磁盘或 U 盘接好没有、满了没有，再运行：")
        return Line(name, State.BAD, says, do, [_NOW], facts=facts)
    says = _("最近一份完好的备份是 %(at)s 的。每夜两点以后自动做。") % {"at": moment(good.started_at)}
    return Line(name, State.GOOD, says, facts=facts)


def _proof(now: datetime, good: Copy | None, checked: Copy | None) -> Iterator[Line]:
    """A copy nobody has brought back for once is none."""
    name = _("检查备份")
    if checked is not None and checked.check_problem:
        says = _("检查 %(at)s 那份备份时发现问题，它可能恢复不了。") % {"at": moment(checked.started_at)}
        do = _("请换一个地方做一份新的，再检查它。反复出问题的磁盘不要再用。")
        commands = ["shuoshi backup /media/usb2/shuoshi", "shuoshi restore /media/usb2/shuoshi --check"]
        yield Line(name, State.BAD, says, do, commands)
    elif checked is not None and checked.checked_at is not None and now - checked.checked_at <= _PROVED_LATE:
        says = _("%(at)s 完整地试恢复过一遍，是好的。每周自动做一次。") % {"at": moment(checked.checked_at)}
        yield Line(name, State.GOOD, says)
    elif good is not None:
        says = _("两个星期没有试恢复过了。") if checked is not None else _("还没有试恢复过。每周自动做一次。")
        near = checked is not None or now - good.started_at > _PROVED_LATE
        do = _("自己做一次，不动正在用的数据：")
        yield Line(name, State.NEAR if near else State.GOOD, says, do, [f"shuoshi restore {good.place} --check"])


def _place() -> Iterator[Line]:
    """Where the nightly ones go; a bucket is not asked for a page."""
    name, place = _("放备份的地方"), settings.COPIES
    if place.startswith(S3):
        yield Line(name, State.GOOD, _("在对象存储里，不和数据放在一起。"), facts=[(_("放在"), place)])
        return
    folder, facts = Path(place), [(_("放在"), place)]
    if not folder.parent.is_dir():
        do = _("请把磁盘或 U 盘接好，再运行：")
        yield Line(name, State.BAD, _("放备份的地方不在。"), do, [_NOW], facts=facts)
    elif not room.for_copies(folder):
        left = room.left(folder)
        says = _("放备份的磁盘只剩 %(free)s，备份停了。") % {"free": filesizeformat(left.free if left else 0)}
        do = _("请清理这块磁盘，或者换一块大的。旧的备份可以这样删：")
        yield Line(name, State.BAD, says, do, ["shuoshi backup --thin"], facts=facts)
    elif _same_disk(folder, Path(settings.HOME)):
        says = _("备份和数据在同一块磁盘上，磁盘坏了会一起没。")
        do = _("请在启动设置里写 SHUOSHI_COPIES，指到另一块磁盘、U 盘或者别的机器上，先手工做一份：")
        yield Line(name, State.NEAR, says, do, ["shuoshi backup /media/backup/shuoshi"], facts=facts)
    else:
        yield Line(name, State.GOOD, _("不在放数据的磁盘上。"), facts=facts)


def _sheet() -> Line:
    known = recovery.known(Path(settings.HOME))
    if known is None:
        says = _("还没有打印恢复单。这台电脑坏了，备份谁也打不开。")
        do = _("请打印出来，装进信封放进保险柜，再把这个文件删掉：")
        return Line(_("恢复单"), State.BAD, says, do, ["shuoshi recovery-sheet --page - > recovery-sheet.html"])
    says = _("%(at)s 做的，分成三份，任意两份能恢复。") if known.shared else _("%(at)s 做的，是一整张。")
    facts = [(_("编号"), known.number)]
    return Line(_("恢复单"), State.GOOD, says % {"at": moment(known.made_at)}, facts=facts)


def _same_disk(folder: Path, home: Path) -> bool:
    there = folder if folder.exists() else folder.parent
    return os.stat(there).st_dev == os.stat(home).st_dev
