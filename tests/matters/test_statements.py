"""What the doors of matters cost in statements of SQL, and that length and number do not change it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from shuoshi.kernel import clock
from shuoshi.matters import actions, queries, terms
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.overview import overview
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Channel, Naming, Status
from tests.support.attempts import sample
from tests.support.statements import Statements
from tests.support.village import ONLINE, Place

Counting = Callable[[], AbstractContextManager[Statements]]


def grow(town: Place, matter: Matter, times: int) -> None:
    """A long life: progress told, notes taken, the resident adding to it, with files."""
    for number in range(times):
        town.run("孙丽", terms.ReportProgress(done=f"第 {number} 步", next_step="再做一步"), matter)
        town.run("孙丽", terms.Note(text=f"第 {number} 条备注"), matter)
        town.run(town.speaker(matter), terms.AddInformation(text="又坏了一盏"), matter)


def test_registration_costs_no_more_when_there_are_many(town: Place, statements: Counting):
    def register(key: str) -> Statements:
        intake = Intake(
            channel=Channel.ONLINE,
            key=key,
            content="路灯坏了。",
            naming=Naming.NAMED,
            speaker=PersonSaid(name="陈大明", phone="13800000017"),
        )
        with statements() as seen:
            actions.register(intake, actor=ONLINE)
        return seen

    register("the first of a day begins the series of numbers")
    few = register("the second")
    for number in range(20):
        register(f"one of many {number}")
    many = register("the last")
    assert many.count == few.count, f"{few}\n---\n{many}"
    assert few.count <= 45, few


def test_an_action_costs_no_more_on_a_long_matter(town: Place, statements: Counting):
    matter = town.matter_in(Status.IN_HANDLING)
    note = terms.Note(text="给同事的话")

    def act() -> Statements:
        actor = town.actor("孙丽")
        with statements() as seen:
            actions.run(Action.NOTE, matter.pk, note, actor=actor, turn=matter.turn)
        return seen

    act()
    short = act()
    grow(town, matter, 8)
    long = act()
    assert long.count == short.count, f"{short}\n---\n{long}"
    assert short.count <= 20, short


@pytest.mark.parametrize("name", ["assign", "sign_for", "mine", "over", "words"])
def test_every_queue_costs_the_same_with_one_row_and_with_three(town: Place, statements: Counting, name: str):
    now = clock.now()
    who = town.actor("刘敏" if name == "assign" else "周建国")

    def page() -> tuple[Statements, int]:
        with statements() as seen:
            rows = queries.queue(who, name, now).rows
            for row in rows:  # all that a row shows
                assert row.content
                assert (row.area, row.lead_unit, row.round, row.handler and row.handler.name) is not None
        return seen, len(rows)

    matter = town.matter_in(Status.IN_HANDLING)
    with_status(name, [matter])
    few, one = page()
    assert one == 1
    with_status(name, [town.sign_for(town.assign(town.classify(town.accept(town.raise_matter())))) for _ in range(2)])
    many, three = page()
    assert three == 3
    assert many.count == few.count, f"{few}\n---\n{many}"
    assert few.count <= 2, few


def with_status(name: str, matters: list[Matter]) -> None:
    """Put handled matters where the queue looks, behind the application's back: only reading is measured."""
    found = Matter.objects.filter(pk__in=[matter.pk for matter in matters])
    match name:
        case "assign":
            found.update(status=Status.ACCEPTED)
        case "sign_for":
            found.update(status=Status.ASSIGNED)
        case "over":
            found.update(next_due_at=clock.now().replace(year=2001))
        case "words":
            found.update(unread_words=1, handler=None, status=Status.ASSIGNED)


def test_a_queue_of_sixty_costs_what_one_row_costs(town: Place, statements: Counting):
    actor, now = town.actor("王芳"), clock.now()
    town.raise_matter()
    with statements() as one:
        assert len(queries.queue(actor, "accept", now).rows) == 1
    for _ in range(59):
        town.raise_matter()
    with statements() as sixty:
        rows = queries.queue(actor, "accept", now).rows
        assert all(row.content for row in rows)
    assert len(rows) >= 20
    assert sixty.count == one.count <= 2, sixty


