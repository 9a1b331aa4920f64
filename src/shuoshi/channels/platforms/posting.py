"""What a platform sends becomes a matter, once: with a key of its own, or the same words again within a day."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.channels.platforms.models import Platform, Posted
from shuoshi.kernel import clock, keys, throttle
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.idempotency import IdempotencyKey
from shuoshi.kernel.refusal import NotDone
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Party
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel, Kind, Naming, PartyRole, TellBy
from shuoshi.organization import profile
from shuoshi.people import actions as people

AGAIN = timedelta(days=1)  # how long the same words are taken for a retry where the platform names no key
_SPEAKER = Actor(ActorKind.SPEAKER)


class TooMany(NotDone):
    """The platform sent more than any resident behind it can mean. `wait`: until it may again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too_many", "")
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a resident told a platform, as the platform passes it on.

    `service`: how it names the category; `category` "" where it fits none. `key` "" where the platform has no key for
    this intention. `latitude`, `longitude`: WGS 84 degrees as text.
    """

    content: str  # "" where the category says all
    service: str
    category: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    email: str = ""
    area: UUID | None = None
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    media_url: str = ""
    files: tuple[FileGiven, ...] = ()
    key: str = ""


def count(platform: Platform) -> None:
    """Count one post. Raises TooMany; before pictures are looked at, which takes long."""
    left = throttle.take(throttle.PLATFORM_POSTS.scope, str(platform.pk), clock.now())
    if left is not None:
        raise TooMany(left)


def post(platform: Platform, sent: Sent) -> Posted:
    """Register what was sent; sent again, what came of it the first time.

    Raises Refused, KeyReused, people's BadNumber and BadAddress.
    """
    now = clock.now()
    with transaction.atomic():
        with translation.override(settings.LANGUAGE_CODE):  # what we add to the words is in the institution's
            intake = _intake(platform, sent, now)
        receipt = matters.register(intake, actor=_SPEAKER)
        earlier = Posted.objects.filter(matter=receipt.matter_id).first()
        if earlier is not None:
            return earlier
        row = Posted(name=_new_name(), platform=platform, matter_id=receipt.matter_id, service=sent.service, at=now)
        story = Story(Stream.of("posted", row), "post_from_platform", by=_SPEAKER, at=now, clause="3.1.3", first=True)
        story.add(row)
        if sent.email and sent.phone:
            speaker = Party.objects.select_related("person").get(matter=receipt.matter_id, role=PartyRole.SPEAKER)
            people.keep_email(story, speaker.person, sent.email, given_for=receipt.matter_id)
        story.tell()
        if sent.email and not sent.phone:
            speaker_of_it = Actor(ActorKind.SPEAKER, matter_id=receipt.matter_id)
            matters.choose_notices(receipt.matter_id, TellBy.EMAIL, address=sent.email, actor=speaker_of_it)
    return row


def _intake(platform: Platform, sent: Sent, now: datetime) -> Intake:
    named = bool(sent.name or sent.phone or sent.email)
    kind = profile.current().kind_of(sent.category).code if sent.category else ""
    return Intake(
        channel=Channel.PLATFORM,
        key=_key(platform, sent, now),
        content=_content(sent),
        also_said=_digest(sent),
        naming=Naming.NAMED if named else Naming.ANONYMOUS,
        speaker=PersonSaid(name=sent.name or ("" if sent.phone else _("未留姓名")), phone=sent.phone)
        if named
        else None,
        said_place=platform.name,
        area=sent.area,
        place=sent.place,
        latitude=sent.latitude,
        longitude=sent.longitude,
        kind=Kind(kind) if kind else None,
        category=sent.category,
        answers=sent.answers,
        tell_by=TellBy.SMS if sent.phone else TellBy.PAGE,
        no_messages=not sent.phone,
        files=sent.files,
    )


def _content(sent: Sent) -> str:
    """The resident's words, and the address of a picture, which nobody here opens."""
    said = sent.content or str(profile.current().category(sent.category))
    return "\n".join([said, *([_("照片地址：%(url)s") % {"url": sent.media_url}] if sent.media_url else [])])


def _key(platform: Platform, sent: Sent, now: datetime) -> str:
    """The platform's own, or a digest of all it sent and of the day; of the day before while that is not over yet."""
    if sent.key:
        return f"{platform.pk.hex}:own:{hashlib.sha256(sent.key.encode()).hexdigest()}"
    said = _digest(sent)
    today, before = (f"{platform.pk.hex}:{said}:{day:%Y%m%d}" for day in (now, now - AGAIN))
    lately = IdempotencyKey.objects.filter(scope=f"register:{Channel.PLATFORM}", key=before, created_at__gt=now - AGAIN)
    return before if lately.exists() else today


def _digest(sent: Sent) -> str:
    """Keyed: the number of somebody who has one in ten thousand cannot be found by trying."""
    parts = [
        *(sent.service, sent.content, sent.name, sent.phone, sent.email, str(sent.area), sent.place),
        *(sent.latitude, sent.longitude, sent.media_url, json.dumps(sent.answers, sort_keys=True)),
        *(hashlib.sha256(file.data).hexdigest() for file in sent.files),
    ]
    key = keys.read(settings.KEYS, "network")
    return hmac.new(key, json.dumps(["platform", *parts]).encode(), hashlib.sha256).hexdigest()


def _new_name() -> str:
    """128 bits in signs that survive an address and a telephone."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
