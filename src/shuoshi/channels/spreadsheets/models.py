"""Sheets that were given, what their columns are, and the runs that made matters of their rows."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Layout(models.Model):
    """What the columns of a sheet are (模板), found again by its headings. `settings` is sheets.columns.Settings as JSON."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # of the headings
    settings = models.TextField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [UniqueConstraint(name="layout_once", fields=["digest"], condition=Q(active=True))]

    def __str__(self) -> str:
        return self.name


class RunState(models.TextChoices):
    RUNNING = "running", _("正在登记")
    STOPPED = "stopped", _("停着")
    DONE = "done", _("登记完了")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")


_ENDED = [RunState.DONE, RunState.UNDOING, RunState.UNDONE]


class Run(KeyHolder):
    """One import: whose, of which file, and how far it is. `next_row` is the place of the next row, from 0."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedText(owner="self", blank=True)  # of the file
    sha256 = models.CharField(max_length=64)  # of the file
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    registry = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField()  # as they were told before it began
    settled = models.PositiveIntegerField()  # left out: settled elsewhere
    next_row = models.PositiveIntegerField(default=0)
    registered = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)  # rows that were good, and were refused at the door
    state = models.CharField(max_length=8, choices=RunState, default=RunState.RUNNING)
    ended_at = models.DateTimeField(null=True)
    undo_reason = EncryptedText(owner="self", blank=True)
    undo_asked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    undo_asked_at = models.DateTimeField(null=True)
    undo_agreed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # a second person
    undone = models.PositiveIntegerField(default=0)  # matters that ended as void
    undone_to = models.PositiveIntegerField(default=0)  # the line of the last that was looked at
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(name="sheet_run_within", condition=Q(next_row__lte=F("rows"))),
            CheckConstraint(
                name="sheet_run_ended_when_done",
                condition=Q(state__in=_ENDED) ^ Q(ended_at__isnull=True),
            ),
            CheckConstraint(
                name="sheet_run_undone_is_asked_for",
                condition=~Q(state__in=[RunState.UNDOING, RunState.UNDONE]) | Q(undo_asked_by__isnull=False),
            ),
            CheckConstraint(
                name="sheet_run_undone_by_two",
                condition=Q(undo_agreed_by__isnull=True) | ~Q(undo_agreed_by=F("undo_asked_by")),
            ),
        ]
        indexes = [
            Index(name="sheet_run_by_start", fields=["-started_at", "-id"]),  # queries.runs
            Index(name="sheet_run_running", fields=["started_at"], condition=Q(state=RunState.RUNNING)),  # running
            Index(name="sheet_run_undoing", fields=["started_at"], condition=Q(state=RunState.UNDOING)),  # undoing
            Index(  # queries.undone_ones
                name="sheet_run_undone", fields=["-undo_asked_at"], condition=Q(undo_asked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def to_do(self) -> int:
        """Rows still to be looked at."""
        return self.rows - self.next_row

    @property
    def undo_waits(self) -> bool:
        """Whether somebody asked for its undoing, and a second person has not said anything yet."""
        return self.undo_asked_at is not None and self.state == RunState.DONE

    @property
    def kept(self) -> int:
        """Matters that were worked on, and stayed when it was undone."""
        return self.registered - self.undone


class Spreadsheet(KeyHolder):
    """A file somebody gave, read into rows that lie sealed beside it; goes by itself. `settings` are those chosen last."""

    history = History.WORKING
    stored_in = frozenset({"stored", "checked"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    name = EncryptedText(owner="self", blank=True)  # of the file
    tab = EncryptedText(owner="self", blank=True)  # of the workbook that was read, where others were not
    sha256 = models.CharField(max_length=64)  # of the file
    stored = models.CharField(max_length=32)  # the rows, as JSON
    digest = models.CharField(max_length=64)  # of the headings
    rows = models.PositiveIntegerField()
    settings = EncryptedText(owner="self", blank=True)  # JSON; "" until the columns were confirmed
    given_at = models.DateTimeField()
    checked = models.CharField(max_length=32, blank=True)  # what came of looking at each row, as JSON
    checked_as = models.CharField(max_length=64, blank=True)  # and under which columns, words, rules and language
    expires_at = models.DateTimeField(null=True)  # null while its run is under way
    run = models.OneToOneField(Run, models.PROTECT, null=True, related_name="sheet")

    class Meta:
        indexes = [
            Index(name="sheet_expiring", fields=["expires_at"], condition=Q(expires_at__isnull=False)),  # forget
            Index(name="sheet_of_person", fields=["by", "-given_at"], condition=Q(run__isnull=True)),  # queries.begun
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class FromSpreadsheet(models.Model):
    """That a matter was registered by a run, from which line of its file."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="raised")
    line = models.PositiveIntegerField()
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="spreadsheet")

    class Meta:
        constraints = [UniqueConstraint(name="sheet_line_once", fields=["run", "line"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.line} → {self.matter_id}"


class RefusedRow(models.Model):
    """A row that was good and was refused at the door, with the words; goes with its sheet."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="refusals")
    line = models.PositiveIntegerField()
    reason = EncryptedText(owner="run")

    class Meta:
        constraints = [UniqueConstraint(name="refused_line_once", fields=["run", "line"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.line}"
