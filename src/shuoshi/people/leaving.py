"""Nobody leaves while holding open work: other packages say what somebody holds, a post or account ends when it is nothing.

What there is to hand over, this package does not know; it only asks, and refuses with what it hears (4.3.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import Refused


@dataclass(frozen=True)
class Held:
    """One kind of open work of somebody: what it is in words, and how many. `by_name`: it lies with this very person,
    else with the post, whose last holder they are."""

    what: str
    count: int
    by_name: bool = True

    @property
    def words(self) -> str:
        return _("%(what)s %(n)d") % {"what": self.what, "n": self.count}


Asks = Callable[[UUID, UUID | None, datetime], list[Held]]
_asked: list[Asks] = []


def asks(function: Asks) -> None:
    """Have `function` say what a person holds that ends with one post (its key), or with the account (None)."""
    if function not in _asked:
        _asked.append(function)


def held(person_id: UUID, ending: UUID | None, at: datetime) -> list[Held]:
    """All open work that would be left behind when this post ends, or the account is closed."""
    found = [one for function in _asked for one in function(person_id, ending, at)]
    return [one for one in found if one.count]


def require_nothing_held(person_id: UUID, ending: UUID | None, *, actor: Actor, at: datetime) -> None:
    """Raises Refused while somebody holds open work. The system sets up and takes over; it leaves nothing behind."""
    if actor.kind is ActorKind.SYSTEM:
        return
    found = held(person_id, ending, at)
    if found:
        raise Refused(
            "holds_open_work",
            _(
                "手上还有没办完的：%(what)s。请先在“交接”里交给别人，接替的人先办任职。密码泄露要马上停用的，请用“重设密码”。"
            )
            % {"what": _("、").join(one.words for one in found)},
            who_could=_("单位负责人、系统管理员"),
        )
