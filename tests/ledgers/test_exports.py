"""Lists leave the house whole, for whoever asked, as they may see them when the file is made, and for a day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shuoshi.kernel import clock, files
from shuoshi.kernel.events import Event
from shuoshi.kernel.inert import inert
from shuoshi.kernel.papers.longsheets import LongSheet
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.ledgers import actions, lists, making, sources
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.models import Export, ExportState, Failed, FileKind
from shuoshi.matters import terms
from shuoshi.matters.models import Exclusion
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.queries import queues, visible_to
from shuoshi.matters.queries.queues import Filters
from shuoshi.matters.vocabulary import ExcludedBecause, Kind, Status
from shuoshi.organization.models import Post
from shuoshi.people.models import Account
from tests.kernel.documents import words_of_pdf
from tests.matters.divided import divide
from tests.matters.test_drills import practised
from tests.support.exports import asked_for, carried_through, made, numbers, table
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")


def test_every_row_of_the_filter_and_no_other_is_in_the_file(town: Place):
    handled = [town.matter_in(Status.IN_HANDLING) for _ in range(3)]
    other = town.matter_in(Status.CLOSED)
    actor, now = town.actor("周建国"), clock.now()
    on_screen = queues.in_queue(actor, "mine", now)
    assert sorted(numbers(made(town, "周建国"))) == sorted(on_screen.values_list("number", flat=True))
    assert len(handled) == on_screen.count()
    closed = made(town, "马镇长", "figure.recent", filters=Filters(status=Status.CLOSED))
    assert numbers(closed) == [other.number]
    assert numbers(made(town, "马镇长", "figure.recent", FileKind.CSV, filters=Filters(channel="box"))) == []


def test_what_was_searched_for_narrows_the_file_and_lies_nowhere_in_clear(town: Place):
    lamp = town.matter_in(Status.IN_HANDLING)
    leak = terms.Accept(kind=Kind.INTEREST_CLAIM, title="水管漏水")
    other = town.run("王芳", leak, town.raise_matter(content="水管漏了半个月。"))
    assert numbers(made(town, "马镇长", "search.found", typed="路灯")) == [lamp.number]
    assert numbers(made(town, "马镇长", "search.found", typed=other.number)) == [other.number]
    export = asked_for(town, "刘敏", "search.found", typed="13800000017")
    assert export.promised == 2 and "0017" not in export.scope
    told = Event.objects.filter(stream_kind="export")
    assert not [one for one in told if "13800000017" in one.payload or "路灯" in one.payload]
    assert told.filter(stream_id=str(export.pk))[0].facts()["filters"] == {"typed": "yes"}


def test_a_divided_matter_is_one_row_and_drills_are_none(town: Place):
    whole = divide(town)
    practised(town)
    actor = town.actor("马镇长")
    seen = visible_to(actor)
    assert seen.count() > 2
    assert lists.count(seen) == 1 and list(lists.keys(seen)) == [whole.pk.bytes]
    parts = seen.exclude(pk=whole.pk).filter(part_of=whole)
    assert parts.count() == 3 and lists.count(parts) == len(lists.keys(parts)) == 1


def test_the_marks_of_who_took_it_stand_on_every_kind_of_file(town: Place):
    town.matter_in(Status.IN_HANDLING)
    rows = []
    for kind in (FileKind.XLSX, FileKind.CSV):
        data = made(town, "周建国", as_=kind)
        rows.append(table(data))
        text = data.decode("utf-8-sig") if kind == FileKind.CSV else str(table_of_notes(data))
        assert "周建国 于" in text and "核对工作" in text
    assert [[cell.removesuffix(".0") for cell in line] for line in rows[0]] == rows[1]
    said = words_of_pdf(made(town, "周建国", as_=FileKind.PDF))
    assert "村口路灯不亮" in said and "周建国于" in said and "陈" not in said


def table_of_notes(data: bytes) -> list[list[Any]]:
    import io

    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[:4]


def test_the_event_tells_how_many_rows_left_and_their_digest(town: Place):
    town.matter_in(Status.IN_HANDLING)
    export = asked_for(town, "周建国")
    carried_through()
    row, data = actions.take(export.pk, actor=town.actor("周建国"))
    assert (row.rows, row.promised) == (1, 1)
    told = Event.objects.filter(stream_kind="export", stream_id=str(export.pk)).order_by("sequence")
    assert [one.action for one in told] == ["ask_export", "make_export", "take_export"]
    assert told[2].facts() == {"rows": 1, "sha256": row.sha256}
    assert files.read_sealed(row.stored)[:4] != data[:4]
    assert list(verify()) == []


def test_the_same_intention_is_one_export(town: Place):
    key, actor = uuid4().hex, town.actor("周建国")
    first, again = (
        actions.ask(Asked("queue.mine"), "我在办", FileKind.CSV, Purpose.CHECK, actor=actor, key=key) for _ in range(2)
    )
    assert first.pk == again.pk and Export.objects.count() == 1
    for _ in range(actions.WAITING - 1):
        asked_for(town, "周建国")
    with pytest.raises(Refused, match="还没有做好"):
        asked_for(town, "周建国")


def test_nobody_takes_the_file_of_another(town: Place):
    export = asked_for(town, "周建国")
    carried_through()
    with pytest.raises(Refused, match="清理"):
        actions.take(export.pk, actor=town.actor("管理员"))
    actions.throw_away(export.pk, actor=town.actor("孙丽"))
    assert actions.take(export.pk, actor=town.actor("周建国"))[0].rows == 0


def test_what_goes_out_of_sight_before_it_is_made_is_left_out(town: Place, monkeypatch: pytest.MonkeyPatch):
    """Keys are read first; each portion asks anew what may be seen."""
    stays, goes = town.matter_in(Status.IN_HANDLING), town.matter_in(Status.IN_HANDLING)
    monkeypatch.setattr(making, "PORTION", 1)
    export = asked_for(town, "马镇长", "figure.open")
    assert making.carry_on(clock.now(), budget=timedelta()) == 1
    last = max((stays, goes), key=lambda one: (one.registered_at, one.pk))
    Exclusion.objects.create(matter=last, person_id=town.persons["马镇长"], why=ExcludedBecause.RECUSED, at=clock.now())
    carried_through()
    export.refresh_from_db()
    assert (export.promised, export.rows) == (2, 1)


def test_other_posts_make_no_file_and_open_none(town: Place):
    made_before, not_yet = asked_for(town, "周建国"), None
    carried_through()
    not_yet = asked_for(town, "周建国")
    Post.objects.filter(person=town.persons["周建国"]).update(until=clock.now())
    with clock.simulated(clock.now() + timedelta(minutes=1)):
        carried_through()
        not_yet.refresh_from_db()
        assert (not_yet.state, not_yet.why) == (ExportState.FAILED, Failed.RIGHTS)
        with pytest.raises(Refused, match="岗位"):
            actions.take(made_before.pk, actor=town.actor("周建国"))


def test_an_account_that_was_closed_gets_nothing_made(town: Place):
    export = asked_for(town, "周建国")
    Account.objects.filter(person=town.persons["周建国"]).update(is_active=False)
    carried_through()
    assert Export.objects.get(pk=export.pk).why == Failed.RIGHTS


def test_files_go_after_a_day_with_what_was_searched_for(
    town: Place, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
):
    export, left = asked_for(town, "马镇长", "search.found", typed="路灯"), None
    carried_through()
    export.refresh_from_db()
    left = asked_for(town, "马镇长", "figure.open")
    name = export.stored
    with clock.simulated(clock.now() + timedelta(hours=25)):
        with pytest.raises(Refused, match="清理"):
            actions.take(export.pk, actor=town.actor("马镇长"))
        with django_capture_on_commit_callbacks(execute=True):
            assert making.forget(clock.now()) == 2 and making.forget(clock.now()) == 0
    export.refresh_from_db()
    left.refresh_from_db()
    assert (export.state, str(export.asked), export.stored, left.why) == (ExportState.GONE, "", "", Failed.LEFT)
    with pytest.raises(files.FileMissing):
        files.read_sealed(name)
    assert list(verify()) == []


def test_a_worker_that_died_leaves_it_to_another_and_what_always_fails_is_told(
    town: Place, monkeypatch: pytest.MonkeyPatch
):
    export = asked_for(town, "周建国")
    Export.objects.filter(pk=export.pk).update(worker="other", beat_at=clock.now())
    assert making.carry_on(clock.now()) == 0 and Export.objects.get().state == ExportState.ASKED
    with clock.simulated(clock.now() + timedelta(minutes=3)):
        carried_through()
    assert Export.objects.get().state == ExportState.MADE

    broken = asked_for(town, "周建国")
    monkeypatch.setattr(sources.ListSource, "keys", lambda *_args: 1 / 0)
    for minutes in range(4, 4 + 3 * making.TRIES, 3):
        with clock.simulated(clock.now() + timedelta(minutes=minutes)):
            making.carry_on(clock.now())
    broken.refresh_from_db()
    assert (broken.state, broken.why) == (ExportState.FAILED, Failed.BROKEN)


def test_one_thrown_away_while_it_is_made_leaves_no_file(town: Place, monkeypatch: pytest.MonkeyPatch):
    for _ in range(2):
        town.matter_in(Status.IN_HANDLING)
    monkeypatch.setattr(making, "PORTION", 1)
    export = asked_for(town, "周建国")
    making.carry_on(clock.now(), budget=timedelta())
    assert Export.objects.get().written == 1
    actions.throw_away(export.pk, actor=town.actor("周建国"))
    making.carry_on(clock.now())
    assert Export.objects.get().state == ExportState.GONE


@pytest.mark.parametrize(
    "listed", ["", "queue", "queue.nothing", "figure.open", "balance.new", "register.ended", "search.found"]
)
def test_a_list_that_is_none_or_not_ones_own_is_none(town: Place, listed: str):
    with pytest.raises(NoSuchList):
        asked_for(town, "孙丽", listed)


def test_a_line_of_the_balance_exports_what_it_counts(town: Place):
    matter = town.matter_in(Status.CLOSED)
    town.raise_matter()
    period = f"{clock.local(clock.now()):%Y-%m}"
    assert numbers(made(town, "马镇长", "balance.ended", period=period)) == [matter.number]
    assert len(numbers(made(town, "马镇长", "balance.new", period=period))) == 2
    unit = str(town.units["城建办"].pk)
    assert numbers(made(town, "马镇长", "balance.new", period=period, unit=unit)) == [matter.number]
    for bad in ({"period": "2026-13"}, {"period": period, "kind": "x"}, {"period": period, "unit": "x"}):
        with pytest.raises(NoSuchList):
            asked_for(town, "马镇长", "balance.new", **bad)


def test_a_pdf_that_would_not_hold_all_is_refused_beforehand():
    with pytest.raises(Refused, match="2000"):
        actions.refuse_too_long(sources.most(FileKind.PDF), 2001)
    actions.refuse_too_long(sources.most(FileKind.XLSX), 999_999)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "  =", "\n@"])
def test_no_cell_of_text_is_a_formula_elsewhere(sign: str):
    assert inert(f"{sign}cmd").startswith("'") and inert("路灯=坏") == "路灯=坏"


def test_a_long_sheet_keeps_rare_text_and_holds_no_formula():
    import io

    from python_calamine import CalamineWorkbook

    sheet = LongSheet("台账", [("序号", 5), ("标题", 20)], ["注"], "台账", clock.now())
    rare = ["=1+1", "<a&\"'>", "𠮷 䶮", "_x0041_", "行\n行", "\x0b", "x" * 40_000]
    for at, text in enumerate(rare, start=1):
        sheet.add([at, text])
    data = sheet.finished()
    lines = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[3:]
    assert [line[1] for line in lines] == [*rare[:5], "\ufffd", "x" * 32_767]
    assert b"<f>" not in data


def test_the_same_moment_makes_the_same_bytes():
    at = clock.now()
    assert (
        LongSheet("台账", [("序号", 5)], [], "台账", at).finished()
        == LongSheet("台账", [("序号", 5)], [], "台账", at).finished()
    )


def test_asked_is_read_again_as_it_was_written():
    asked = Asked("queue.over", Filters(category="B6", week=clock.local(clock.now()).date()), "路灯", "2026-11")
    assert Asked.read(asked.written()) == asked
