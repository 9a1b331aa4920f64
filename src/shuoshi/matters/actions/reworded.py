"""The speaker corrects what the registry summed up: the own words stay above it, both wordings in the timeline (rule 5)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.actions import demands, seats
from shuoshi.matters.actions.wishes import keep_what_shows_the_wish
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, Audience, Naming, Status

MOST = 20  # points; each is answered by itself
AT_THE_WORDS = frozenset(
    {"demands_missing", "demand_twice", "too_many_demands", "nothing_changed", "demands_vanish", "demands_of_others"}
)  # refusals that another wording mends
A_DAY = 5  # corrections: whoever handles it reads each of them anew


@guard(gettext_lazy("说事人没有留名，谁也不能证明是他要更正；要更正，由他凭查询码自己做。"))
def named_or_own(case: Case) -> bool:
    return case.actor.kind is ActorKind.SPEAKER or case.matter.naming != Naming.ANONYMOUS


def reword_demands(step: Step, given: terms.RewordDemands) -> None:
    """Whoever works on it reads the new wording at once; nothing that was promised moves.

    What was given out, and what several ask for together, can be worded anew and added to, not made less: giving up a
    part is a withdrawal or a rating. In a group everybody reads what one of them changed.
    """
    wanted = demands.said(given.demands)
    stand = [str(row.text) for row in step.matter.demands.filter(dropped=False).order_by("ordinal")]
    most = max(MOST, len(stand))
    if len(wanted) > most:
        raise Refused("too_many_demands", _("最多写 %(n)d 条要求，请把相近的合起来写。") % {"n": most})
    if step.actor.kind is ActorKind.STAFF:
        refused = _("替说事人更正要求，要写明凭什么知道是他本人的意思，凭据在哪里。")
        keep_what_shows_the_wish(step, given, refused)
    if {" ".join(text.split()) for text in wanted} == {" ".join(text.split()) for text in stand}:
        raise Refused("nothing_changed", _("没有改动任何一项。"))
    if step.matter.is_group and len(wanted) < len(stand):
        raise Refused("demands_of_others", _("这是大家的要求，可以改写、可以加，一位代表不能减少。"))
    _not_too_often(step)
    before = demands.write(step, wanted)
    step.say(Audience.PUBLIC, demands.before_was(before), part=None, seat=_seat(step))
    step.set(unread_words=step.matter.unread_words + 1)
    step.notify("reworded", *_whoever_works_on_it(step))


def _not_too_often(step: Step) -> None:
    since = step.now - timedelta(days=1)
    if (
        step.matter.entries.filter(action=Action.REWORD_DEMANDS, audience=Audience.PUBLIC, at__gt=since).count()
        >= A_DAY
    ):
        raise Refused(
            "reworded_often", _("一天里已经更正了 %(n)d 次，请想好了明天再改；急的请打说事热线。") % {"n": A_DAY}
        )


def _seat(step: Step) -> int | None:
    """Of which spokesperson it comes, for those who work on it."""
    spokesperson = seats.of(step.matter, step.actor.part) if step.actor.part is not None else None
    return spokesperson.seat if spokesperson is not None else None


def _whoever_works_on_it(step: Step) -> tuple[Told, ...]:
    if step.matter.handler_id is not None:
        return Told.HANDLER, Told.REGISTRY
    return (Told.LEAD if step.matter.lead_unit_id is not None else Told.DISPATCHER), Told.REGISTRY


ROWS = (
    Transition(
        action=Action.REWORD_DEMANDS,
        source=frozenset({Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING, Status.PAUSED, Status.PARKED}),
        clause="4.1.1",
        allow=policies.for_the_speaker,
        when=(guards.no_result_waiting, named_or_own),
        do=reword_demands,
        notify=(Told.HANDLER, Told.LEAD, Told.DISPATCHER, Told.REGISTRY),
        then=(Action.RESUME,),
        resident=True,
        turns=True,
    ),
)
