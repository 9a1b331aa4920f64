"""Who may arrange the institution. Pure questions about an actor; what may be done to a matter is not decided here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.roles import Role


def may_arrange(actor: Actor, path: str | None = None) -> bool:
    """An administrator, for the units beneath the own post; the system when an installation is set up."""
    return actor.kind is ActorKind.SYSTEM or actor.holds(Role.ADMINISTRATOR, path)


def require_arranger(actor: Actor, path: str | None = None) -> None:
    """Raises Refused unless `may_arrange`."""
    if not may_arrange(actor, path):
        raise Refused("not_administrator", _("只有系统管理员可以修改这里的内容。"), who_could=_("系统管理员"))
