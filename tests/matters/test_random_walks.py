"""Random people try random actions, lawful or not, while time passes; what must never be false is asked after each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import NotDone
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, queries, terms
from shuoshi.matters.models import Assignment, FollowUp, Matter, Rating, Request, ResultPoint
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    INVOLVING,
    OPEN,
    Action,
    Complexity,
    DeadlineKind,
    EmergencyReportKind,
    Exit,
    Kind,
    Looked,
    Naming,
    Outcome,
    Proof,
    RatingSource,
    RoundBecause,
    Satisfaction,
    Solved,
    Status,
    Urgency,
    Way,
)
from tests.matters import cells, outside
from tests.matters.to_the_end import comes_to_an_end, somebody_is_left, somebody_moves_it
from tests.support.attempts import report, sample
from tests.support.kinds import looked
from tests.support.village import Place, build_town, default_profile, picture

KINDS = {Kind.INTEREST_CLAIM: "B604", Kind.DISPUTE: "D101", Kind.SUGGESTION: "C101"}
SAID = (Looked.CONFIRMED, Looked.CONTRADICTED, Looked.DECLINED)
TRIES = [action for action in Action if action not in (Action.REGISTER, Action.REGISTER_GROUP)]


def some_terms(town: Place, dice: random.Random, action: Action, matter: Matter) -> terms.Terms:
    """Terms with another choice now and then: refusals, bad ratings, other units, a granted request."""
    granted = dice.random() < 0.5
    match action:
        case Action.RULE_RETURN:
            return terms.RuleReturn(granted=granted, text="裁定理由")
        case Action.RULE_EXIT:
            return terms.RuleExit(granted=granted, text="裁定理由")
        case Action.RULE_VOID:
            return terms.RuleVoid(granted=dice.random() < 0.2, text="裁定理由")
        case Action.RULE_CONFLICT:
            return terms.RuleConflict(granted=granted, text="裁定理由")
        case Action.RULE_EXTENSION:
            return terms.RuleExtension(granted=granted, text="裁定理由")
        case Action.RULE_PAUSE:
            return terms.RulePause(granted=granted, text="裁定理由")
        case Action.RULE_PARK:
            return terms.RulePark(granted=granted, text="裁定理由")
        case Action.DECIDE_REVIEW:
            return terms.DecideReview(upheld=granted, text="复核意见", basis="条例", remedies="可以去法院")
        case Action.RULE_ESCALATION:
            return terms.RuleEscalation(granted=granted, text="裁定理由")
        case Action.ASSIGN | Action.DESIGNATE:
            unit = town.units[dice.choice(["城建办", "水利站", "柳湾村", "县水务局"])]
            made = terms.Assign if action == Action.ASSIGN else terms.Designate
            return made(unit=unit.pk, reason="按职责")
        case Action.MERGE:
            in_hand = Matter.objects.filter(status__in=[Status.ASSIGNED, Status.IN_HANDLING]).order_by("pk")
            return terms.Merge(main=dice.choice([*in_hand.values_list("pk", flat=True), matter.pk]), why="是同一件事")
        case Action.SIGN_FOR:
            return terms.SignFor(handler=town.persons[dice.choice(cells.PEOPLE)])
        case Action.DISPATCH_EMERGENCY:
            where, who = dice.choice([("城建办", "孙丽"), ("水利站", "李国强"), ("城建办", "周建国")])
            return terms.DispatchEmergency(
                unit=town.units[where].pk, handler=town.persons[who], goes="两个人", done="断了电", title="电线垂下来了"
            )
        case Action.REPORT_EMERGENCY:
            return report(matter, dice.choice([None, *EmergencyReportKind]))
        case Action.ACCEPT:
            return terms.Accept(kind=dice.choice([*KINDS, Kind.PRAISE]), title="路灯")
        case Action.RECORD_FOLLOW_UP | Action.RATE:
            answers, part = some_answers(dice), some_part(dice, matter)
            if action == Action.RATE:
                return terms.Rate(answers=answers)
            if dice.random() < 0.3:
                return terms.RecordFollowUp(way=Way.CALL, reached=False, text="没有人接", spokesperson=part)
            return terms.RecordFollowUp(
                way=Way.CALL,
                reached=True,
                answers=answers,
                proof=Proof.RECORDING,
                proof_ref="录音 7",
                spokesperson=part,
            )
        case Action.RECORD_SAMPLE:
            some = matter.spokespersons.order_by("seat").values_list("pk", flat=True).first()
            return looked(dice.choice([None, *SAID]), spokesperson=some)
        case Action.DECLARE_CONFLICT:
            who = dice.choice([*cells.PEOPLE, None])
            if dice.random() < 0.1:
                return terms.DeclareConflict(text="认识", unit=town.units[dice.choice(["城建办", "水利站"])].pk)
            return terms.DeclareConflict(text="认识", person=town.persons[who] if who else None)
        case Action.PREPARE_RESULT:
            points = tuple(
                terms.PointAnswer(demand=d.pk, outcome=dice.choice(list(Outcome)), text="办了", because="依据")
                for d in town.demands(matter)
                if dice.random() < 0.95
            )
            return terms.PrepareResult(
                points=points, reply="答复", report="报告", remedies="可以起诉", proofs=(picture(),)
            )
        case Action.CLASSIFY:
            kind = Kind(matter.kind) if matter.kind in KINDS else Kind.INTEREST_CLAIM
            return terms.Classify(kind=kind, category=KINDS[kind], complexity=Complexity.STANDARD, reason="分类更准")
    return sample(town, action, matter)


def some_part(dice: random.Random, matter: Matter) -> UUID | None:
    """Any of those who speak for a group."""
    parts = list(matter.spokespersons.filter(left_at__isnull=True).order_by("seat").values_list("pk", flat=True))
    return dice.choice(parts) if parts else None


def some_answers(dice: random.Random) -> terms.Answers:
    return terms.Answers(
        contacted=True,
        solved=dice.choice(list(Solved)),
        result=dice.choice(list(Satisfaction)),
        attitude=dice.choice(list(Satisfaction)),
        words="就这样",
        rest_wanted=dice.random() < 0.5,
        meant=dice.random() < 0.5,
    )


def answered_twice(town: Place, matter: Matter | None = None, **said: object) -> Matter:
    """One more bad word and the tier above has it."""
    matter = matter or town.matter_in(Status.IN_FOLLOW_UP, **said)
    return town.sign(town.prepare(town.sign_for(town.follow_up(matter, 1))))


def returned_twice_and_answered_twice(town: Place) -> Matter:
    """Two units gave it back: only somebody who leads may give it out, wherever it comes to lie."""
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    reason, proper = default_profile().return_reasons[0].code, town.units["城建办"].pk
    for unit, head in (("水利站", "赵立新"), ("柳湾村", "陈书记")):
        asked = terms.RequestReturn(reason=reason, text="不归我们", proper_unit=proper)
        matter = town.run(head, asked, town.assign(matter, unit))
        matter = town.run("刘敏", terms.RuleReturn(granted=True, text="是不归"), matter)
    matter = town.run("马镇长", terms.Designate(unit=proper, reason="就归城建办"), matter)
    return answered_twice(town, town.sign(town.prepare(town.sign_for(matter))))


BEGINS: tuple[Callable[[Place], Matter], ...] = (
    lambda town: town.raise_matter(),
    lambda town: town.matter_in(Status.IN_HANDLING),
    answered_twice,
    returned_twice_and_answered_twice,
    lambda town: outside.sent_down(town, Status.IN_HANDLING),
    lambda town: outside.entrusted(town, Action.TAKE_PAPERS),
)


def walk(town: Place, seed: int, steps: int) -> int:
    """`steps` tries on a handful of matters; returns how many were lawful."""
    dice = random.Random(seed)
    matters = [
        town.raise_matter(),
        town.raise_matter(by="王芳", urgency=Urgency.U2),
        town.raise_matter(naming=Naming.ANONYMOUS),
        answered_twice(town, concerns_people=(town.persons["县分办"],)),
        town.raise_matter(concerns_words="水利站的赵立新，还有一个姓周的"),
    ]
    town.other = matters[0]
    actors = cells.everybody(town, matters[0])
    lawful = 0
    with clock.simulated(clock.now()) as simulation:
        for _ in range(steps):
            matter = Matter.objects.get(pk=dice.choice(matters[-4:]).pk)
            if dice.random() < 0.03:
                simulation.move_to(clock.now() + timedelta(hours=dice.choice([2, 9, 30])))
                clocks.sweep(clock.now())
                continue
            if dice.random() < 0.02:  # those before may be over, or kept from everybody
                matters.append(dice.choice(BEGINS)(town))
            before = deeds_done()
            if attempt(town, dice, matter, actors):
                lawful += 1
                no_way_is_blocked(town, matter)
            else:
                assert deeds_done() == before
            hold(matter)
        for matter in matters[-4:]:
            assert comes_to_an_end(town, matter) or not somebody_is_left(matter), f"jammed: {matter}"
    return lawful


def deeds_done() -> int:
    """Events of matters; what is prepared for a try, an order or a transfer, has a stream of its own."""
    return Event.objects.filter(stream_kind="matter").count()


def no_way_is_blocked(town: Place, matter: Matter) -> None:
    """An open matter has a clock, and somebody moves it on unless it is kept from all who could."""
    matter = Matter.objects.select_related("assignment", "lead_unit", "round").get(pk=matter.pk)
    if matter.status in OPEN:
        assert matter.deadlines.filter(outcome="OPEN").exists(), f"no clock: {matter.status}"
        assert somebody_moves_it(town, matter) or not somebody_is_left(matter), f"nobody's turn: {matter.status}"


def attempt(town: Place, dice: random.Random, matter: Matter, actors: dict[str, Actor]) -> bool:
    """Mostly something the page would offer to somebody, now and then anything by anybody."""
    actor = dice.choice([*actors.values(), town.speaker(matter)])
    action = dice.choice(TRIES)
    if dice.random() < 0.8:
        offered = [offer.action for offer in queries.offers(actor, matter, clock.now()) if offer.allowed]
        if not offered:
            return False
        action = dice.choice(offered)
    try:
        actions.run(action, matter.pk, some_terms(town, dice, action, matter), actor=actor)
    except (NotDone, Matter.DoesNotExist):
        return False
    return True


def hold(matter: Matter) -> None:
    """The invariants of the domain that can be asked of one matter."""
    matter = Matter.objects.select_related("assignment", "round").get(pk=matter.pk)
    for invariant in INVARIANTS:
        invariant(matter)


MOVES = {"extension", "ran_on", "parked", "report_returned", "merged", "mediation", "mediation_ended"}


def the_promise_moves_only_by_what_may_move_it(matter: Matter) -> None:
    """Rule 3: an extension, a pause that ended, a parking, a merging, a mediation, a calendar that was published; once after each end."""
    promises = list(matter.deadlines.filter(kind=DeadlineKind.PROMISE).select_related("follows"))
    for promise in promises:
        if promise.follows is not None:
            moved = promise.basis in MOVES or promise.follows.provisional
            assert moved and promise.follows.outcome != "OPEN", f"the resident's promise was moved: {promise.basis}"
    given = [promise for promise in promises if promise.follows is None and promise.basis != "parked"]
    assert len(given) <= 1 + matter.rounds.filter(because__in=[RoundBecause.REOPENED, RoundBecause.REVIEWED]).count()
    assert matter.promised_by is None or matter.promised_by in [promise.due_at for promise in promises]


def satisfied_only_by_the_persons_word(matter: Matter) -> None:
    if matter.exit == Exit.SATISFIED:
        last = Rating.objects.filter(matter=matter).latest("round__ordinal", "at", "id")  # time may stand still here
        assert last.result >= Satisfaction.FAIR and last.solved != Solved.NO


def no_assignment_without_unit_limit_and_basis(matter: Matter) -> None:
    answered_otherwise = ["answered_on_the_spot", "merged", "emergency"]
    for assignment in Assignment.objects.filter(matter=matter).exclude(basis__in=answered_otherwise):
        assert assignment.unit_id and assignment.basis
        assert assignment.deadlines.filter(kind="completion").exists()
    assert Assignment.objects.filter(matter=matter, ended_at__isnull=True).count() <= 1


def answered_before_followed_up(matter: Matter) -> None:
    if matter.status == Status.IN_FOLLOW_UP:
        result = matter.results.filter(round=matter.round, state="signed").latest("ordinal")
        asked = set(matter.demands.filter(dropped=False, settled=False).values_list("pk", flat=True))
        assert asked <= set(ResultPoint.objects.filter(result=result).values_list("demand_id", flat=True))


def who_asks_is_not_involved(matter: Matter) -> None:
    involved = dict(matter.involvements.filter(bond__in=INVOLVING).values_list("person_id", "at"))
    for call in FollowUp.objects.filter(matter=matter):
        assert call.asked_by_id not in involved or involved[call.asked_by_id] >= call.at


def nobody_rules_on_an_own_request(matter: Matter) -> None:
    assert not Request.objects.filter(matter=matter, decided_by__isnull=False, requester=F("decided_by")).exists()


def a_unit_returns_once(matter: Matter) -> None:
    units = list(matter.requests.filter(kind="RETURN").values_list("assignment__unit", flat=True))
    assert len(units) == len(set(units))
    assert matter.requests.filter(kind="RETURN", state="GRANTED").count() <= 2


def ratings_by_staff_have_proof(matter: Matter) -> None:
    for rating in Rating.objects.filter(matter=matter, source=RatingSource.CALL).select_related("follow_up"):
        assert rating.follow_up.proof


def whom_it_concerns_did_nothing_after(matter: Matter) -> None:
    for exclusion in matter.exclusions.filter(person__isnull=False):
        deeds = Event.objects.filter(
            stream_id=str(matter.pk), actor__startswith=f"staff:{exclusion.person_id}:", recorded_at__gt=exclusion.at
        )
        if exclusion.lifted_at is not None:
            deeds = deeds.filter(recorded_at__lt=exclusion.lifted_at)
        assert not deeds.exists()


def minutes_are_missed_or_met_and_never_healed(matter: Matter) -> None:
    """Each step of the tree has its clock; nobody is called twice for one emergency; the file is open as long as it is."""
    files = matter.emergency_files.filter(stood_down_at__isnull=True).count()
    assert files == (matter.duty_since is not None and matter.urgency in EMERGENCIES)
    assert matter.emergencies == matter.emergency_files.count()
    if matter.duty_since is not None:
        since = list(matter.duty_calls.filter(at__gt=matter.duty_since).values_list("person_id", flat=True))
        assert len(since) == len(set(since))
    assert matter.papers_owed == matter.deadlines.filter(kind=DeadlineKind.PAPERS, outcome="OPEN").exists()


INVARIANTS: tuple[Callable[[Matter], None], ...] = (
    satisfied_only_by_the_persons_word,
    no_assignment_without_unit_limit_and_basis,
    answered_before_followed_up,
    who_asks_is_not_involved,
    nobody_rules_on_an_own_request,
    a_unit_returns_once,
    ratings_by_staff_have_proof,
    whom_it_concerns_did_nothing_after,
    the_promise_moves_only_by_what_may_move_it,
    minutes_are_missed_or_met_and_never_healed,
)


@pytest.mark.minute
@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
@given(seed=st.integers(min_value=0, max_value=10_000))
def test_random_walks_break_nothing(seed: int):
    with transaction.atomic():
        town = build_town()
        town.look_at_ends()
        lawful = walk(town, seed, steps=250)
        assert lawful > 30
        assert list(verify()) == []
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_long_random_walks_break_nothing(town: Place, seed: int):
    assert walk(town, 100 + seed, steps=1500) > 200
    assert list(verify()) == []
