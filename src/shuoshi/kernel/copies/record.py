"""What became of each copy: made or not, where, how large, and whether it was proved since. The copy itself lies there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from shuoshi.kernel import clock
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

if TYPE_CHECKING:
    from shuoshi.kernel.copies.making import Made


class Outcome(models.TextChoices):
    RUNNING = "RUNNING"
    GOOD = "GOOD"
    FAILED = "FAILED"


class Copy(models.Model):
    """One attempt to copy everything. Of this database and its machine: a copy does not carry it along."""

    history = History.WORKING
    copied = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slot = models.CharField(max_length=16, null=True, unique=True)  # the hour of a nightly one: one worker takes it
    place = models.CharField(max_length=500)
    name = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.RUNNING)
    problem = models.CharField(max_length=500, blank=True)  # of a good one: which files the home had lost before it
    rows = models.PositiveBigIntegerField(default=0)
    files = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)  # bytes of rows and files together
    keys = models.BooleanField(default=False)  # went with it, sealed for the recovery sheet
    checked_at = models.DateTimeField(null=True)
    check_problem = models.CharField(max_length=500, blank=True)  # "" after a check: it was proved

    def good(self, made: Made) -> None:
        """The copy stands. Written down where the beginning was."""
        self.outcome, self.name, self.ended_at = Outcome.GOOD, made.name, clock.now()
        self.rows, self.files, self.keys = made.manifest.rows, made.manifest.files.lines, made.keys
        self.size = made.size + made.manifest.file_bytes
        self.problem = made.lost
        self._write()

    def failed(self, problem: str) -> None:
        """Nothing came of it."""
        self.outcome, self.ended_at, self.problem = Outcome.FAILED, clock.now(), problem[:500]
        self._write()

    def _write(self) -> None:
        if not self._state.adding:
            self.save()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="copy_ended_or_running",
                condition=Q(outcome=Outcome.RUNNING, ended_at__isnull=True)
                | Q(outcome__in=(Outcome.GOOD, Outcome.FAILED), ended_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="copy_newest", fields=["outcome", "started_at"])]  # last_good, latest, due


def last_good() -> Copy | None:
    """The newest copy that was finished and in which no check found a fault."""
    return Copy.objects.filter(outcome=Outcome.GOOD, check_problem="").order_by("-started_at").first()


def last_checked() -> Copy | None:
    """The copy that was checked last, whatever was found."""
    return Copy.objects.filter(checked_at__isnull=False).order_by("-checked_at").first()


def checked(name: str, problem: str) -> None:
    """Note what a check of this copy found, "" for nothing."""
    Copy.objects.filter(name=name).update(checked_at=clock.now(), check_problem=problem[:500])


def latest() -> Copy | None:
    """The newest attempt, whatever became of it."""
    return Copy.objects.order_by("-started_at").first()