def test_the_page_of_a_matter_costs_nine_whatever_its_length(town: Place, statements: Counting):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    actor, now = town.actor("孙丽"), clock.now()

    def read() -> Statements:
        with statements() as seen:
            view = queries.matter_page(actor, matter.number, now)
            assert view.matter.content
            assert all(entry.text is not None and (entry.person is None or entry.person.name) for entry in view.entries)
            assert all(party.person.name for party in view.parties)
            assert all(point.text and point.demand.text for point in view.points)
        return seen

    read()
    short = read()
    grow(town, matter, 10)
    town.follow_up(town.sign(matter), 1)
    long = read()
    assert long.count == short.count, f"{short}\n---\n{long}"
    assert short.count <= 9, short


def test_the_tracking_page_costs_eight_whatever_its_length(town: Place, statements: Counting):
    matter = town.matter_in(Status.IN_HANDLING)
    speaker = town.speaker(matter)

    def read() -> Statements:
        with statements() as seen:
            view = queries.tracking(speaker, clock.now())
            assert view.matter.content
            assert all(entry.text is not None for entry in view.entries)
            assert all(promise.round for promise in view.promises)
            assert all(point.text and point.demand.text for point in view.points)
        return seen

    read()
    short = read()
    grow(town, matter, 10)
    town.follow_up(town.sign(town.prepare(matter)), 1)
    long = read()
    assert long.count == short.count, f"{short}\n---\n{long}"
    assert short.count <= 8, short


def test_all_counts_are_one_statement(town: Place, statements: Counting):
    for status in Status:
        town.matter_in(status)
    for name in ("王芳", "刘敏", "周建国", "孙丽", "马镇长", "钱监督", "管理员"):
        actor = town.actor(name)
        with statements() as seen:
            queries.counts(actor, clock.now())
        assert seen.count == 1, seen


def test_who_sees_what_and_who_stands_how_are_one_statement_each(town: Place, statements: Counting):
    matters = [town.matter_in(Status.IN_FOLLOW_UP) for _ in range(3)]
    actor = town.actor("马镇长")
    with statements() as seen:
        assert {matter.pk for matter in visible_to(actor)} == {matter.pk for matter in matters}
    assert seen.count == 1, seen
    with statements() as seen:
        queries.standing(actor, matters[0])
    assert seen.count == 1, seen


def test_what_may_be_done_costs_two_statements(town: Place, statements: Counting):
    matter = Matter.objects.select_related("assignment", "lead_unit", "round").get(
        pk=town.matter_in(Status.IN_HANDLING).pk
    )
    actor = town.actor("孙丽")
    queries.offers(actor, matter, clock.now())  # who holds which post is read every few seconds
    with statements() as seen:
        offered = queries.offers(actor, matter, clock.now())
    assert any(offer.allowed for offer in offered)
    assert seen.count == 2, seen


def test_earlier_matters_of_a_number_cost_the_same_for_one_and_for_ten(town: Place, statements: Counting):
    actor = town.actor("王芳")

    def look() -> tuple[Statements, int]:
        with statements() as seen:
            found = queries.earlier_of_phone(actor, "13800000017")
            assert all(party.person.name and party.matter.content for party in found)
        return seen, len(found)

    town.raise_matter()
    few, one = look()
    for _ in range(9):
        town.raise_matter()
    many, ten = look()
    assert (one, ten) == (1, 10)
    assert many.count == few.count <= 3, many


def test_an_answer_for_every_demand_reads_all_demands_at_once(town: Place, statements: Counting):
    def sign(demands: int) -> Statements:
        matter = town.raise_matter(demands=tuple(f"第 {n} 件要求" for n in range(demands)))
        matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
        matter = town.prepare(matter)
        actor, given = town.actor("周建国"), sample(town, Action.SIGN_RESULT, matter)
        with statements() as seen:
            actions.run(Action.SIGN_RESULT, matter.pk, given, actor=actor)
        return seen

    sign(1)  # whatever is read once and kept
    assert sign(1).count == sign(9).count


def test_the_overview_costs_the_same_for_one_matter_and_for_many(town: Place, statements: Counting):
    actor = town.actor("马镇长")
    overview(actor, clock.now())
    for status in (None, *Status):
        if status is not None:
            town.matter_in(status)
        with statements() as seen:
            overview(actor, clock.now())
        assert seen.count == 8, seen
