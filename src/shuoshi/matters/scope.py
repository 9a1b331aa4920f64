"""Who sees which matters: one rule, as SQL (`visible_to`) and as a pure function (`sees`). A test compares the two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

from shuoshi.kernel.actors import Actor, ActorKind, PostHeld, StandIn
from shuoshi.kernel.prepared import Prepared
from shuoshi.matters.case import HANDLING, Pending, Standing, above, headed, scopes, signs_at, units
from shuoshi.matters.models import Assignment, CoUnit, Exclusion, Involvement, Matter, Party, Request
from shuoshi.matters.vocabulary import EMERGENCIES, INVOLVING, Bond, FollowUpBy, RequestKind, RequestState, Status
from shuoshi.organization.models import Unit
from shuoshi.organization.roles import Role
from shuoshi.people.models import Same

ACTORS = 64  # sets of posts whose questions a process keeps prepared
AT_THE_TIER = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT, Role.LEADER, Role.SUPERVISOR)


def visible_to(actor: Actor) -> QuerySet[Matter]:
    """Matters this actor may know of. Exclusions are subtracted whatever else would show them (2.2.4, 5.3)."""
    if actor.kind is ActorKind.SYSTEM:
        return Matter.objects.all()
    if actor.kind is ActorKind.SPEAKER:
        return Matter.objects.filter(pk=actor.matter_id) if actor.matter_id else Matter.objects.none()
    touched = Involvement.objects.filter(matter=OuterRef("pk"), person_id=actor.person_id)  # type: ignore[misc]  # None finds nobody's
    found = _related(actor) | Q(Exists(touched))
    for absent in actor.stands_in:
        found |= in_place(absent)
    return Matter.objects.filter(found).filter(~_kept_from(actor))


def in_place(absent: StandIn) -> Q:
    """What lies with somebody who is away, for whoever takes the place; nothing that the absent person is kept from."""
    mine = Q(handler=absent.person_id) | Q(sponsor=absent.person_id)
    whose = holding(absent.posts, absent.person_id)
    return (mine | _related(holding(absent.lent, absent.person_id))) & ~_kept_from(whose)


def _related(actor: Actor) -> Q:
    """What the matter itself says comes first, other tables last: a database stops asking where an answer is found."""
    tiers = scopes(actor, AT_THE_TIER)
    mine = of_the_unit(actor)
    duty = scopes(actor, (Role.DUTY_OFFICER,))
    here = OuterRef("pk")
    reasons = Q(home_path__in=tiers) | Q(tier_path__in=tiers) if tiers else Q()
    if mine:
        reasons |= Q(lead_unit__in=mine)
    if duty:
        reasons |= Q(home_path__in=duty) & (Q(urgency__in=EMERGENCIES) | Q(urgency_suspected=True))
    calls = scopes(actor, (Role.FOLLOW_UP_AGENT, Role.OVERSIGHT_MEMBER))
    if calls:
        reasons |= Q(status=Status.IN_FOLLOW_UP, follow_up_path__in=calls, follow_up_by__in=_calls_as(actor))
        reasons |= Q(sample_path__in=calls, sample_by__in=_calls_as(actor))
    over = signs_at(actor)
    if over:
        signed = Unit.objects.filter(Q(path__in=over) | Q(parent__path__in=over))
        reasons |= Q(result_in_hand=True, lead_unit__in=signed.values("pk"))
    if mine:
        reasons |= Q(Exists(Assignment.objects.filter(matter=here, unit__in=mine)))
        reasons |= Q(Exists(CoUnit.objects.filter(matter=here, unit__in=mine)))
    rules = scopes(actor, (Role.DISPATCHER, Role.LEADER))
    if rules:
        reasons |= Q(status=Status.UNDER_REVIEW, review_path__in=rules)
        reasons |= Q(Exists(Request.objects.filter(matter=here, state=RequestState.PENDING, decider_path__in=rules)))
    return reasons or Q(pk__in=[])


def _calls_as(actor: Actor) -> list[FollowUpBy]:
    roles = {post.role for post in actor.posts}
    found = []
    if Role.FOLLOW_UP_AGENT in roles:
        found += [FollowUpBy.REGISTRY, FollowUpBy.ABOVE]
    if Role.OVERSIGHT_MEMBER in roles:
        found += [FollowUpBy.OVERSIGHT]
    return found


def of_the_unit(actor: Actor) -> frozenset[UUID]:
    """Units whose matters are this person's own: handles for them, or heads them."""
    return units(actor, HANDLING) | headed(actor)


