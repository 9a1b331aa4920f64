"""What the desk offers as the category of a matter (4.2.1): the rule is matters.likely, here is what it looks at."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.kernel import clock, search
from shuoshi.kernel.actors import Actor
from shuoshi.matters import likely as rule
from shuoshi.matters.likely import Decided, Likely
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Exit, Status
from shuoshi.organization.profile import Profile

NEAREST = 5  # matters that resemble most
_COMPARED = 150  # the latest classified ones, whose words are compared
_LATELY = timedelta(days=365)  # what is older is no habit any more, and would have to be searched for far back


def likely(actor: Actor, matter: Matter, profile: Profile) -> list[Likely]:
    """Categories to be offered for it, likeliest first. Two statements, however many matters there are."""
    return rule.likely(profile, matter.kind, f"{matter.title}\n{matter.content}", _decided(actor, matter))


def _decided(actor: Actor, matter: Matter) -> list[Decided]:
    """How the matters in sight that resemble it most were classified; complexity is what only that step sets.

    Words of sensitive categories are in no index, so those are never among them.
    """
    classified = (
        visible_to(actor)
        .filter(registered_at__gte=clock.now() - _LATELY, part_of__isnull=True, drill=False, sensitive=False)
        .exclude(complexity="")
        .exclude(category="")
        .exclude(status=Status.SCREENED_OUT)
        .exclude(exit=Exit.VOID)
        .exclude(pk=matter.pk)
    )
    latest = classified.order_by("-registered_at").values("pk")[:_COMPARED]
    nearest = search.alike("matter", f"{matter.title}\n{search.scrub(matter.content)}", latest)[:NEAREST]
    if not nearest:
        return []
    found = classified.filter(pk__in=nearest).values_list("category", "lead_unit__short_name")
    return [Decided(category, unit or "") for category, unit in found]
