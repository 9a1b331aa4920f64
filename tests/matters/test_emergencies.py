"""4.1.2: people go first and papers follow; minutes count day and night; somebody is always called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks, outbox
from shuoshi.kernel.clock import Simulation
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import DutyCall, Matter
from shuoshi.matters.vocabulary import (
    Action,
    DeadlineKind,
    EmergencyReportKind,
    Naming,
    Status,
    Urgency,
)
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters.at_night import NIGHT, after, called, clock_of, dispatched, kinds_waiting, put, urgent
from tests.support.attempts import sample
from tests.support.looking import fresh
from tests.support.village import Place


@pytest.fixture
def night(town: Place) -> Iterator[Simulation]:
    Post.objects.update(since=NIGHT - timedelta(days=30))
    with clock.simulated(NIGHT) as simulation:
        yield simulation


# ── who is called ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_whoever_is_on_duty_is_called_first(town: Place, night: Simulation):
    town.person("罗涛", ("受理中心", Role.DUTY_OFFICER))
    put(town, "罗涛")
    matter = urgent(town)
    assert called(town, matter) == [{"罗涛"}]
    assert "duty_called" in kinds_waiting(town, "罗涛", matter)
    assert "duty_called" not in kinds_waiting(town, "何勇", matter)


def test_at_night_on_a_holiday_step_follows_step_until_somebody_acts(town: Place, night: Simulation):
    """The first sleeps, the next has no telephone: each has ten minutes, then somebody else is called."""
    town.person("罗涛", ("受理中心", Role.DUTY_OFFICER))
    town.person("中心主任", ("受理中心", Role.DEPARTMENT_HEAD))
    town.person("县值班", ("县受理中心", Role.DUTY_OFFICER))
    put(town, "何勇")
    matter = urgent(town)
    after(night, 45)
    assert called(town, matter) == [{"何勇"}, {"罗涛"}, {"中心主任"}, {"马镇长"}, {"县值班"}]
    steps = list(matter.deadlines.filter(kind=DeadlineKind.DUTY).order_by("started_at"))
    assert [one.outcome for one in steps] == ["MISSED"] * 4 + ["OPEN"]
    assert [(one.due_at - NIGHT).seconds // 60 for one in steps] == [10, 20, 30, 40, 50]
    assert Event.objects.filter(stream_id=str(matter.pk), action="call_next").count() == 4
    assert "duty_called" in kinds_waiting(town, "县值班", matter)


def test_no_step_is_taken_twice(town: Place, night: Simulation):
    matter = urgent(town)
    night.move_to(NIGHT + timedelta(minutes=11))
    for _ in range(3):
        clocks.sweep(clock.now())
    assert called(town, matter) == [{"何勇"}, {"马镇长"}]
    assert kinds_waiting(town, "马镇长", matter).count("duty_called") == 1


def test_the_worker_was_down_and_each_step_is_still_taken_once(town: Place, night: Simulation):
    matter = urgent(town)
    night.move_to(NIGHT + timedelta(hours=3))
    clocks.sweep(clock.now())
    clocks.sweep(clock.now())
    assert called(town, matter) == [{"何勇"}, {"马镇长"}]
    assert clock_of(matter, DeadlineKind.DUTY).due_at == NIGHT + timedelta(hours=3, minutes=10)


def test_at_the_end_of_the_tree_the_clock_stays_open_and_the_leader_hears_it(town: Place, night: Simulation):
    matter = urgent(town)
    after(night, 40)
    last = clock_of(matter, DeadlineKind.DUTY)
    assert last.outcome == "OPEN"
    assert last.due_at < clock.now()
    matter = dispatched(town, fresh(matter))
    assert clock_of(matter, DeadlineKind.DUTY).outcome == "MISSED"


@pytest.mark.parametrize("act", [Action.DISPATCH_EMERGENCY, Action.RECORD_FIRST_CONTACT, Action.REPORT_EMERGENCY])
def test_whoever_acts_ends_the_calling(town: Place, night: Simulation, act: Action):
    matter = urgent(town)
    after(night, 4)
    matter = town.run("何勇", sample(town, act, matter), matter)
    assert clock_of(matter, DeadlineKind.DUTY).outcome == "MET"
    after(night, 30)
    assert called(town, matter) == [{"何勇"}]


def test_a_danger_that_was_ticked_climbs_the_same_tree(town: Place, night: Simulation):
    matter = town.raise_matter(danger_ticked=True)
    after(night, 11)
    assert called(town, matter) == [{"何勇"}, {"马镇长"}]
    matter = town.run("马镇长", terms.ConfirmUrgency(level=Urgency.U1, reason="电线垂下来了"), fresh(matter))
    assert called(town, matter)[-1] == {"何勇"}  # it begins anew, with its own minutes


def test_whom_the_matter_concerns_is_not_called(town: Place, night: Simulation):
    matter = urgent(town, concerns_people=(town.persons["何勇"],))
    assert called(town, matter) == [{"马镇长"}]


def test_without_any_officer_the_leader_is_called_and_may_dispatch(town: Place, night: Simulation):
    Post.objects.filter(role=Role.DUTY_OFFICER).update(until=NIGHT - timedelta(days=1))
    matter = urgent(town)
    assert called(town, matter) == [{"马镇长"}]
    matter = town.run("马镇长", sample(town, Action.DISPATCH_EMERGENCY, matter), matter)
    assert matter.status == Status.IN_HANDLING


def test_who_was_called_from_the_tier_above_sees_it_and_may_act_until_it_is_over(town: Place, night: Simulation):
    town.person("县值班", ("县受理中心", Role.DUTY_OFFICER))
    matter = urgent(town)
    with pytest.raises(Matter.DoesNotExist):
        town.run("县值班", sample(town, Action.DISPATCH_EMERGENCY, matter), matter)
    after(night, 25)
    matter = town.run("县值班", sample(town, Action.DISPATCH_EMERGENCY, matter), fresh(matter))
    matter = town.calm(matter, by="县值班")
    with pytest.raises(Refused, match="policy"):
        town.run("县值班", terms.LowerUrgency(level=Urgency.U4, reason="没事了"), matter)


# ── people first, papers afterwards ────────────────────────────────────────────────────────────────────────────────


def test_people_go_first_and_the_papers_are_owed_within_a_day(town: Place, night: Simulation):
    matter = dispatched(town)
    assert matter.status == Status.IN_HANDLING
    assert (matter.lead_unit, matter.handler_id) == (town.units["城建办"], town.persons["孙丽"])
    assert matter.title and matter.kind == "INTEREST_CLAIM"
    assert clock_of(matter, DeadlineKind.PAPERS).due_at == NIGHT + timedelta(hours=24)
    assert clock_of(matter, DeadlineKind.SCENE).due_at == NIGHT + timedelta(minutes=60)
    assert clock_of(matter, DeadlineKind.ACCEPT).outcome == "VOID"
    assert matter in queries.in_queue(town.actor("王芳"), "papers", clock.now())
    assert matter.promised_by is None


def test_the_papers_set_the_dates_from_when_people_were_sent(town: Place, night: Simulation):
    matter = dispatched(town)
    after(night, 5)
    night.move_to(NIGHT + timedelta(days=8))  # long after: the time of the unit ran
    matter = town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), fresh(matter))
    completion = clock_of(matter, DeadlineKind.COMPLETION)
    assert completion.started_at == NIGHT
    assert clock_of(matter, DeadlineKind.PROMISE).started_at == NIGHT
    assert clock_of(matter, DeadlineKind.PAPERS).outcome == "MISSED"
    assert not matter.papers_owed
    assert matter.promised_by is not None
    assert matter.title == "村口电线垂下来了"


def test_progress_that_was_told_meanwhile_is_not_owed_twice(town: Place, night: Simulation):
    matter = dispatched(town)
    matter = town.run("孙丽", terms.ReportProgress(done="断了电", next_step="换线"), matter)
    matter = town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), matter)
    assert matter.deadlines.filter(kind=DeadlineKind.PROGRESS, outcome="OPEN").count() == 1


def test_papers_that_are_late_are_told_to_whoever_owes_them(town: Place, night: Simulation):
    matter = dispatched(town)
    night.move_to(NIGHT + timedelta(hours=25))
    clocks.sweep(clock.now())
    late = [one for one in outbox.waiting_for(town.actor("王芳")) if one.facts.get("kind") == "papers"]
    assert [one.about_id for one in late] == [matter.pk]


def test_what_was_accepted_already_is_dispatched_under_its_title(town: Place, night: Simulation):
    matter = town.accept(urgent(town))
    matter = dispatched(town, matter)
    assert matter.title == "村口路灯不亮"
    assert clock_of(matter, DeadlineKind.ASSIGN).outcome == "VOID"


def test_a_late_acceptance_stays_missed(town: Place, night: Simulation):
    matter = urgent(town)
    night.move_to(clock_of(matter, DeadlineKind.ACCEPT).due_at + timedelta(hours=1))
    matter = dispatched(town, fresh(matter))
    assert clock_of(matter, DeadlineKind.ACCEPT).outcome == "MISSED"


def test_nothing_is_answered_before_the_papers_are_made_and_the_emergency_is_over(town: Place, night: Simulation):
    matter = dispatched(town)
    with pytest.raises(Refused, match="papers_made"):
        town.prepare(matter)
    matter = town.prepare(town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), matter))
    with pytest.raises(Refused, match="emergency_over"):
        town.sign(matter)
    assert town.sign(town.calm(matter)).status == Status.IN_FOLLOW_UP


def test_the_unit_may_return_it_once_the_papers_are_made(town: Place, night: Simulation):
    matter = dispatched(town)
    with pytest.raises(Refused, match="returnable"):
        town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    matter = town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), matter)
    assert town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)


def test_who_sent_people_led_it_and_does_not_ask_how_it_went(town: Place, night: Simulation):
    matter = dispatched(town)
    assert matter.involvements.filter(person=town.persons["何勇"], bond="led").exists()
    assert matter.involvements.filter(person=town.persons["孙丽"], bond="handled").exists()


def test_danger_does_not_wait_until_somebody_was_looked_up(town: Place, night: Simulation):
    """Who is complained about is looked up afterwards, before the papers; found to be who handles, others go on."""
    matter = town.raise_matter(danger_ticked=True, concerns_words="一个姓孙的")
    matter = town.run("何勇", terms.ConfirmUrgency(level=Urgency.U1, reason="电线垂下来了"), matter)
    matter = dispatched(town, matter)
    with pytest.raises(Refused, match="concerns_checked"):
        town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), matter)
    matter = town.run("王芳", terms.CheckConcerned(people=(town.persons["孙丽"],)), matter)
    assert (matter.status, matter.handler_id) == (Status.ASSIGNED, None)
    assert town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), matter).papers_owed is False


def test_a_unit_it_is_about_is_not_sent(town: Place, night: Simulation):
    matter = urgent(town, concerns_units=(town.units["城建办"].pk,))
    with pytest.raises(Refused, match="unit_concerned"):
        dispatched(town, matter)


# ── reports, and the end ───────────────────────────────────────────────────────────────────────────────────────────


def test_reports_count_in_minutes_around_the_clock(town: Place, night: Simulation):
    matter = dispatched(town)
    first = clock_of(matter, DeadlineKind.REPORT)
    assert first.due_at == NIGHT + timedelta(minutes=30)
    after(night, 20)
    matter = town.report(matter, EmergencyReportKind.INITIAL)
    assert clock_of(matter, DeadlineKind.EMERGENCY).outcome == "MET"
    second = clock_of(matter, DeadlineKind.REPORT)
    assert second.due_at == NIGHT + timedelta(minutes=140)
    after(night, 130)
    matter = town.report(matter, EmergencyReportKind.FOLLOW, by="孙丽")
    assert matter.deadlines.get(pk=second.pk).outcome == "MISSED"
    matter = town.report(matter, EmergencyReportKind.FINAL)
    assert not matter.deadlines.filter(kind=DeadlineKind.REPORT, outcome="OPEN").exists()


def test_an_urgent_matter_has_a_day_for_its_report(town: Place, night: Simulation):
    matter = urgent(town, urgency=Urgency.U2)
    assert clock_of(matter, DeadlineKind.REPORT).due_at == NIGHT + timedelta(hours=24)
    assert clock_of(matter, DeadlineKind.DUTY).due_at == NIGHT + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ([EmergencyReportKind.FOLLOW], "report_out_of_order"),
        ([EmergencyReportKind.FINAL], "report_out_of_order"),
        ([EmergencyReportKind.INITIAL] * 2, "report_out_of_order"),
        ([EmergencyReportKind.INITIAL, EmergencyReportKind.FINAL, EmergencyReportKind.FOLLOW], "final_report_made"),
    ],
)
def test_reports_come_in_their_order(town: Place, night: Simulation, kinds: list[EmergencyReportKind], reason: str):
    matter = urgent(town)
    with pytest.raises(Refused, match=reason):
        for kind in kinds:
            matter = town.report(matter, kind)


def test_what_a_report_leaves_out_is_asked_for(town: Place):
    for kind, known in (
        (EmergencyReportKind.INITIAL, terms.Known(measures="断电")),
        (EmergencyReportKind.FOLLOW, terms.Known(happened="着火")),
        (EmergencyReportKind.FINAL, terms.Known(measures="断电")),
    ):
        with pytest.raises(Refused, match="missing"):
            terms.ReportEmergency(kind=kind, known=known)


def test_a_file_ends_with_its_last_report_and_the_matter_goes_on(town: Place, night: Simulation):
    matter = town.report(dispatched(town), EmergencyReportKind.INITIAL)
    with pytest.raises(Refused, match="final_report_missing"):
        town.run("何勇", terms.StandDown(text="好了"), matter)
    matter = town.report(matter, EmergencyReportKind.FINAL)
    with pytest.raises(Refused, match="policy"):
        town.run("孙丽", terms.StandDown(text="好了"), matter)  # who handles does not say that it is over
    matter = town.run("何勇", terms.StandDown(text="好了"), matter)
    file = matter.emergency_files.get()
    assert (file.stood_down_at, file.stood_down_by_id) == (clock.now(), town.persons["何勇"])
    assert matter.status == Status.IN_HANDLING
    assert matter.duty_since is None
    assert matter not in queries.in_queue(town.actor("何勇"), "emergency", clock.now())


def test_where_the_duty_desk_handles_it_the_event_says_so(town: Place):
    """An office of three: whoever answers at night is the one who goes."""
    town.person("一肩挑", ("受理中心", Role.DUTY_OFFICER), ("城建办", Role.HANDLER))
    given = terms.DispatchEmergency(
        unit=town.units["城建办"].pk, handler=town.persons["一肩挑"], goes="我", done="断了电", title="电线垂下来了"
    )
    matter = town.calm(town.run("一肩挑", given, urgent(town)), by="一肩挑")
    assert matter.entries.get(action=Action.STAND_DOWN).facts["duty_overlap"]


def test_the_whole_story_of_an_emergency_can_be_proved(town: Place):
    matter = dispatched(town)
    with clock.simulated(clock.now() + timedelta(minutes=15)):
        clocks.sweep(clock.now())
        matter = town.calm(town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), fresh(matter)))
    assert list(verify()) == []


def test_calmed_it_is_over_and_no_minute_that_passed_is_forgiven(town: Place, night: Simulation):
    matter = urgent(town)
    after(night, 35)
    matter = town.run("何勇", terms.LowerUrgency(level=Urgency.U4, reason="去看过，没有危险"), fresh(matter))
    assert clock_of(matter, DeadlineKind.REPORT).outcome == "MISSED"
    assert matter.emergency_files.get().stood_down_at == clock.now()
    after(night, 30)
    assert not matter.deadlines.filter(kind=DeadlineKind.DUTY, outcome="OPEN").exists()


def test_another_level_keeps_the_file_and_asks_for_what_is_still_owed(town: Place, night: Simulation):
    matter = town.report(urgent(town, urgency=Urgency.U2), EmergencyReportKind.INITIAL)
    matter = town.run("何勇", terms.ConfirmUrgency(level=Urgency.U1, reason="有人被困"), matter)
    assert matter.emergency_files.get().level == Urgency.U1
    owed = matter.deadlines.get(kind=DeadlineKind.REPORT, outcome="OPEN")
    assert owed.due_at == NIGHT + timedelta(minutes=120)


def test_raised_again_it_gets_another_file(town: Place, night: Simulation):
    matter = town.calm(dispatched(town))
    matter = town.sign(town.prepare(town.run("王芳", sample(town, Action.COMPLETE_PAPERS, matter), matter)))
    matter = town.run(town.speaker(matter), terms.Reopen(text="又垂下来了"), town.follow_up(matter, 5))
    assert [one.ordinal for one in matter.emergency_files.order_by("ordinal")] == [1, 2]
    assert called(town, matter) == [{"何勇"}, {"何勇"}]


def test_a_void_entry_closes_its_file(town: Place, night: Simulation):
    matter = town.run("王芳", terms.Void(reason="登记错了"), urgent(town))
    matter = town.run("刘敏", terms.RuleVoid(granted=True, text="是误登"), matter)
    assert matter.emergency_files.get().stood_down_at is not None
    assert matter.duty_since is None


def test_the_page_of_an_emergency_names_who_was_called_and_what_was_reported(town: Place, night: Simulation):
    matter = urgent(town)
    after(night, 11)
    matter = town.report(dispatched(town, fresh(matter)), EmergencyReportKind.INITIAL)
    view = queries.matter_page(town.actor("何勇"), matter.number, clock.now())
    seen = queries.file_of(view)
    assert seen is not None and seen.file is not None
    assert [(call.names, call.in_time) for call in seen.calls] == [(["何勇"], False), (["马镇长"], True)]
    assert dict(seen.reports[0].parts)["measures"] == "断了电，封了路"
    quiet = queries.matter_page(town.actor("王芳"), town.raise_matter(by="王芳").number, clock.now())
    assert queries.file_of(quiet) is None


def test_whoever_was_called_and_handles_does_not_learn_who_spoke_in_confidence(town: Place, night: Simulation):
    """A leader called at night belongs to the side the speaker wants to be kept from once the own unit has it."""
    town.person("书记", ("柳湾村", Role.HANDLER), ("柳湾村", Role.DEPARTMENT_HEAD), ("青禾镇", Role.LEADER))
    matter = urgent(town, naming=Naming.CONFIDENTIAL)
    after(night, 11)
    given = terms.DispatchEmergency(
        unit=town.units["柳湾村"].pk, handler=town.persons["书记"], goes="书记", done="封路", title="电线垂下来了"
    )
    matter = town.run("书记", given, fresh(matter))
    assert queries.matter_page(town.actor("书记"), matter.number, clock.now()).veiled
    assert DutyCall.objects.filter(matter=matter, person=town.persons["书记"]).exists()