def _kept_from(actor: Actor) -> Q:
    """Excluded under any record that is the same person; and whoever is party to it under another record (2.2.4)."""
    if actor.one_record:
        return Q(Exists(_exclusions(actor)))
    registered, me = F("matter__registered_at"), actor.person_id
    also = Party.objects.filter(
        _while_one("person__same_as__until", registered), person__same_as__one=me, person__same_as__staff=True
    )
    mine = Party.objects.filter(_while_one("person__same__until", registered), person=me, person__same__staff=True)
    return Q(Exists(_exclusions(actor))) | Q(pk__in=also.values("matter")) | Q(pk__in=mine.values("matter"))


def _exclusions(actor: Actor) -> QuerySet[Exclusion]:
    mine = Q(person_id=actor.person_id) | Q(unit__in=Unit.objects.filter(path__in=above(actor)).values("pk"))
    if not actor.one_record:
        same = Same.objects.filter(one=actor.person_id, staff=True)
        same = same.filter(_while_one("until", OuterRef(OuterRef("registered_at"))))
        mine |= Q(person__in=same.values("other"))
    return Exclusion.objects.in_force().filter(matter=OuterRef("pk")).filter(mine)


def _while_one(until: str, registered_at: Any) -> Q:
    """Of records that were parted, only what was registered before: what was barred then stays barred."""
    return Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": registered_at})


def holding(posts: tuple[PostHeld, ...], person: UUID | None, *, one_record: bool = False) -> Actor:
    """Somebody who holds these posts: for questions that are prepared for the posts, whoever asks them then."""
    return Actor(ActorKind.STAFF, person_id=person, posts=posts, one_record=one_record)


def standing(actor: Actor, matter: Matter) -> Standing:
    """All relations of this actor to one matter, in one statement."""
    return _of_all(actor, list(_FACTS_OF_ONE.ask(matter=matter.pk)))


def standings_of(actors: Sequence[Actor], matter: Matter) -> list[Standing]:
    """How each of these people stands to one matter; one statement however many they are."""
    rows = list(_FACTS_OF_ONE.ask(matter=matter.pk))
    return [_of_all(actor, rows) for actor in actors]


def standings_before(actor: Actor, matters: Collection[UUID]) -> dict[UUID, Standing]:
    """How one actor stands to each of several matters, in three statements."""
    first, *others = (rows.filter(matter__in=matters) for rows in _shaped("matter_id")[:-1])
    found: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for *row, matter in first.union(*others, all=True):
        found[matter].append(tuple(row))
    records = list(_shaped()[-1].annotate(until_=F("until")).values_list("until_", "a", "b"))
    for matter, registered_at in Matter.objects.filter(pk__in=matters).values_list("pk", "registered_at"):
        for until, one, other in records:
            if until is None or until > registered_at:
                found[matter].append(("j", one, other, "", "", None, False, False, False, "", None))
    return {matter: _of_all(actor, found[matter]) for matter in matters}


def _of_all(actor: Actor, rows: list[tuple[Any, ...]]) -> Standing:
    """How the actor stands to it, and each person whose place the actor takes."""
    own = _standing(actor, above(actor), rows)
    if not actor.stands_in:
        return own
    others = [holding(absent.posts, absent.person_id) for absent in actor.stands_in]
    return replace(own, theirs={one.person_id: _standing(one, above(one), rows) for one in others if one.person_id})


@cache
def _shaped(*also: str) -> tuple[QuerySet[Any, tuple[Any, ...]], ...]:
    """The kinds of rows, not asked yet, those of one person's records last; `also` names columns that all others have."""
    nobody = Cast(Value(None), UUIDField())
    no, none = Value(False, BooleanField()), Cast(Value(""), TextField())
    names = ("tag", "a", "b", "s", "t", "c", "f", "g", "h", "p", "q")
    empty = {"b": nobody, "c": nobody, "q": nobody, "f": no, "g": no, "h": no, "s": none, "t": none, "p": none}

    def shaped(rows: QuerySet[Any], tag: str, **columns: Any) -> Any:
        more = () if rows.model is Same else also
        return rows.annotate(tag=_text(tag), **empty | columns).values_list(*names, *more)

    pending = Request.objects.filter(state=RequestState.PENDING)
    return (
        shaped(Involvement.objects.all(), "i", a=F("person_id"), s=F("bond"), t=F("over_path")),
        shaped(Exclusion.objects.in_force(), "x", a=F("person_id"), b=F("unit_id"), s=F("why"), t=F("unit__path")),
        shaped(
            pending,
            "r",
            a=F("requester_id"),
            b=F("about_person_id"),
            s=F("kind"),
            t=F("decider_path"),
            c=F("id"),
            f=F("lead_may_rule"),
            g=F("but_heads_only"),
            h=F("leaders_only"),
            p=F("apart"),
            q=F("in_place_of_id"),
        ),
        shaped(Party.objects.filter(person__in=Same.objects.filter(staff=True).values("one")), "s", a=F("person_id")),
        shaped(Same.objects.filter(staff=True), "j", a=F("one_id"), b=F("other_id")),  # few: joined with the staff's
    )


