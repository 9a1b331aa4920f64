"""Keeping a matter from whom it concerns, and who does their duties instead (2.2.4, 5.3).

The duties fall upwards: to a colleague, to the leader of the tier, to the tier above with its registry. Each step
leaves a fact in the event. Where nothing stands above, the outside ways are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shuoshi.matters import notices
from shuoshi.matters.actions import (
    co_units,
    leading,
    mediation,
    merged,
    review_body,
    rulings,
    stopped,
    supervised,
    whole_and_parts,
)
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.result import fix_who_asks
from shuoshi.matters.models import Exclusion, Matter
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told
from shuoshi.matters.vocabulary import (
    GIVEN,
    OF_THE_WORK,
    AgencyEnded,
    DeadlineKind,
    EndedBecause,
    ExcludedBecause,
    RequestKind,
    Status,
)
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit
from shuoshi.organization.roles import Role

FIRST_RETURNS = 2  # so many returns, and somebody who leads designates


def keep_as_there(step: Step, other: Matter) -> None:
    """Who is kept from another matter is kept from this one too. A declaration counts as upheld: nobody rules on it here."""
    here = Exclusion.objects.in_force().filter(matter=step.matter).values_list("person", "unit")
    known = {person or unit for person, unit in here}
    for row in Exclusion.objects.in_force().filter(matter=other):
        if (row.person_id or row.unit_id) not in known:
            why = ExcludedBecause.RECUSED if row.why == ExcludedBecause.DECLARED else row.why
            step.add(Exclusion(matter=step.matter, person_id=row.person_id, unit_id=row.unit_id, why=why, at=step.now))


def keep_away(step: Step, why: ExcludedBecause, *, people: Iterable[UUID] = (), units: Iterable[Unit] = ()) -> bool:
    """End all rights of these people and units on the matter; whether its unit had to give it up for that."""
    persons, concerned = set(people), []
    for unit in units:
        if _somebody_is_left(step, unit):
            concerned.append(unit)
        else:
            persons |= {post.person_id for post in organization.people_with(Role.LEADER, unit)}
    held = list(Exclusion.objects.in_force().filter(matter=step.matter))
    known = {row.person_id or row.unit_id for row in held}
    upgraded = [row for row in held if row.why == ExcludedBecause.DECLARED and row.person_id in persons]
    if why != ExcludedBecause.DECLARED:
        for row in upgraded:
            row.matter = step.matter
            step.change(row, why=why)  # else a ruling on the declaration alone would lift it
    fresh = {*persons, *(unit.pk for unit in concerned)} - known or upgraded
    for unit in concerned:
        if unit.pk not in known:
            step.add(Exclusion(matter=step.matter, unit=unit, why=why, at=step.now))
    for person in sorted(persons, key=str):
        if person not in known:
            step.add(Exclusion(matter=step.matter, person_id=person, why=why, at=step.now))
    step.look_again()
    left = _hand_on_the_work(step)
    co_units.owe_no_more(step)
    if step.matter.status == Status.IN_FOLLOW_UP:
        fix_who_asks(step)
    if step.matter.status == Status.UNDER_REVIEW:
        review_body.move_on(step)
    if why != ExcludedBecause.DECLARED:
        see_who_is_left(step)
        if fresh:
            _keep_from_what_goes_with_it(step, why, persons, [unit.pk for unit in concerned])
    return left


def hold_for_good(step: Step, person: UUID) -> None:
    """What somebody declared of themselves was upheld, or nobody denied it: it holds in all that is handled as one (5.3).

    There it counts like a recusal that was granted, for nobody rules on it there.
    """
    _keep_from_what_goes_with_it(step, ExcludedBecause.RECUSED, [person], [])


def _keep_from_what_goes_with_it(
    step: Step, why: ExcludedBecause, people: Iterable[UUID], units: Iterable[UUID]
) -> None:
    whole_and_parts.keep_from_all_of_it(step, why, people, units)
    merged.keep_from_them_too(step, why, people, units)


def lift(step: Step, person: UUID) -> None:
    """What somebody declared of themselves did not hold: they may act again. What went on meanwhile stays."""
    for row in Exclusion.objects.in_force().filter(matter=step.matter, person=person, why=ExcludedBecause.DECLARED):
        row.matter = step.matter
        step.change(row, lifted_at=step.now)
    step.look_again()
    if step.matter.status == Status.IN_FOLLOW_UP:
        fix_who_asks(step)


def take_up_again(step: Step) -> None:
    """Work goes on after a reply: who had to stay away since then keeps away from it, and others do their part."""
    _hand_on_the_work(step)
    if RequestKind.RECUSAL not in step.case.standing.pending:  # else the ruling sees to it
        see_who_is_left(step)


def see_who_is_left(step: Step) -> None:
    """Move registry, tier and the right to designate to whoever is left for them."""
    away = at_hand.kept_away(step)
    if away:
        _registry(step, away)
        _tier(step, away)
        lay_at(step, step.matter.tier_path)  # the tier above may be kept away too
    who_designates(step)


def who_designates(step: Step) -> None:
    """After two returns a leader designates: of this tier, of one above, else its dispatcher, each with its reason."""
    if step.matter.returns < FIRST_RETURNS:
        return
    away = at_hand.kept_away(step)
    for tier in at_hand.upwards(step.matter.tier_path):
        if at_hand.serving(step, (Role.LEADER,), tier) - away:
            _move_tier(step, tier, "no_leader_at_tier")
            return
    if not step.matter.dispatcher_designates:
        step.set(dispatcher_designates=True)
        step.fall_back("dispatcher", "no_leader_anywhere")


def take_from_lead(step: Step, because: EndedBecause) -> None:
    """Back to whoever assigns. The promise runs on; the unit's own clocks are void."""
    let_go_of_the_work(step, because)
    step.set(assignment=None, lead_unit=None, handler_id=None, status=Status.ACCEPTED)
    step.start(DeadlineKind.ASSIGN)


