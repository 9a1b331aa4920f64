"""4.4.2: one tier up — by rule, by hand, by lapse of time — and whoever is to act there can."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, DeadlineKind, RequestKind, RequestState, Status
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import later, sweep_until
from tests.support.attempts import sample
from tests.support.looking import facts_of, fell_back, fresh, offered, queues_with, running, told, who_may
from tests.support.village import Place

GIVES_IT_OUT = (Action.ASSIGN, Action.DESIGNATE)


def twice_dissatisfied(town: Place, matter: Matter | None = None) -> Matter:
    matter = town.follow_up(matter or town.matter_in(Status.IN_FOLLOW_UP), 1)
    matter = town.sign(town.prepare(town.sign_for(matter)))
    return town.follow_up(matter, 1)


def path_of(town: Place, unit: str) -> str:
    return town.units[unit].path


def who_gives_it_out(town: Place, matter: Matter) -> set[str]:
    return {name for name in town.persons if offered(town, name, matter) & set(GIVES_IT_OUT)}


# ── by rule ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_dispatcher_of_the_tier_above_assigns_and_the_old_lead_helps(town: Place):
    matter = twice_dissatisfied(town)
    assert (matter.status, matter.tier_path) == (Status.ACCEPTED, path_of(town, "青禾县"))
    assert matter.round.tier_path == path_of(town, "青禾县")
    assert who_gives_it_out(town, matter) == {"县分办"}
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里办"), matter)
    assert [co.unit.short_name for co in matter.co_units.all()] == ["城建办"]


def test_an_old_lead_that_must_stay_away_helps_no_more_and_stops_nothing(town: Place):
    matter = twice_dissatisfied(town)
    given = terms.DeclareConflict(text="城建办和施工队是一家", unit=town.units["城建办"].pk)
    matter = town.run(town.speaker(matter), given, matter)
    matter = town.run("县分办", terms.RuleConflict(granted=True, text="属实"), matter)
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里办"), matter)
    assert matter.status == Status.ASSIGNED and not matter.co_units.exists()


def test_an_old_lead_that_was_closed_meanwhile_stops_nothing(town: Place):
    matter = twice_dissatisfied(town)
    town.units["城建办"].active = False
    town.units["城建办"].save()
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里办"), matter)
    assert matter.status == Status.ASSIGNED


def test_a_unit_chosen_to_help_that_must_stay_away_is_refused(town: Place):
    matter = town.matter_in(Status.ACCEPTED, concerns_units=(town.units["水利站"].pk,))
    given = terms.Assign(unit=town.units["城建办"].pk, reason="归", co_units=(town.units["水利站"].pk,))
    with pytest.raises(Refused) as refused:
        town.run("刘敏", given, town.classify(matter))
    assert refused.value.code == "unit_concerned"


def test_twice_returned_before_it_is_designated_above_although_nobody_leads_there(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    Matter.objects.filter(pk=matter.pk).update(returns=2)
    matter = twice_dissatisfied(town, fresh(matter))
    assert matter.tier_path == path_of(town, "青禾县")
    assert who_may(town, Action.DESIGNATE, matter) == {"县分办"}
    assert ("dispatcher", "no_leader_anywhere") in fell_back(matter)


def test_a_tier_above_whose_only_dispatcher_must_stay_away_is_passed_over(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP, concerns_people=(town.persons["县分办"],))
    assert matter.tier_above_path == ""
    matter = twice_dissatisfied(town, matter)
    assert (matter.status, matter.tier_path) == (Status.ASSIGNED, path_of(town, "青禾镇"))
    assert Action.SIGN_FOR in offered(town, "孙丽", matter)


def test_a_dispatcher_who_starts_next_month_or_left_makes_no_tier(town: Place):
    post = Post.objects.filter(person=town.persons["县分办"])
    post.update(since=later(30))
    assert town.raise_matter().tier_above_path == ""
    post.update(since=clock.now() - timedelta(days=9), until=later(30))
    assert town.raise_matter().tier_above_path == path_of(town, "青禾县")


def test_a_recusal_that_is_not_upheld_after_the_escalation_leaves_somebody_who_designates(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    Matter.objects.filter(pk=matter.pk).update(returns=2)
    matter = town.follow_up(fresh(matter), 1)
    matter = town.sign(town.prepare(town.sign_for(matter)))
    given = terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"])
    matter = town.follow_up(town.run(town.speaker(matter), given, matter), 1)
    assert matter.tier_path == path_of(town, "青禾县")
    matter = town.run("马镇长", terms.RuleConflict(granted=False, text="不是亲戚"), matter)
    assert who_may(town, Action.DESIGNATE, matter) == {"县分办"}


# ── by hand ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING])
def test_the_dispatcher_and_the_leader_may_hand_it_up_any_time(town: Place, status: Status):
    assert who_may(town, Action.ESCALATE, town.matter_in(status)) == {"刘敏", "马镇长"}


def test_what_is_in_hand_goes_to_whoever_assigns_above_and_the_residents_clocks_run_on(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    promised = matter.promised_by
    matter = town.run(town.speaker(matter), terms.Withdraw(text="先等等"), matter)
    matter = town.run("马镇长", terms.Escalate(reason="要县里出钱"), matter)
    assert (matter.status, matter.tier_path) == (Status.ACCEPTED, path_of(town, "青禾县"))
    assert running(matter) == {DeadlineKind.ASSIGN, DeadlineKind.PROMISE, DeadlineKind.WITHDRAWAL}
    assert (matter.promised_by, matter.result_in_hand) == (promised, False)
    assert matter.assignments.get().ended_because == "escalated"
    assert [entry.text for entry in matter.entries.filter(action=Action.ESCALATE)] == ["要县里出钱"]
    assert who_gives_it_out(town, matter) == {"县分办"}


def test_what_nobody_accepted_yet_is_accepted_above(town: Place):
    town.person("县登记", ("县受理中心", Role.REGISTRAR))
    matter = town.run("马镇长", terms.Escalate(reason="反映的是镇里"), town.matter_in(Status.REGISTERED))
    assert matter.status == Status.REGISTERED
    assert who_may(town, Action.ACCEPT, matter) == {"县登记", "县分办"}


def test_a_pending_return_falls_with_it(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    matter = town.run("刘敏", terms.Escalate(reason="镇里没有这个权限"), matter)
    assert matter.requests.get(kind=RequestKind.RETURN).state == RequestState.WITHDRAWN
    assert DeadlineKind.RULING not in running(matter)


def test_handed_up_by_hand_it_is_not_counted_as_a_return(town: Place):
    assert town.run("刘敏", terms.Escalate(reason="镇里没有权限"), town.matter_in(Status.ASSIGNED)).returns == 0


# ── by lapse of time ───────────────────────────────────────────────────────────────────────────────────────────────


def test_more_than_five_days_overdue_it_lies_with_the_tier_above_and_whoever_handles_goes_on(town: Place):
    town.person("县长", ("青禾县", Role.LEADER))
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(later(60))
    matter = fresh(matter)
    assert (matter.status, matter.tier_path) == (Status.IN_HANDLING, path_of(town, "青禾县"))
    assert (matter.lead_unit, matter.handler_id) == (town.units["城建办"], town.persons["孙丽"])
    assert matter.entries.filter(action=Action.RAISE_TIER).count() == 1
    assert ("青禾县", Role.LEADER) in told(town, matter, "escalated")
    with clock.simulated(later(60)):
        assert "over" in queues_with(town, "县长", matter)
    assert DeadlineKind.COMPLETION in running(matter)


def test_an_assignment_long_overdue_may_be_made_above(town: Place):
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    sweep_until(later(30))
    assert who_gives_it_out(town, fresh(matter)) == {"县分办"}


def test_at_the_topmost_tier_it_stays(town: Place):
    Post.objects.filter(person=town.persons["县分办"]).update(until=clock.now())
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(later(60))
    assert fresh(matter).tier_path == path_of(town, "青禾镇")


def test_word_of_progress_long_overdue_raises_nothing(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter.deadlines.exclude(kind=DeadlineKind.PROGRESS).update(next_look_at=None)
    progress = matter.deadlines.get(kind=DeadlineKind.PROGRESS)
    with clock.simulated(progress.due_at + timedelta(days=20)):
        clocks.sweep(clock.now())
    assert fresh(matter).tier_path == path_of(town, "青禾镇")
    assert not any(facts.get("fallback") for facts in facts_of(matter))