def _text(value: str) -> Cast:
    return Cast(Value(value), CharField(max_length=1))


def _facts_of(matter: UUID) -> QuerySet[Any, tuple[Any, ...]]:
    *shaped, same = _shaped()
    first, *others = (rows.filter(matter=matter) for rows in shaped)
    registered = Subquery(Matter.objects.filter(pk=matter).values("registered_at")[:1])
    return first.union(*others, same.filter(_while_one("until", registered)), all=True)


_FACTS_OF_ONE: Prepared[tuple[Any, ...]] = Prepared(_facts_of, matter=UUIDField())


def _standing(actor: Actor, mine: frozenset[str], rows: list[tuple[Any, ...]]) -> Standing:
    bonds: set[Bond] = set()
    involved: set[UUID] = set()
    over: set[str] = set()
    pending: dict[RequestKind, Pending] = {}
    people: set[UUID] = set()
    closed: set[str] = set()
    same = _records(rows)
    also = same.get(actor.person_id, frozenset()) if actor.person_id else frozenset()

    def who(pk: UUID | None) -> UUID | None:
        return actor.person_id if pk in also else pk

    for tag, a, b, s, t, c, f, g, h, p, q in rows:
        if tag == "j":
            continue
        if tag == "s":
            people |= {a, *same.get(a, ())}
        elif tag == "i":
            if who(a) == actor.person_id:
                bonds.add(Bond(s))
            if s in INVOLVING:
                involved |= {a, *same.get(a, ())}
            if s == Bond.HANDLED and t:
                over.add(t)
        elif tag == "x":
            people |= {a, *same.get(a, ())} if a else set()
            closed |= {t} if t else set()
        else:
            pending[RequestKind(s)] = Pending(
                c,
                requester=who(a),
                about_person=who(b),
                decider_path=t,
                lead_may_rule=bool(f),
                apart=tuple(p.split()),
                but_heads_only=bool(g),
                leaders_only=bool(h),
                asked_in_place_of=tuple(filter(None, (who(q),))),
            )
    return Standing(
        same=also,
        bonds=frozenset(bonds),
        excluded=actor.kind is ActorKind.STAFF and (actor.person_id in people or bool(mine & closed)),
        involved=frozenset(involved),
        handled_over=frozenset(over),
        pending=pending,
        excluded_people=frozenset(people),
        excluded_units=frozenset(closed),
    )


def _records(rows: list[tuple[Any, ...]]) -> dict[UUID, frozenset[UUID]]:
    """For whoever of the staff has records beside the own one: which those are, as far as this matter goes."""
    found: dict[UUID, frozenset[UUID]] = {}
    for tag, one, other, *_rest in rows:
        if tag == "j":
            found[one] = found.get(one, frozenset()) | {other}
    return found


def sees(actor: Actor, matter: Matter, standing: Standing, units_of_matter: frozenset[UUID]) -> bool:
    """The same rule as a pure function; `units_of_matter` are lead, earlier leads and co-units."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.SPEAKER:
        return actor.matter_id == matter.pk
    if standing.excluded:
        return False
    if standing.bonds or _related_to(actor, matter, standing, units_of_matter):
        return True
    for absent in actor.stands_in:
        other, whose = standing.theirs.get(absent.person_id, Standing()), holding(absent.lent, absent.person_id)
        holds = absent.person_id in (matter.handler_id, matter.sponsor_id)
        if not other.excluded and (holds or _related_to(whose, matter, other, units_of_matter)):
            return True
    return False


def _related_to(actor: Actor, matter: Matter, standing: Standing, units_of_matter: frozenset[UUID]) -> bool:
    """`_related` as a pure function."""
    tiers = scopes(actor, AT_THE_TIER)
    calls = scopes(actor, (Role.FOLLOW_UP_AGENT, Role.OVERSIGHT_MEMBER))
    rules = scopes(actor, (Role.DISPATCHER, Role.LEADER))
    lead = matter.lead_unit
    signs = {unit.path for unit in (lead, lead.parent if lead else None) if unit} & signs_at(actor)
    return (
        matter.home_path in tiers
        or matter.tier_path in tiers
        or bool(of_the_unit(actor) & units_of_matter)
        or (
            matter.home_path in scopes(actor, (Role.DUTY_OFFICER,))
            and (matter.urgency in EMERGENCIES or matter.urgency_suspected)
        )
        or (
            matter.status == Status.IN_FOLLOW_UP
            and matter.follow_up_path in calls
            and matter.follow_up_by in _calls_as(actor)
        )
        or (matter.sample_path in calls and matter.sample_by in _calls_as(actor))
        or (matter.status == Status.UNDER_REVIEW and matter.review_path in rules)
        or any(request.decider_path in rules for request in standing.pending.values())
        or (matter.result_in_hand and bool(signs))
    )
