"""What a matter that was merged hears of its main one."""

from __future__ import annotations

from shuoshi.matters import policies, terms
from shuoshi.matters.actions import keeping_away as away
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, Audience, FromMain, Status
from shuoshi.organization.models import Unit


def tell_merged(step: Step, given: terms.TellMerged) -> None:
    """Who is kept from the main matter reads and does nothing here either, whatever becomes of the two (2.2.4, 5.3).

    Where the report of the main one is returned, whoever may return this copy of it reads of it (4.3.3).
    """
    if given.kept is not None:
        units = Unit.objects.filter(pk__in=given.kept.units)
        away.keep_away(step, given.kept.why, people=given.kept.people, units=units)
    step.say(Audience.INTERNAL, what=str(given.what), number=given.number)
    if given.what == FromMain.RETURNED:
        step.notify("copy_returned", Told.REGISTRY)


ROWS = (
    Transition(
        action=Action.TELL_MERGED,
        source=frozenset({Status.MERGED, Status.IN_FOLLOW_UP}),
        clause="2.2.4",
        allow=policies.system,
        do=tell_merged,
        notify=(Told.REGISTRY,),
    ),
)
