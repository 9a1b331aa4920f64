"""What somebody typed and has not sent yet: rows behind a token of 128 bits, sealed, with files, for some days.

Whoever holds the token holds the draft; a draft of an account is also found by its owner. What a form's fields mean is
the form's affair. Drafts are working rows: nothing of them is proved, and all of them go.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from shuoshi.kernel import clock, crypto, keys
from shuoshi.kernel import files as storage
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.prepared import Prepared

LIFETIME = timedelta(days=3)  # since the last change; what an account of staff left lies longer
LIFETIME_OF_STAFF = timedelta(days=30)
FILES_LIMIT = 12

Body = Mapping[str, Any] | Sequence[Any] | str  # what JSON can carry


class TooManyFiles(Exception):
    """The draft has FILES_LIMIT files already."""


class Draft(models.Model):
    """One form somebody is filling in. `subject` says what about, such as the id of a matter."""

    history = History.WORKING
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hex: a dump opens nothing
    form = models.CharField(max_length=200)
    subject = models.CharField(max_length=64, blank=True)
    owner = models.UUIDField(null=True)  # the account, for forms of staff
    body = models.BinaryField()  # JSON, sealed under the key "form"
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="draft_of_owner", fields=["owner", "form", "subject"]),  # latest
            models.Index(name="draft_expiring", fields=["expires_at"]),  # expire
        ]


class DraftFile(models.Model):
    """A file that waits with its draft, already cleaned."""

    history = History.WORKING
    stored_in = frozenset({"stored", "thumbnail"})
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="attached")
    sealed_name = models.BinaryField()  # what the person called it
    stored = models.CharField(max_length=32)
    thumbnail = models.CharField(max_length=32, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="draft_file_not_empty", condition=models.Q(size__gte=1))]

    @property
    def name(self) -> str:
        return crypto.open_(_key(), _place("name", self.pk), bytes(self.sealed_name)).decode()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A draft as it was saved last. `token` is empty when it was found by its owner."""

    id: UUID
    form: str
    subject: str
    owner: UUID | None
    body: Any
    updated_at: datetime
    expires_at: datetime
    token: str = field(default="", repr=False)


