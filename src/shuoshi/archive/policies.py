"""Who appraises what is over, who approves that it is destroyed, and who never does. Pure, but for what is asked of rows."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from shuoshi.kernel.actors import Actor
from shuoshi.matters.case import scopes
from shuoshi.matters.models import Involvement
from shuoshi.matters.vocabulary import INVOLVING
from shuoshi.organization.roles import Role

APPRAISERS = frozenset({Role.REGISTRAR, Role.DISPATCHER})
APPROVERS = frozenset({Role.LEADER})
_OVER = APPROVERS | {Role.SUPERVISOR}
READERS = APPRAISERS | _OVER


def appraised_by(actor: Actor) -> frozenset[str]:
    """The tiers whose matters this person appraises: those the own registry answers for, under an own post."""
    return scopes(actor, APPRAISERS)


def may_appraise(actor: Actor, path: str) -> bool:
    return path in appraised_by(actor)


def may_approve(actor: Actor, path: str) -> bool:
    """A leader of the tier, or of one above it: where one had a part in a matter, another is found."""
    return any(path.startswith(over) for over in scopes(actor, APPROVERS))


def may_read(actor: Actor, path: str) -> bool:
    """Who draws lists up at this tier, and who leads or supervises it or a tier above."""
    return may_appraise(actor, path) or any(path.startswith(over) for over in scopes(actor, _OVER))


def readable(actor: Actor) -> Q:
    """`may_read`, asked of the database for rows with a `path`."""
    found = Q(path__in=sorted(appraised_by(actor)))
    for over in sorted(scopes(actor, _OVER)):
        found |= Q(path__startswith=over)
    return found


def handled(person: UUID, matters: Iterable[UUID]) -> list[str]:
    """Numbers of those matters in which this natural person had a part, under whatever post: they say nothing of their end."""
    involved = Involvement.objects.filter(person=person, matter__in=list(matters), bond__in=sorted(INVOLVING))
    return sorted(set(involved.values_list("matter__number", flat=True)))
