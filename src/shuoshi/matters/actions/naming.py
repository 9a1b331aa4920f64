"""以后不公开我的姓名: who gave a name may keep it from the handling unit later, and give it again. Theirs alone to say.

No rule of the procedure: nothing moves. What the unit saw before it has seen, which the page says.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions import seats
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.models import Matter, Party, Spokesperson
from shuoshi.matters.vocabulary import THEIR_SIDE, Mediated, Naming

_HIDDEN, _SHOWN = "hide_name", "show_name"


def choose_naming(matter_id: UUID, naming: Naming, *, actor: Actor) -> Matter:
    """Keep the speaker's name from the handling unit from now on, or let it know again; safe twice. Raises Refused."""
    now = clock.now()
    assert naming != Naming.ANONYMOUS
    parts = Matter.objects.filter(part_of=matter_id).order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        matter = locked(matter_id)
        seat = seats.of(matter, actor.part) if actor.part else None
        if actor.kind is not ActorKind.SPEAKER or actor.matter_id != matter.pk or (matter.is_group and seat is None):
            raise Refused("naming_not_theirs", _("留不留名，由说事人自己在进度页上选。"))
        if matter.naming == Naming.ANONYMOUS:
            raise Refused("no_name_given", _("这件事没有留名字。"))
        if naming == Naming.CONFIDENTIAL:
            require_hidable(matter)
        story = Story(Stream("matter", str(matter.pk)), _HIDDEN if naming != Naming.NAMED else _SHOWN, by=actor, at=now)
        changed = [_rename(story, one, naming, seat) for one in (matter, *(locked(pk) for pk in parts))]
        if any(changed):
            story.tell()
    return matter


def require_hidable(matter: Matter) -> None:
    """Whoever sits at one table with the other side, or is stood in for elsewhere, cannot be without a name there."""
    if matter.mediation == Mediated.OPEN:
        raise Refused("named_in_mediation", _("正在调解，双方都知道对方是谁。调解结束以后才能选保密。"))
    if matter.agent_id is not None:
        raise Refused("named_to_agent", _("有人正受您委托去办，要用您的姓名。先收回委托，再选保密。"))


def _rename(story: Story, matter: Matter, naming: Naming, seat: Spokesperson | None) -> bool:
    parties = list(Party.objects.filter(matter=matter, role__in=THEIR_SIDE).order_by("pk"))
    mine = [one for one in parties if seat is None or one.person_id == seat.party.person_id]
    changing = [one for one in mine if one.naming != naming]
    for party in changing:
        story.change(party, naming=naming)
    quiet = any(one.naming == Naming.CONFIDENTIAL for one in parties if one not in mine) or naming != Naming.NAMED
    wanted = Naming.CONFIDENTIAL if quiet else Naming.NAMED
    if matter.naming != wanted:
        story.change(matter, naming=wanted)
        return True
    return bool(changing)
