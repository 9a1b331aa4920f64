"""Ends that nobody decided are looked at by a third person: which, nobody foresees; what is found changes nothing (1.3.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import lots, terms
from shuoshi.matters.models import Card, Matter, Sample, SampleCall
from shuoshi.matters.queries.matter import matter_page
from shuoshi.matters.queries.overview import Looks, overview
from shuoshi.matters.queries.promises import told
from shuoshi.matters.queries.tracking import as_resident
from shuoshi.matters.scope import sees, standing, visible_to
from shuoshi.matters.vocabulary import Action, DeadlineKind, Drawn, Exit, FollowUpBy, Kind, Looked, Naming, Status, Way
from shuoshi.organization.models import Post
from shuoshi.organization.profile.sampling import Sampling
from shuoshi.organization.roles import Role
from tests.support.attempts import sample
from tests.support.kinds import looked
from tests.support.looking import fresh, queues_with, running
from tests.support.village import Place, group

ANSWER = {"answer": "每月初五发放", "basis": "县里的通知", "clear": True}


def answered(town: Place, kind: Kind = Kind.POLICY_ENQUIRY, **said: object) -> Matter:
    """Somebody asked at the counter, and it was clear at once."""
    matter = town.raise_matter(by="王芳", **said)
    given = terms.AnswerOnTheSpot(kind=kind, title="什么时候发补贴", **ANSWER)  # type: ignore[arg-type]
    return town.run("王芳", given, matter)


def lapsed(town: Place, matter: Matter, days: int = 20) -> Matter:
    """After so long without a word."""
    with clock.simulated(clock.now() + timedelta(days=days)):
        clocks.sweep(clock.now())
    return fresh(matter)


@pytest.fixture
def looking(town: Place) -> Place:
    town.look_at_ends()
    return town


def unrated(town: Place) -> Matter:
    return lapsed(town, town.matter_in(Status.IN_FOLLOW_UP))


def withdrawn(town: Place) -> Matter:
    matter = town.matter_in(Status.IN_HANDLING)
    return lapsed(town, town.run(town.speaker(matter), terms.Withdraw(text="不办了"), matter))


def found(matter: Matter) -> Sample:
    return Sample.objects.get(matter=matter)


@pytest.mark.parametrize(
    ("made", "exit_"),
    [
        (answered, Exit.ANSWERED),
        (lambda town: answered(town, Kind.PRAISE), Exit.PASSED_ON),
        (unrated, Exit.UNRATED),
        (withdrawn, Exit.WITHDRAWN),
    ],
)
def test_an_end_that_nobody_decided_waits_for_a_third_person(
    looking: Place, made: Callable[[Place], Matter], exit_: Exit
) -> None:
    matter = made(looking)
    assert (matter.status, matter.exit) == (Status.CLOSED, exit_)
    assert (found(matter).drawn, found(matter).exit) == (Drawn.SHARE, exit_)
    assert DeadlineKind.SAMPLE in running(matter)
    assert queues_with(looking, "赵红", matter) == {"samples"}


def test_what_somebody_decided_or_the_person_said_is_not_drawn(looking: Place) -> None:
    satisfied = looking.matter_in(Status.CLOSED)
    asked = looking.run("周建国", sample(looking, Action.REQUEST_EXIT, m := looking.matter_in(Status.IN_HANDLING)), m)
    explained = looking.run("刘敏", terms.RuleExit(granted=True, text="说清了"), asked)
    nameless = answered(looking, naming=Naming.ANONYMOUS)
    assert not Sample.objects.filter(matter__in=[satisfied, explained, nameless]).exists()


def test_a_share_is_drawn_by_a_lot_that_trying_again_does_not_change() -> None:
    keys = [new_id() for _ in range(3000)]
    drawn = [lots.falls_on(key, 1, 10) for key in keys]
    assert drawn == [lots.falls_on(key, 1, 10) for key in keys]
    assert 200 < sum(drawn) < 400, "ten in a hundred of three thousand"
    assert drawn != [lots.falls_on(key, 2, 10) for key in keys], "another round is another lot"
    assert all(lots.falls_on(key, 1, 100) for key in keys)


def test_of_so_many_ends_of_a_unit_one_is_drawn_wherever_its_turn_lies() -> None:
    firsts = set()
    for _ in range(40):
        unit, free = new_id(), []
        for place in range(1, 61):
            before, turn = lots.reached(unit, place, 10)
            free.append(turn)
            assert before < 10
        assert all(any(free[start : start + 19]) for start in range(len(free) - 19))
        firsts.add(free.index(True))
    assert len(firsts) > 3, "nobody knows which of a unit it is"


def test_an_office_with_few_ends_is_looked_at_wherever_the_lot_falls(town: Place) -> None:
    town.look_at_ends(Sampling(share=5, one_in=3))
    ends = [found(answered(town)) for _ in range(12)]
    assert [one.place for one in ends] == list(range(1, 13))
    drawn = [one.drawn != Drawn.NOT for one in ends]
    assert all(any(drawn[start : start + 5]) for start in range(8)), "of each three one, wherever they begin"
    assert not all(drawn)


def test_it_is_told_to_nobody_but_those_who_are_to_ask(looking: Place) -> None:
    matter = unrated(looking)
    for name in ("孙丽", "周建国", "王芳", "马镇长"):
        page = matter_page(looking.actor(name), matter.number, clock.now())
        assert DeadlineKind.SAMPLE not in {one.kind for one in page.deadlines}, name
        assert Action.RECORD_SAMPLE not in {offer.action for offer in page.offers}, name
    page = matter_page(looking.actor("赵红"), matter.number, clock.now())
    assert DeadlineKind.SAMPLE in {one.kind for one in page.deadlines} and page.can(Action.RECORD_SAMPLE)
    assert not [entry for entry in page.entries if entry.action == Action.RECORD_SAMPLE]
    told_ = Notice.objects.filter(about_id=matter.pk, kind="to_sample")
    assert {one.to_role for one in told_} == {Role.FOLLOW_UP_AGENT}
    assert matter.next_due_kind == "", "no list shows its date"


def test_a_word_against_the_record_is_a_signal_and_changes_nothing_else(looking: Place) -> None:
    matter = unrated(looking)
    after = looking.run("赵红", looked(Looked.CONTRADICTED), matter)
    assert (after.status, after.exit, after.closed_at) == (matter.status, matter.exit, matter.closed_at)
    assert not after.ratings.exists() and after.round_id == matter.round_id
    assert found(after).found == Looked.CONTRADICTED
    assert after.deadlines.get(kind=DeadlineKind.SAMPLE).outcome == Outcome.MET
    signals = Notice.objects.filter(about_id=matter.pk, kind="sample_contradicted", settled_at__isnull=True)
    assert {one.to_role for one in signals} == {Role.LEADER, Role.DEPARTMENT_HEAD}
    seen = told(as_resident(after, clock.now()))
    said = next(one for one in seen.words if one.label == str(Action.RECORD_SAMPLE.label))
    assert "不一样" in said.text and "没有人给我打过电话" in said.text
    assert seen.seen.can(Action.REOPEN) and seen.seen.may_rate, "the ways it names are open"
    assert queues_with(looking, "赵红", after) == set()


def test_a_word_that_confirms_it_is_told_and_no_signal(looking: Place) -> None:
    matter = looking.run("赵红", looked(Looked.CONFIRMED), answered(looking))
    assert "属实" in told(as_resident(matter, clock.now())).words[0].text
    assert not Notice.objects.filter(about_id=matter.pk, kind="sample_contradicted").exists()
    assert overview(looking.actor("马镇长"), clock.now()).satisfied.of == 0, "it is no rating"


def test_nobody_who_had_to_do_with_it_looks_whether_it_was_so(looking: Place) -> None:
    matter = looking.matter_in(Status.IN_FOLLOW_UP)
    for days, hour in ((1, 10), (2, 12), (3, 19)):
        with clock.simulated(clock.local(clock.now() + timedelta(days=days)).replace(hour=hour, minute=30)):
            missed = terms.RecordFollowUp(way=Way.CALL, reached=False, text="没人接")
            matter = looking.run("赵红", missed, matter)
    assert matter.exit == Exit.UNREACHABLE
    assert matter.sample_by == FollowUpBy.OVERSIGHT, "赵红 called in vain: the committee is next"
    with pytest.raises(Refused):
        looking.run("赵红", looked(Looked.CONFIRMED), matter)
    after = looking.run("钱监督", looked(Looked.CONTRADICTED), matter)
    assert found(after).found == Looked.CONTRADICTED
    assert any("抽查由监督委员会成员做" in one for one in told(as_resident(after, clock.now())).honest)


def test_whoever_wrote_the_withdrawal_down_is_not_asked_whether_it_was_one(looking: Place) -> None:
    matter = looking.matter_in(Status.IN_HANDLING)
    matter = lapsed(looking, looking.run("赵红", sample(looking, Action.WITHDRAW, matter), matter))
    assert (matter.exit, matter.sample_by) == (Exit.WITHDRAWN, FollowUpBy.OVERSIGHT)


def test_several_attempts_that_reach_nobody_end_it_by_rule(looking: Place) -> None:
    matter = answered(looking)
    for days, hour in ((1, 10), (2, 12), (3, 19)):
        assert DeadlineKind.SAMPLE in running(matter)
        with clock.simulated(clock.local(clock.now() + timedelta(days=days)).replace(hour=hour, minute=30)):
            matter = looking.run("赵红", looked(None, words="没人接"), matter)
    assert found(matter).found == Looked.UNREACHED
    assert SampleCall.objects.filter(matter=matter).count() == 3
    assert "几次没有联系上您" in told(as_resident(matter, clock.now())).words[0].text


def test_it_stays_owed_when_the_matter_is_taken_up_again_and_is_not_drawn_twice(looking: Place) -> None:
    matter = unrated(looking)
    again = looking.run(looking.speaker(matter), terms.Reopen(text="又坏了"), matter)
    assert DeadlineKind.SAMPLE in running(again) and again.status == Status.ACCEPTED
    gone = lapsed(looking, looking.run(looking.speaker(again), terms.Withdraw(text="算了"), again))
    assert Sample.objects.filter(matter=matter).count() == 1, "the first end still waits"
    looking.run("赵红", looked(Looked.CONFIRMED), gone)
    assert found(gone).exit == Exit.UNRATED


def test_when_its_day_passes_the_next_in_the_order_is_asked(looking: Place) -> None:
    matter = answered(looking)
    Post.objects.filter(person=looking.persons["赵红"]).update(until=clock.now() + timedelta(days=1))
    late = lapsed(looking, matter, days=17)
    assert (late.sample_by, late.exit) == (FollowUpBy.OVERSIGHT, Exit.ANSWERED)
    card = Card.objects.filter(matter=matter, kind=DeadlineKind.SAMPLE, colour="red").get()
    assert card.unit_id == matter.registry_id
    roles = set(
        Notice.objects.filter(about_id=matter.pk, kind="clock_overdue_beside").values_list("to_role", flat=True)
    )
    assert Role.DEPARTMENT_HEAD in roles and not roles & {Role.HANDLER}


def test_where_nobody_is_left_it_is_said_and_nothing_is_owed(looking: Place) -> None:
    people = [looking.persons[name] for name in ("赵红", "钱监督", "县回访")]
    Post.objects.filter(person__in=people).update(until=clock.now())
    matter = answered(looking)
    assert (found(matter).asked_by, matter.sample_path) == (FollowUpBy.SPEAKER, "")
    assert DeadlineKind.SAMPLE not in running(matter)
    assert any("没有人抽查" in one for one in told(as_resident(matter, clock.now())).honest)


def test_the_tier_above_sees_it_while_it_is_theirs_to_ask(looking: Place) -> None:
    people = [looking.persons[name] for name in ("赵红", "钱监督")]
    Post.objects.filter(person__in=people).update(until=clock.now())
    matter = answered(looking)
    above = looking.actor("县回访")
    assert matter.sample_by == FollowUpBy.ABOVE
    assert visible_to(above).filter(pk=matter.pk).exists()
    assert sees(above, matter, standing(above, matter), frozenset())
    assert queues_with(looking, "县回访", matter) == {"samples"}


def test_of_a_group_any_of_its_spokespersons_may_be_asked(looking: Place) -> None:
    matter = looking.matter_in(Status.IN_FOLLOW_UP, by="王芳", group=group())
    matter = lapsed(looking, matter)
    with pytest.raises(Refused, match="which_spokesperson"):
        looking.run("赵红", looked(Looked.CONFIRMED), matter)
    first = matter.spokespersons.order_by("seat")[0]
    matter = looking.run("赵红", looked(Looked.CONTRADICTED, spokesperson=first.pk), matter)
    assert found(matter).found == Looked.CONTRADICTED


def test_the_overview_counts_how_matters_ended_and_what_was_found(looking: Place) -> None:
    for kind in (Kind.PRAISE, Kind.POLICY_ENQUIRY, Kind.POLICY_ENQUIRY):
        matter = answered(looking, kind)
    looking.run("赵红", looked(Looked.CONTRADICTED), matter)
    looking.matter_in(Status.CLOSED)
    seen = overview(looking.actor("马镇长"), clock.now())
    assert dict(seen.ended) == {Exit.ANSWERED: 2, Exit.PASSED_ON: 1, Exit.SATISFIED: 1}
    assert seen.sampled == Looks(drawn=3, done=1, contradicted=1)
