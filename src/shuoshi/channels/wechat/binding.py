"""Whose matters are whose: a follower has those whose number and code they gave here, until the code changes or they let go.

What the platform calls somebody proves nothing. A follower who wrote a matter down here and left a name has it, since
they were shown both in this very conversation; who left none has not: nobody shall find out who it was.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q

from shuoshi.channels.wechat.models import Bound
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.matters import actions as matters
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.queries.speaking import parties, wish_of
from shuoshi.matters.vocabulary import TellBy
from shuoshi.people import actions as people
from shuoshi.people.models import ContactKind

SHOWN = 5
_CLAUSE = "3.1.3"


def own(follower: str) -> list[Bound]:
    """The matters of a follower, the latest first, of those whose code is still the one that was given; one statement."""
    code = Q(part__isnull=True, matter__query_generation=F("generation"))
    of_part = Q(part__left_at__isnull=True, part__query_generation=F("generation"))
    rows = Bound.objects.filter(code | of_part, follower=follower, ended_at__isnull=True)
    return list(rows.select_related("matter", "part").order_by("-at", "-id")[:SHOWN])


def bind(follower: str, openid: str, matter_id: UUID, part: UUID | None, generation: int, *, tells: bool) -> bool:
    """The follower gave number and code; False where the code was changed since. Inside the caller's transaction.

    `tells`: whether notices can go to followers; then they do from now on, where somebody is named.
    """
    now = clock.now()
    matter = Matter.objects.select_for_update().get(pk=matter_id)
    speaker = Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=part)
    party = _party(matter, part)
    holder = party.spokesperson if part is not None and party is not None else matter
    if holder.query_generation != generation or (matter.is_group and (part is None or party is None)):
        return False
    if not _still(follower, matter, part, generation, speaker):
        row = Bound(follower=follower, matter=matter, part_id=part, generation=generation, at=now)
        story = Story(Stream.of("bound", row), "bind_follower", by=speaker, at=now, clause=_CLAUSE, first=True)
        story.add(row)
        story.tell()
    if tells and party is not None:
        matters.choose_notices(matter.pk, TellBy.WECHAT, address=openid, actor=speaker)
    return True


def release(follower: str, openid: str, *, went_away: bool) -> int:
    """The follower has none of them any more; how many they were. Inside the caller's transaction.

    Whoever `went_away` from the account is told by hand from now on; who only lets go chose that: by telephone, where
    there is a number, else on the page. Where the code was changed since, or another follower is told by now, nothing of
    how the speaker is told is theirs to end.
    """
    gone = 0
    rows = Bound.objects.select_for_update(of=("self",)).filter(follower=follower, ended_at__isnull=True)
    for row in rows.select_related("matter", "part").order_by("matter_id"):
        speaker = Actor(ActorKind.SPEAKER, matter_id=row.matter_id, part=row.part_id)
        party = _party(row.matter, row.part_id)
        right = (row.part or row.matter).query_generation == row.generation
        told = right and party is not None and people.wechat_of(party.person_id, row.matter_id) == openid
        story = _ended(row, speaker)
        if told and party is not None:
            people.drop_wechat(story, party.person, given_for=row.matter_id)
        story.tell()
        if told and party is not None and not went_away and wish_of(party, row.matter).tell_by == TellBy.WECHAT:
            phone = party.contact is not None and party.contact.kind == ContactKind.PHONE
            matters.choose_notices(row.matter_id, TellBy.CALL if phone else TellBy.PAGE, actor=speaker)
        gone += 1
    return gone


def _still(follower: str, matter: Matter, part: UUID | None, generation: int, speaker: Actor) -> bool:
    """Whether it is theirs by just this code already; by an earlier one, or for somebody else of a group, no longer."""
    rows = Bound.objects.select_for_update(of=("self",)).filter(follower=follower, matter=matter, ended_at__isnull=True)
    still = False
    for row in rows:
        if (row.part_id, row.generation) == (part, generation):
            still = True
        else:
            _ended(row, speaker).tell()
    return still


def _ended(row: Bound, speaker: Actor) -> Story:
    now = clock.now()
    story = Story(Stream.of("bound", row), "release_follower", by=speaker, at=now, clause=_CLAUSE)
    story.change(row, ended_at=now)
    return story


def _party(matter: Matter, part: UUID | None) -> Party | None:
    found = parties().filter(matter=matter)
    return (found.filter(spokesperson=part) if part else found).first()
