"""Papers that were issued: what stood on them, sealed, and what binds that to the history."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter


class Document(models.Model):
    """One edition of a numbered paper. The same content is never issued twice; other content is another edition.

    `content` is canonical JSON under the matter's key; `digest` its HMAC-SHA-256 under the same, so that neither tells
    anything once the key is gone. The paper shows the beginning of the digest.
    """

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="documents")
    event = models.ForeignKey("kernel.Event", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # papers.PaperKind
    ordinal = models.PositiveSmallIntegerField()  # which assignment, result or round; 0 where there is one only
    edition = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=60, unique=True)
    issuer = models.CharField(max_length=160)  # in whose name, as it is written beneath
    issued_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    content = EncryptedText(owner="matter")
    digest = models.CharField(max_length=64)
    template = models.ForeignKey(
        "organization.PaperTemplate", models.PROTECT, null=True, related_name="+"
    )  # null: ours

    class Meta:
        constraints = [
            UniqueConstraint(name="document_edition_once", fields=["matter", "kind", "ordinal", "edition"]),
            CheckConstraint(name="document_edition_from_one", condition=Q(edition__gte=1)),
        ]

    @property
    def fingerprint(self) -> str:
        """3F9A 12CD 77E0 91B2: what the foot of the paper shows, 64 bits of the digest."""
        short = self.digest[:16].upper()
        return " ".join(short[at : at + 4] for at in range(0, 16, 4))

    def __str__(self) -> str:
        return self.number
