"""An import that was a mistake is undone: what came of it ends, is found nowhere, and what was told of people is gone.

Only the worker does it, for the matters of one run, and only while nobody had anything to do with them: a matter that
anybody has acted on stays. Number and events stay as well, with commitments to every word: whoever has the file can prove
what stood in it.
"""

from __future__ import annotations

import secrets

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.models import Demand, Matter, Party
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, Status
from shuoshi.people import actions as people

_WORDS = ("content", "said_place", "place", "coordinates", "answers", "concerns_words")


def undo_import(step: Step, given: terms.UndoImport) -> None:
    """End it as void, take its words away, and everybody with it of whom only it tells."""
    if touched(step.matter):
        raise Refused("import_touched", _("这件事已经有人办过，不能随导入一起撤销。"))
    step.story.fact(run=str(given.run), ordered_by=str(given.by))
    step.say(Audience.INTERNAL, run=str(given.run))
    step.move(Status.CLOSED)
    step.close("VOID")
    step.set(undone=True, **dict.fromkeys(_WORDS, ""))
    for demand in Demand.objects.filter(matter=step.matter):
        demand.matter = step.matter
        step.change(demand, text="")
    for party in Party.objects.filter(matter=step.matter).select_related("person"):
        elsewhere = Party.objects.filter(person=party.person_id).exclude(matter=step.matter)
        if not elsewhere.exists():
            people.forget(step.story, party.person, secrets.token_hex(32))


def touched(matter: Matter) -> bool:
    """Whether anybody did anything with it since it was registered; clocks that ran out are nobody."""
    told = Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk))
    return matter.round is None or matter.round.ordinal > 1 or told.exclude(actor=SYSTEM.ref).exists()


ROWS = (
    Transition(
        action=Action.UNDO_IMPORT,
        source=frozenset({Status.REGISTERED}),
        target=Status.CLOSED,
        clause="4.1.1",
        allow=policies.system,
        when=(guards.imported,),
        do=undo_import,
        drop=(DeadlineKind.ACCEPT,),
    ),
)
