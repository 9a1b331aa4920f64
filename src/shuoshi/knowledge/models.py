"""Rows of the knowledge base (2.2.1): entries with an owner, their versions, which of them was in force, what is missing.

No personal data lives here: questions and answers are written by staff for everybody. Which matter took an answer from
an entry, and which found none, the rows of `matters` say.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

QUESTION_LIMIT = 80
ANSWER_LIMIT = 4_000


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    RETIRED = "retired", _("已停用")


class Audience(models.TextChoices):
    """Who reads an entry once it is published."""

    PUBLIC = "public", _("群众和工作人员都能看")
    STAFF = "staff", _("只给工作人员看")


@dataclass(frozen=True)
class Source:
    """What an answer rests on: a law or a document as it is cited."""

    name: str
    number: str = ""  # of the document, such as 国令第 711 号
    dated: date | None = None
    link: str = ""


class Entry(models.Model):
    """One question with its answer, kept by the unit that answers for it. Its words lie in its versions."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)  # in addresses and citations
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")  # who keeps it right
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    latest = models.ForeignKey("EntryVersion", models.PROTECT, null=True, related_name="+")  # written last
    current = models.ForeignKey(
        "EntryVersion", models.PROTECT, null=True, related_name="+"
    )  # in force, or what last was
    waiting = models.ForeignKey("EntryVersion", models.PROTECT, null=True, related_name="+")  # for another to publish
    waits_at = models.CharField(max_length=120, blank=True)  # path of the unit whose head or leader reads what waits
    reviewed_on = models.DateField(null=True)
    review_on = models.DateField(null=True)  # from this day on somebody has to look whether it still holds
    task = models.ForeignKey("KnowledgeTask", models.PROTECT, null=True, related_name="+")  # what it was written for

    class Meta:
        constraints = [
            CheckConstraint(name="entry_state_known", condition=Q(state__in=State.values)),
            CheckConstraint(
                name="entry_draft_was_never_in_force", condition=Q(state=State.DRAFT) ^ Q(current__isnull=False)
            ),
            CheckConstraint(
                name="entry_published_has_review", condition=~Q(state=State.PUBLISHED) | Q(review_on__isnull=False)
            ),
            CheckConstraint(
                name="entry_waits_somewhere",
                condition=Q(waiting__isnull=True, waits_at="") | (Q(waiting__isnull=False) & ~Q(waits_at="")),
            ),
        ]
        indexes = [
            Index(
                name="entry_by_review", fields=["review_on"], condition=Q(state=State.PUBLISHED)
            ),  # queries.to_review
            Index(name="entry_waiting", fields=["waits_at"], condition=Q(waiting__isnull=False)),  # queries.to_publish
        ]

    def __str__(self) -> str:
        return str(self.number)


class EntryVersion(models.Model):
    """The words of an entry as somebody wrote them once. Never edited: other words are another version."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()  # 1, 2, 3 … of its entry; stands in citations
    question = models.CharField(max_length=QUESTION_LIMIT)
    answer = models.TextField()
    words = models.TextField(blank=True)  # how people say it, one a line
    categories = models.CharField(max_length=120)  # codes of the profile, with a space before and after each
    sources = models.TextField(default="[]")  # JSON list of Source
    audience = models.CharField(max_length=8, choices=Audience)
    review_on = models.DateField()
    written_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(name="entry_version_once", fields=["entry", "number"]),
            CheckConstraint(name="entry_version_audience_known", condition=Q(audience__in=Audience.values)),
            CheckConstraint(
                name="entry_version_is_complete", condition=~Q(question="") & ~Q(answer="") & ~Q(categories="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number}"

    @property
    def codes(self) -> list[str]:
        """Its categories, the first one being the one under which it is listed."""
        return self.categories.split()

    @property
    def ways_of_saying(self) -> list[str]:
        return [line for line in self.words.splitlines() if line]

    @property
    def rests_on(self) -> list[Source]:
        """Its sources as values."""
        found = []
        for given in json.loads(self.sources):
            dated = date.fromisoformat(given["dated"]) if given["dated"] else None
            found.append(Source(given["name"], given["number"], dated, given["link"]))
        return found

    @property
    def is_public(self) -> bool:
        return self.audience == Audience.PUBLIC


class Publication(models.Model):
    """That a version was put in force, by whom and when. An earlier version put in force again is another row."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="publications")
    version = models.ForeignKey(EntryVersion, models.PROTECT, related_name="publications")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [Index(name="publication_of_entry", fields=["entry", "at"])]  # queries.history

    def __str__(self) -> str:
        return f"{self.version_id} {self.at}"


class KnowledgeTask(models.Model):
    """Questions of one category that a unit answers for and that no entry answers yet; further ones join while it is open.

    Settled by an entry that answers now, or by the reason why none is needed.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    category = models.CharField(max_length=8, blank=True)  # empty: asked before it was classified
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                name="knowledge_task_one_open", fields=["unit", "category"], condition=Q(settled_at__isnull=True)
            ),
            CheckConstraint(
                name="knowledge_task_settled_says_how",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, entry__isnull=True, because="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, entry__isnull=False, because="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False, entry__isnull=True) & ~Q(because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.unit_id}"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


def written_sources(sources: tuple[Source, ...]) -> str:
    """As the column holds them: the same sources always give the same text."""
    rows = [asdict(one) | {"dated": one.dated.isoformat() if one.dated else ""} for one in sources]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def written_codes(codes: tuple[str, ...]) -> str:
    """Codes of categories as the column holds them: searched as " A1", which finds A1 and what is in it, not BA1."""
    return f" {' '.join(dict.fromkeys(codes))} "