def let_go_of_the_work(step: Step, because: EndedBecause) -> None:
    """The unit has it no longer, and owes nothing of it."""
    assert step.matter.assignment is not None
    if step.matter.status in stopped.STANDING:
        stopped.end(step, [DeadlineKind.PROMISE])
    step.end_agency(AgencyEnded.HANDED_ON)
    supervised.let_go(step)
    co_units.let_go(step)
    leading.let_go(step)
    mediation.let_go(step)
    for kind in (
        DeadlineKind.SIGN_FOR,
        DeadlineKind.FIRST_CONTACT,
        DeadlineKind.PROGRESS,
        DeadlineKind.COMPLETION,
    ):
        step.drop(kind)
    rulings.let_fall(step, *OF_THE_WORK)
    step.take_back_result()
    step.change(step.matter.assignment, ended_at=step.now, ended_because=because)


def lay_at(step: Step, tier: str) -> None:
    """Another tier has it now: its registry accepts and assigns, its leader rules."""
    if tier != step.matter.tier_path:
        step.set(tier_path=tier)
    above = at_hand.tier_above(step)
    if above != step.matter.tier_above_path:
        step.set(tier_above_path=above)


def _somebody_is_left(step: Step, unit: Unit) -> bool:
    """False for a tier with nothing above it: then its leaders stay away one by one, for somebody must answer."""
    if not step.matter.registry.path.startswith(unit.path):
        return True
    away = at_hand.kept_away(step, unit.path)
    return any(at_hand.brings_to_an_end(step, tier, away) for tier in at_hand.upwards(step.matter.tier_path))


def _hand_on_the_work(step: Step) -> bool:
    """The work of a handler who may not, or holds no post for it any more, goes to a colleague, or back to whoever

    assigns; True for that.
    """
    matter = step.matter
    if matter.status not in GIVEN or matter.lead_unit is None:
        return False
    if not at_hand.able(step, matter.lead_unit):
        take_from_lead(step, EndedBecause.CONFLICT)
        step.story.fact(nobody_left_in_unit=True)
        step.notify("returned", Told.DISPATCHER)
        return True
    if matter.handler_id is not None and matter.handler_id not in at_hand.handling_for(step, matter.lead_unit):
        assert matter.assignment is not None
        step.take_back_result()
        stood = matter.status in stopped.STANDING
        if stood:
            stopped.end(step)
        rulings.let_fall(step, RequestKind.EXTENSION, RequestKind.PAUSE, RequestKind.PARK)
        step.set(handler_id=None, status=Status.ASSIGNED)
        if stood:
            stopped.tell_anew(step)
        step.change(matter.assignment, handler_id=None, signed_for_at=None)
        step.start(DeadlineKind.SIGN_FOR)
        step.notify("assigned", Told.LEAD)
    _forget_who_was_proposed(step, matter.lead_unit)
    return False


def _forget_who_was_proposed(step: Step, unit: Unit) -> None:
    assignment = step.matter.assignment
    if step.matter.handler_id is not None or assignment is None or assignment.handler_id is None:
        return
    if assignment.handler_id not in at_hand.handling_for(step, unit):
        step.change(assignment, handler_id=None)


def _registry(step: Step, away: set[UUID]) -> None:
    """Receipt, relay, returned reports: where nobody of the registry is left, that of the tier above does all this."""
    matter = step.matter
    for tier in at_hand.upwards(matter.home_path):
        if not at_hand.serving(step, at_hand.REGISTRY, tier) - away:
            continue
        if tier == matter.home_path:
            return
        registry = organization.registry_of(Unit.objects.get(path=tier))
        if registry is None or registry.parent is None or registry.parent.path != tier:
            continue
        step.set(registry=registry, home_path=tier)
        step.fall_back("registry_above", "nobody_left_in_registry")
        _move_tier(step, tier, "nobody_left_in_registry")
        _hand_on_the_slip(step)
        return
    step.fall_back("leader", "nobody_left_in_registry")
    _hand_on_the_slip(step)


def _hand_on_the_slip(step: Step) -> None:
    """A receipt that still waits lies on the list of whoever hands it over now."""
    if step.settle_notices("receipt"):
        step.queue(notices.slip(step.matter, step.now))


def _tier(step: Step, away: set[UUID]) -> None:
    """The nearest tier that can accept, assign and bring to an end; where there is none, it stays and says so."""
    if step.matter.status in (Status.IN_FOLLOW_UP, Status.UNDER_REVIEW):
        return
    for tier in at_hand.upwards(step.matter.tier_path):
        if at_hand.brings_to_an_end(step, tier, away):
            _move_tier(step, tier, "nobody_left_at_tier")
            return
    step.story.fact(nobody_left_here=True)


def _move_tier(step: Step, tier: str, why: str) -> None:
    if tier == step.matter.tier_path or not step.matter.tier_path.startswith(tier):
        return
    if step.matter.status == Status.UNDER_REVIEW:
        return
    rulings.let_fall(step, RequestKind.ESCALATION)
    lay_at(step, tier)
    step.fall_back("tier_above", why)
    step.notify("escalated", Told.DISPATCHER, Told.LEADER)
