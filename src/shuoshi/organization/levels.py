"""Levels of units: what the rules in force call each, and which one a unit of a kind has unless somebody says otherwise."""

from __future__ import annotations

from shuoshi.organization.models import UnitKind
from shuoshi.organization.profile import stored

_TIERS = {
    UnitKind.COUNTY: "county",
    UnitKind.TOWN: "town",
    UnitKind.VILLAGE: "village",
    UnitKind.COMMUNITY: "village",
    UnitKind.COMPANY: "company",
}
_OF_A_COMPANY = {UnitKind.DEPARTMENT: "department", UnitKind.TEAM: "team"}  # a town's office has no level of its own


def names() -> dict[str, str]:
    """Code and name of every level, in the order of the rules; none before there are rules."""
    try:
        return {level.code: str(level) for level in stored.current().levels}
    except stored.NoProfile:
        return {}


def usual(kind: UnitKind) -> str:
    """The code a unit of this kind begins with; "" where its kind is no level of this institution."""
    known = names()
    code = _TIERS.get(kind) or ("" if "town" in known else _OF_A_COMPANY.get(kind, ""))
    return code if code in known else ""
