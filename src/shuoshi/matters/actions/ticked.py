"""The checklist of a category: ticked and taken back by the lead unit, each time a line that stays (4.3.1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import checklist, guards, policies, terms
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import HELD, Action, Audience


def tick_items(step: Step, given: terms.TickItems) -> None:
    """Say what was looked at, or that it was not after all. No clock waits for it; nobody's form is stale."""
    known = [item.code for item in checklist.items(step.profile, step.matter)]
    if not {*given.ticked, *given.unticked} <= set(known):
        raise Refused("no_such_item", _("清单里没有这一项。请回到事项页，看着清单再核对一次。"))
    done = checklist.ticked_now(step.matter)
    ticked = [code for code in known if code in given.ticked and code not in done]
    unticked = [code for code in known if code in given.unticked and code in done]
    if not ticked and not unticked:
        raise Refused("nothing_ticked", _("和已经记下的一样，没有要改的。"))
    step.say(
        Audience.INTERNAL,
        category=step.matter.category,
        ticked=",".join(ticked),
        unticked=",".join(unticked),
    )


def require_needed(step: Step) -> None:
    """Raise Refused, naming them, while items are open that the rules want looked at before the answer is written."""
    if not any(item.needed for item in checklist.items(step.profile, step.matter)):
        return
    left = checklist.missing(step.profile, step.matter, checklist.ticked_now(step.matter))
    if left:
        named = _("、").join(map(str, left))
        raise Refused("checklist_open", _("核对清单里还有要先做的：%(items)s。核对了再送审签。") % {"items": named})


ROWS = (
    Transition(
        action=Action.TICK_ITEMS,
        source=HELD,
        clause="4.3.1",
        allow=policies.lead,
        when=(guards.has_category,),
        do=tick_items,
        unseen=True,
        of_part=True,
    ),
)
