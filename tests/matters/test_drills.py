"""4.1.2: a drill looks like the real thing to whoever is on duty, and is told to nobody else and counted nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks, outbox
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import papers, query_code, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import ledger
from shuoshi.matters.queries import overview, queues
from shuoshi.matters.queries.kept import kept_last_month
from shuoshi.matters.queries.overview import in_the_weeks, overdue, recent, unfinished
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, DeadlineKind, Naming, Status, Urgency
from tests.support.attempts import sample
from tests.support.village import Place


def drill(town: Place, **said: object) -> Matter:
    given = {"by": "何勇", "urgency": Urgency.U1, "naming": Naming.ANONYMOUS, "drill": True} | said
    return town.raise_matter(**given)  # type: ignore[arg-type]


def practised(town: Place) -> Matter:
    matter = drill(town)
    matter = town.run("何勇", sample(town, Action.DISPATCH_EMERGENCY, matter), matter)
    return town.calm(matter)


def test_a_drill_has_numbers_of_its_own_and_leaves_no_gap_in_the_others(town: Place):
    before, exercise, after = town.raise_matter(), drill(town), town.raise_matter()
    assert exercise.number.startswith("YL-SS-QH-")
    assert int(after.number[-4:]) == int(before.number[-4:]) + 1


def test_it_is_practised_with_the_same_clocks_and_calls(town: Place):
    matter = drill(town)
    assert matter.emergency_files.get().drill
    running = set(matter.deadlines.filter(outcome="OPEN").values_list("kind", flat=True))
    assert running == {DeadlineKind.EMERGENCY, DeadlineKind.REPORT, DeadlineKind.DUTY}
    with clock.simulated(clock.now() + timedelta(minutes=11)):
        clocks.sweep(clock.now())
    assert matter.duty_calls.count() == 2
    told = [one for one in outbox.waiting_for(town.actor("马镇长")) if one.about_id == matter.pk]
    assert told and all(one.facts["drill"] for one in told)


def test_it_ends_when_it_is_over(town: Place):
    matter = practised(town)
    assert (matter.status, matter.exit) == (Status.CLOSED, "DRILL")
    assert not matter.deadlines.filter(outcome="OPEN").exists()
    assert list(verify()) == []


def test_nothing_but_the_emergency_is_practised(town: Place):
    matter = drill(town)
    for who, action in (("王芳", Action.ACCEPT), ("王芳", Action.HAND_OVER_RECEIPT), ("马镇长", Action.SCREEN_OUT)):
        with pytest.raises(Refused, match="drill"):
            town.run(who, sample(town, action, matter), matter)


def test_no_resident_can_open_it_and_no_slip_is_printed(town: Place):
    matter = drill(town)
    assert query_code.opens(matter.number, query_code.code_of(matter)) is None
    assert matter not in queues.to_deliver(town.actor("王芳"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"by": "王芳"}, "drill_by_duty"),
        ({"by": None}, "drill_by_duty"),
        ({"urgency": Urgency.U3}, "drill_urgent"),
        ({"naming": Naming.NAMED}, "drill_of_nobody"),
        (
            {"settle": terms.AnswerOnTheSpot(kind="OTHER", title="问", answer="答")},
            "drill_settled",
        ),
    ],
)
def test_it_cannot_hide_what_somebody_really_said(town: Place, said: dict[str, object], reason: str):
    with pytest.raises(Refused, match=reason):
        drill(town, **said)


def test_it_is_in_no_figure_and_no_ledger(town: Place):
    for _ in range(2):
        practised(town)
        drill(town)
    real = town.raise_matter(by="王芳", urgency=Urgency.U1)
    now = clock.now() + timedelta(hours=5)
    with clock.simulated(now):
        leader = town.actor("马镇长")
        seen = overview(leader, now)
        assert (seen.open.n, seen.overdue.n) == (1, 1)
        assert sum(n for _way, n in seen.ways) == 1
        assert sum(n for _week, n in seen.weeks) == 1
        assert sum(seen.ages) == 1
        for listed in (unfinished, recent, in_the_weeks, overdue):
            assert list(listed(leader, now)) == [real]
        made = ledger.ledger(visible_to(leader), "台账", [], now)
        assert [row[1] for row in made.rows] == [real.number]
        assert kept_last_month(clock.local(now).date() + timedelta(days=40)).due == 0


def test_its_papers_say_that_it_is_a_drill(town: Place):
    matter = Matter.objects.get(pk=drill(town).pk)
    said = papers.content_of(matter, papers.Ref(papers.PaperKind.REGISTRATION))
    assert str(said["机构"]).startswith("【演练】")
    real = Matter.objects.get(pk=town.raise_matter().pk)
    assert "演练" not in str(papers.content_of(real, papers.Ref(papers.PaperKind.REGISTRATION))["机构"])


def test_figures_cost_the_same_whatever_was_practised(town: Place, django_assert_max_num_queries: object):
    practised(town)
    leader = town.actor("马镇长")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        overview(leader, clock.now())
