"""Fixed days and their rules, who sits at a point and who did, queues with their numbers, printed sheets."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.pages import Picture
from shuoshi.kernel import clock
from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

MOST_COUNTERS = 9
LAST = 5  # of `nth`: the last one of a month


class Every(models.TextChoices):
    MONTH = "month", _("每月几号")
    NTH = "nth", _("每月第几个星期几")
    WEEKS = "weeks", _("每隔几个星期")


class OnHoliday(models.TextChoices):
    """Where a day goes that falls on a holiday."""

    NEXT = "next", _("推到节后第一个工作日")
    BEFORE = "before", _("提到节前最后一个工作日")
    STAY = "stay", _("照常，不改")


class DayRule(models.Model):
    """On which days people are heard at a point: on the 15th, on the second Tuesday, every second Tuesday from `first`."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey("organization.Point", models.PROTECT, related_name="day_rules")
    every = models.CharField(max_length=5, choices=Every)
    day = models.PositiveSmallIntegerField(null=True)  # of the month; the last one where it is shorter
    weekday = models.PositiveSmallIntegerField(null=True)  # 1 Monday … 7 Sunday, as ISO counts
    nth = models.PositiveSmallIntegerField(null=True)  # 1 … 4, LAST
    weeks = models.PositiveSmallIntegerField(null=True)
    first = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()
    on_holiday = models.CharField(max_length=6, choices=OnHoliday, default=OnHoliday.NEXT)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="day_rule_closes_after_opens", condition=Q(closes__gt=F("opens"))),
            CheckConstraint(
                name="day_rule_whole",
                condition=Q(every="month", day__gte=1, day__lte=31)
                | Q(every="nth", weekday__gte=1, weekday__lte=7, nth__gte=1, nth__lte=LAST)
                | Q(every="weeks", weekday__gte=1, weekday__lte=7, weeks__gte=1, weeks__lte=8),
            ),
        ]
        indexes = [Index(name="day_rule_of_point", fields=["point"], condition=Q(active=True))]

    def __str__(self) -> str:
        return f"{self.point_id} {self.every}"


class MatterDay(models.Model):
    """One 说事日. `planned_on`: as the rule has it, before holidays; null where somebody set the day for itself.

    `touched`: a person changed it, so that the rule leaves it alone from then on; `reason` is of the last change, and public.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey("organization.Point", models.PROTECT, related_name="matter_days")
    rule = models.ForeignKey(DayRule, models.PROTECT, null=True, related_name="days")
    planned_on = models.DateField(null=True)
    day = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()
    touched = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(name="matter_day_closes_after_opens", condition=Q(closes__gt=F("opens"))),
            CheckConstraint(
                name="matter_day_of_rule_has_date",
                condition=Q(rule__isnull=True, planned_on__isnull=True)
                | Q(rule__isnull=False, planned_on__isnull=False),
            ),
            UniqueConstraint(name="matter_day_of_rule_once", fields=["rule", "planned_on"]),
            UniqueConstraint(name="matter_day_once", fields=["point", "day"], condition=Q(cancelled=False)),
        ]
        indexes = [Index(name="matter_day_by_day", fields=["day", "point"])]  # queries.days

    def __str__(self) -> str:
        return f"{self.point_id} {self.day}"

    @property
    def moved(self) -> bool:
        return self.planned_on is not None and self.planned_on != self.day


class Part(models.TextChoices):
    """As what somebody sits there."""

    LEADER = "leader", _("领导接访")
    DEPARTMENT = "department", _("部门坐班")
    REGISTRAR = "registrar", _("登记接待")


class Sitting(models.Model):
    """That somebody is to sit at a point on a day, by a post. Taken back with a reason, and another put in the place."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey("organization.Point", models.PROTECT, related_name="sittings")
    post = models.ForeignKey("organization.Post", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    active = models.BooleanField(default=True)
    reason = models.CharField(max_length=120, blank=True)  # why it was taken back
    instead_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            CheckConstraint(name="sitting_ends_after_start", condition=Q(ends__gt=F("starts"))),
            UniqueConstraint(
                name="sitting_once", fields=["point", "person", "day", "starts"], condition=Q(active=True)
            ),
        ]
        indexes = [
            Index(name="sitting_of_point", fields=["point", "day"], condition=Q(active=True)),
            Index(name="sitting_of_person", fields=["person", "day"], condition=Q(active=True)),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.day} {self.person_id}"


