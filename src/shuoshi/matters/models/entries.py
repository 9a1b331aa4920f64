"""What is said and done along the way: one row a step, in the order of the timeline."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q
from django.utils.translation import gettext as _

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.labels import Labelled
from shuoshi.kernel.sounds import NOT_PLAYED
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Assignment, Round
from shuoshi.matters.vocabulary import Action, Audience


class Entry(Labelled):
    """One step of a matter: which action, by whom, for whose eyes, in which words (4.3).

    `text` is for `audience`; an action that has an inner and a public side writes two entries. `facts` are scalars
    the page needs to word the line (codes, dates, ids), never personal text.
    """

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="entries")
    round = models.ForeignKey(Round, models.PROTECT, related_name="entries")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="entries")
    event = models.ForeignKey("kernel.Event", models.PROTECT, related_name="+")
    action = models.CharField(max_length=30, choices=Action)
    audience = models.CharField(max_length=8, choices=Audience)
    text = EncryptedText(owner="matter", blank=True)
    facts_json = models.TextField(default="{}")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # null: speaker or system
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    in_place_of = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # who was away
    by_speaker = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="entry_audience_known", condition=Q(audience__in=[a.value for a in Audience])),
            CheckConstraint(
                name="entry_note_is_internal", condition=~Q(action=Action.NOTE) | Q(audience=Audience.INTERNAL)
            ),
            CheckConstraint(
                name="entry_word_is_public",
                condition=~Q(action=Action.WRITE_TO_SPEAKER) | Q(audience=Audience.PUBLIC),
            ),
            CheckConstraint(
                name="entry_of_speaker_has_no_staff", condition=Q(by_speaker=False) | Q(person__isnull=True)
            ),
            CheckConstraint(
                name="entry_in_place_of_another",
                condition=Q(in_place_of__isnull=True) | Q(person__isnull=False) & ~Q(in_place_of=F("person")),
            ),
        ]
        indexes = [
            Index(name="entry_timeline", fields=["matter", "at", "id"]),  # queries.matter: the timeline
            # queries.balance: what was not accepted since a moment
            Index(name="entry_screened_out", fields=["at"], condition=Q(action=Action.SCREEN_OUT)),
        ]

    of_part = 0  # of a divided matter the part it was said in; `queries.parts` sets it
    items: tuple[list[str], list[str]] = ([], [])  # what it ticked and took back, in words; `queries.matter` sets it
    seat = 0  # of a group whose part it is about; `queries.matter` sets it

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.facts_json))

    @property
    def words(self) -> str:
        """The text as every page shows it: of word of progress what is done, and what comes next."""
        following = self.facts.get("next_from")
        if following is None:
            return str(self.text)
        done, coming = self.text[:following], self.text[following:].strip()
        return _("%(done)s\n下一步：%(next)s") % {"done": done, "next": coming}

    def __str__(self) -> str:
        return f"{self.action} {self.matter_id}"


class Attachment(models.Model):
    """A file of a matter. Its bytes lie encrypted in the file store under a random name; this row is the way to it."""

    history = History.RECORD
    stored_in = frozenset({"stored", "thumbnail"})
    sealed_by = "matter"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="attachments")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="attachments")
    audience = models.CharField(max_length=8, choices=Audience)
    name = EncryptedText(owner="matter")
    stored = models.CharField(max_length=80, unique=True)
    thumbnail = models.CharField(max_length=80, blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField(default=0)  # of a recording

    class Meta:
        indexes = [Index(name="attachment_of_matter", fields=["matter", "id"])]

    ordinal = 0  # its place among the files for the same eyes; `queries.matter.numbered` sets it
    covered = False  # shown to whoever reads the page only for a reason; `queries.matter` sets it
    unheard = False  # a recording that whoever reads the page may not hear; `veil.mute` sets it

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def is_sound(self) -> bool:
        return self.media_type.startswith("audio/")

    @property
    def is_played(self) -> bool:
        """Whether browsers play it; what telephones of WeChat record they do not."""
        return self.is_sound and self.media_type not in NOT_PLAYED

    @property
    def words(self) -> str:
        """How every page calls it. The name its owner gave it may say who they are, and stays encrypted."""
        if self.is_image and self.audience == Audience.INTERNAL:
            return _("内部图片 %(n)d") % {"n": self.ordinal}
        if self.is_image:
            return _("图片 %(n)d") % {"n": self.ordinal}
        if self.is_sound:
            return _("录音 %(n)d") % {"n": self.ordinal}
        if self.media_type == "application/pdf":
            return _("PDF 附件 %(n)d") % {"n": self.ordinal}
        return _("附件 %(n)d") % {"n": self.ordinal}

    def __str__(self) -> str:
        return self.stored
