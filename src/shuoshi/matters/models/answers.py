"""What a matter took from the knowledge base, and what it found missing there (2.2.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Index, UniqueConstraint

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.results import Result


class Citation(models.Model):
    """The version of an entry that a reply rests on, as it was read when the reply was written."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="citations")
    result = models.ForeignKey(Result, models.PROTECT, related_name="citations")
    version = models.ForeignKey("knowledge.EntryVersion", models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(name="citation_once", fields=["result", "version"])]
        indexes = [Index(name="citation_of_version", fields=["version", "matter"])]  # queries.answers.times_cited

    def __str__(self) -> str:
        return f"{self.matter_id} → {self.version_id}"


class Unanswered(models.Model):
    """That a matter asked what no entry answered: one of the questions of a task, counted once."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="unanswered")
    task = models.ForeignKey("knowledge.KnowledgeTask", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(name="unanswered_once", fields=["task", "matter"])]

    def __str__(self) -> str:
        return f"{self.matter_id} ? {self.task_id}"
