"""procedure.md, rules 3 and 4: one date is promised, from registration; every clock has its rule, and the law stands over it."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.kernel import calendars, clock
from shuoshi.kernel.calendar import Limit, OfficeHours
from shuoshi.matters import deadlines, queries
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.vocabulary import DeadlineKind, Status
from tests.support.looking import fresh, running
from tests.support.village import Place, default_profile

DATES = {DeadlineKind.PROMISE, DeadlineKind.COMPLETION}


def dates_on_the_page(town: Place, matter: Matter, ordinal: int) -> set[DeadlineKind]:
    seen = queries.tracking(town.speaker(matter), clock.now())
    return {promise.kind for promise in seen.promises if promise.round == ordinal} & DATES


def test_the_promise_is_given_with_the_first_assignment_and_runs_from_registration(town: Place):
    matter = town.raise_matter()
    with clock.simulated(clock.now() + timedelta(days=1)):
        matter = town.classify(town.accept(matter))
        assert DeadlineKind.PROMISE not in running(matter)
        matter = town.assign(matter)
        promise = matter.deadlines.get(kind=DeadlineKind.PROMISE)
        assert promise.started_at == matter.registered_at and matter.promised_by == promise.due_at
        assert matter.deadlines.get(kind=DeadlineKind.COMPLETION).started_at == clock.now()


def test_the_unit_s_own_limit_stands_beside_it_only_where_it_ends_later(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    assert dates_on_the_page(town, matter, 1) == {DeadlineKind.PROMISE}
    later = matter.promised_by + timedelta(days=3)  # type: ignore[operator]  # set by the assignment
    Deadline.objects.filter(matter=matter, kind=DeadlineKind.COMPLETION).update(due_at=later)
    assert dates_on_the_page(town, matter, 1) == DATES


def test_a_rework_has_no_second_promise_and_shows_its_own_limit(town: Place):
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 1)
    assert dates_on_the_page(town, matter, 2) == {DeadlineKind.COMPLETION}
    assert not matter.deadlines.filter(round=matter.round, kind=DeadlineKind.PROMISE).exists()


def test_the_days_of_the_law_end_it_where_they_end_earlier(town: Place):
    """条例 34: sixty days, counted from registration, beside whatever the house gave itself in working days."""
    matter = fresh(town.matter_in(Status.IN_HANDLING))
    now, hours = clock.now(), OfficeHours()
    short, long = (
        deadlines.made(matter, default_profile(), DeadlineKind.COMPLETION, now, limit=Limit.parse(limit))
        for limit in ("7wd", "55wd")
    )
    assert short is not None and short.basis == "limits.completion"
    assert long is not None and long.basis == "cap:completion:60cd"
    assert long.due_at == calendars.load().due(matter.registered_at, Limit.parse("60cd"), hours).at
    assert long.due_at < calendars.load().due(now, Limit.parse("55wd"), hours).at


def test_every_clock_names_the_rule_it_rests_on(town: Place):
    for status in (Status.CLOSED, Status.PAUSED, Status.PARKED, Status.UNDER_REVIEW):
        town.matter_in(status)
    town.raise_matter("王芳", urgency="U1")
    kinds = set(Deadline.objects.values_list("kind", flat=True))
    assert {DeadlineKind.ACCEPT, DeadlineKind.COMPLETION, DeadlineKind.REVIEW, DeadlineKind.DUTY} <= kinds
    assert not Deadline.objects.filter(basis="").exists()
