"""Whether a matter can still come to an end: people do what the page offers them, and what nobody does a clock does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import NotDone
from shuoshi.matters import actions, queries, terms
from shuoshi.matters.case import HANDLING, parent_path, prefixes, served
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import OPEN, Action, Complexity, Kind
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.support.attempts import sample
from tests.support.looking import fresh
from tests.support.village import Place

ONWARD = (  # what brings a matter nearer to its end, the most urgent first
    Action.RULE_CONFLICT,
    Action.RULE_RETURN,
    Action.RULE_VOID,
    Action.RULE_EXIT,
    Action.DECIDE_REVIEW,
    Action.STRIKE_OFF,
    Action.HAND_BACK_PAPERS,
    Action.RECORD_OUTSIDE_ANSWER,
    Action.RECORD_SUPERIOR_ANSWER,
    Action.REPORT_BACK,
    Action.CHECK_CONCERNED,
    Action.TYPE_OUT,
    Action.ACCEPT,
    Action.CLASSIFY,
    Action.ASSIGN,
    Action.DESIGNATE,
    Action.ANSWER_ON_THE_SPOT,
    Action.SIGN_FOR,
    Action.COMPLETE_PAPERS,
    Action.REPORT_EMERGENCY,
    Action.STAND_DOWN,
    Action.SIGN_RESULT,
    Action.ANSWER_DUTIES,
    Action.END_MEDIATION,
    Action.ADOPT,
    Action.PREPARE_RESULT,
    Action.RECORD_FOLLOW_UP,
    Action.SCREEN_OUT,
    Action.UNMERGE,
)
ENDS_ITSELF = ("rating", "withdrawal", "ruling", "pause", "review")  # when it is over, or long over, the matter moves
DEEDS = 60


def comes_to_an_end(place: Place, matter: Matter) -> bool:
    """Carry the matter on as far as it goes, in simulated time. False: nobody and nothing moves it any more."""
    with clock.simulated(clock.now()) as simulation:
        for _ in range(DEEDS):
            matter = fresh(matter)
            if matter.status not in OPEN:
                return True
            if any(_does_something(place, place.actor(name), matter) for name in place.persons):
                continue
            looks = matter.deadlines.filter(outcome="OPEN", next_look_at__isnull=False)
            due = looks.order_by("next_look_at").values_list("next_look_at", flat=True).first()
            if due is None:
                return False
            simulation.move_to(max(due, clock.now() + timedelta(minutes=1)))
            clocks.sweep(clock.now())
            actions.rearrange(clock.now())
    return False


def somebody_moves_it(place: Place, matter: Matter) -> bool:
    """Somebody of the staff is offered a step onward, or a clock that ends by itself runs."""
    ends_itself = matter.deadlines.filter(outcome="OPEN", kind__in=ENDS_ITSELF)
    return ends_itself.exists() or any(_onward(place.actor(name), matter) for name in place.persons)


def somebody_is_left(matter: Matter) -> bool:
    """Whether, without whom it is kept from, one tier upwards has somebody who assigns and a unit that answers."""
    now, kept = clock.now(), matter.exclusions.in_force()
    away = Q(person__in=kept.filter(person__isnull=False).values("person"))
    for path in kept.filter(unit__isnull=False).values_list("unit__path", flat=True):
        away |= Q(unit__path__startswith=path)
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now, unit__active=True)
    free = held.exclude(person__in=held.filter(away).values("person")).select_related("unit")
    posts = [
        (post.person_id, post.role, post.unit.path, served(post.unit.path, post.unit.kind, post.role)) for post in free
    ]
    needed = 2 if matter.complexity in (Complexity.COMPLEX, Complexity.DIFFICULT) else 1
    return any(_answers(tier, posts, needed) for tier in prefixes(matter.tier_path))


def _answers(tier: str, posts: list[tuple[UUID, str, str, str]], needed: int) -> bool:
    if not any(role in (Role.DISPATCHER, Role.LEADER) and serves == tier for _, role, _, serves in posts):
        return False
    for unit in {path for _, role, path, _ in posts if role in HANDLING and path.startswith(tier)}:
        handle = {person for person, role, path, _ in posts if role in HANDLING and path == unit}
        at = (unit, parent_path(unit))
        sign = {person for person, role, path, _ in posts if role == Role.DEPARTMENT_HEAD and path in at}
        sign |= {person for person, role, _, serves in posts if role == Role.LEADER and serves in at}
        if sign and len(handle | sign) >= needed:
            return True
    return False


def _onward(actor: Actor, matter: Matter) -> list[Action]:
    offered = {offer.action for offer in queries.offers(actor, matter, clock.now()) if offer.allowed}
    return [action for action in ONWARD if action in offered and not _done(action, matter)]


def _done(action: Action, matter: Matter) -> bool:
    """Classified is classified: it leads on only where it was not; so is what was reported last."""
    if action == Action.REPORT_EMERGENCY:
        return matter.emergency_reports.filter(kind="final", emergency__stood_down_at__isnull=True).exists()
    if action == Action.STAND_DOWN:
        return not _done(Action.REPORT_EMERGENCY, matter)
    if action == Action.ANSWER_DUTIES:
        return matter.duties_answered_at is not None
    return action == Action.CLASSIFY and bool(matter.category)


def _does_something(place: Place, actor: Actor, matter: Matter) -> bool:
    for action in _onward(actor, matter):
        for given in _ways(place, action, matter):
            try:
                actions.run(action, matter.pk, given, actor=actor)
            except (NotDone, Matter.DoesNotExist):
                continue
            return True
    return False


def _ways(place: Place, action: Action, matter: Matter) -> Iterator[Terms]:
    """All the ways a sensible person would try."""
    match action:
        case Action.ASSIGN | Action.DESIGNATE:
            made = terms.Assign if action == Action.ASSIGN else terms.Designate
            yield from (made(unit=unit.pk, reason="归这里办") for unit in place.units.values())
        case Action.SIGN_FOR:
            yield from (terms.SignFor(handler=person) for person in place.persons.values())
        case Action.RULE_EXIT:
            yield terms.RuleExit(granted=True, text="看过了")
        case Action.DECIDE_REVIEW:
            yield terms.DecideReview(upheld=True, text="核过了", basis="条例", remedies="可以去法院")
        case Action.CLASSIFY:
            kind = Kind(matter.kind) if matter.kind in CATEGORY else Kind.INTEREST_CLAIM
            yield terms.Classify(kind=kind, category=CATEGORY[kind], complexity=Complexity.SIMPLE)
        case Action.ANSWER_ON_THE_SPOT:
            yield terms.AnswerOnTheSpot(
                kind=Kind(matter.kind or Kind.OTHER), title="路灯不亮", answer="说清了", clear=True
            )
        case Action.PREPARE_RESULT:
            given = sample(place, action, matter)
            assert isinstance(given, terms.PrepareResult)
            yield from (given, replace(given, without_opinions="等不到了，先答复"))
        case _:
            yield sample(place, action, matter)


CATEGORY = {
    Kind.POLICY_ENQUIRY: "A105",
    Kind.INTEREST_CLAIM: "B604",
    Kind.SUGGESTION: "C101",
    Kind.DISPUTE: "D101",
}
