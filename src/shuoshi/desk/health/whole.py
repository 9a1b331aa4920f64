"""Everything at once, what is worst first. Each module tells of its own things."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk.health import calendar, copies, data, leaving, machine, work
from shuoshi.desk.health.line import Line, State
from shuoshi.kernel import clock, steady
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.steady import Alarm, Kind
from shuoshi.kernel.templatetags.shuoshi import moment

_TOLD_BELOW = {  # of these a line tells more
    Kind.WORKER_STILL,
    Kind.SWEEP_STILL,
    Kind.LOOKS_FAIL,
    Kind.CLOCK_JUMPED,
    Kind.TASK_FAILED,
    Kind.MESSAGES_DEAD,
    Kind.GATEWAY_DOWN,
    Kind.MESSAGES_FULL,
    Kind.COPY_OLD,
    Kind.COPY_BROKEN,
    Kind.FILES_LOST,
    Kind.DISK_FULL,
}


def everything(actor: Actor) -> list[Line]:
    """All lines, in the order of State and then of a walk through the house. As many statements however much there is."""
    now = clock.now()
    steady.forget()  # what was mended a moment ago shall not stand here as broken
    alarms = steady.alarms()
    found = chain(
        _others(alarms),
        machine.lines(now, alarms),
        copies.lines(now),
        work.lines(now, actor),
        leaving.lines(now),
        data.lines(),
        calendar.lines(now),
    )
    order = list(State)
    return sorted(found, key=lambda line: order.index(line.state))


def _others(alarms: list[Alarm]) -> Iterator[Line]:
    """What gave alarm and is no part of the house: somebody guesses, something waits for an administrator."""
    pages = {
        Kind.SECOND_WANTED: (_("两位管理员一起办的事"), reverse("desk:set_seconds")),
        Kind.DONE_ALONE: (_("人员和账号"), reverse("desk:set_people")),
        Kind.PHONES_TRIED: (_("人员和账号"), reverse("desk:set_people")),
    }
    for kind in dict.fromkeys(alarm.kind for alarm in alarms if alarm.kind not in _TOLD_BELOW):
        of_kind = [alarm for alarm in alarms if alarm.kind is kind]
        since = min((alarm.since for alarm in of_kind if alarm.since is not None), default=None)
        facts = [(_("从什么时候起"), moment(since))] if since else []
        links = [pages[kind]] if kind in pages else []
        yield Line(_("提醒"), State.NEAR, of_kind[0].text, facts=facts, links=links)
