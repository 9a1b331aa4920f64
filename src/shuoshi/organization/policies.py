"""Who may arrange the institution. Pure questions about an actor; what may be done to a matter is not decided here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.models import Institution
from shuoshi.organization.roles import Role


def may_arrange(actor: Actor, path: str | None = None) -> bool:
    """An administrator, for the units beneath the own post; the system when an installation is set up.

    Without `path` it is about the institution as a whole — its rules, calendar, ground, papers: a post at it, or above.
    """
    if actor.kind is ActorKind.SYSTEM:
        return True
    whole = whole_path() if path is None else path
    return bool(whole) and actor.holds(Role.ADMINISTRATOR, whole)


def whole_path() -> str:
    """The path of the institution itself; "" before it was set up, when only the system arranges. One statement."""
    return str(Institution.objects.values_list("root__path", flat=True).first() or "")


def one_at_a_time() -> None:
    """Until the transaction ends nobody else arranges: a name that is free stays so."""
    Institution.objects.select_for_update().values_list("pk").first()


def require_arranger(actor: Actor, path: str | None = None) -> None:
    """Raises Refused unless `may_arrange`."""
    if not may_arrange(actor, path):
        raise Refused("not_administrator", _("只有系统管理员可以修改这里的内容。"), who_could=_("系统管理员"))
