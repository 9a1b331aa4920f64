"""Founding an institution on an empty home: its rules, its first units and its ground, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor
from shuoshi.organization.actions.institution import InstitutionGiven, publish_profile, set_up_institution
from shuoshi.organization.actions.places import create_area
from shuoshi.organization.actions.units import UnitGiven, create_unit
from shuoshi.organization.models import Institution, UnitKind


@dataclass(frozen=True)
class _Standing:
    """What an institution of one variant is, and what stands above it."""

    kind: UnitKind
    level: str  # code of the variant's own list of levels
    above: UnitKind


_STANDING = {
    "default": _Standing(UnitKind.TOWN, "town", UnitKind.COUNTY),
    "village": _Standing(UnitKind.VILLAGE, "village", UnitKind.TOWN),
    "community": _Standing(UnitKind.COMMUNITY, "village", UnitKind.TOWN),
    "enterprise": _Standing(UnitKind.COMPANY, "company", UnitKind.COMPANY),
}


@dataclass(frozen=True)
class Founding:
    """Which rules, who we are, who stands above us ("" for nobody), and when the offices are open."""

    variant: str
    institution: InstitutionGiven
    above: str = ""
    morning_from: time = time(8, 30)
    morning_to: time = time(12)
    afternoon_from: time = time(14)
    afternoon_to: time = time(17, 30)


def found(given: Founding, *, actor: Actor) -> Institution:
    """Make rules, unit, registry and ground. It is not open yet; demo institutions are made elsewhere.

    Raises Refused for missing words, odd hours, or when there is an institution already.
    """
    from shuoshi.organization.profile.load import variant  # files are read once in the life of an institution

    standing, said = _STANDING[given.variant], given.institution
    with transaction.atomic():
        publish_profile(variant(given.variant), actor=actor)
        above = None
        if given.above:
            over = UnitGiven(name=given.above, short_name=given.above[:20], code=f"{said.code}-UP")
            above = create_unit(over, standing.above, None, actor=actor).pk
        own = UnitGiven(
            name=said.name,
            short_name=said.short_name,
            code=said.code,
            level=standing.level,
            phone=said.hotline,
            address=said.address,
            morning_from=given.morning_from,
            morning_to=given.morning_to,
            afternoon_from=given.afternoon_from,
            afternoon_to=given.afternoon_to,
        )
        root = create_unit(own, standing.kind, above, actor=actor)
        centre = _("%(name)s群众说事受理中心") % {"name": said.short_name}
        registry = UnitGiven(
            name=centre, short_name=_("受理中心"), code=f"{said.code}-SL", phone=said.hotline, address=said.address
        )
        create_unit(registry, UnitKind.REGISTRY, root.pk, actor=actor)
        create_area(said.short_name, None, unit_id=root.pk, actor=actor)
        return set_up_institution(said, root_id=root.pk, demo=False, actor=actor)
