"""Whether the house runs as it should: the worker's signs of life, a clock that can be believed, and what gave alarm.

steady.alarm(Kind.PHONES_TRIED, about=str(account_id))  # whoever notices something
for alarm in steady.alarms(): …                         # the banner of administrators
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, Value
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import clock, room
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

TOLERANCE = timedelta(minutes=2)  # more than any time service corrects in one step, less than any limit here
BEAT_LATE = timedelta(minutes=1)  # since the last sign of life of any worker
SWEEP_LATE = timedelta(minutes=5)  # since anybody looked at the limits without failing
LASTS = timedelta(days=1)  # an alarm nobody settles is shown so long after the last time
_REMEMBERED = 5.0  # seconds

_log = logging.getLogger(__name__)


class Kind(models.TextChoices):
    """What can be out of order; the label is what the banner says."""

    WORKER_STILL = "worker_still", _("后台程序没有动静：期限没有人看，通知送不出去。请查看服务器日志，重新启动服务。")
    SWEEP_STILL = "sweep_still", _("后台程序在运行，但一直没能查看期限。请查看服务器日志。")
    LOOKS_FAIL = (
        "looks_fail",
        _("有期限反复看不成：它的提醒、到期以后要走的步骤都停着。请到“运行状况”里看怎么办。"),
    )
    CLOCK_JUMPED = (
        "clock_jumped",
        _("服务器的时间突然变了，暂时不查看期限。请核对服务器时间；时间本来就对的，请重新启动服务。"),
    )
    TASK_FAILED = "task_failed", _("有后台任务试了多次都没有成功。请查看服务器日志。")
    MESSAGES_DEAD = "messages_dead", _("有短信、邮件反复发不出去。请到“发不出去的通知”里查看。")
    GATEWAY_DOWN = "gateway_down", _("短信、邮件或群消息的通道连不上，要发的都在等。请到“运行状况”里看怎么办。")
    MESSAGES_FULL = (
        "messages_full",
        _("全站的短信发满了限量，多出来的改由人告知。请看看是不是有人在捣乱，再看限量合不合适。"),
    )
    INBOX_DOWN = "inbox_down", _("收信的邮箱一个小时读不到了，来信都没有收。请到“设置”的“收信的邮箱”里看怎么办。")
    CODES_GUESSED = "codes_guessed", _("输错的查询码特别多，可能有人在猜。猜的人已经慢下来，群众凭回执照常查看。")
    NUMBER_GUESSED = "number_guessed", _("有事项的查询码被反复输错，可能有人在猜。群众凭回执照常查看。")
    SECOND_WANTED = "second_wanted", _("有一件要两位管理员一起办的事，在等另一位同意。请到“设置”里查看。")
    DONE_ALONE = "done_alone", _("权限高的账号由一位管理员独自办了操作，因为没有另一位管理员。请尽快增设一位。")
    NUMBER_OF_STAFF = (
        "number_of_staff",
        _("有说事人的电话改成了工作人员的号码。请看那个人的更正记录，向本人核实。"),
    )
    PHONES_TRIED = "phones_tried", _("有账号在短时间内查了很多没有记录的电话号码。请向本人了解情况。")
    COPY_OLD = (
        "copy_old",
        _("三天没有完好的备份了。请看看备份用的磁盘或 U 盘接好没有、满了没有，再运行 shuoshi backup。"),
    )
    COPY_BROKEN = (
        "copy_broken",
        _("检查最近一份备份时发现问题，它可能恢复不了。请换一个地方再备份一份：shuoshi backup。"),
    )
    FILES_LOST = "files_lost", _("有附件在磁盘上找不到了，新的备份里也没有。请从更早的备份里找回来。")
    DISK_FULL = "disk_full", _("磁盘快满了：照片收不进来，备份也停了，文字照常保存。请清理磁盘，清理后自己恢复。")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is out of order. `about` is what the kind concerns (an account's id), `since` None for never."""

    kind: Kind
    about: str = ""
    since: datetime | None = None
    count: int = 1

    @property
    def text(self) -> str:
        """What it means and what to do, in the reader's language."""
        return str(self.kind.label)


class WorkerBeat(models.Model):
    """The last sign of life of one worker, and when it last looked at the limits."""

    history = History.WORKING
    copied = False  # of this machine
    worker = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    at = models.DateTimeField()
    swept_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="worker_beat_newest", fields=["at"])]  # last_beat, alarms


class Raised(models.Model):
    """An alarm that was given, how often, and until when it is shown (null: until it is settled)."""

    history = History.WORKING
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)  # Kind; without choices, so that a new kind is no migration
    about = models.CharField(max_length=64, blank=True)
    first_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="raised_once", fields=["kind", "about"])]


