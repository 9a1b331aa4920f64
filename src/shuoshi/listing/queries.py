"""Which kept lists somebody sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from shuoshi.kernel.actors import Actor
from shuoshi.listing.models import KeptView
from shuoshi.listing.policies import belongs_to, shares_with

ORDER = ("ordinal", "kept_at", "pk")


def seen_by(actor: Actor) -> list[KeptView]:
    """The own ones in their order, then those the own units share; one statement."""
    theirs = Q(unit__in=belongs_to(actor)) if actor.posts else Q(pk__in=[])
    found = KeptView.objects.filter(Q(owner=actor.person_id) | theirs).order_by(*ORDER)
    return sorted(found, key=lambda view: view.owner_id != actor.person_id)


def changed_by(actor: Actor) -> QuerySet[KeptView]:
    """Those this person may change: the own ones, and what was shared with a unit they head now."""
    return KeptView.objects.filter(Q(owner=actor.person_id) | Q(unit__in=shares_with(actor)))
