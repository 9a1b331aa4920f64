"""1.3.1: an office of five and a company of four live through a month: nothing jams, no duty meets where it may not.

The rules are those of the separation of duty; (e) and (f) have no subject yet.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import F, Q

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import FollowUp, Matter, Rating, Request, Result
from shuoshi.matters.queries import honest
from shuoshi.matters.vocabulary import (
    DECIDED_EXITS,
    INVOLVING,
    OUTLIVES,
    Bond,
    Complexity,
    Exit,
    FollowUpBy,
    Kind,
    RatingSource,
    RequestKind,
    RequestState,
    Satisfaction,
    Status,
)
from shuoshi.organization.models import Post, UnitKind
from tests.matters.offices import BEGIN, Month, company_of_four, village_in_a_town, village_of_five
from tests.matters.to_the_end import somebody_is_left
from tests.support.village import Place

OVER = {Status.CLOSED, Status.SCREENED_OUT}


@pytest.mark.minute
@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize(
    "office",
    [
        village_of_five,
        pytest.param(company_of_four, marks=pytest.mark.slow),
        pytest.param(village_in_a_town, marks=pytest.mark.slow),
    ],
)
def test_a_month_in_a_small_office_jams_nowhere_and_keeps_duties_apart(office: Callable[[], Place]):
    lived_through(office, seed=1)


@pytest.mark.slow
@pytest.mark.drill(5)
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("office", [village_of_five, company_of_four, village_in_a_town])
def test_many_months_in_small_offices(office: Callable[[], Place], seed: int):
    lived_through(office, seed)


@pytest.mark.django_db
def test_a_complex_matter_goes_only_where_two_persons_can_answer_it():
    """The one free person of a unit would have to sign what they handled, and nobody could take it back from them."""
    place = company_of_four()
    matter = place.raise_matter(concerns_people=(place.persons["白文"],))
    matter = place.run("孟总", terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯不亮"), matter)
    complex_ = terms.Classify(
        kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.COMPLEX, reason="牵涉几家"
    )
    matter = place.run("孟总", complex_, matter)
    with pytest.raises(Refused, match="nobody_else_to_sign"):
        place.run("孟总", terms.Designate(unit=place.units["青禾纸业"].pk, reason="归这里管"), matter)
    assert place.run("孟总", terms.Designate(unit=place.units["车间"].pk, reason="归这里管"), matter).lead_unit
    simple = place.raise_matter(concerns_people=(place.persons["白文"],))
    simple = place.run("孟总", terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯不亮"), simple)
    simple = place.run("孟总", replace(complex_, complexity=Complexity.SIMPLE), simple)
    simple = place.run("孟总", terms.Designate(unit=place.units["青禾纸业"].pk, reason="归这里管"), simple)
    with pytest.raises(Refused, match="nobody_else_to_sign"):
        place.run("孟总", complex_, simple)


def lived_through(office: Callable[[], Place], seed: int) -> Month:
    with clock.simulated(BEGIN - timedelta(days=30)):
        place = office()
    month = Month(place, random.Random(seed))
    month.live()
    assert not month.waiting(), month.waiting()
    assert not [one for one in Matter.objects.exclude(status__in=OVER) if somebody_is_left(one)]
    assert len(month.raised) >= 3, "dice that raise nothing prove nothing"
    assert {"accept", "sign_result"} <= set(month.log), month.log
    for matter in Matter.objects.filter(pk__in=month.raised):
        for rule in RULES:
            rule(matter)
    assert list(verify()) == []
    return month


# ── the rules ──────────────────────────────────────────────────────────────────────────────────────────────────────


def involved_by(matter: Matter, moment: datetime) -> set[UUID]:
    """Who had handled, issued, led or ruled by then."""
    found = matter.involvements.filter(bond__in=INVOLVING, at__lt=moment)
    return set(found.values_list("person_id", flat=True))


def kept_from(matter: Matter, moment: datetime) -> set[UUID]:
    """Whom the matter concerned then, by name or by unit."""
    exclusions = matter.exclusions.filter(Q(lifted_at__isnull=True) | Q(lifted_at__gt=moment), at__lt=moment)
    people = set(exclusions.filter(person__isnull=False).values_list("person_id", flat=True))
    for path in exclusions.filter(unit__isnull=False).values_list("unit__path", flat=True):
        people |= set(Post.objects.filter(unit__path__startswith=path).values_list("person_id", flat=True))
    return people


def beneath_a_handler(matter: Matter, person: UUID, moment: datetime) -> bool:
    heads = matter.involvements.filter(bond=Bond.HANDLED, at__lt=moment).exclude(over_path="")
    posts = Post.objects.filter(person=person).exclude(unit__kind=UnitKind.OVERSIGHT)
    paths = list(posts.values_list("unit__path", flat=True))
    return any(path.startswith(head) for head in heads.values_list("over_path", flat=True) for path in paths)


def a_rating_is_the_speakers_or_a_proven_call_by_somebody_free(matter: Matter) -> None:
    for rating in Rating.objects.filter(matter=matter).select_related("follow_up"):
        if rating.source == RatingSource.SPEAKER:
            continue
        call = rating.follow_up
        assert call is not None
        assert call.proof
        call.matter = matter
        assert call.proof_ref
    for call in FollowUp.objects.filter(matter=matter):
        assert call.asked_by_id not in involved_by(matter, call.at)
        assert call.asked_by_id not in kept_from(matter, call.at)
        assert not beneath_a_handler(matter, call.asked_by_id, call.at)


def nobody_rules_on_an_own_request(matter: Matter) -> None:
    assert not Request.objects.filter(matter=matter, requester=F("decided_by")).exists()
    assert not Request.objects.filter(matter=matter, about_person=F("decided_by")).exists()


def nobody_rules_on_what_is_about_their_unit_or_their_leader(matter: Matter) -> None:
    for request in matter.requests.filter(kind=RequestKind.RECUSAL, decided_by__isnull=False, but_heads_only=False):
        posts = Post.objects.filter(person=request.decided_by).values_list("unit__path", flat=True)
        assert not [path for path in posts for apart in request.apart.split() if path.startswith(apart)]


def whom_it_concerns_does_nothing(matter: Matter) -> None:
    for event in Event.objects.filter(stream_id=str(matter.pk), actor__startswith="staff:"):
        assert UUID(event.actor.split(":")[1]) not in kept_from(matter, event.recorded_at), event.action


def a_decided_exit_has_a_second_person_from_outside(matter: Matter) -> None:
    if matter.exit not in DECIDED_EXITS:
        return
    request = matter.requests.get(kind=RequestKind.EXIT, state=RequestState.GRANTED)
    assert request.decided_by_id is not None
    assert request.decided_by_id != request.requester_id
    assert request.decided_at is not None
    assert request.decided_by_id not in involved_by(matter, request.decided_at)


def a_staff_entered_matter_has_its_slip(matter: Matter) -> None:
    if matter.staff_entered:
        assert Notice.objects.filter(about_id=matter.pk, kind="receipt").exists()


def satisfied_is_the_persons_own_word(matter: Matter) -> None:
    if matter.exit == Exit.SATISFIED:
        assert Rating.objects.filter(matter=matter).latest("at", "id").result >= Satisfaction.FAIR


def every_fall_back_has_its_event(matter: Matter) -> None:
    told = [event.facts() for event in Event.objects.filter(stream_id=str(matter.pk)).order_by("sequence")]
    if matter.follow_up_by not in ("", FollowUpBy.REGISTRY):
        assert any(matter.follow_up_by in facts.get("fallback", []) and facts["why_no_other"] for facts in told)
    assert set(honest.stood_in(matter)) <= set(honest.STANDS_IN), "there are words for each"
    if Result.objects.filter(matter=matter, duty_overlap=True).exists():
        assert any(facts.get("duty_overlap") for facts in told)
    for result in Result.objects.filter(matter=matter, issuer=F("prepared_by")):
        assert result.duty_overlap
    if matter.requests.exclude(decider_path=matter.home_path).filter(matter__tier_path=matter.home_path).exists():
        assert any("tier_above" in facts.get("fallback", []) for facts in told)


def what_ended_leaves_nothing_running(matter: Matter) -> None:
    if matter.status not in OVER:
        return
    assert not matter.deadlines.filter(outcome="OPEN").exclude(kind__in=OUTLIVES).exists()
    assert not matter.requests.filter(state=RequestState.PENDING).exists()


RULES: tuple[Callable[[Matter], None], ...] = (
    a_rating_is_the_speakers_or_a_proven_call_by_somebody_free,
    nobody_rules_on_an_own_request,
    nobody_rules_on_what_is_about_their_unit_or_their_leader,
    whom_it_concerns_does_nothing,
    a_decided_exit_has_a_second_person_from_outside,
    a_staff_entered_matter_has_its_slip,
    satisfied_is_the_persons_own_word,
    every_fall_back_has_its_event,
    what_ended_leaves_nothing_running,
)