def alarm(kind: Kind, about: str = "", *, lasts: timedelta | None = LASTS) -> None:
    """Give alarm: a log line and a banner for administrators, for `lasts` or (None) until it is settled.

    `about` goes into the log: an id, never a name or number of a person. Lost when the caller's transaction is
    rolled back.
    """
    now = clock.now()
    _log.error("alarm: %s %s", kind.value, about)
    with transaction.atomic():
        ends = None if lasts is None else now + lasts
        fresh = {"first_at": now, "ends_at": ends}
        row, made = Raised.objects.select_for_update().get_or_create(kind=kind, about=about, defaults=fresh)
        if not made:
            over = row.ends_at is not None and row.ends_at <= now
            row.first_at, row.count = (now, 1) if over else (row.first_at, row.count + 1)
            row.ends_at = ends
            row.save(update_fields=["first_at", "count", "ends_at"])
    _remembered.clear()


def settle(kind: Kind, about: str | None = None) -> None:
    """What gave alarm is in order again; `about` None: wherever it was."""
    rows = Raised.objects.filter(kind=kind)
    if about is not None:
        rows = rows.filter(about=about)
    if rows.delete()[0]:
        _remembered.clear()


def keep(kind: Kind, wrong: bool) -> None:
    """Have the alarm stand exactly while something is wrong; called as often as one looks, it tells once."""
    stands = Raised.objects.filter(kind=kind, ends_at__isnull=True).exists()
    if wrong and not stands:
        alarm(kind, lasts=None)
    elif stands and not wrong:
        settle(kind)


def look_at_disk(now: datetime) -> None:
    """Alarm while photos cannot be taken in for want of room."""
    keep(Kind.DISK_FULL, not room.for_uploads())


def alarms() -> list[Alarm]:
    """Everything that is out of order now, in the order of Kind; [] when all is well. Meant for administrators only.

    One statement at most, and none when this process asked within the last seconds.
    """
    database = str(settings.DATABASES["default"]["NAME"])
    asked_at, known = _remembered.get(database, (0.0, []))
    if database not in _remembered or time.monotonic() - asked_at > _REMEMBERED:
        known = _alarms(clock.now())
        _remembered[database] = (time.monotonic(), known)
    return list(known)


def forget() -> None:
    """Ask anew at the next `alarms`."""
    _remembered.clear()


def last_beat() -> datetime | None:
    """When a worker gave its last sign of life; None when none ever did."""
    newest: datetime | None = WorkerBeat.objects.aggregate(newest=Max("at"))["newest"]
    return newest


def prune(now: datetime, batch: int = 500) -> int:
    """Delete alarms nobody is shown any more; how many."""
    old = Raised.objects.filter(ends_at__lte=now).values("pk")[:batch]
    return Raised.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]


class Watch:
    """Compares how far both clocks went between two looks: the one on the wall, and the one nobody can set.

    After a jump it waits until the wall clock is back. A jump that was a correction is believed by a restart of the
    worker: nobody can tell the two apart from here (security.md 2.11).
    """

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._ticks = 0.0
        self._steady: bool | None = None
        self.turned = False  # whether the last look found another answer than the one before it

    def steady(self, at: datetime, ticks: float | None = None) -> bool:
        """Whether what is due by `at` may be looked at. `ticks`: seconds of the clock nobody can set, now by default."""
        ticks = _ticks() if ticks is None else ticks
        jump = timedelta() if self._at is None else (at - self._at) - timedelta(seconds=ticks - self._ticks)
        steady = abs(jump) <= TOLERANCE
        self.turned = steady != self._steady
        if self.turned and not steady:
            _log.error("the clock jumped by %s: no limit is looked at until it is back", jump)
        self._steady = steady
        if steady:
            self._at, self._ticks = at, ticks
        return steady


def _alarms(now: datetime) -> list[Alarm]:
    given = Raised.objects.filter(models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=now)).order_by()
    beats = WorkerBeat.objects.filter(at__gt=now - 2 * LASTS).order_by()
    rows = given.values_list("kind", "about", "first_at", "count", "ends_at").union(
        beats.values_list(Value(""), F("worker"), F("at"), F("pid"), F("swept_at")), all=True
    )
    found = list(rows)
    raised = [
        Alarm(Kind(kind), about, since, count) for kind, about, since, count, _end in found if kind in Kind.values
    ]
    raised += _standing_still([(at, swept) for kind, _, at, _, swept in found if not kind], raised, now)
    order = list(Kind)
    return sorted(raised, key=lambda one: (order.index(one.kind), one.about))


def _standing_still(
    beats: Iterable[tuple[datetime, datetime | None]], raised: Iterable[Alarm], now: datetime
) -> Iterable[Alarm]:
    """Whether no worker lives, or none of them gets to the limits. A worker just started has not looked yet."""
    alive = [(at, swept) for at, swept in beats if at > now - BEAT_LATE]
    if not alive:
        yield Alarm(Kind.WORKER_STILL, since=max((at for at, _ in beats), default=None))
        return
    if any(one.kind is Kind.CLOCK_JUMPED for one in raised):
        return  # then standing still is what was asked for
    swept = [at for _, at in alive if at is not None]
    if len(swept) == len(alive) and max(swept) < now - SWEEP_LATE:
        yield Alarm(Kind.SWEEP_STILL, since=max(swept))


def _ticks() -> float:
    """Seconds since the machine started, sleep included where the system counts it."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


_remembered: dict[str, tuple[float, list[Alarm]]] = {}
