"""Questions about messages: what is to be told by hand, what died, what became of a matter's notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Exclusion, Matter, Party
from shuoshi.matters.queries.speaking import speaking
from shuoshi.matters.scope import visible_to
from shuoshi.notices import circuits, wording
from shuoshi.notices.models import BY_HAND, Message, State, To, Way, Why
from shuoshi.organization.models import Unit, UnitKind
from shuoshi.organization.roles import Role

REGISTRY = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT)
ORDER = ("not_before", "id")


@dataclass(frozen=True)
class Telling:
    """One call or visit: everything that waits for one person about one matter, by one way."""

    first: Message
    matter: Matter
    party: Party | None
    words: Sequence[str]
    why: Sequence[str]
    until: datetime  # when the newest of them was made

    @property
    def way(self) -> str:
        return str(Way(self.first.way).label)

    @property
    def is_letter(self) -> bool:
        return self.first.way == Way.LETTER


def to_tell(actor: Actor) -> QuerySet[Message]:
    """What this person's registry has to tell by hand; a leader's only where somebody is kept from the matter."""
    units = {post.unit_id for post in actor.posts if post.role in REGISTRY}
    leads = {post.unit_id for post in actor.posts if post.role == Role.LEADER}
    kept = Exclusion.objects.in_force().filter(matter=OuterRef("about_id"))
    mine = Q(unit_id__in=_registries(units)) | Q(unit_id__in=_registries(leads)) & Q(Exists(kept))
    waiting = Message.objects.filter(mine, way__in=BY_HAND, state=State.WAITING, to=To.SPEAKER)
    return waiting.filter(about_id__in=visible_to(actor).values("pk"))


def _registries(units: Iterable[UUID]) -> QuerySet[Unit, UUID]:
    """These units, and the registries that serve them."""
    found = Unit.objects.filter(Q(pk__in=units) | Q(parent__in=units, kind=UnitKind.REGISTRY))
    return found.values_list("pk", flat=True)


def tellings(found: Sequence[Message]) -> list[Telling]:
    """Messages of one page, put together by matter, person and way; two statements."""
    keys = {one.about_id for one in found}
    matters = Matter.objects.select_related("area").in_bulk(keys) if keys else {}
    speakers = {(pk, one.person_id): one for pk, several in speaking(keys).items() for one in several}
    together: dict[tuple[UUID, UUID, str], list[Message]] = {}
    for message in found:
        together.setdefault((message.about_id, message.recipient, message.way), []).append(message)
    return [
        Telling(
            first=several[0],
            matter=matters[key],
            party=speakers.get((key, person)),
            words=list(dict.fromkeys(wording.name_of(one.kind) for one in several)),
            until=max(one.created_at for one in several),
            why=[str(Why(code).label) for code in dict.fromkeys(one.why for one in several) if code],
        )
        for (key, person, _way), several in together.items()
    ]


def dead() -> QuerySet[Message]:
    """What could not leave, the latest first."""
    return Message.objects.filter(state=State.DEAD)


def waiting_for_gateway(channel: str) -> QuerySet[Message]:
    """What would leave by a channel, now or at the hour."""
    return circuits.messages(Message.objects.filter(state=State.WAITING), channel)


def oldest_by_hand() -> datetime | None:
    """When the message that waits longest for a person to tell it was made; one statement."""
    waiting = Message.objects.filter(way__in=BY_HAND, state=State.WAITING, unit_id__isnull=False)
    return waiting.order_by("created_at").values_list("created_at", flat=True).first()


def about(matter_id: UUID, most: int = 50) -> list[Message]:
    """The latest messages about a matter with their attempts; two statements."""
    found = Message.objects.filter(about_id=matter_id).order_by("-created_at", "-id").prefetch_related("attempts")
    return list(found[:most])


def ready(found: Sequence[Telling], now: datetime) -> tuple[list[Telling], list[Telling]]:
    """What can be told now, and what only later."""
    due = [one for one in found if one.first.not_before <= now]
    return due, [one for one in found if one.first.not_before > now]