def new_token() -> str:
    """128 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(16)


def save(
    token: str,
    form: str,
    body: Body,
    *,
    owner: UUID | None = None,
    subject: str = "",
    lasts: timedelta | None = None,
) -> Loaded:
    """Keep `body` under the token, in place of what was there; its life, `lasts` or the usual, begins anew."""
    now = clock.now()
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(token_hash=_hashed(token)).first()
        if draft is None:
            draft = Draft(token_hash=_hashed(token))
        draft.form, draft.subject, draft.owner = form, subject, owner
        draft.body = crypto.seal(_key(), _place("body", draft.pk), json.dumps(body, ensure_ascii=False).encode())
        draft.updated_at = now
        draft.expires_at = now + (lasts or (LIFETIME if owner is None else LIFETIME_OF_STAFF))
        draft.save()
    return _opened(draft, token)


def load(token: str) -> Loaded | None:
    """The draft of this token; None when there is none, or its time is over."""
    draft = _alive(token)
    return None if draft is None else _opened(draft, token)


def latest(owner: UUID, form: str, subject: str = "") -> Loaded | None:
    """What this account saved last in this form about this subject, on whichever device."""
    mine = Draft.objects.filter(owner=owner, form=form, subject=subject, expires_at__gt=clock.now())
    draft = mine.order_by("-updated_at", "-pk").first()
    return None if draft is None else _opened(draft)


def waiting(owner: UUID, *forms: str, most: int = 200) -> list[Draft]:
    """The living drafts of an account in forms whose names begin so, the latest first, unopened. One statement."""
    mine = Draft.objects.filter(_named(forms), owner=owner, expires_at__gt=clock.now()).defer("body")
    return list(mine.order_by("-updated_at", "-pk")[:most])


def about(form: str, subject: str) -> int:
    """How many drafts nobody owns there are in this form about this subject."""
    return Draft.objects.filter(owner=None, form=form, subject=subject, expires_at__gt=clock.now()).count()


def drop(token: str) -> None:
    """Delete the draft and its files: it was sent, or thrown away."""
    if _KNOWN.one(token_hash=_hashed(token)) is not None:
        _delete(Draft.objects.filter(token_hash=_hashed(token)))


def drop_of(owner: UUID, form: str, subject: str = "") -> None:
    """Delete all drafts of an account in a form about a subject."""
    _delete(Draft.objects.filter(owner=owner, form=form, subject=subject))


def drop_one(owner: UUID, draft_id: UUID, *forms: str) -> Draft | None:
    """Delete this draft of the account and its files; None where it has none such, else what it was."""
    mine = Draft.objects.filter(_named(forms), owner=owner, pk=draft_id)
    draft = mine.defer("body").first()
    if draft is not None:
        _delete(mine)
    return draft


def drop_about(subject: str) -> None:
    """Delete what anybody began to write about a subject, in whatever form."""
    while _delete(Draft.objects.filter(subject=subject)):
        pass


def attach(token: str, name: str, data: bytes, media_type: str, thumbnail: bytes = b"") -> DraftFile:
    """Add a cleaned file; the same one again, as a second press brings it, is there once.

    Raises Draft.DoesNotExist without a living draft, and TooManyFiles.
    """
    draft = _alive(token)
    if draft is None:
        raise Draft.DoesNotExist
    stored = storage.store(data, _key())
    small = storage.store(thumbnail, _key()).name if thumbnail else ""
    try:
        with transaction.atomic():
            locked = Draft.objects.select_for_update().get(pk=draft.pk)
            row = locked.attached.filter(sha256=stored.sha256).first()
            if row is None:
                row = _added(
                    locked, DraftFile(stored=stored.name, thumbnail=small, media_type=media_type), stored, name
                )
    except BaseException:
        _remove_stored([(stored.name, small)])
        raise
    if row.stored != stored.name:
        _remove_stored([(stored.name, small)])
    return row


def detach(token: str, file_id: UUID) -> bool:
    """Take one file away; False when this draft has no such file."""
    return _delete_files(DraftFile.objects.filter(pk=file_id, draft__token_hash=_hashed(token))) > 0


def files(token: str) -> list[DraftFile]:
    """The files of this draft in the order they came."""
    return list(_FILES.ask(token_hash=_hashed(token), now=clock.now()))


def open_file(token: str, file_id: UUID, *, thumbnail: bool = False) -> tuple[DraftFile, bytes] | None:
    """One file of this draft with its content (or its small picture, if it has one); None when it is not there."""
    return _read_file(DraftFile.objects.filter(pk=file_id, draft__token_hash=_hashed(token)), thumbnail)


def open_file_about(
    form: str, subject: str, file_id: UUID, *, thumbnail: bool = False
) -> tuple[DraftFile, bytes] | None:
    """The same for whoever may see the subject, which the caller has asked: of any draft in this form about it."""
    return _read_file(DraftFile.objects.filter(pk=file_id, draft__form=form, draft__subject=subject), thumbnail)


def small_of(owner: UUID, file_id: UUID) -> tuple[DraftFile, bytes] | None:
    """A file of any living draft of this account, with its small picture if it has one; None when it is not there."""
    row = DraftFile.objects.filter(pk=file_id, draft__owner=owner, draft__expires_at__gt=clock.now()).first()
    return None if row is None else (row, storage.read(row.thumbnail or row.stored, _key()))


def expire(now: datetime, batch: int = 200) -> int:
    """Delete drafts whose time is over, with their files; how many."""
    return _delete(Draft.objects.filter(expires_at__lte=now).order_by("expires_at"), batch)


def _named(forms: Sequence[str]) -> models.Q:
    found = models.Q(pk__in=[])
    for form in forms:
        found |= models.Q(form__startswith=form)
    return found


def _added(draft: Draft, row: DraftFile, stored: storage.Stored, name: str) -> DraftFile:
    """`draft` is locked, so that its files are counted once."""
    if draft.attached.count() >= FILES_LIMIT:
        raise TooManyFiles
    row.draft = draft
    row.size, row.sha256 = stored.size, stored.sha256
    row.sealed_name = crypto.seal(_key(), _place("name", row.pk), name.encode())
    row.save()
    return row


def _read_file(rows: models.QuerySet[DraftFile], thumbnail: bool) -> tuple[DraftFile, bytes] | None:
    row = rows.filter(draft__expires_at__gt=clock.now()).first()
    if row is None:
        return None
    return row, storage.read(row.thumbnail if thumbnail and row.thumbnail else row.stored, _key())


_KNOWN: Prepared[tuple[UUID]] = Prepared(
    lambda token_hash: Draft.objects.filter(token_hash=token_hash).values_list("pk"), token_hash=models.CharField()
)


_ALIVE: Prepared[Draft] = Prepared(
    lambda token_hash, now: Draft.objects.filter(token_hash=token_hash, expires_at__gt=now),
    token_hash=models.CharField(),
    now=models.DateTimeField(),
)
_FILES: Prepared[DraftFile] = Prepared(
    lambda token_hash, now: DraftFile.objects.filter(draft__token_hash=token_hash, draft__expires_at__gt=now).order_by(
        "pk"
    ),
    token_hash=models.CharField(),
    now=models.DateTimeField(),
)


def _alive(token: str) -> Draft | None:
    return _ALIVE.one(token_hash=_hashed(token), now=clock.now())


def _opened(draft: Draft, token: str = "") -> Loaded:
    body = json.loads(crypto.open_(_key(), _place("body", draft.pk), bytes(draft.body)))
    return Loaded(
        draft.pk, draft.form, draft.subject, draft.owner, body, draft.updated_at, draft.expires_at, token=token
    )


def _delete(drafts: models.QuerySet[Draft], batch: int = 200) -> int:
    with transaction.atomic():
        found = [draft.pk for draft in drafts.select_for_update()[:batch]]
        if not found:
            return 0
        _delete_files(DraftFile.objects.filter(draft__in=found))
        Draft.objects.filter(pk__in=found).delete()
    return len(found)


def _delete_files(rows: models.QuerySet[DraftFile]) -> int:
    """Rows first, files after the commit: a row without its file is worse than a file without its row."""
    with transaction.atomic():
        found = list(rows.values_list("pk", "stored", "thumbnail"))
        DraftFile.objects.filter(pk__in=[pk for pk, _, _ in found]).delete()
        names = [(stored, thumbnail) for _, stored, thumbnail in found]
        transaction.on_commit(lambda: _remove_stored(names))
    return len(found)


def _remove_stored(names: Sequence[tuple[str, str]]) -> None:
    for name in (name for pair in names for name in pair if name):
        storage.remove(name)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key() -> bytes:
    return keys.read(settings.KEYS, "form")


def _place(what: str, pk: UUID) -> bytes:
    return f"shuoshi draft {what}\0{pk}".encode()
