"""A telephone that is changed to another: the second person agrees, and whoever has the old number is told (drill 7)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models import Matter
from shuoshi.notices.models import Gateway, Message, To, Way, new_token
from shuoshi.people import actions as people
from shuoshi.people import phones
from shuoshi.people.models import Change

NUMBER_CHANGED = "number_changed"


def agree_to_number(change_id: UUID, shown_by: str, matter: Matter, *, actor: Actor) -> Change:
    """Let a new number be in force, and tell the old one by text message where there is a gateway. Raises Refused.

    `matter`: one of the person's, by which it is told. Without a gateway the second person's own look is all there is.
    """
    with transaction.atomic():
        change = people.agree(change_id, shown_by, actor=actor)
        sends = Gateway.objects.filter(way=Way.SMS, active=True).exists()
        if sends and phones.takes_messages(str(change.before)) and change.old_contact_id is not None:
            now = clock.now()
            Message.objects.create(
                id=new_id(),
                occasion=change.pk,
                recipient=change.person_id,
                way=Way.SMS,
                to=To.SPEAKER,
                kind=NUMBER_CHANGED,
                about_kind="matter",
                about_id=matter.pk,
                number=matter.number,
                contact_id=change.old_contact_id,
                token=new_token(),
                created_at=now,
                not_before=now,
            )
    return change
