"""What makes a matter stand in a queue of somebody: one condition for each, the SQL form of whose turn it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.case import headed as units_headed
from shuoshi.matters.case import scopes, signs_at
from shuoshi.matters.models import Deadline, DutyCall, Exclusion, Involvement, Request, Result
from shuoshi.matters.scope import of_the_unit
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    GIVEN,
    HELD,
    LOOKED_AT,
    OPEN,
    ORDER_OWED,
    Bond,
    DeadlineKind,
    FollowUpBy,
    RequestKind,
    RequestState,
    ResultState,
    Status,
)
from shuoshi.organization.models import Unit
from shuoshi.organization.roles import Role

SOON = timedelta(hours=36)
ANSWERS_AT_HOME = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT)  # policies.home_registrar


def nothing() -> Q:
    return Q(pk__in=[])


def at_tier(actor: Actor, *roles: Role) -> Q:
    tiers = scopes(actor, roles)
    return Q(tier_path__in=tiers) if tiers else nothing()


def at_home(actor: Actor, *roles: Role) -> Q:
    """Registered where the actor has one of these duties, wherever it lies now."""
    homes = scopes(actor, roles)
    return Q(home_path__in=homes) if homes else nothing()


def of_my_units(actor: Actor) -> Q:
    mine = of_the_unit(actor)
    return Q(lead_unit__in=mine) if mine else nothing()


def under_me(actor: Actor) -> Q:
    mine = units_headed(actor)
    return Q(lead_unit__in=mine) if mine else nothing()


def to_accept(actor: Actor, now: datetime) -> Q:
    return Q(status=Status.REGISTERED) & (at_tier(actor, Role.REGISTRAR, Role.DISPATCHER) | stood_in_for(actor))


def to_assign(actor: Actor, now: datetime) -> Q:
    designating = Q(returns__gte=2) & at_tier(actor, Role.LEADER)
    return Q(status=Status.ACCEPTED) & (at_tier(actor, Role.DISPATCHER) | designating | stood_in_for(actor))


def stood_in_for(actor: Actor) -> Q:
    """What a leader takes up where the matter is kept from somebody of the registry."""
    kept = Exclusion.objects.in_force().filter(matter=OuterRef("pk"))
    return at_tier(actor, Role.LEADER) & Q(Exists(kept))


def to_sign_for(actor: Actor, now: datetime) -> Q:
    return Q(status=Status.ASSIGNED) & of_my_units(actor)


def to_help(actor: Actor, now: datetime) -> Q:
    """What another unit asked mine for its opinion on."""
    mine = of_the_unit(actor)
    if not mine:
        return nothing()
    owed = Deadline.objects.filter(matter=OuterRef("pk"), kind=DeadlineKind.CO_OPINION, outcome=Outcome.OPEN)
    return Q(status__in=GIVEN) & Q(Exists(owed.filter(about__in=[unit.hex for unit in mine])))


def mine(actor: Actor, now: datetime) -> Q:
    """What is in my hands; for a head what is in the unit's."""
    return Q(status__in=HELD) & (Q(handler_id=actor.person_id) | under_me(actor))


def to_sign(actor: Actor, now: datetime) -> Q:
    """Results to sign and requests to rule on, in one list."""
    over = signs_at(actor)
    if not over:
        return to_rule(actor, now)
    signed = Unit.objects.filter(Q(path__in=over) | Q(parent__path__in=over))
    signing = Q(status=Status.IN_HANDLING, result_in_hand=True, lead_unit__in=signed.values("pk"))
    return signing | to_rule(actor, now)


def to_rule(actor: Actor, now: datetime) -> Q:
    requests = waiting(actor)
    if requests is None:
        return nothing()
    reviews = Q(status=Status.UNDER_REVIEW) & (
        Q(review_path__in=scopes(actor, (Role.LEADER,)))
        | Q(review_path__in=scopes(actor, (Role.DISPATCHER,))) & ~Q(review_path=F("tier_path"))
    )
    return reviews | Q(status__in=OPEN, pk__in=requests.exclude(requester=actor.person_id).values("matter"))


def waiting(actor: Actor) -> QuerySet[Request] | None:
    """Requests put to this actor; None for whoever rules on nothing."""
    tiers, leads = scopes(actor, (Role.DISPATCHER, Role.LEADER)), scopes(actor, (Role.LEADER,))
    if not tiers:
        return None
    mine = Q(decider_path__in=tiers, leaders_only=False)
    if leads:
        mine |= Q(decider_path__in=leads)
    return Request.objects.filter(mine, state=RequestState.PENDING)


