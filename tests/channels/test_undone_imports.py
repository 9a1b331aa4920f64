"""An import that is undone leaves no trace but its events; what somebody has worked on stays, and nobody does it alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shuoshi.channels.spreadsheets import actions, queries, running, undoing
from shuoshi.channels.spreadsheets.models import FromSpreadsheet, Run, RunState
from shuoshi.kernel import clock, outbox, verify
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.search import SearchEntry
from shuoshi.matters import terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Deadline, Matter, Party
from shuoshi.matters.queries import balance, find, left_out, overview, periods, queues
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Exit, Status
from shuoshi.people import queries as people
from shuoshi.people.models import ContactPoint, Person
from tests.support.tables import ROWS, begun, carried_through, given, text
from tests.support.village import Place

pytestmark = pytest.mark.django_db
WHY = "传错了文件"


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def imported(town: Place, rows: Any = ROWS[:2]) -> Run:
    run = begun(town, given(town, text(rows)))
    carried_through()
    return Run.objects.get(pk=run.pk)


def undone(run: Run) -> Run:
    while Run.objects.filter(state=RunState.UNDOING).exists():
        undoing.carry_on(clock.now(), timedelta(seconds=30))
    return Run.objects.get(pk=run.pk)


def figures(town: Place) -> list[Any]:
    """Everything that lists, counts or tells of matters, as several people see it."""
    now, found = clock.now(), list[Any]()
    for name in ("王芳", "刘敏", "马镇长", "钱监督", "县分办"):
        actor = town.actor(name)
        found += [
            set(visible_to(actor).values_list("number", flat=True)),
            dict(queues.counts(actor, now)),
            dict(left_out.how_many(actor, now)),
            balance.balance(actor, periods.month(clock.local(now).date())),
            overview(actor, now),
            outbox.waiting_for(actor).count(),
            len(find.earlier_of_phone(actor, "13800000017")) if name == "王芳" else 0,
        ]
    return found


def test_it_leaves_no_trace_but_its_events(town: Place):
    town.raise_matter(speaker=PersonSaid(name="李四", phone="13800000099"))
    before = figures(town)
    run = imported(town)
    matters = [one.matter for one in FromSpreadsheet.objects.select_related("matter")]
    assert figures(town) != before
    assert people.by_phone("13800000017")
    undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    run = undone(run)
    assert (run.state, run.undone, run.kept) == (RunState.UNDONE, 2, 0)
    assert figures(town) == before
    assert not SearchEntry.objects.filter(ref__in=[one.pk for one in matters]).exists()
    assert not Deadline.objects.filter(matter__in=[one.pk for one in matters], next_look_at__isnull=False).exists()
    assert not people.by_phone("13800000017")
    for one in matters:
        kept = Matter._base_manager.get(pk=one.pk)
        assert (kept.status, kept.exit, kept.content, kept.place) == (Status.CLOSED, Exit.VOID, "", "")
        told = Event.objects.filter(stream_kind="matter", stream_id=str(one.pk)).order_by("sequence")
        assert [event.action for event in told] == ["register", "undo_import"]
        assert told[1].facts()["ordered_by"] == str(town.persons["王芳"])
    assert not list(verify.verify())


def test_the_numbers_are_not_given_again_and_the_file_may_be_imported_once_more(town: Place):
    first = imported(town)
    numbers = set(Matter.objects.values_list("number", flat=True))
    undoing.ask(first.pk, WHY, actor=town.actor("王芳"))
    undone(first)
    again = imported(town)
    assert again.registered == 2 and not numbers & set(Matter.objects.values_list("number", flat=True))
    assert not list(verify.verify())


def test_what_somebody_worked_on_stays(town: Place):
    run = imported(town)
    lamp = FromSpreadsheet.objects.get(run=run, line=2).matter
    town.accept(lamp)
    undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    run = undone(run)
    assert (run.state, run.undone, run.kept) == (RunState.UNDONE, 1, 1)
    assert list(queries.matters_of(run, town.actor("王芳"))) == [lamp], "it is named"
    lamp.refresh_from_db()
    assert str(lamp.content) and Person.objects.filter(pk=lamp.parties.get().person_id, name__isnull=False).exists()
    assert not list(verify.verify())


def test_a_note_is_work_too(town: Place):
    run = imported(town)
    lamp = FromSpreadsheet.objects.get(run=run, line=2).matter
    town.run("刘敏", terms.Note(text="打电话问过了"), lamp)
    undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    assert undone(run).undone == 1 and Matter.objects.get() == lamp


def test_a_person_of_whom_another_matter_tells_stays(town: Place):
    run = imported(town)
    lamp = FromSpreadsheet.objects.get(run=run, line=2).matter
    who = lamp.parties.get().person
    other = town.raise_matter()
    Party.objects.filter(matter=other).update(person=who)
    undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    undone(run)
    who.refresh_from_db()
    assert str(who.name) == "陈大明" and ContactPoint.objects.filter(person=who, valid=True).exists()


def test_above_a_few_a_second_person_agrees(town: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(undoing, "ALONE", 1)
    run = imported(town)
    asked = undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    assert asked.undo_waits and undoing.carry_on(clock.now()) == 0
    with refused("undo_by_another"):
        undoing.agree(run.pk, actor=town.actor("王芳"))
    with refused("undo_by_another"):
        undoing.agree(run.pk, actor=town.actor("周建国"))
    undoing.agree(run.pk, actor=town.actor("刘敏"))
    assert undoing.agree(run.pk, actor=town.actor("刘敏")).state == RunState.UNDOING, "again does nothing"
    run = undone(run)
    assert (run.undone, run.undo_agreed_by_id) == (2, town.persons["刘敏"])


def test_it_can_be_declined_and_asked_for_anew(town: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(undoing, "ALONE", 1)
    run = imported(town)
    undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    undoing.decline(run.pk, actor=town.actor("刘敏"))
    with refused("not_your_import_to_undo"):
        undoing.decline(run.pk, actor=town.actor("周建国"))
    run.refresh_from_db()
    assert not run.undo_waits and run.state == RunState.DONE and Matter.objects.count() == 2
    assert undoing.ask(run.pk, "还是要撤", actor=town.actor("王芳")).undo_waits
    told = Event.objects.filter(stream_kind="sheet_run", action__contains="undo")
    assert told.count() == 3


def test_who_may_not_and_when_not(town: Place, monkeypatch: pytest.MonkeyPatch):
    run = begun(town, given(town, text(ROWS[:2])))
    with refused("undo_too_soon"):
        undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    carried_through()
    with refused("undo_reason_missing"):
        undoing.ask(run.pk, " ", actor=town.actor("王芳"))
    with refused("undo_reason_long"):
        undoing.ask(run.pk, "长" * 201, actor=town.actor("王芳"))
    for name in ("刘敏", "周建国"):
        with refused("not_your_import_to_undo"):
            undoing.ask(run.pk, WHY, actor=town.actor(name))
    with clock.simulated(clock.now() + undoing.WITHIN), refused("undo_too_late"):
        undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    assert Matter.objects.count() == 2


def test_one_that_was_stopped_ends_with_it(town: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running, "BATCH", 1)
    run = begun(town, given(town, text(ROWS[:2])))
    running.carry_on(clock.now(), timedelta(0))
    actions.stop(run.pk, actor=town.actor("王芳"))
    undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    run = undone(run)
    assert (run.state, run.undone) == (RunState.UNDONE, 1) and not Matter.objects.exists()
    actions.go_on(run.pk, actor=town.actor("王芳"))
    assert Run.objects.get().state == RunState.UNDONE


def test_whoever_supervises_reads_of_it(town: Place):
    run = imported(town)
    undoing.ask(run.pk, WHY, actor=town.actor("王芳"))
    assert list(queries.undone(town.actor("马镇长"))) == [run]
    assert list(queries.undone(town.actor("县分办"))) == [run], "also from above"
    assert not queries.undone(town.actor("周建国")).exists()
