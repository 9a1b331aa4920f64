"""Which matter a mail is about: by the ids of messages we sent or received, then by the token of a link we sent.

Never by its subject: a number of a matter is no secret. Neither gives the sender a right; it only says where to look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shuoshi.channels.mail import marks
from shuoshi.channels.mail.models import Mail
from shuoshi.channels.mail.reading import Read
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters.models import Matter
from shuoshi.notices import actions as notices
from shuoshi.notices.models import Message, To, Way
from shuoshi.people.models import ContactKind, ContactPoint

_OURS = re.compile(r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@")
_TOKEN = re.compile(r"/n/([2-9a-hjkmnp-z]{16})(?![0-9a-z])")
_MOST = 20  # tokens that are looked up


@dataclass(frozen=True)
class Thread:
    """`speaker`: as whom words are added, None where the sender is not who speaks. `proves`: a message of ours is answered
    from the address it went to."""

    matter: Matter
    speaker: Actor | None
    proves: bool


def found(read: Read) -> Thread | None:
    """The thread a mail is on. At most four statements."""
    message = _sent(read)
    matter = message.about_id if message is not None else _received(read.head.answers)
    if matter is None:
        return None
    row = Matter.objects.get(pk=matter)
    part = notices.part_of(message) if message is not None and row.is_group else None
    told_at = _told_at(read.head.sender, row, message)
    same = told_at is not None or _raised_from(read.head.sender, row, message)
    if row.is_group and part is None:
        same = False  # of a group nobody knows whose seat it is
    speaker = Actor(ActorKind.SPEAKER, matter_id=row.pk, part=part) if same else None
    return Thread(row, speaker, proves=same and _went_to(told_at, message))


def _sent(read: Read) -> Message | None:
    """The message of ours that it answers: by id, else by the link that stands in what is quoted."""
    ids = [UUID(one.group(1)) for one in map(_OURS.match, read.head.answers) if one]
    ours = Message.objects.filter(to=To.SPEAKER, about_kind="matter")
    row = ours.filter(pk__in=ids, way=Way.EMAIL).order_by("-created_at").first() if ids else None
    if row is None and (tokens := list(dict.fromkeys(_TOKEN.findall(read.whole)))[:_MOST]):
        row = ours.filter(token__in=tokens).order_by("-created_at").first()
    return row


def _received(answers: Sequence[str]) -> UUID | None:
    """The matter that a mail before it became, or was about."""
    if not answers:
        return None
    earlier = Mail.objects.filter(id_digest__in=[marks.digest("id", one) for one in answers])
    known = earlier.order_by("-received_at").values_list("about", "raised__matter")
    return next((about or raised for about, raised in known if about or raised), None)


def _told_at(sender: str, matter: Matter, message: Message | None) -> ContactPoint | None:
    """This address, where mail about this matter goes to it now."""
    addresses = ContactPoint.objects.filter(kind=ContactKind.EMAIL, given_for=matter.pk, valid=True)
    if message is not None:
        addresses = addresses.filter(person_id=message.recipient)
    return next((one for one in addresses.select_related("person") if str(one.value).casefold() == sender), None)


def _went_to(address: ContactPoint | None, message: Message | None) -> bool:
    """Whether this very message left for this address: only who reads there can have it. A link stands in text messages,
    too, and those say nothing of a mailbox."""
    if address is None or message is None or message.way != Way.EMAIL or message.handed_at is None:
        return False
    return address.created_at <= message.handed_at


def _raised_from(sender: str, matter: Matter, message: Message | None) -> bool:
    if not sender or (message is not None and matter.is_group):
        return False
    return Mail.objects.filter(raised__matter=matter, sender_digest=marks.digest("sender", sender)).exists()