class Attendance(models.Model):
    """That somebody was at a point on a day, as they or the registrar say. Written once; struck out with a reason."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey("organization.Point", models.PROTECT, related_name="attended")
    post = models.ForeignKey("organization.Post", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    day = models.DateField()
    came = models.TimeField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    struck_because = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                name="attendance_once", fields=["point", "person", "day"], condition=Q(struck_at__isnull=True)
            ),
            CheckConstraint(
                name="attendance_struck_by_somebody",
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_because="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_because=""),
            ),
        ]
        indexes = [Index(name="attendance_of_point", fields=["point", "-day"])]

    def __str__(self) -> str:
        return f"{self.point_id} {self.day} {self.person_id}"

    @property
    def own(self) -> bool:
        return self.noted_by_id == self.person_id

    @property
    def late(self) -> bool:
        """Written on a later day than the one it is about."""
        return clock.local(self.noted_at).date() > self.day


class Queue(models.Model):
    """That numbers are given out at a point, at how many counters, and whether the terminal gives them, too."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.OneToOneField("organization.Point", models.PROTECT, related_name="queue")
    counters = models.PositiveSmallIntegerField(default=1)
    at_terminal = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="queue_has_counters", condition=Q(counters__gte=1, counters__lte=MOST_COUNTERS)),
        ]

    def __str__(self) -> str:
        return str(self.point_id)


class TicketState(models.TextChoices):
    WAITING = "waiting", _("在等")
    CALLED = "called", _("叫到了")
    DONE = "done", _("办好了")
    PASSED = "passed", _("过号")


class Ticket(models.Model):
    """One number of one day at one point. It says nothing of who holds it; numbers begin at 1 each day."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tickets")
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    at_terminal = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=TicketState, default=TicketState.WAITING)
    drawn_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)  # for the first time
    last_called_at = models.DateTimeField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)
    counter = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(name="ticket_number_once", fields=["queue", "day", "number"]),
            UniqueConstraint(
                name="ticket_one_at_a_counter", fields=["queue", "day", "counter"], condition=Q(state="called")
            ),
            CheckConstraint(name="ticket_number_from_one", condition=Q(number__gte=1)),
            CheckConstraint(
                name="ticket_called_or_waiting",
                condition=Q(state="waiting", called_at__isnull=True, counter__isnull=True)
                | ~Q(state="waiting") & Q(called_at__isnull=False, counter__isnull=False),
            ),
        ]
        indexes = [Index(name="ticket_of_day", fields=["queue", "day", "state", "number"])]

    def __str__(self) -> str:
        return f"{self.day} {self.number}"


class FromTicket(models.Model):
    """That a matter was raised by whoever held a number: one of them may raise several."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="ticket")

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.matter_id}"


class SheetState(models.TextChoices):
    BLANK = "blank", _("印出去了")
    WAITING = "waiting", _("拍了照，等登记")
    REGISTERED = "registered", _("登记了")
    ASIDE = "aside", _("不登记")


class Sheet(KeyHolder):
    """A printed form by its serial number. What somebody wrote on it is in its pictures alone."""

    history = History.PROJECTION
    gone = _("已销毁")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    serial = models.CharField(max_length=8, unique=True)
    point = models.ForeignKey("organization.Point", models.PROTECT, related_name="sheets")
    batch = models.UUIDField()  # printed together
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SheetState, default=SheetState.BLANK)
    brought_at = models.DateTimeField(null=True)  # the first picture of it
    words = EncryptedText(owner="self", blank=True)  # why it is not registered
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(
                name="sheet_settled_by_somebody",
                condition=Q(state__in=["blank", "waiting"], settled_at__isnull=True, settled_by__isnull=True)
                | Q(state__in=["registered", "aside"], settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
        indexes = [
            Index(name="sheet_of_batch", fields=["batch", "id"]),
            Index(name="sheet_by_print", fields=["point", "-printed_at"]),
            Index(name="sheet_waiting", fields=["brought_at"], condition=Q(state="waiting")),
            Index(name="sheet_aside", fields=["-settled_at"], condition=Q(state="aside")),
        ]

    def __str__(self) -> str:
        return self.serial


class SheetPhoto(Picture):
    """A picture of a filled-in sheet, sealed under the sheet's key."""

    history = History.RECORD
    stored_in = frozenset({"stored", "thumbnail"})
    sealed_by = "sheet"

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="photos")

    class Meta:
        indexes = [Index(name="photo_of_sheet", fields=["sheet", "id"])]


class NotOfSheet(models.Model):
    """That a picture is none of its sheet: it is shown there no more, and goes into no matter."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    photo = models.OneToOneField(SheetPhoto, models.PROTECT, related_name="not_of_sheet")

    def __str__(self) -> str:
        return str(self.photo_id)


class FromSheet(models.Model):
    """That a matter was written on a sheet: one sheet, one matter."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sheet = models.OneToOneField(Sheet, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="sheet")

    def __str__(self) -> str:
        return f"{self.sheet_id} → {self.matter_id}"
