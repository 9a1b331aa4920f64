"""How the speaker wishes to hear of a matter, and that somebody of the registry told them by hand.

No rule of the procedure: nothing moves, no clock starts or stops. Both are facts of the matter all the same: whoever
says that a resident was told says so under their own name, in its events.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import policies
from shuoshi.matters.actions import seats
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.case import Case
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.scope import standing, visible_to
from shuoshi.matters.vocabulary import PartyRole, TellBy
from shuoshi.people import actions as people
from shuoshi.people.models import ContactKind

_CHOSEN = "choose_notices"
_STOPPED = "stop_notices"
_TOLD = "tell_by_hand"
_TELLS = policies.home_registrar | policies.leader_stands_in  # who hands the receipt over


def choose_notices(matter_id: UUID, tell_by: TellBy, *, address: str = "", actor: Actor) -> Matter:
    """Have the speaker told of this matter by this way from now on; the page alone means no notices at all.

    Only whoever holds the query code chooses. Raises Refused, people.BadAddress.
    """
    now = clock.now()
    with transaction.atomic():
        matter = locked(matter_id)
        if actor.kind is not ActorKind.SPEAKER or actor.matter_id != matter.pk:
            raise Refused("not_the_speaker", _("怎么告知，由说事人自己在进度页上选。"))
        part = seats.of(matter, actor.part) if actor.part else None
        if matter.is_group and part is None:
            raise Refused("not_the_speaker", _("怎么告知，由说事人自己在进度页上选。"))
        speaking = Party.objects.filter(matter=matter, role=PartyRole.SPEAKER).select_related("contact__person")
        party = part.party if part else speaking.first()
        story = Story(Stream("matter", str(matter.pk)), _CHOSEN, by=actor, at=now)
        if tell_by == TellBy.EMAIL:
            if party is None:
                raise Refused("nobody_to_tell", _("这件事没有留名字，进展只在这一页上。"))
            people.keep_email(story, party.person, address, given_for=matter.pk)
        if tell_by == TellBy.WECHAT:
            _keep_follower(story, matter, party, address)
        if tell_by not in (TellBy.EMAIL, TellBy.WECHAT, TellBy.PAGE) and not _has_phone(party):
            raise Refused("no_number", _("这件事没有留电话，请选电子邮件，或者自己在网上查。"))
        story.change(part or matter, tell_by=tell_by, no_messages=tell_by == TellBy.PAGE)
        story.tell()
    return matter


def _keep_follower(story: Story, matter: Matter, party: Party | None, follower: str) -> None:
    """`follower`: the openid that proved itself in the official account; "" to stay with the one that did before."""
    if party is None:
        raise Refused("nobody_to_tell", _("这件事没有留名字，进展只在这一页上。"))
    if follower:
        people.keep_wechat(story, party.person, follower, given_for=matter.pk)
    elif not people.has_wechat(party.person_id, matter.pk):
        raise Refused("no_follower", _("请先在公众号里查一次这件事的进度，再选微信。"))


def stop_notices(matter_id: UUID, *, actor: Actor) -> None:
    """No more notices of this matter: for whoever holds the link of one. Safe twice."""
    now = clock.now()
    with transaction.atomic():
        matter = locked(matter_id)
        part = seats.of(matter, actor.part) if actor.part else None
        if matter.is_group and part is None:
            return  # whoever held the link speaks for it no longer, and is told nothing
        holder = part or matter
        if holder.no_messages and holder.tell_by == TellBy.PAGE:
            return
        story = Story(Stream("matter", str(matter.pk)), _STOPPED, by=actor, at=now)
        story.change(holder, tell_by=TellBy.PAGE, no_messages=True)
        story.tell()


def told_by_hand(matter_id: UUID, kinds: str, way: str, *, reached: bool, actor: Actor) -> Matter:
    """Note that somebody of the registry told the speaker, or tried to; inside the caller's transaction.

    Raises Refused to whoever may not, Matter.DoesNotExist to whoever may not know of it.
    """
    now = clock.now()
    matter = locked(visible_to(actor).values_list("pk", flat=True).get(pk=matter_id))
    case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=now, clocks={})
    if case.standing.excluded or not case.holds(_tells):
        raise Refused("not_the_registry", _("由受理中心告知说事人，承办单位不能代记。"), who_could=_("受理中心登记员"))
    story = Story(Stream("matter", str(matter.pk)), _TOLD, by=actor, at=now)
    story.fact(kinds=kinds, way=way, reached=reached)
    story.tell()
    return matter


def _tells(case: Case) -> bool:
    return _TELLS(case) and not any(policies.their_own_work(one) for one in case.persons)


def _has_phone(party: Party | None) -> bool:
    return party is not None and party.contact is not None and party.contact.kind == ContactKind.PHONE
