"""A new demand that comes up beside a matter gets number, receipt and promise of its own, and both pages say so (4.4.1).

What was asked for before is answered where it was asked: nothing of it moves over, and no clock of it stops.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import again_guards, policies, terms
from shuoshi.matters.actions import hearing
from shuoshi.matters.actions.intake import take_in
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Party, Relation
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import OPEN, Action, Audience, Naming, PartyRole, RelationKind, Status, TellBy
from shuoshi.people.models import ContactKind

_L = gettext_lazy


@guard(_L("说事人没有留名，谁也不能替他另行登记；请他另外说一次。"))
def speaker_known(case: Case) -> bool:
    """Whoever asks now is the same person only where somebody knows who asked then."""
    return case.matter.naming != Naming.ANONYMOUS


def register_linked(step: Step, given: terms.RegisterLinked) -> None:
    """Registered for the same speaker like anything else they say; here stands only its number."""
    if given.repeats:
        _ended_for_good(step)
    else:
        _asks_for_something_else(step, given)
    receipt = take_in(_intake(step, given), actor=step.actor, now=step.now)
    kind = RelationKind.REPEAT if given.repeats else RelationKind.LINKED
    step.add(
        Relation(
            matter_id=receipt.matter_id,
            earlier=step.matter,
            kind=kind,
            by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            at=step.now,
        )
    )
    part = given.spokesperson.hex if given.spokesperson and step.matter.is_group else None
    step.say(Audience.PUBLIC, number=receipt.number, relation=str(kind), part=part)


def _ended_for_good(step: Step) -> None:
    """What can still be raised again is: it keeps its number, and is counted as what did not hold (4.4.2)."""
    if step.matter.status != Status.CLOSED:
        raise Refused("repeats_what_is_open", _("这件事还没有办结，请记为补充情况。"))
    if again_guards.asked_for_something(step.case) and again_guards.within_reopening(step.case):
        raise Refused("raised_again_instead", _("这件事还可以再次提出，请用“再次提出”，编号和经过都接着原来的。"))


def _asks_for_something_else(step: Step, given: terms.RegisterLinked) -> None:
    """A point that was asked for already stays where it is: it would get a later date here, and be settled there."""
    known = {str(row.text).strip() for row in step.matter.demands.filter(dropped=False)}
    known.add(str(step.matter.content).strip())
    if known & {text.strip() for text in (given.content, *given.demands)}:
        raise Refused("demand_known", _("这一条已经写在这件事里了，要在这件事里办。另行登记的，是另外的要求。"))


def _intake(step: Step, given: terms.RegisterLinked) -> Intake:
    matter, part = step.matter, hearing.whose_part(step, given.spokesperson)
    parties = matter.parties.exclude(role=PartyRole.SPOKESPERSON).select_related("person", "contact__person")
    said = {party.role: party for party in parties}
    speaker, wish = (part.party, part) if part else (said[PartyRole.SPEAKER], matter)
    return Intake(
        channel=given.channel,
        key=f"linked:{step.story.event_id}",
        content=given.content,
        naming=Naming(speaker.naming),
        speaker=_said(speaker),
        on_behalf_of=_said(said[PartyRole.ON_BEHALF_OF]) if PartyRole.ON_BEHALF_OF in said else None,
        demands=given.demands,
        area=given.area,
        place=given.place,
        urgency=given.urgency,
        concerns_units=given.concerns_units,
        concerns_people=given.concerns_people,
        concerns_words=given.concerns_words,
        tell_by=TellBy(wish.tell_by),
        no_messages=wish.no_messages,
        linked_to=matter.number,
        home=matter.registry_id,
    )


def _said(party: Party) -> PersonSaid:
    contact = party.contact
    phone = str(contact.value) if contact is not None and contact.kind == ContactKind.PHONE else ""
    return PersonSaid(person=party.person_id, phone=phone)


ROWS = (
    Transition(
        action=Action.REGISTER_LINKED,
        source=OPEN | {Status.SCREENED_OUT, Status.CLOSED},
        clause="4.4.1",
        allow=policies.takes_down & ~policies.involved & ~policies.works_for_the_lead,
        when=(speaker_known,),
        do=register_linked,
        resident=True,
    ),
)
