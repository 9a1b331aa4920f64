"""4.2.2, 4.4.2: the time of a matter is moved once, paused for a listed cause, or parked until a public target."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from shuoshi.kernel import calendars, clock
from shuoshi.kernel.calendar import Limit, OfficeHours
from shuoshi.kernel.clock import INSTITUTION_ZONE, local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Action, DeadlineKind, RequestState, Status, Urgency
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fell_back, fresh, offered, running, told, who_may
from tests.support.village import Place


def monday() -> datetime:
    """Nine o'clock on a Monday to come."""
    day = local(clock.now()).date() + timedelta(days=8)
    return datetime.combine(day + timedelta(days=-day.weekday() % 7), time(9), INSTITUTION_ZONE)


def due(matter: Matter, kind: DeadlineKind = DeadlineKind.COMPLETION) -> datetime:
    return matter.deadlines.get(kind=kind, outcome="OPEN").due_at


def days_between(a: datetime, b: datetime) -> int:
    return calendars.load().working_days_between(local(a).date(), local(b).date())


def extend(town: Place, matter: Matter, days: int = 3, by: str = "孙丽", **more: object) -> Matter:
    given = terms.RequestExtension(text="灯具要定做", plan="到货就装", days=days, **more)  # type: ignore[arg-type]
    return town.run(by, given, matter)


def pause(town: Place, matter: Matter, days: int = 5, cause: str = "WAITING_FOR_SPEAKER") -> Matter:
    until = local(clock.now()).date() + timedelta(days=days)
    return town.run("孙丽", terms.RequestPause(cause=cause, text="等他拿来产权证", until=until), matter)


def paused(town: Place, matter: Matter, days: int = 5, cause: str = "WAITING_FOR_SPEAKER") -> Matter:
    return town.run("刘敏", terms.RulePause(granted=True, text="没有它办不了"), pause(town, matter, days, cause))


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}:")


# ── an extension ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_granted_extension_moves_the_limit_and_the_promise_by_as_many_working_days(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    limit, promise = due(matter), due(matter, DeadlineKind.PROMISE)
    matter = extend(town, matter)
    assert due(matter) == limit, "nothing moves before the ruling"
    matter = town.run("刘敏", terms.RuleExtension(granted=True, text="定做要三天"), matter)
    assert days_between(limit, due(matter)) == 3 == days_between(promise, due(matter, DeadlineKind.PROMISE))
    assert matter.promised_by == due(matter, DeadlineKind.PROMISE)
    assert local(due(matter)).time() == time(17, 30)
    said = promises.told(queries.tracking(town.speaker(matter), clock.now()))
    assert any(word.text == "定做要三天" for word in said.words), "the resident reads the reason"
    assert list(verify()) == []


def test_the_head_hears_what_the_handler_asks_for_and_may_say_what_they_think(town: Place):
    matter = extend(town, town.matter_in(Status.IN_HANDLING))
    assert told(town, matter, "extension_asked_here") == {("城建办", "department_head")}
    matter = town.run("周建国", terms.Note(text="确实要等货，同意"), matter)
    read = queries.matter_page(town.actor("刘敏"), matter.number, clock.now())
    assert "确实要等货，同意" in [entry.text for entry in read.entries]
    asked = terms.RequestExtension(days=3, text="缺灯泡", plan="到货就换")
    other = town.run("周建国", asked, town.matter_in(Status.IN_HANDLING))
    assert not told(town, other, "extension_asked_here")


def test_it_is_ruled_on_outside_the_unit_and_given_once(town: Place):
    town.person("城建副主任", ("城建办", Role.DISPATCHER))
    matter = extend(town, town.matter_in(Status.IN_HANDLING))
    assert who_may(town, Action.RULE_EXTENSION, matter) == {"刘敏", "马镇长"}
    matter = town.run("马镇长", terms.RuleExtension(granted=True, text="可以"), matter)
    with refused("not_extended_yet"):
        extend(town, matter)


def test_refused_or_left_without_a_ruling_the_limit_runs_on(town: Place):
    plain, silent = (extend(town, town.matter_in(Status.IN_HANDLING)) for _ in range(2))
    before = due(plain)
    plain = town.run("刘敏", terms.RuleExtension(granted=False, text="按期办"), plain)
    assert due(plain) == before and Action.REQUEST_EXTENSION in offered(town, "孙丽", plain)
    sweep_until(clock.now() + timedelta(days=8))
    assert silent.requests.get().state == RequestState.REFUSED
    assert silent.deadlines.get(kind=DeadlineKind.RULING).outcome == "MISSED"


