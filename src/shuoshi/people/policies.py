"""Who may arrange accounts, and how often one may look. Who may look at whom is decided where the matter is known."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import Refused

ADMINISTRATOR = "administrator"  # organization.roles.Role, which stands beside this package, not beneath it
# Accounts and posts one administrator does not touch alone: whoever holds them could bend what others rely on.
PRIVILEGED = frozenset({ADMINISTRATOR, "supervisor", "oversight_member", "sealed_officer"})

REVEALS_PER_DAY = 60  # fields one account may unmask on one day of the institution


def may_arrange_accounts(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM or actor.holds(ADMINISTRATOR)


def require_account_arranger(actor: Actor) -> None:
    """Raises Refused unless an administrator (or the system) acts."""
    if not may_arrange_accounts(actor):
        raise Refused("not_administrator", _("只有系统管理员可以管理账号。"), who_could=_("系统管理员"))
