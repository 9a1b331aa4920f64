"""Addresses of calendars: a secret one per person, which can be renewed and ended. Of the address nothing is kept."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.meetings.deeds import CLAUSE
from shuoshi.meetings.models import Feed
from shuoshi.meetings.policies import READS
from shuoshi.organization import queries as organization
from shuoshi.organization.actors import as_held
from shuoshi.people.queries import accounts_of

_SALT = "shuoshi.meetings.feed"


def of(person: UUID | None) -> Feed | None:
    return Feed.objects.filter(person=person).first() if person else None


def renew(*, actor: Actor) -> Feed:
    """The first address, or another one: the one before opens nothing from now on. Raises Refused."""
    return _change("renew_calendar", True, actor)


def end(*, actor: Actor) -> Feed:
    """No address opens anything until it is renewed. Raises Refused."""
    return _change("end_calendar", False, actor)


def token(feed: Feed) -> str:
    """What stands in the address; whoever has it reads what its holder may read."""
    return signing.Signer(salt=_SALT).sign_object([str(feed.pk), feed.mark])


def holder(given: str) -> Actor | None:
    """Whose calendar an address opens, with the posts held now; None for one that opens none any more."""
    try:
        key, mark = signing.Signer(salt=_SALT).unsign_object(given)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    feed = Feed.objects.filter(pk=key, mark=mark, active=True).first() if isinstance(mark, str) else None
    if feed is None or not any(account.is_active for account in accounts_of(feed.person_id)):
        return None
    posts = tuple(as_held(post) for post in organization.posts_of(feed.person_id) if post.unit.active)
    if not any(post.role in READS for post in posts):
        return None
    return Actor(ActorKind.STAFF, person_id=feed.person_id, posts=posts)


def _change(name: str, active: bool, actor: Actor) -> Feed:
    now = clock.now()
    with transaction.atomic():
        if actor.person_id is None:
            raise Refused("calendar_of_nobody", _("日历地址属于登录的人。"))
        row = Feed.objects.select_for_update().filter(person_id=actor.person_id).first()
        if row is None:
            row = Feed(person_id=actor.person_id, mark=secrets.token_hex(16), active=active, made_at=now)
            story = Story(Stream.of("calendar", row), name, by=actor, at=now, clause=CLAUSE, first=True)
            story.add(row)
        else:
            story = Story(Stream.of("calendar", row), name, by=actor, at=now, clause=CLAUSE)
            story.change(row, mark=secrets.token_hex(16), active=active, made_at=now)
        story.tell()
    return row
