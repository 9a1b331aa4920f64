"""Who may arrange accounts, and how often one may look. Who may look at whom is decided where the matter is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.people.models import Person

ADMINISTRATOR = "administrator"  # organization.roles.Role, which stands beside this package, not beneath it
# Accounts and posts one administrator does not touch alone: whoever holds them could bend what others rely on.
PRIVILEGED = frozenset({ADMINISTRATOR, "supervisor", "oversight_member", "sealed_officer"})

REVEALS_PER_DAY = 60  # fields one account may unmask on one day of the institution


def may_arrange_accounts(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM or actor.holds(ADMINISTRATOR)


def require_account_arranger(actor: Actor, person_id: UUID | None = None) -> None:
    """Raises Refused unless an administrator (or the system) acts; with `person_id`, one who may touch their account.

    An account opens what all posts of its owner open. So whoever administers a part of the institution arranges only
    accounts of people who hold no post outside it.
    """
    if not may_arrange_accounts(actor):
        raise Refused("not_administrator", _("只有系统管理员可以管理账号。"), who_could=_("系统管理员"))
    if person_id is None or actor.kind is ActorKind.SYSTEM:
        return
    if not arranging(actor)(posts_of(person_id)):
        raise Refused(
            "not_administrator",
            _("这个人在别的单位任职，他的账号由管那里的系统管理员来办。"),
            who_could=_("系统管理员"),
        )


def arranging(actor: Actor) -> Callable[[Sequence[str]], bool]:
    """Whether this actor arranges the accounts of somebody who holds posts at given paths; for many, asked once."""
    if actor.kind is ActorKind.SYSTEM:
        return lambda held: True
    paths = [post.unit_path for post in actor.posts if post.role == ADMINISTRATOR]
    everybody = any(_covers_whole(path) for path in paths)
    return lambda held: everybody or any(_covers(path, held) for path in paths)


def posts_of(person_id: UUID) -> list[str]:
    """The paths of the units at which a person holds a post now; one statement."""
    held = Person.objects.filter(pk=person_id, posts__isnull=False, posts__until__isnull=True)
    return list(held.values_list("posts__unit__path", flat=True))


def reaches(path: str, held: Sequence[str]) -> bool:
    """Whether an administrator's post at `path` covers these posts of somebody: all of them, or the whole institution."""
    return _covers_whole(path) or _covers(path, held)


def institution_is_at(function: Callable[[], str]) -> None:
    """Have `function` say at which path the whole institution stands; organization does, when apps are ready."""
    global _whole
    _whole = function


def _covers_whole(path: str) -> bool:
    whole = _whole()
    return bool(whole and whole.startswith(path))


def _covers(path: str, held: Sequence[str]) -> bool:
    return all(one.startswith(path) for one in held)


def _nowhere() -> str:
    return ""


_whole: Callable[[], str] = _nowhere
