"""Verbs on lists kept under a name. All of them may be sent twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.listing.models import LONGEST_NAME, KeptView
from shuoshi.listing.policies import shares_with
from shuoshi.listing.queries import ORDER, changed_by
from shuoshi.people.models import Person

MOST = 30  # of one person; more are no help in finding anything


def keep(place: str, name: str, query: Mapping[str, str], *, has_words: bool, actor: Actor) -> KeptView:
    """Keep a list as it is narrowed under a name, behind those there are. The same name in the same list is kept anew.

    Raises Refused.
    """
    name = _fit(name)
    assert actor.person_id is not None  # only staff narrow lists
    with transaction.atomic():
        mine = _own(actor)
        row = next((one for one in mine if one.place == place and one.name == name), None)
        if row is None:
            if len(mine) >= MOST:
                raise Refused("too_many_views", _("常用视图最多留 %(n)d 个，请先删掉不用的。") % {"n": MOST})
            last = max((one.ordinal for one in mine), default=0)
            row = KeptView(owner_id=actor.person_id, place=place, ordinal=last + 1, kept_at=clock.now())
        if has_words:
            row.unit = None
        row.name, row.has_words = name, has_words
        row.query = json.dumps(dict(query), ensure_ascii=False, sort_keys=True)
        row.save()
    return row


def rename(view: UUID, name: str, *, actor: Actor) -> None:
    """Call it something else. Raises Refused, KeptView.DoesNotExist."""
    name = _fit(name)
    with transaction.atomic():
        row = _changed(view, actor)
        row.name = name
        row.save(update_fields=["name"])


def move(view: UUID, *, up: bool, actor: Actor) -> None:
    """One place towards the beginning of the own ones, or the end. Raises KeptView.DoesNotExist for what is not own."""
    with transaction.atomic():
        mine = _own(actor)
        at = next((n for n, one in enumerate(mine) if one.pk == view), None)
        if at is None:
            raise KeptView.DoesNotExist
        to = at - 1 if up else at + 1
        if 0 <= to < len(mine):
            mine[at], mine[to] = mine[to], mine[at]
        for ordinal, one in enumerate(mine, start=1):
            if one.ordinal != ordinal:
                one.ordinal = ordinal
                one.save(update_fields=["ordinal"])


def put_first(view: UUID, *, first: bool, actor: Actor) -> None:
    """Let its list begin with it, for its owner; or plain again. Raises KeptView.DoesNotExist for what is not own."""
    with transaction.atomic():
        mine = _own(actor)
        row = next((one for one in mine if one.pk == view), None)
        if row is None:
            raise KeptView.DoesNotExist
        KeptView.objects.filter(owner=actor.person_id, place=row.place, first=True).update(first=False)
        if first:
            KeptView.objects.filter(pk=row.pk).update(first=True)


def share(view: UUID, unit: UUID | None, *, actor: Actor) -> None:
    """Show it to the people of a unit one heads, or to nobody else any more. Raises Refused, KeptView.DoesNotExist."""
    with transaction.atomic():
        row = _changed(view, actor)
        if unit is not None and (unit not in shares_with(actor) or row.owner_id != actor.person_id):
            raise Refused("not_the_head", _("给全单位用，由本单位负责人定。"), who_could=_("本单位负责人"))
        if unit is not None and row.has_words:
            raise Refused("view_has_words", _("里面有查找的字，只能自己用：查的字里可能有人名、电话。"))
        row.unit_id = unit
        row.save(update_fields=["unit"])


def remove(view: UUID, *, actor: Actor) -> None:
    """Delete it. Of what another shared only the sharing ends: it stays theirs. Raises KeptView.DoesNotExist."""
    with transaction.atomic():
        row = _changed(view, actor)
        if row.owner_id != actor.person_id:
            row.unit = None
            row.save(update_fields=["unit"])
            return
        row.delete()


def _fit(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("view_without_name", _("还没有写名称。"))
    if len(name) > LONGEST_NAME:
        raise Refused("view_name_too_long", _("名称最多 %(n)d 个字。") % {"n": LONGEST_NAME})
    return name


def _own(actor: Actor) -> list[KeptView]:
    """The own ones in their order; nobody else changes their number until the transaction ends."""
    assert actor.person_id is not None  # only staff narrow lists
    Person.objects.select_for_update().get(pk=actor.person_id)
    return list(KeptView.objects.filter(owner=actor.person_id).order_by(*ORDER))


def _changed(view: UUID, actor: Actor) -> KeptView:
    return changed_by(actor).select_for_update(of=("self",)).get(pk=view)
