"""That a talk took place which a card asked for (约谈): who with whom, when, and what was agreed.

No rule of the procedure: nothing moves in the matter, no clock starts or stops. Written once and for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.case import Case, headed, scope_of, scopes, signs_at
from shuoshi.matters.models import Card, Talk
from shuoshi.matters.scope import standing, visible_to
from shuoshi.matters.vocabulary import CardColour
from shuoshi.organization import holders
from shuoshi.organization.holders import Holder
from shuoshi.organization.models import Unit
from shuoshi.organization.roles import Role

_DUE = "talk_due"


def record_talk(card_id: UUID, person: UUID, talked_at: datetime, text: str, *, actor: Actor) -> Talk:
    """Write down the talk a card asked for. Raises Refused, Card.DoesNotExist to whoever may not know of it."""
    now = clock.now()
    with transaction.atomic():
        seen = Card.objects.filter(matter__in=visible_to(actor).order_by().values("pk"), colour=CardColour.TALK)
        card = seen.select_related("unit").get(pk=card_id)
        matter = locked(card.matter_id)
        case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=now, clocks={})
        acts = _in_whose_place(case, card.unit)
        if acts is None:
            raise Refused("not_the_leader", _("约谈由主管这个单位的领导做，由他来记。"), who_could=str(_("领导")))
        if Talk.objects.filter(card=card).exists():
            raise Refused("talk_recorded", _("这次约谈已经记过了。"))
        with_whom = next((one for one in heads(card.unit) if one.actor.person_id == person), None)
        if with_whom is None:
            raise Refused("not_the_head", _("约谈的是这个单位的负责人，请选现在的负责人。"))
        if any(_beneath(one.actor, with_whom.actor) for one in acts.persons):
            raise Refused("talk_with_oneself", _("自己不能约谈自己，下级不能约谈上级，要由上一级领导来做。"))
        if not card.at.replace(second=0, microsecond=0) <= talked_at <= now:  # typed without seconds
            raise Refused("talk_at_no_time", _("约谈的时间要在记牌以后、现在以前。"))
        if not text.strip():
            raise Refused("nothing_agreed", _("请写明谈了什么、说好怎么改。"))
        assert actor.person_id is not None
        story = Story(Stream("matter", str(matter.pk)), "record_talk", by=actor, at=now, clause="6.1.1")
        talk = Talk(matter=matter, card=card, person_id=person, by_id=actor.person_id, talked_at=talked_at, at=now)
        talk.in_place_of_id, talk.text = acts.actor.acting_for, text.strip()
        story.add(talk)
        story.tell()
        if not open_talks(matter.pk):
            outbox.settle_about("matter", matter.pk, _DUE, by=actor.person_id, at=now)
    return talk


def open_talks(matter: UUID) -> bool:
    """Whether a card of this matter still asks for a talk."""
    return Card.objects.filter(matter=matter, colour=CardColour.TALK, talk__isnull=True).exists()


def heads(unit: Unit) -> Sequence[Holder]:
    """Who heads a unit now: one of them is talked with."""
    return [one for one in holders.everybody() if unit.pk in headed(one.actor)]


def may_record(actor: Actor, unit: Unit) -> bool:
    """Whether a talk with whoever heads this unit is theirs to lead and to write down, also in somebody's place."""
    return any(leads(one, unit) for one in (actor, *(actor.in_place_of(absent) for absent in actor.stands_in)))


def leads(actor: Actor, unit: Unit) -> bool:
    """Leads a tier above this unit, and not only the unit itself."""
    over = scopes(actor, (Role.LEADER,))
    return unit.pk not in headed(actor) and any(unit.path != path and unit.path.startswith(path) for path in over)


def _in_whose_place(case: Case, unit: Unit) -> Case | None:
    """As whom they may, themselves first; None where they may not. Who is kept from the matter may not."""
    if case.standing.excluded:
        return None
    return next((one for one in case.capacities if leads(one.actor, unit)), None)


def _beneath(actor: Actor, other: Actor) -> bool:
    """Whether somebody is the other person, or holds a post beneath them; whoever leads the same tier does not."""
    for post in actor.posts:
        leading = post.role == Role.LEADER
        place = scope_of(post) if leading else post.unit_path
        if any(place.startswith(path) and not (leading and place == path) for path in signs_at(other)):
            return True
    return actor.person_id == other.person_id
