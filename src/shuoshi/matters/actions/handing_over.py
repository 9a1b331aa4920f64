"""Handing over what somebody has in hand before they leave: one matter after another, each by the ordinary row (4.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.actions.run import run
from shuoshi.matters.vocabulary import Action


@dataclass(frozen=True)
class HandedOver:
    """How many went over, and why each of the others did not."""

    done: int
    refused: Mapping[UUID, str]


def hand_over(to: Mapping[UUID, UUID], reason: str, *, actor: Actor) -> HandedOver:
    """Give each of these matters (by key) to a person of its lead unit, in a transaction of its own.

    What may not go to this person stays where it is and is named with its reason; nothing else is held up by it.
    """
    done, refused = 0, dict[UUID, str]()
    for matter, person in to.items():
        try:
            run(Action.CHANGE_HANDLER, matter, terms.ChangeHandler(handler=person, reason=reason), actor=actor)
        except Refused as found:
            refused[matter] = found.text
        else:
            done += 1
    return HandedOver(done, refused)
