"""The slip with the query code, which staff hand over on paper: drawn once, and then only with another code (2.1).

No rule of the procedure: nothing moves, no clock starts. Whoever may hand the receipt over may print it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Event, Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import workflow
from shuoshi.matters.actions import seats
from shuoshi.matters.actions.locking import locked, open_clocks
from shuoshi.matters.case import Case
from shuoshi.matters.models import Matter, Party, Spokesperson
from shuoshi.matters.permission import permit
from shuoshi.matters.scope import standing
from shuoshi.matters.vocabulary import Action, PartyRole
from shuoshi.people import actions as people

_PRINTED = "print_receipt"
_REPRINTED = "reprint_receipt"
REISSUED = "reissue_receipt"  # another one, because the one that was handed over is lost


def print_slip(matter_id: UUID, *, again: str, actor: Actor, spokesperson: UUID | None = None) -> Matter | Spokesperson:
    """Note that the slip is drawn now, and return whose code goes onto it: the matter, of a group the spokesperson.

    `again` is "" for the first time; else why the sheet before is worth nothing, and its code opens nothing any more.
    Raises Refused to whoever may not hand the receipt over, and for a first time after another.
    """
    now = clock.now()
    with transaction.atomic():
        matter = locked(matter_id)
        case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=now, clocks=open_clocks(matter))
        permit(workflow.row(Action.HAND_OVER_RECEIPT), case)
        part = seats.of(matter, spokesperson) if spokesperson is not None and matter.is_group else None
        if matter.is_group and part is None:
            raise Refused("which_spokesperson", _("请选是哪一位代表。"))
        if not again and printed(matter, part) is not None:
            raise Refused("printed_before", _("这张回执已经印过。再印要写原因，并且会换一个新的查询码。"))
        story = Story(
            Stream("matter", str(matter.pk)), _REPRINTED if again else _PRINTED, by=actor, at=now, clause="4.1.1"
        )
        if part is not None:
            story.fact(spokesperson=str(part.pk))
        if again:
            story.fact(reason=again)
            story.change(matter, query_generation=matter.query_generation + 1)
            tell_no_follower(story, matter, part)
        if again and part is not None:
            story.change(part, query_generation=part.query_generation + 1)
        story.tell()
    return part or matter


def tell_no_follower(story: Story, matter: Matter, part: Spokesperson | None) -> None:
    """Who had the code before is told nothing in WeChat any more, until somebody proves the new one."""
    speaking = Party.objects.filter(matter=matter, role=PartyRole.SPEAKER).select_related("person")
    party = part.party if part is not None else speaking.first()
    if party is not None:
        people.drop_wechat(story, party.person, given_for=matter.pk)


def printed(matter: Matter, part: Spokesperson | None = None) -> Event | None:
    """The last time the slip was drawn, of a group this spokesperson's; None while it never was."""
    found = _printings(matter, (_PRINTED, _REPRINTED))
    if part is not None:
        found = found.filter(payload__contains=f'"spokesperson":"{part.pk}"')
    return found.order_by("-sequence").first()


def read_by(matter: Matter) -> set[UUID]:
    """Whoever of the staff had the code before their eyes: all who drew a slip. One statement."""
    drawn = _printings(matter, (_PRINTED, _REPRINTED, REISSUED)).filter(actor__startswith="staff:")
    return {UUID(actor.split(":")[1]) for actor in drawn.values_list("actor", flat=True)}


def _printings(matter: Matter, actions: tuple[str, ...]) -> QuerySet[Event]:
    return Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk), action__in=actions)
