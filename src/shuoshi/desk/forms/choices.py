"""What can be chosen in the forms of the desk, as (value, label) pairs; those whom a matter concerns are left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.matters.case import HANDLING
from shuoshi.matters.models import Exclusion, Matter
from shuoshi.matters.vocabulary import RequestKind, RequestState
from shuoshi.organization import deputies
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Area, Post, Unit, UnitKind
from shuoshi.organization.profile import Profile
from shuoshi.organization.roles import Role
from shuoshi.people.models import Person

Pairs = list[tuple[Any, Any]]

PERSON, UNIT = "person", "unit"
_NOT_HANDLING = frozenset({UnitKind.OVERSIGHT})


def units(matter: Matter | None = None) -> Pairs:
    """Units of the tree, indented by level; with a matter, those it may be given to."""
    if matter is not None:
        return units_under([matter.tier_path], without=_excluded_paths(matter))
    return [(str(unit.pk), indented(unit)) for unit in organization.units()]


def units_under(tiers: Iterable[str], without: Iterable[str] = ()) -> Pairs:
    """Units that something of these tiers may be given to, indented by level."""
    beneath, closed = tuple(tiers), tuple(without)
    found = [
        unit
        for unit in organization.units()
        if unit.path.startswith(beneath) and unit.kind not in _NOT_HANDLING and not unit.path.startswith(closed)
    ]
    return [(str(unit.pk), indented(unit)) for unit in found]


def indented(place: Unit | Area) -> str:
    return "\u3000" * depth(place.path) + place.name


def named(name: str, post: str) -> str:
    """Somebody with what they hold: 王芳（受理中心登记员）."""
    return _("%(name)s（%(unit)s）") % {"name": name, "unit": post}


def with_words(label: object, words: object) -> str:
    """A choice and what it means: 解决：回访时请说事人确认."""
    return f"{label}{_('：')}{words}"


def depth(path: str) -> int:
    """How far below the root: "/1/" is 0."""
    return max(path.count("/") - 2, 0)


def staff(roles: Iterable[str] | None = None) -> Pairs:
    """Everybody who holds a post, of these roles only where some are named, with the unit of their first one."""
    found: dict[str, str] = {}
    posts = organization.posts_at()
    if roles is not None:
        posts = posts.filter(role__in=list(roles))
    for post in posts.order_by("unit__path", "since", "pk"):
        found.setdefault(str(post.person_id), named(post.person.name, post.unit.short_name))
    return list(found.items())


def people_of(unit_id: UUID | None, matter: Matter | None = None, roles: Iterable[Role] = HANDLING) -> Pairs:
    """Who handles for a unit, without those the matter concerns."""
    if unit_id is None:
        return []
    out = _excluded_people(matter) if matter is not None else frozenset()
    posts = organization.posts_at().filter(unit_id=unit_id, role__in=list(roles)).order_by("since", "id")
    found, away = dict[str, str](), who_is_away()
    for post in posts:
        if post.person_id not in out:
            found.setdefault(str(post.person_id), described(post, away))
    return list(found.items())


def who_is_away() -> dict[UUID, str]:
    """What is said beside the name of each who is away now; one statement, three at most while somebody is."""
    covers = deputies.covers(clock.now())
    if not covers.away:
        return {}
    acting = Person.objects.in_bulk([pk for pk in covers.by.values() if pk])
    return {
        person: _("请假，由%(name)s代") % {"name": acting[by].name} if by in acting else _("请假")
        for person, by in covers.by.items()
    }


def described(post: Post, away: Mapping[UUID, str]) -> str:
    """Somebody with what they hold, and who acts while they are away: 孙丽（承办人；请假，由周建国代）."""
    words = away.get(post.person_id)
    return named(post.person.name, _("%(post)s；%(away)s") % {"post": post, "away": words} if words else str(post))


def mediators(matter: Matter) -> Pairs:
    """Who may mediate it: who handles for its lead unit, and the mediators of the tier; without those it concerns."""
    out, closed = _excluded_people(matter), _excluded_paths(matter)
    fits = Q(unit=matter.lead_unit, role__in=HANDLING) | Q(unit__path__startswith=matter.tier_path, role=Role.MEDIATOR)
    posts = organization.posts_at().filter(fits).order_by("unit__path", "since", "id")
    found: dict[str, str] = {}
    for post in posts:
        if post.person_id not in out and not any(post.unit.path.startswith(path) for path in closed):
            found.setdefault(str(post.person_id), named(post.person.name, str(post)))
    return list(found.items())


def handlers(matter: Matter) -> Pairs:
    """Who handles for a unit this matter may be given to, grouped by unit; without those it concerns."""
    return handlers_under([matter.tier_path], _excluded_people(matter), _excluded_paths(matter))


def handlers_under(
    tiers: Iterable[str], out: Collection[UUID | None] = frozenset(), without: Iterable[str] = ()
) -> Pairs:
    """Who handles for the units of these tiers, grouped by unit."""
    beneath, closed = tuple(tiers), tuple(without)
    posts = organization.posts_at().filter(role__in=HANDLING).order_by("unit__path", "since", "id")
    found, away = dict[str, dict[str, str]](), who_is_away()
    for post in posts:
        path = post.unit.path
        if path.startswith(beneath) and post.person_id not in out and not path.startswith(closed):
            found.setdefault(post.unit.name, {}).setdefault(str(post.person_id), described(post, away))
    return [(unit, list(people.items())) for unit, people in found.items()]


def handlers_by_unit(matter: Matter) -> Pairs:
    """The same with the unit in the value: who is chosen decides who leads."""
    out, closed = _excluded_people(matter), _excluded_paths(matter)
    posts = organization.posts_at().filter(unit__path__startswith=matter.tier_path, role__in=HANDLING)
    found, away = dict[str, dict[str, str]](), who_is_away()
    for post in posts.order_by("unit__path", "since", "id"):
        if post.person_id not in out and not any(post.unit.path.startswith(path) for path in closed):
            value = f"{post.unit_id}:{post.person_id}"
            found.setdefault(post.unit.name, {}).setdefault(value, described(post, away))
    return [(unit, list(people.items())) for unit, people in found.items()]


def to_recuse(matter: Matter, me: UUID | None) -> Pairs:
    """Whose conflict may be ruled on: the lead unit and its people, the registry and whoever leads. Grouped."""
    if matter.requests.filter(kind=RequestKind.RECUSAL, state=RequestState.PENDING).exists():
        return []  # one is ruled on at a time
    out = _excluded_people(matter) | {me}
    at_work = Q(unit=matter.lead_unit) | Q(unit__path=matter.tier_path, role=Role.LEADER) | Q(unit=matter.registry)
    posts = organization.posts_at().filter(at_work).order_by("unit__path", "since", "id")
    people = {
        f"{PERSON}:{post.person_id}": named(post.person.name, str(post)) for post in posts if post.person_id not in out
    }
    found: Pairs = [(_("个人"), list(people.items()))] if people else []
    if matter.lead_unit is not None:
        found.append((_("整个单位"), [(f"{UNIT}:{matter.lead_unit_id}", matter.lead_unit.name)]))
    return found


def areas() -> Pairs:
    return [(str(area.pk), "\u3000" * depth(area.path) + area.name) for area in organization.areas()]


def points() -> Pairs:
    return [(str(point.pk), point.name) for point in organization.points()]


def kinds(profile: Profile, *, without: Iterable[str] = ()) -> Pairs:
    return [(kind.code, str(kind)) for kind in profile.kinds if kind.code not in set(without)]


def categories(profile: Profile, kind: str = "", *, likely: str = "") -> Pairs:
    """Grouped as the profile groups them; each group reads kind › group. Those of the likely kind come first."""
    found: Pairs = []
    for one in sorted(profile.kinds, key=lambda one: one.code != likely):
        if kind and one.code != kind:
            continue
        for group, inside in profile.choices(one.code):
            found.append((f"{one} › {group}", [(category.code, str(category)) for category in inside]))
    return found


def codes(items: Iterable[Any]) -> Pairs:
    """Pairs of a list of the profile."""
    return [(item.code, str(item)) for item in items]


def _excluded_paths(matter: Matter) -> list[str]:
    return list(
        Exclusion.objects.in_force().filter(matter=matter, unit__isnull=False).values_list("unit__path", flat=True)
    )


def _excluded_people(matter: Matter) -> frozenset[UUID | None]:
    rows = Exclusion.objects.in_force().filter(matter=matter, person__isnull=False)
    return frozenset(rows.values_list("person_id", flat=True))
