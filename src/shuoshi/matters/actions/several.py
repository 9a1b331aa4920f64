"""The same step on several matters: each by the one door, in a transaction of its own, with an event of its own.

What one matter refuses keeps no other from being done. Somebody who sends the same again — a second press, or after the
machine stopped half way — has nothing done twice: what was done answers by its key, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import KeyReused, NotDone, Stale
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.matters.actions.run import done_before, run
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms

MOST = 200  # of one selection; more is said, never cut off


@dataclass(frozen=True)
class Chosen:
    """One matter of a selection, at the turn in which it was seen, and what is to be done to it."""

    matter_id: UUID
    turn: int
    terms: Terms


@dataclass(frozen=True)
class Ended:
    """What came of one: done, or why not. `why` is "" where it was done."""

    matter_id: UUID
    why: str = ""

    @property
    def done(self) -> bool:
        return not self.why


def run_each(
    several: Iterable[Chosen],
    *,
    actor: Actor,
    key: str,
    refused: Mapping[UUID, str] | None = None,
    until: datetime | None = None,
) -> list[Ended]:
    """Carry it out one by one; what is missing in the answer was not come to before `until`, but one always is.

    `refused` are those that were shown as not possible: of these only what this very form did before counts as done.
    """
    found: list[Ended] = []
    worked = False
    for one in several:
        if done_before(one.matter_id, one.terms, actor=actor, key=key):
            found.append(Ended(one.matter_id))
            continue
        why = (refused or {}).get(one.matter_id, "")
        if not why:
            if worked and until is not None and clock.now() >= until:
                break
            why = words_of(
                partial(run, one.terms.action, one.matter_id, one.terms, actor=actor, turn=one.turn, key=key)
            )
            worked = True
        found.append(Ended(one.matter_id, why))
    return found


def words_of(deed: Callable[[], object]) -> str:
    """Do it; "" when it was done, else why not in words for whoever chose several."""
    try:
        deed()
    except Stale as stale:
        return happened(stale)
    except KeyReused:
        return _("同一次选择里已经办过，内容和这次不一样，没有再办。")
    except NotDone as refused:
        return refused.text
    except Matter.DoesNotExist:
        return _("这件事现在不归您看。")
    return ""


def happened(stale: Stale) -> str:
    """What somebody else did meanwhile, as far as this person may know it."""
    if not stale.by or stale.at is None:
        return _("您选了以后，这件事有了变化，没有办。请打开看一看。")
    said = {"by": stale.by, "at": moment(stale.at), "what": stale.what_happened}
    return _("您选了以后，%(by)s已于 %(at)s %(what)s，没有办。请打开看一看。") % said
