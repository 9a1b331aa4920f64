"""Rows to try the kernel on: one of each class of history, with a column of every type. Tables in test runs only."""

from __future__ import annotations

from django.db import models

from shuoshi.kernel.clocks import Clock
from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Household(KeyHolder):
    """Somebody with a key and two secrets."""

    history = History.PROJECTION
    unverified = frozenset({"seen"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedText(owner="self")
    phone = EncryptedText(owner="self")
    label = models.CharField(max_length=40, blank=True)
    members = models.IntegerField(default=1)
    share = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    poor = models.BooleanField(default=False)
    moved_on = models.DateField(null=True)
    opens = models.TimeField(null=True)
    visited_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)
    raw = models.BinaryField(null=True)
    seen = models.IntegerField(default=0)


class Letter(models.Model):
    """A record with text under somebody else's key."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, models.PROTECT)
    event_id = models.UUIDField()
    text = EncryptedText(owner="household")
    pages = models.PositiveSmallIntegerField(default=1)


class Jotting(models.Model):
    """Working: nobody proves it."""

    history = History.WORKING

    words = models.CharField(max_length=40)


class Alarm(Clock):
    """A clock without anything it hangs on."""
