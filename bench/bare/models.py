"""A case, its reporter and what was said of it, in plain columns."""

from __future__ import annotations

import uuid

from django.db import models


class Case(models.Model):
    """What the list shows and the form makes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=40)
    content = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=20)
    urgency = models.CharField(max_length=2)
    status = models.CharField(max_length=20)
    unit = models.CharField(max_length=60, blank=True)
    area = models.CharField(max_length=60, blank=True)
    registered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at", "id"], name="bare_case_queue")]

    def __str__(self) -> str:
        return self.number


class Reporter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="reporters")
    name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    tell_by = models.CharField(max_length=16)

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.CharField(max_length=40)
    text = models.TextField()
    public = models.BooleanField(default=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.author


class Deadline(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    met = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.kind


class Demand(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="demands")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text
