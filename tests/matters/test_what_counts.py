"""4.4.1: figures count the last word of a round once, and a promise once however often its report came back."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.core.cache import cache

from shuoshi.kernel import clock
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import terms
from shuoshi.matters.models import Deadline, Matter, Rating
from shuoshi.matters.queries.kept import kept_last_month
from shuoshi.matters.queries.overview import overview
from shuoshi.matters.queries.tracking import PromiseState, as_resident
from shuoshi.matters.vocabulary import DeadlineKind, Satisfaction, Solved, Status
from tests.support.village import Place


def rate(town: Place, matter: Matter, level: Satisfaction) -> Matter:
    answers = terms.Answers(contacted=True, solved=Solved.YES, result=level, attitude=level)
    return town.run(town.speaker(matter), terms.Rate(answers=answers), matter)


def returned_and_answered_again(town: Place) -> Matter:
    matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), town.matter_in(Status.IN_FOLLOW_UP))
    return town.sign(town.prepare(matter))


def test_only_the_last_answer_of_a_round_counts_and_all_are_kept(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    for level in (Satisfaction.FAIR, Satisfaction.GOOD, Satisfaction.VERY_GOOD):
        matter = rate(town, matter, level)
    assert Rating.objects.filter(matter=matter).count() == 3
    seen = overview(town.actor("马镇长"), clock.now()).satisfied
    assert (seen.n, seen.of) == (1, 1)


def test_a_report_that_came_back_is_one_completion_in_the_overview(town: Place):
    matter = returned_and_answered_again(town)
    due = Deadline.objects.filter(matter=matter, kind=DeadlineKind.COMPLETION)
    assert due.count() == 2 and set(due.values_list("outcome", flat=True)) == {Outcome.MET}
    with time_machine.travel(max(due.values_list("due_at", flat=True)) + timedelta(days=1)):
        seen = overview(town.actor("马镇长"), clock.now()).on_time
    assert (seen.n, seen.of) == (1, 1)


def test_a_report_that_came_back_is_one_promise_of_the_month(town: Place):
    matter = returned_and_answered_again(town)
    promised = Deadline.objects.filter(matter=matter, kind=DeadlineKind.PROMISE)
    assert promised.count() == 2
    after = (clock.local(promised[0].due_at).replace(day=1) + timedelta(days=32)).replace(day=1)
    cache.clear()
    found = kept_last_month(after.date())
    cache.clear()
    assert (found.due, found.kept) == (1, 1)


def test_the_resident_does_not_read_as_kept_what_was_sent_back(town: Place):
    matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), town.matter_in(Status.IN_FOLLOW_UP))
    answers = [one for one in as_resident(matter, clock.now()).promises if one.kind == DeadlineKind.PROMISE]
    assert [one.state for one in answers] == [PromiseState.DUE]