def to_follow_up(actor: Actor, now: datetime) -> Q:
    registry = scopes(actor, (Role.FOLLOW_UP_AGENT,))
    oversight = scopes(actor, (Role.OVERSIGHT_MEMBER,))
    found = nothing()
    if registry:
        found |= Q(follow_up_path__in=registry, follow_up_by__in=[FollowUpBy.REGISTRY, FollowUpBy.ABOVE])
    if oversight:
        found |= Q(follow_up_path__in=oversight, follow_up_by=FollowUpBy.OVERSIGHT)
    to_ask = Deadline.objects.filter(matter=OuterRef("pk"), kind=DeadlineKind.FOLLOW_UP, outcome=Outcome.OPEN)
    return Q(status=Status.IN_FOLLOW_UP) & found & Q(Exists(to_ask))


def words(actor: Actor, now: datetime) -> Q:
    """The speaker said something and nobody answered: to the handler, before that and after the reply to the registry."""
    handling = Q(handler_id=actor.person_id) | Q(handler__isnull=True) & (
        of_my_units(actor) | at_tier(actor, Role.REGISTRAR, Role.DISPATCHER)
    )
    answered = Q(status__in=[Status.IN_FOLLOW_UP, Status.UNDER_REVIEW, Status.CLOSED]) & at_home(
        actor, *ANSWERS_AT_HOME
    )
    return Q(unread_words__gt=0) & (handling | answered)


def near(actor: Actor, now: datetime) -> Q:
    return Q(status__in=OPEN, next_due_at__gte=now, next_due_at__lt=now + SOON) & concerns_me(actor)


def over(actor: Actor, now: datetime) -> Q:
    return Q(status__in=OPEN, next_due_at__lt=now) & concerns_me(actor)


def concerns_me(actor: Actor) -> Q:
    urgent = Q(urgency__in=EMERGENCIES) | Q(urgency_suspected=True)
    return (
        Q(handler_id=actor.person_id)
        | under_me(actor)
        | at_tier(actor, Role.REGISTRAR, Role.DISPATCHER, Role.LEADER, Role.SUPERVISOR)
        | urgent & at_home(actor, Role.DUTY_OFFICER)
    )


def returns(actor: Actor, now: datetime) -> Q:
    requests = waiting(actor)
    if requests is None:
        return nothing()
    return Q(pk__in=requests.filter(kind=RequestKind.RETURN).values("matter"))


def emergencies(actor: Actor, now: datetime) -> Q:
    """What is not over: for the duty desk, whoever leads, whoever was called, and who is at the scene."""
    called = DutyCall.objects.filter(matter=OuterRef("pk"), person=actor.person_id)
    mine = at_home(actor, Role.DUTY_OFFICER, Role.REGISTRAR, Role.DISPATCHER, Role.LEADER)
    return Q(duty_since__isnull=False, status__in=OPEN) & (
        mine | Q(handler_id=actor.person_id) | under_me(actor) | Q(Exists(called))
    )


def papers(actor: Actor, now: datetime) -> Q:
    return Q(papers_owed=True, status__in=OPEN) & at_tier(actor, Role.REGISTRAR, Role.DISPATCHER)


def afterwards(actor: Actor, now: datetime) -> Q:
    """Over, and still to be looked at: whether what was agreed was done, what was adopted carried out, what others say."""
    kinds = LOOKED_AT | {DeadlineKind.ASK_BACK}
    owed = Deadline.objects.filter(matter=OuterRef("pk"), kind__in=kinds, outcome=Outcome.OPEN)
    mine = Q(handler_id=actor.person_id) | Q(mediator_id=actor.person_id) | under_me(actor)
    return Q(status__in=[Status.CLOSED, Status.PART_OVER]) & mine & Q(Exists(owed))


def to_sample(actor: Actor, now: datetime) -> Q:
    """Drawn, and not looked at yet: for whoever's turn it is and had nothing to do with the matter."""
    calling, watching = scopes(actor, (Role.FOLLOW_UP_AGENT,)), scopes(actor, (Role.OVERSIGHT_MEMBER,))
    found = nothing()
    if calling:
        found |= Q(sample_path__in=calling, sample_by__in=[FollowUpBy.REGISTRY, FollowUpBy.ABOVE])
    if watching:
        found |= Q(sample_path__in=watching, sample_by=FollowUpBy.OVERSIGHT)
    if found == nothing():
        return found
    knew = Involvement.objects.filter(matter=OuterRef("pk"), person=actor.person_id)
    return found & ~Q(Exists(knew.exclude(bond__in=[Bond.CALLED, Bond.SAMPLED])))


def reports_returned(actor: Actor, now: datetime) -> Q:
    mine = Q(handler_id=actor.person_id) | under_me(actor)
    returned = Result.objects.filter(round=OuterRef("round"), state=ResultState.RETURNED)
    return Q(status=Status.IN_HANDLING, result_in_hand=False) & mine & Q(Exists(returned))


def orders(actor: Actor, now: datetime) -> Q:
    """What a superior body waits for a report on: for whoever speaks to it, where the order came in."""
    return Q(order_state__in=ORDER_OWED, status__in=OPEN) & at_home(actor, Role.DISPATCHER, Role.LEADER)