def test_no_more_than_the_rules_and_the_law_allow(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    with refused("too_long_an_extension"):
        extend(town, matter, days=11)
    Deadline.objects.filter(matter=matter, kind=DeadlineKind.COMPLETION).update(
        due_at=matter.registered_at + timedelta(days=58)
    )
    with refused("beyond_the_law"):
        extend(town, matter, days=10)
    matter = extend(town, matter, days=10, statutory=True)
    assert who_may(town, Action.RULE_EXTENSION, matter) == {"马镇长"}, "beyond the law only a leader rules"


def test_what_is_over_is_not_extended(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    asked = extend(town, town.matter_in(Status.IN_HANDLING))
    with clock.simulated(max(due(matter), due(asked)) + timedelta(hours=1)):
        with refused("time_is_left"):
            extend(town, matter)
        with refused("time_is_left"):
            town.run("刘敏", terms.RuleExtension(granted=True, text="晚了也批"), asked)
        town.run("刘敏", terms.RuleExtension(granted=False, text="晚了"), asked)


def test_where_only_the_unit_itself_could_rule_the_event_says_so(town: Place):
    keep = {"孙丽", "周建国"}
    Post.objects.exclude(person__in=[town.persons[name] for name in keep]).filter(
        role__in=[Role.DISPATCHER, Role.LEADER]
    ).update(until=clock.now() + timedelta(seconds=1))
    matter = town.matter_in(Status.IN_HANDLING)
    town.person("城建分办", ("城建办", Role.DISPATCHER))
    with clock.simulated(clock.now() + timedelta(minutes=1)):
        matter = extend(town, matter)
    assert ("nobody", "nobody_free_anywhere") in fell_back(matter)


# ── a pause ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_left_is_left_when_the_time_goes_on(town: Place):
    begin = monday()
    with clock.simulated(begin) as simulation:
        matter = town.matter_in(Status.IN_HANDLING)
        limit, promise = due(matter), due(matter, DeadlineKind.PROMISE)
        simulation.move_to(begin + timedelta(days=1))
        matter = paused(town, matter, days=10)
        assert matter.status == Status.PAUSED
        assert not {DeadlineKind.COMPLETION, DeadlineKind.PROMISE} & running(matter)
        simulation.move_to(begin + timedelta(days=4))
        stood = days_between(begin + timedelta(days=1), clock.now())
        matter = town.run("孙丽", terms.Resume(text="材料来了"), matter)
        assert matter.status == Status.IN_HANDLING and matter.paused_for == ""
        assert days_between(limit, due(matter)) == stood == days_between(promise, due(matter, DeadlineKind.PROMISE))
        assert due(matter, DeadlineKind.PROMISE) == matter.promised_by
    assert list(verify()) == []


def test_a_holiday_within_a_pause_is_no_working_day_that_was_lost(town: Place):
    """元旦, over the end of a year."""
    now = local(clock.now())
    before = datetime(now.year + (now.month == 12), 12, 28, 10, 0, tzinfo=INSTITUTION_ZONE)
    with clock.simulated(before) as simulation:
        matter = town.matter_in(Status.IN_HANDLING)
        limit = due(matter)
        matter = paused(town, matter, days=20, cause="EXPERT_TEST")
        simulation.move_to(before + timedelta(days=14))
        matter = town.run("孙丽", terms.Resume(text="鉴定出来了"), matter)
    weekdays = sum((before + timedelta(days=n)).weekday() < 5 for n in range(1, 15))
    lost = days_between(before, before + timedelta(days=14))
    assert days_between(limit, due(matter)) == lost
    assert lost < weekdays or before.replace(year=before.year + 1, month=1, day=1).weekday() > 4


def test_it_goes_on_by_itself_on_its_last_day(town: Place):
    matter = paused(town, town.matter_in(Status.IN_HANDLING))
    sweep_until(due(matter, DeadlineKind.PAUSE) + timedelta(minutes=1))
    matter = fresh(matter)
    assert matter.status == Status.IN_HANDLING and DeadlineKind.COMPLETION in running(matter)
    assert told(town, matter, "resumed") >= {("孙丽", "")}


def test_the_speakers_word_ends_a_pause_that_waited_for_it(town: Place):
    waits = paused(town, town.matter_in(Status.IN_HANDLING))
    tests = paused(town, town.matter_in(Status.IN_HANDLING), cause="EXPERT_TEST")
    for matter in (waits, tests):
        town.run(town.speaker(matter), terms.AddInformation(text="产权证在这里"), matter)
    assert fresh(waits).status == Status.IN_HANDLING
    assert fresh(tests).status == Status.PAUSED


def test_waiting_for_the_speaker_is_renewed_once_and_no_longer_than_the_rules_say(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    with refused("pause_too_long"):
        pause(town, matter, days=60)
    matter = paused(town, matter, days=3)
    first = due(matter, DeadlineKind.PAUSE)
    matter = paused(town, matter, days=8)
    assert due(matter, DeadlineKind.PAUSE) > first
    with refused("paused_often_enough"):
        pause(town, matter, days=9)


def test_the_law_runs_on_while_we_wait_for_the_speaker(town: Place):
    """条例 34: sixty days from registration; a hearing or a test stops it, a missing paper does not."""
    found, begin = {}, monday()
    for cause in ("WAITING_FOR_SPEAKER", "EXPERT_TEST"):
        with clock.simulated(begin) as simulation:
            matter = town.matter_in(Status.IN_HANDLING)
            Deadline.objects.filter(matter=matter, kind=DeadlineKind.COMPLETION).update(
                due_at=begin + timedelta(days=57)
            )
            simulation.move_to(begin + timedelta(days=42))
            matter = paused(town, matter, days=12, cause=cause)
            simulation.move_to(begin + timedelta(days=56))
            found[cause] = due(town.run("孙丽", terms.Resume(text="可以了"), matter))
    last = calendars.load().due(begin, Limit.parse("60cd"), OfficeHours()).at
    assert found["WAITING_FOR_SPEAKER"] <= last, "a missing paper stops our time, not the law's"
    assert found["EXPERT_TEST"] > begin + timedelta(days=60)


def test_never_in_an_emergency_and_an_emergency_ends_it(town: Place):
    urgent = town.matter_in(Status.IN_HANDLING, by="王芳", urgency=Urgency.U2)
    assert Action.REQUEST_PAUSE not in offered(town, "孙丽", urgent)
    for status in (Status.PAUSED, Status.PARKED):
        matter = town.matter_in(status)
        matter = town.run("王芳", terms.ConfirmUrgency(level=Urgency.U1, reason="电线掉下来了"), matter)
        assert matter.status == Status.IN_HANDLING
        assert {DeadlineKind.EMERGENCY, DeadlineKind.COMPLETION} <= running(matter)


def test_the_resident_reads_why_and_until_when(town: Place):
    seen = queries.tracking(town.speaker(matter := town.matter_in(Status.PAUSED)), clock.now())
    lines = promises.lines(seen)
    assert any(line.what == "现在不计时：等说事人补充材料" for line in lines)
    assert any(line.what == "恢复计时，接着办" and "最晚" in line.when for line in lines)
    assert due(matter, DeadlineKind.PAUSE) in [promise.due_at for promise in seen.promises]


@pytest.mark.parametrize("status", [Status.PAUSED, Status.PARKED])
def test_when_the_handler_leaves_others_go_on_with_a_running_limit(town: Place, status: Status):
    matter = town.matter_in(status)
    matter = town.run("孙丽", terms.DeclareConflict(text="是亲戚"), matter)
    assert matter.status == Status.ASSIGNED
    assert DeadlineKind.COMPLETION in running(matter) and not {"pause", "parked_review"} & running(matter)
    assert list(verify()) == []


@pytest.mark.parametrize("status", [Status.PAUSED, Status.PARKED])
def test_the_tier_above_takes_it_up_without_the_pause(town: Place, status: Status):
    matter = town.run("刘敏", terms.Escalate(reason="本级办不了"), town.matter_in(status))
    assert matter.status == Status.ACCEPTED and DeadlineKind.PROMISE in running(matter)
    assert not {"pause", "parked_review", "completion"} & running(matter)


@pytest.mark.parametrize("status", [Status.PAUSED, Status.PARKED])
def test_a_withdrawal_ends_it_from_there(town: Place, status: Status):
    matter = town.matter_in(status)
    town.run(town.speaker(matter), terms.Withdraw(text="不用办了"), matter)
    sweep_until(clock.now() + timedelta(days=10))
    assert fresh(matter).status == Status.CLOSED and not running(matter)


# ── parked ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parked_has_a_public_target_and_is_looked_at_every_month(town: Place):
    matter = town.matter_in(Status.PARKED)
    request = matter.requests.get()
    request.matter = matter
    target = due(matter, DeadlineKind.PROMISE)
    assert request.until is not None and local(target).date() >= request.until and matter.promised_by == target
    assert DeadlineKind.COMPLETION not in running(matter)
    sweep_until(due(matter, DeadlineKind.PARKED_REVIEW) + timedelta(minutes=1))
    assert fresh(matter).status == Status.PARKED, "it never ends by itself"
    assert told(town, matter, "clock_overdue")
    late = matter.deadlines.get(kind=DeadlineKind.PARKED_REVIEW).pk
    with clock.simulated(clock.now() + timedelta(days=40)):
        matter = town.run("周建国", terms.ReviewParked(text="资金还没有下来"), matter)
    assert due(matter, DeadlineKind.PARKED_REVIEW) > Deadline.objects.get(pk=late).due_at


def test_only_a_leader_outside_the_unit_parks_and_gives_another_target(town: Place):
    town.person("县长", ("青禾县", Role.LEADER))
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("周建国", sample(town, Action.REQUEST_PARK, matter), matter)
    assert who_may(town, Action.RULE_PARK, matter) == {"马镇长"}
    matter = town.matter_in(Status.PARKED)
    first = due(matter, DeadlineKind.PROMISE)
    until = local(clock.now()).date() + timedelta(days=200)
    again = terms.RequestPark(reason="MONEY", text="还要等一年", measures="先装临时灯", until=until)
    matter = town.run("周建国", again, matter)
    assert who_may(town, Action.RULE_PARK, matter) == {"县长"}, "who ruled before only where nobody else is left"
    matter = town.run("县长", terms.RulePark(granted=True, text="列入计划"), matter)
    assert due(matter, DeadlineKind.PROMISE) > first and matter.status == Status.PARKED


def test_parking_heals_no_promise_that_was_broken(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    late = max(due(matter), due(matter, DeadlineKind.PROMISE)) + timedelta(days=1)
    with clock.simulated(late):
        matter = town.stands_still(matter, Status.PARKED)
        broken = matter.deadlines.filter(kind=DeadlineKind.PROMISE).order_by("started_at", "id")
        assert [one.outcome for one in broken if one.basis != "parked"] == ["MISSED"]
        assert DeadlineKind.COMPLETION in running(matter), "what is over stays open and is looked at"
        matter = town.run("周建国", terms.StrikeOff(text="资金到了"), matter)
        assert DeadlineKind.COMPLETION in running(matter)


def test_a_parked_target_that_passed_is_overdue_and_goes_up(town: Place):
    matter = town.matter_in(Status.PARKED)
    target = due(matter, DeadlineKind.PROMISE)
    sweep_until(target + timedelta(days=20))
    matter = fresh(matter)
    assert matter.status == Status.PARKED and matter.next_due_at <= target + timedelta(days=20)
    assert matter.tier_path == town.units["青禾县"].path and matter.supervised


def test_what_waits_for_another_ruling_falls_when_the_time_stands_still(town: Place):
    matter = extend(town, town.matter_in(Status.IN_HANDLING))
    matter = paused(town, matter)
    extension = matter.requests.get(kind="EXTENSION")
    assert extension.state == RequestState.WITHDRAWN and "ruling" not in running(matter)


def test_struck_off_it_goes_on_with_the_time_that_was_left(town: Place):
    begin = monday()
    with clock.simulated(begin) as simulation:
        matter = town.matter_in(Status.IN_HANDLING)
        left = days_between(begin, due(matter))
        matter = town.stands_still(matter, Status.PARKED)
        simulation.move_to(begin + timedelta(days=42))
        matter = town.run("周建国", terms.StrikeOff(text="资金到了"), matter)
        assert matter.status == Status.IN_HANDLING
        assert days_between(clock.now(), due(matter)) == left
        matter = town.sign(town.prepare(matter))
        assert matter.status == Status.IN_FOLLOW_UP and not {"parked_review"} & running(matter)
    assert list(verify()) == []
