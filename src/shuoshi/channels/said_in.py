"""What a way keeps of what became a matter: letters, mails, recordings, records of visits go when the matter is destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from shuoshi.channels.boxes.models import FromLetter
from shuoshi.channels.hotline.models import FromCall, FromVoicemail
from shuoshi.channels.mail.models import FromMail
from shuoshi.channels.points.models import FromSheet
from shuoshi.channels.visits.models import FromVisit
from shuoshi.kernel.crypto import KeyHolder

_WAYS = (
    (FromCall, "call"),
    (FromVoicemail, "voicemail"),
    (FromMail, "mail"),
    (FromLetter, "letter"),
    (FromSheet, "sheet"),
    (FromVisit, "visit"),
)


def said_in(matter_id: UUID) -> Iterator[KeyHolder]:
    """The rows whose own keys seal what was said in this matter, and in no other that is still kept."""
    for model, name in _WAYS:
        for link in model._default_manager.filter(matter=matter_id).select_related(name):
            source: KeyHolder = getattr(link, name)
            others = model._default_manager.filter(**{name: source}, matter__wrapped_key__isnull=False)
            if not others.exclude(matter=matter_id).exists():
                yield source
