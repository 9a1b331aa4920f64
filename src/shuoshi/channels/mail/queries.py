"""Mails as they stand: those that wait for a person, those that came of late, and whether the inbox can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from shuoshi.channels.mail.keeping import Deed
from shuoshi.channels.mail.models import FromMail, Inbox, Mail, MailPhoto, MailState
from shuoshi.channels.mail.policies import may_read
from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.notices.threads import Thread
from shuoshi.organization import queries as organization
from shuoshi.people.models import ContactKind, ContactPoint

SHOWN = 50  # of a list
WITHIN = timedelta(hours=24)  # GB/T 33358: a mailbox is answered within


@dataclass(frozen=True)
class Standing:
    """The inbox, since when it cannot be read, how many mails wait for a person, and how many longer than a day."""

    inbox: Inbox
    read_at: datetime | None
    failing_since: datetime | None
    code: str
    waiting: int
    late: int
    oldest: datetime | None


@dataclass(frozen=True)
class Seen:
    """A mail as somebody may read it. `kept`: a matter of it is kept from them, so that they see neither words nor pictures.

    `about`: the matter it is about, where they may know of it.
    """

    mail: Mail
    photos: Sequence[MailPhoto]
    matters: Sequence[Matter]
    about: Matter | None
    kept: bool


def waiting() -> list[Mail]:
    """Those that wait for a person, the oldest first."""
    rows = Mail.objects.filter(state=MailState.WAITING).prefetch_related("raised")
    return list(rows.order_by("received_at", "id")[:SHOWN])


def others() -> QuerySet[Mail]:
    """All that came and wait no more, the newest first."""
    rows = Mail.objects.exclude(state=MailState.WAITING).prefetch_related("raised")
    return rows.order_by("-received_at", "-id")


def kept_from(actor: Actor, mails: Iterable[Mail]) -> frozenset[UUID]:
    """Which of them are about, or became, a matter that is kept from the actor. One statement."""
    of = {one.pk: _matters_of(one) for one in mails}
    every = {matter for matters in of.values() for matter in matters}
    seen = set(visible_to(actor).filter(pk__in=every).values_list("pk", flat=True))
    return frozenset(key for key, matters in of.items() if matters - seen)


def _matters_of(row: Mail) -> set[UUID]:
    return {one.matter_id for one in row.raised.all()} | ({row.about_id} if row.about_id else set())


def standing(now: datetime) -> Standing | None:
    """None where no inbox was ever connected. Two statements."""
    row = Inbox.objects.select_related("progress").first()
    if row is None:
        return None
    waits = Q(state=MailState.WAITING)
    found = (
        Mail.objects.filter(waits)
        .order_by()
        .aggregate(
            waiting=Count("pk"), late=Count("pk", filter=Q(received_at__lte=now - WITHIN)), oldest=Min("received_at")
        )
    )
    progress = getattr(row, "progress", None)
    failing = progress.failing_since if progress is not None and row.active else None
    code = progress.code if progress is not None else ""
    return Standing(row, progress.read_at if progress else None, failing, code, **found)


def mail(key: UUID, actor: Actor) -> Seen | None:
    """One of them; None for whoever reads no mail. Four statements at most."""
    row = Mail.objects.select_related("about", "settled_by").filter(pk=key).first() if may_read(actor) else None
    if row is None:
        return None
    raised = [one.matter for one in FromMail.objects.filter(mail=row).select_related("matter").order_by("id")]
    every = {one.pk for one in raised} | ({row.about_id} if row.about_id else set())
    seen = set(visible_to(actor).filter(pk__in=every).values_list("pk", flat=True)) if every else set()
    kept = bool(every - seen)
    photos = [] if kept else list(row.photos.select_related("mail").order_by("id"))
    about = row.about if row.about_id in seen else None
    return Seen(row, photos, [one for one in raised if one.pk in seen], about, kept)


def photo(key: UUID, actor: Actor) -> MailPhoto | None:
    """A picture of a mail that the actor may read."""
    found = MailPhoto.objects.select_related("mail").filter(pk=key).first()
    seen = mail(found.mail_id, actor) if found is not None else None
    return found if seen is not None and found in seen.photos else None


def address() -> str:
    """Where residents may write to; "" where no inbox is read. One statement."""
    return Inbox.objects.filter(active=True).values_list("address", flat=True).first() or ""


def thread(matter: UUID) -> Thread:
    """For what is told of a matter by e-mail. Four statements."""
    row = Inbox.objects.filter(active=True).first()
    began = Mail.objects.filter(raised__matter=matter).first()
    if began is None:
        return Thread(reply_to=row.address if row else "")
    if not _goes_back(began, matter):
        return Thread(reply_to=row.address if row else "")
    proven = Mail.objects.filter(sender_digest=began.sender_digest, proves=True).exists()
    answers = str(began.message_id)
    return Thread(row.address if row else "", answers, only_once=not proven, left_out=began.left_out_count)


def _goes_back(began: Mail, matter: UUID) -> bool:
    """Whether what is told goes to the address the mail came from; whoever holds the code may have named another one."""
    addresses = ContactPoint.objects.filter(kind=ContactKind.EMAIL, given_for=matter, valid=True).select_related(
        "person"
    )
    return any(str(one.value).casefold() == str(began.sender) for one in addresses)


def history(key: UUID) -> list[organization.Change]:
    """What was changed about the inbox, newest first; one statement."""
    return organization.history("inbox", key, Deed)
