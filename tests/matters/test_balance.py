"""Rule 8: year end changes nothing; carried over + new + reopened − ended = open, in every line of every period."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import NotDone
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Matter, Resumption
from shuoshi.matters.queries import periods
from shuoshi.matters.queries.balance import Balance, Column, Line, balance, of_figure, of_unit
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import OVER, Satisfaction, Solved, Status
from tests.matters import cells, divided
from tests.matters.adding_up import at, changes, days_until, line_of
from tests.matters.test_drills import practised
from tests.matters.test_random_walks import attempt
from tests.support.statements import Statements
from tests.support.village import Place, default_profile

OBJECTION = terms.ObjectToScreening(text="这件事归镇里管")
AGAIN = terms.Reopen(text="又坏了两盏")
UPHELD = terms.DecideReview(upheld=True, text="三盏都换了", basis="照明维护办法", remedies="六个月内向法院起诉")


def rate(town: Place, matter: Matter, level: Satisfaction = Satisfaction.VERY_GOOD) -> Matter:
    solved = Solved.YES if level >= Satisfaction.FAIR else Solved.NO
    answers = terms.Answers(contacted=True, solved=solved, result=level, attitude=Satisfaction.GOOD)
    return town.run(town.speaker(matter), terms.Rate(answers=answers), matter)


def voided(town: Place, matter: Matter) -> Matter:
    matter = town.run("王芳", terms.Void(reason="登记错了"), matter)
    return town.run("刘敏", terms.RuleVoid(granted=True, text="确实是错登"), matter)


def answered_by_the_water_station(town: Place, matter: Matter) -> Matter:
    matter = town.sign_for(town.assign(matter, "水利站"), "李国强")
    return town.sign(town.prepare(matter, "李国强"), "赵立新")


class Story:
    """Five months over a year end; after each what its ledger says then."""

    def __init__(self, town: Place) -> None:
        self.town = town
        self.year = clock.local(clock.now()).year + 1
        self.said: dict[Period, Balance] = {}
        for month, tell in enumerate((self.october, self.november, self.december, self.january, self.february), 10):
            period = Period(date(self.year + month // 13, month if month < 13 else month - 12, 1), 1)
            tell()
            with clock.simulated(period.ends):
                self.said[period] = self.balance(period)

    def balance(self, period: Period) -> Balance:
        return balance(self.town.actor("马镇长"), period)

    def october(self) -> None:
        with clock.simulated(at(self.year, 10, 10)):
            self.reopened = self.town.matter_in(Status.CLOSED)
            self.reworked = self.town.matter_in(Status.IN_HANDLING)
            self.whole = divided.divide(self.town)
            practised(self.town)

    def november(self) -> None:
        town = self.town
        with clock.simulated(at(self.year, 11, 10)) as simulation:
            town.run(town.speaker(self.reopened), AGAIN, self.reopened)
            matter = rate(town, town.sign(town.prepare(self.reworked)))
            simulation.move_to(at(self.year, 11, 12))
            matter = rate(town, matter, Satisfaction.BAD)
            assert matter.status == Status.ASSIGNED
            simulation.move_to(at(self.year, 11, 20))
            rate(town, town.sign(town.prepare(town.sign_for(matter))))
            self.screened = town.matter_in(Status.SCREENED_OUT)

    def december(self) -> None:
        town = self.town
        with clock.simulated(at(self.year, 12, 5)):
            town.run(town.speaker(self.screened), OBJECTION, self.screened)
            rate(town, answered_by_the_water_station(town, Matter.objects.get(pk=self.reopened.pk)))
            voided(town, town.raise_matter())
            self.reviewed = town.matter_in(Status.CLOSED)

    def january(self) -> None:
        town = self.town
        with clock.simulated(at(self.year + 1, 1, 3)):
            town.run(town.speaker(self.reviewed), terms.RequestReview(text="只换了一盏"), self.reviewed)
            for part in self.whole.parts.select_related("lead_unit").order_by("part"):
                divided.answer(town, part)
            rate(town, Matter.objects.get(pk=self.whole.pk))
            town.run(town.speaker(self.reopened), AGAIN, self.reopened)
            self.main = town.matter_in(Status.IN_HANDLING)
            self.merged = town.classify(town.accept(town.raise_matter()))
            town.run("刘敏", terms.Merge(main=self.main.pk, why="是同一排路灯"), self.merged)

    def february(self) -> None:
        town = self.town
        with clock.simulated(at(self.year + 1, 2, 1)):
            rate(town, town.sign(town.prepare(Matter.objects.get(pk=self.main.pk))))
            rate(town, Matter.objects.get(pk=self.merged.pk))
            rate(town, town.run("县分办", UPHELD, self.reviewed))


@pytest.fixture
def story(town: Place) -> Story:
    return Story(town)


def five(line: Line) -> tuple[int, ...]:
    return line.carried, line.new, line.back, line.ended, line.open


@pytest.mark.long
def test_over_a_year_end_every_month_quarter_and_year_adds_up(story: Story):
    months = list(story.said)
    assert [five(story.said[month].whole) for month in months] == [
        (0, 3, 0, 1, 2),
        (2, 1, 2, 3, 2),
        (2, 2, 1, 3, 2),
        (2, 2, 2, 1, 5),
        (5, 0, 0, 3, 2),
    ]
    november = story.said[months[1]].whole
    assert (november.ended_matters, november.back_matters) == (2, 2), "one of them ended twice in the month"
    year = story.year
    with clock.simulated(months[-1].ends):
        for name, figures in {
            f"{year}-Q4": (0, 6, 3, 7, 2),
            f"{year}": (0, 6, 3, 7, 2),
            f"{year + 1}-Q1": (2, 2, 2, 4, 2),
            f"{year + 1}": (2, 2, 2, 4, 2),
        }.items():
            period = periods.named(name)
            assert period is not None and five(story.balance(period).whole) == figures
    assert list(verify()) == []


@pytest.mark.long
def test_a_past_month_reads_the_same_whenever_it_is_asked_for(story: Story):
    with clock.simulated(at(story.year + 1, 6, 1)):
        for month, said in story.said.items():
            again = story.balance(month)
            assert (again.whole, again.units) == (said.whole, said.units), month.name
            assert again.adds_up and again.whole == sum(again.units.values(), Line())
            assert again.whole == sum((line for _kind, line in again.kinds), Line())
            assert again.whole.open == story.balance(month.next).whole.carried


@pytest.mark.long
def test_what_moves_to_another_unit_leaves_the_line_of_the_month_before(story: Story):
    october, november, december, january, _february = story.said
    works, water = story.town.units["城建办"].pk, story.town.units["水利站"].pk
    assert five(story.said[november].units[works]) == (1, 0, 2, 2, 1)
    assert five(story.said[november].units[None]) == (1, 1, 0, 1, 1), "what was divided, and what was not accepted"
    assert five(story.said[december].units[water]) == (1, 0, 0, 1, 0)
    assert five(story.said[january].units[water]) == (0, 0, 1, 0, 1)
    assert water not in story.said[october].units
    actor = story.town.actor("马镇长")
    assert list(of_unit(of_figure(actor, november, Column.OPEN), november, works)) == [story.reopened]
    assert list(of_unit(of_figure(actor, december, Column.ENDED), december, water)) == [story.reopened]


def test_every_way_back_keeps_the_end_it_undid(town: Place):
    began = clock.now()
    for hours, matter, back in (
        (1, town.matter_in(Status.CLOSED), AGAIN),
        (2, town.matter_in(Status.CLOSED), terms.RequestReview(text="只换了一盏")),
        (3, town.matter_in(Status.SCREENED_OUT), OBJECTION),
    ):
        assert matter.round is not None
        ended_at = matter.closed_at or matter.round.ended_at
        with clock.simulated(began + timedelta(hours=hours)):
            town.run(town.speaker(matter), back, matter)
        kept = Resumption.objects.get(matter=matter)
        assert (kept.exit, kept.ended_at, kept.back_at) == (matter.exit, ended_at, began + timedelta(hours=hours))
    assert list(verify()) == []


def test_who_may_not_know_of_a_matter_finds_it_in_no_column(town: Place):
    mine, _other = town.matter_in(Status.CLOSED), town.raise_matter(concerns_people=(town.persons["马镇长"],))
    period = periods.month(clock.local(clock.now()).date())
    assert five(balance(town.actor("马镇长"), period).whole) == (0, 1, 0, 1, 0)
    assert list(of_figure(town.actor("马镇长"), period, Column.NEW)) == [mine]
    assert five(balance(SYSTEM, period).whole) == (0, 2, 0, 1, 1)


def test_the_balance_costs_two_statements_however_many_there_are(
    town: Place, statements: Callable[[], AbstractContextManager[Statements]]
):
    actor, period = town.actor("马镇长"), periods.month(clock.local(clock.now()).date())

    def cost() -> int:
        with statements() as seen:
            balance(actor, period)
        return seen.count

    assert cost() == 2
    for status in (Status.REGISTERED, Status.SCREENED_OUT, Status.CLOSED, Status.IN_HANDLING):
        matter = town.matter_in(status)
    town.run(town.speaker(matter := town.matter_in(Status.CLOSED)), AGAIN, matter)
    assert cost() == 2


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2025-Q4", date(2025, 10, 1), date(2026, 1, 1)),
        ("2025", date(2025, 1, 1), date(2026, 1, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
    ],
)
def test_a_period_is_of_the_institutions_calendar(name: str, begins: date, ends: date):
    period = periods.named(name)
    assert period is not None and period.name == name
    assert (period.begins, period.ends) == (at(begins.year, begins.month, 1, 0), at(ends.year, ends.month, 1, 0))


@pytest.mark.parametrize("name", ["", "2025-13", "2025-Q5", "0001", "9999", "2025-1", "20251", "２０２５"])
def test_what_is_no_period_is_none(name: str):
    assert periods.named(name) is None


def test_a_period_that_has_not_begun_is_none_yet():
    today = clock.local(clock.now()).date()
    assert periods.named(periods.month(today).name) == periods.month(today)
    assert periods.named(periods.month(today).next.name) is None
    months, quarters, years = periods.lately(today)
    assert [some[0].begins <= clock.now() < some[0].ends for some in (months, quarters, years)] == [True] * 3
    assert all(
        later.begins == earlier.ends
        for some in (months, quarters, years)
        for later, earlier in itertools.pairwise(some)
    )


# ── random months ──────────────────────────────────────────────────────────────────────────────────────────────────


def a_step(town: Place, dice: random.Random, matter: Matter) -> object:
    """Something that brings a matter nearer to its end, or back from it."""
    speaker = town.speaker(matter)
    reason = default_profile().screening_reasons[0].code
    match matter.status:
        case Status.REGISTERED:
            screen = terms.ScreenOut(reason=reason, text="请向法院反映。")
            return dice.choice(
                [lambda: town.accept(matter), lambda: town.run("王芳", screen, matter), lambda: voided(town, matter)]
            )()
        case Status.ACCEPTED:
            unit, handler = dice.choice([("城建办", "孙丽"), ("水利站", "李国强")])
            return town.sign_for(town.assign(town.classify(matter), unit), handler)
        case Status.ASSIGNED:
            return town.sign_for(matter, "孙丽")
        case Status.IN_HANDLING:
            handler, head = dice.choice([("孙丽", "周建国"), ("李国强", "赵立新")])
            return town.sign(town.prepare(matter, handler), head)
        case Status.IN_FOLLOW_UP:
            return rate(town, matter, dice.choice([Satisfaction.GOOD, Satisfaction.GOOD, Satisfaction.BAD]))
        case Status.SCREENED_OUT:
            return town.run(speaker, OBJECTION, matter)
        case Status.CLOSED:
            ask: terms.Terms = dice.choice([AGAIN, terms.RequestReview(text="只换了一盏")])
            return dice.choice(
                [lambda: town.run(speaker, ask, matter), lambda: rate(town, matter, Satisfaction.VERY_BAD)]
            )()
        case Status.UNDER_REVIEW:
            changed = terms.DecideReview(upheld=False, text="只换了一盏", basis="办法第 5 条")
            return town.run("县分办", dice.choice([UPHELD, changed]), matter)
        case _:
            return None


def months_at_random(town: Place, seed: int, steps: int) -> tuple[date, date]:
    """Over a year end, with jumps of up to some days; returns the first and the last day."""
    dice = random.Random(seed)
    begins = at(clock.local(clock.now()).year + 1, 12, 1)
    with clock.simulated(begins) as simulation:
        matters = [town.raise_matter() for _ in range(4)]
        town.other = matters[0]
        actors = cells.everybody(town, matters[0])
        for _ in range(steps):
            simulation.move_to(clock.now() + timedelta(hours=dice.choice([0, 1, 7, 30])))
            if dice.random() < 0.1:
                clocks.sweep(clock.now())
            if dice.random() < 0.08:
                matters.append(town.raise_matter())
            matter = Matter.objects.get(pk=dice.choice(matters).pk)
            if dice.random() < 0.25:
                attempt(town, dice, matter, actors)
                continue
            with suppress(NotDone, Matter.DoesNotExist):
                a_step(town, dice, matter)
        return clock.local(begins).date(), clock.local(clock.now()).date()


@pytest.mark.minute
@pytest.mark.parametrize("seed", [1, 7])
def test_of_random_months_every_period_adds_up_and_agrees_with_the_events(town: Place, seed: int):
    first, last = months_at_random(town, seed, steps=170)
    told = changes()
    assert sum(one.what == "back" for several in told.values() for one in several) >= 5
    assert any(Matter.objects.get(pk=key).status in OVER for key in told)
    for length in (1, 6, 31):
        days: list[Period] = days_until(last, first, length)
        for period in days:
            found = balance(SYSTEM, period)
            assert found.adds_up
            assert found.whole == line_of(period, told), (period.first, length)
            for column in Column:
                figure = {Column.BACK: found.whole.back_matters, Column.ENDED: found.whole.ended_matters}
                expected = figure.get(column, getattr(found.whole, column))
                assert of_figure(SYSTEM, period, column).count() == expected, (period.first, column)
        lines = [balance(SYSTEM, period).whole for period in days]
        assert [line.open for line in lines[:-1]] == [line.carried for line in lines[1:]]
    assert list(verify()) == []
