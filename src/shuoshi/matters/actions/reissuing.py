"""A lost receipt: another code takes the place of the one before, at the counter or by the speaker's own telephone.

No rule of the procedure: nothing moves. Both ways void the old code at once, leave an event, and the speaker is told at
the contact we had before: who took somebody's receipt is found out by them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, idempotency, outbox
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import notices, policies
from shuoshi.matters.actions import seats
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.actions.slip import REISSUED, tell_no_follower
from shuoshi.matters.case import Case
from shuoshi.matters.models import KnownFact, Matter, Reissue, ReissuedBy, ShownDocument, Spokesperson
from shuoshi.matters.queries.lost import opened_by_number
from shuoshi.matters.scope import standing, visible_to
from shuoshi.matters.vocabulary import Naming, TellBy

_SCOPE = "reissue"
FACTS = 2  # said right, beside the document
_GIVES = policies.home_registrar | policies.leader_stands_in


@dataclass(frozen=True, kw_only=True)
class Identified:
    """What somebody at the counter showed and knew."""

    document: str
    last_four: str
    facts: Collection[str]
    words: str

    def __post_init__(self) -> None:
        if self.document not in ShownDocument.values:
            raise Refused("document_missing", _("请选看了什么证件。"))
        if len(self.last_four.strip()) != 4 or not self.last_four.strip().isalnum():
            raise Refused("last_four_odd", _("请写证件号码的后四位。"))
        if len(set(self.facts) & set(KnownFact.values)) < FACTS:
            raise Refused("facts_missing", _("除了证件，还要有 %(n)d 样说得对。") % {"n": FACTS})
        if not self.words.strip():
            raise Refused("reissue_reason", _("请写明回执是怎么丢的。"))


def reissuable(case: Case) -> bool:
    """Whether this person hands out another receipt of it: the registry that answers to the speaker, never who handles."""
    return _may(case) and _why_not(case.matter) is None


def reissue_at_counter(
    matter_id: UUID, shown: Identified, *, actor: Actor, spokesperson: UUID | None = None, key: str = ""
) -> Matter | Spokesperson:
    """Hand out another receipt to somebody who showed who they are; whose code goes onto the slip.

    The same `key` again is refused: a slip is drawn once. Raises Refused, Matter.DoesNotExist to whoever may not know of
    the matter.
    """
    now = clock.now()
    with transaction.atomic(), idempotency.once(_SCOPE, key or new_id().hex, str(matter_id)) as once:
        if not once.first:
            raise Refused("printed_before", _("这张回执已经印过。再印要写原因，并且会换一个新的查询码。"))
        matter = locked(visible_to(actor).values_list("pk", flat=True).get(pk=matter_id))
        case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=now, clocks={})
        if not _may(case):
            raise Refused("not_the_registry", _("补打回执由受理中心做，承办单位不能。"), who_could=_("受理中心登记员"))
        refused = _why_not(matter)
        if refused is not None:
            raise refused
        part = seats.of(matter, spokesperson) if spokesperson is not None and matter.is_group else None
        if matter.is_group and part is None:
            raise Refused("which_spokesperson", _("请选是哪一位代表。"))
        row = Reissue(matter=matter, part=part, way=ReissuedBy.COUNTER, document=shown.document, at=now)
        row.last_four, row.words = shown.last_four.strip().upper(), shown.words.strip()
        row.facts = " ".join(sorted(set(shown.facts)))
        row.by_id = actor.person_id
        _renew(matter, part, row, actor, now)
    return part or matter


def reissue_by_phone(matter_id: UUID, index: str, *, key: str) -> Matter:
    """The same for who proved by a code that the speaker's own number is in their hands; `index` is its blind index.

    `key`: which proof it was; pressed twice, it is one new code. Raises Refused where this number opens the matter no
    longer.
    """
    now = clock.now()
    with transaction.atomic(), idempotency.once(_SCOPE, f"{key}:{matter_id}", index) as once:
        matter = locked(matter_id)
        if not once.first:
            return matter
        if matter.pk not in {one.pk for one in opened_by_number(index, now)}:
            raise Refused("not_by_phone", _("这件事不能用手机验证码打开。请带上证件到说事点，或者打说事热线。"))
        row = Reissue(matter=matter, way=ReissuedBy.PHONE, at=now)
        _renew(matter, None, row, Actor(ActorKind.SPEAKER, matter_id=matter.pk), now)
    return matter


def _may(case: Case) -> bool:
    if case.standing.excluded or not case.holds(_GIVES):
        return False
    return not any(policies.their_own_work(one) or policies.works_for_the_lead(one) for one in case.persons)


def _why_not(matter: Matter) -> Refused | None:
    if matter.naming == Naming.ANONYMOUS or matter.drill or matter.is_part:
        return Refused("nobody_known", _("匿名说的事认不出是谁说的，回执丢了不能补。"))
    if matter.receipt_on_paper and matter.receipt_handed_over_at is None:
        return Refused("receipt_waits", _("这张回执还没有交付，请到“待交付的回执”里打印。"))
    return None


def _renew(matter: Matter, part: Spokesperson | None, row: Reissue, actor: Actor, now: datetime) -> None:
    story = Story(Stream("matter", str(matter.pk)), REISSUED, by=actor, at=now, clause="4.1.1")
    story.add(row)
    story.fact(way=str(row.way))
    if part is not None:
        story.fact(spokesperson=str(part.pk))
        part.matter = matter
        story.change(part, query_generation=part.query_generation + 1)
    story.change(matter, query_generation=matter.query_generation + 1)
    tell_no_follower(story, matter, part)
    event = story.tell()
    if matter.is_group or matter.tell_by != TellBy.PAGE:
        person = part.party.person_id if part is not None else None
        told = notices.to_one_speaker(matter, now, notices.CODE_RENEWED, person)
        told.event_id = event.pk
        outbox.put_all([told])
