"""Whether an institution can keep what never degrades, at any size, before it takes in its first matter (start guard).

Pure questions about who holds which post where; nothing here changes anything but `begin`, which opens the institution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.case import HANDLING, parent_path, served
from shuoshi.organization import actions as organization_actions
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Institution, Unit, UnitKind, prefixes
from shuoshi.organization.roles import Role


@dataclass(frozen=True)
class Missing:
    """A duty nobody holds: its name in code, what to say, and the unit it is missing at."""

    code: str
    says: str
    unit: Unit


@dataclass(frozen=True)
class _Held:
    """A post as these questions need it: who, what, for which tier (a registry serves the unit above it)."""

    person: UUID
    role: str
    path: str
    tier: str


_SAYS: dict[str, str | Promise] = {
    "registry": gettext_lazy("还缺：受理中心（在“单位和岗位”里设在机构下面）"),
    "registrar": gettext_lazy("还缺：登记员"),
    "dispatcher": gettext_lazy("还缺：分办员"),
    "handler": gettext_lazy("还缺：承办人，至少一个单位要有人承办"),
    "signer": gettext_lazy("还缺：能签发答复的负责人或领导"),
    "follow_up": gettext_lazy("还缺：回访人，不能是承办人"),
    "ruling": gettext_lazy("还缺：能裁定的领导或分办员，不能是承办人"),
}


def missing() -> list[Missing]:
    """What keeps the institution from beginning, registry by registry; empty when nothing does. Three statements."""
    root = organization.institution().root
    if root is None:
        return []
    posts = [_held(post.person_id, post.role, post.unit) for post in organization.posts_at()]
    units = organization.units()
    homes = [unit for unit in units if unit.is_tier and _registry(unit, units)]
    if not _registry(root, units):
        return [Missing("registry", str(_SAYS["registry"]), root)]
    return [Missing(code, str(_SAYS[code]), home) for home in homes for code in _missing_at(home.path, posts)]


def begin(*, actor: Actor) -> Institution:
    """Open the institution. Raises Refused while something is missing, naming it all."""
    with transaction.atomic():
        found = missing()
        if found:
            said = pgettext("separator", "；").join(f"{one.unit.short_name}{_('，')}{one.says}" for one in found)
            raise Refused("not_ready", _("还不能开始受理。%(missing)s。") % {"missing": said})
        return organization_actions.open_institution(actor=actor)


def _held(person: UUID, role: str, unit: Unit) -> _Held:
    return _Held(person, role, unit.path, served(unit.path, unit.kind, role))


def _registry(tier: Unit, units: Sequence[Unit]) -> bool:
    return any(unit.kind == UnitKind.REGISTRY and unit.parent_id == tier.pk for unit in units)


def _missing_at(home: str, posts: Sequence[_Held]) -> Iterator[str]:
    """Duties of one tier with a registry. What may fall upwards counts as held where a tier above holds it."""
    upwards = set(prefixes(home))
    here = [post for post in posts if post.tier == home]
    above = [post for post in posts if post.tier in upwards]
    handling = [post for post in posts if post.role in HANDLING and post.path.startswith(home)]
    handlers = {post.person for post in handling}
    if not _anybody(here, Role.REGISTRAR, Role.DISPATCHER):
        yield "registrar"
    if not _anybody(here, Role.DISPATCHER):
        yield "dispatcher"
    if not handling:
        yield "handler"
    elif not any(_signs_for(post.path, posts) for post in handling):
        yield "signer"
    asking = {post.person for post in above if post.role == Role.FOLLOW_UP_AGENT}
    asking |= {post.person for post in here if post.role == Role.OVERSIGHT_MEMBER}
    if not _somebody_else(asking, handlers):
        yield "follow_up"
    ruling = {post.person for post in above if post.role in (Role.DISPATCHER, Role.LEADER)}
    if not _somebody_else(ruling, handlers):
        yield "ruling"


def _somebody_else(able: set[UUID], handlers: set[UUID]) -> bool:
    """Separation is per matter: whoever handled one, somebody else must be able to do this in it."""
    return bool(able) and (not handlers or any(able - {one} for one in handlers))


def _anybody(posts: Sequence[_Held], *roles: Role) -> bool:
    return any(post.role in roles for post in posts)


def _signs_for(path: str, posts: Sequence[_Held]) -> bool:
    """The head or leader of the unit, or of the one above it."""
    over = parent_path(path)
    return any(post.role in (Role.LEADER, Role.DEPARTMENT_HEAD) and post.path in (path, over) for post in posts) or any(
        post.role == Role.LEADER and post.tier in (path, over) for post in posts
    )
