"""Numbers for those who wait, and paper forms (3.1.1): one for one intention, called by one counter, registered once."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from shuoshi.channels.points import queue, sheets, waiting
from shuoshi.channels.points.models import FromSheet, FromTicket, Sheet, SheetState, Ticket, TicketState
from shuoshi.kernel import clock, files, verify
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel
from tests.support.points import opened
from tests.support.rota import at, picture, printed, queued, said, today
from tests.support.village import Place, build_town

SPEAKER = Actor(ActorKind.SPEAKER)


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


@pytest.mark.django_db
def test_a_number_is_drawn_once_for_one_intention_and_begins_at_1_each_day(town: Place):
    lane = queued(opened(town))
    with clock.simulated(at(today() + timedelta(days=1), 9)) as clock_:
        first = queue.draw(lane.pk, "k", actor=town.actor("王芳"))
        assert queue.draw(lane.pk, "k", actor=town.actor("王芳")).pk == first.pk
        other = queue.draw(lane.pk, uuid4().hex, at_terminal=True, actor=SPEAKER)
        assert (first.number, other.number, Ticket.objects.count()) == (1, 2, 2)
        with pytest.raises(KeyReused):
            queue.draw(queued_elsewhere(town).pk, "k", actor=town.actor("王芳"))
        clock_.move_to(at(today() + timedelta(days=1), 9))
        assert queue.draw(lane.pk, uuid4().hex, actor=town.actor("王芳")).number == 1
        shown = waiting.standing(lane, clock.now())
        assert (shown.drawn, len(shown.waiting)) == (1, 1), "yesterday's numbers are on no screen"
        with refused("ticket_old"):
            queue.recall(first.pk, 1, actor=town.actor("王芳"))
    assert not list(verify.verify())


def queued_elsewhere(town: Place) -> Any:
    from dataclasses import replace

    from shuoshi.kernel.actors import SYSTEM
    from shuoshi.organization import actions as organization
    from tests.support.points import _given

    return queued(organization.create_point(replace(_given(town), name="另一个说事点"), actor=SYSTEM))


@pytest.mark.django_db
def test_a_counter_calls_the_next_recalls_passes_over_and_is_done(town: Place):
    lane, desk = queued(opened(town)), town.actor("王芳")
    with clock.simulated(at(today() + timedelta(days=1), 9)) as clock_:
        for _n in range(4):
            queue.draw(lane.pk, uuid4().hex, actor=desk)
        clock_.move_to(at(today(), 9, 10))
        first = queue.call_next(lane.pk, 1, "a", actor=desk)
        assert first is not None and first.number == 1
        again = queue.call_next(lane.pk, 1, "a", actor=desk)
        assert again is not None and again.pk == first.pk, "pressed twice, called once"
        second = queue.call_next(lane.pk, 2, "b", actor=town.actor("刘敏"))
        assert second is not None and second.number == 2
        queue.pass_over(second.pk, actor=desk)
        clock_.move_to(at(today(), 9, 30))
        third = queue.call_next(lane.pk, 1, "c", actor=desk)
        assert third is not None and third.number == 3
        first.refresh_from_db()
        assert first.state == TicketState.DONE, "whoever sat there has been heard"
        back = queue.recall(second.pk, 2, actor=desk)
        assert (back.state, back.calls) == (TicketState.CALLED, 2)
        queue.finish(back.pk, actor=desk)
        with refused("ticket_not_called"):
            queue.pass_over(back.pk, actor=desk)
        shown = waiting.standing(lane, clock.now())
        assert ([one.number for one in shown.called], [one.number for one in shown.waiting]) == ([3], [4])
        assert (shown.waits.median, shown.waits.longest, shown.waits.now) == (10, 30, 30)
        queue.call_next(lane.pk, 1, "d", actor=desk)
        assert queue.call_next(lane.pk, 1, "e", actor=desk) is None
        for counter in (0, 3):
            with refused("no_such_counter"):
                queue.call_next(lane.pk, counter, uuid4().hex, actor=desk)
    assert not list(verify.verify())


@pytest.mark.django_db
def test_only_who_takes_in_there_calls_and_the_terminal_gives_numbers_only_where_it_may(town: Place):
    lane = queued(opened(town), at_terminal=False)
    with refused("no_numbers_here"):
        queue.draw(lane.pk, "k", at_terminal=True, actor=SPEAKER)
    for who in ("孙丽", "钱监督"):
        with refused("not_of_this_point"):
            queue.draw(lane.pk, "k", actor=town.actor(who))
        with refused("not_of_this_point"):
            queue.call_next(lane.pk, 1, "k", actor=town.actor(who))
    queued(lane.point, active=False)
    with refused("queue_closed"):
        queue.draw(lane.pk, "k", actor=town.actor("王芳"))


@pytest.mark.django_db(transaction=True)
def test_two_who_press_next_at_once_call_two_numbers():
    town = build_town()
    lane = queued(opened(town))
    for _n in range(4):
        queue.draw(lane.pk, uuid4().hex, actor=town.actor("王芳"))
    desks = [town.actor("王芳"), town.actor("刘敏")]
    called: list[int] = []
    ready = Barrier(2)

    def press(counter: int) -> None:
        try:
            ready.wait(10)
            for _n in range(2):
                row = queue.call_next(lane.pk, counter, uuid4().hex, actor=desks[counter - 1])
                assert row is not None
                called.append(row.number)
        finally:
            connection.close()

    both = [Thread(target=press, args=(counter,)) for counter in (1, 2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(called) == [1, 2, 3, 4]


@pytest.mark.django_db
def test_what_is_registered_for_a_number_is_tied_to_it(town: Place):
    point = opened(town)
    lane, desk = queued(point), town.actor("王芳")
    row = queue.draw(lane.pk, "k", actor=desk)
    with refused("ticket_not_called"):
        queue.register(row.pk, said(), raised=0, actor=desk)
    queue.call_next(lane.pk, 1, "a", actor=desk)
    given = said()
    numbers = {queue.register(row.pk, given, raised=0, actor=desk).number for _n in range(2)}
    with refused("ticket_registered"):
        queue.register(row.pk, said(content="同事也在写。"), raised=0, actor=town.actor("刘敏"))
    queue.register(row.pk, said(content="还有一件事。"), raised=1, actor=desk)
    assert len(numbers) == 1 and FromTicket.objects.filter(ticket=row).count() == Matter.objects.count() == 2
    assert Matter.objects.get(number=numbers.pop()).said_point == point
    assert len(waiting.raised_by([row], desk)[row.pk]) == 2
    assert waiting.raised_by([row], town.actor("孙丽")) == {}
    assert not list(verify.verify())


@pytest.mark.once
def test_a_serial_number_is_known_again_however_it_is_typed_and_a_wrong_sign_is_none():
    serial = sheets.new_serial()
    for typed in (
        serial,
        sheets.grouped(serial).lower(),
        f"http://h/points/sheet/{serial}/",
        f" {serial[:4]} {serial[4:]}",
    ):
        assert sheets.normalise(typed) == serial
    for place in range(len(serial)):
        for sign in "23456789ABCDEFGHJKLMNPQRSTUVWXY":
            other = serial[:place] + sign + serial[place + 1 :]
            assert other == serial or sheets.normalise(other) == ""
    assert sheets.normalise("") == sheets.normalise("QH-20261201-0001") == ""


@pytest.mark.django_db
def test_a_sheet_is_photographed_and_becomes_one_matter_with_its_pictures(town: Place):
    point, desk = opened(town), town.actor("王芳")
    row = printed(town, point)[0]
    with refused("sheet_unseen"):
        sheets.register(row.pk, said(), actor=desk)
    assert len(sheets.add_photos(row.pk, [picture(), picture(), picture(b"two")], actor=desk)) == 2
    assert sheets.add_photos(row.pk, [picture()], actor=desk) == []
    assert waiting.waiting_sheets(desk).rows == [row] and waiting.waiting_sheets(town.actor("孙丽")).rows == []
    given = said()
    receipts = {sheets.register(row.pk, given, actor=desk).number for _n in range(2)}
    matter = Matter.objects.get()
    assert receipts == {matter.number}
    assert (matter.channel, matter.said_point) == (Channel.POINT, point)
    assert sorted(files.read(one.stored, matter.data_key())[4:] for one in matter.attachments.all()) == [
        b"page one",
        b"two",
    ]
    with refused("sheet_registered"):
        sheets.register(row.pk, said(), actor=town.actor("刘敏"))
    with refused("sheet_settled"):
        sheets.add_photos(row.pk, [picture(b"three")], actor=desk)
    read = waiting.sheet(row.pk, desk)
    assert read is not None and (read.matter, read.photos, read.kept) == (matter, [], False)
    assert FromSheet.objects.count() == 1 and not list(verify.verify())


@pytest.mark.django_db
def test_sheets_are_printed_once_for_one_intention_and_set_aside_with_a_reason(town: Place):
    point, desk = opened(town), town.actor("王芳")
    batches = {sheets.print_(point.pk, 3, "k", actor=desk) for _n in range(2)}
    assert len(batches) == 1 and Sheet.objects.count() == len({one.serial for one in Sheet.objects.all()}) == 3
    for many in (0, 51):
        with refused("so_many_sheets"):
            sheets.print_(point.pk, many, uuid4().hex, actor=desk)
    row = Sheet.objects.order_by("id")[0]
    for who in ("孙丽", "钱监督", "管理员"):
        assert waiting.sheet(row.pk, town.actor(who)) is None
        with refused("not_of_this_point"):
            sheets.add_photos(row.pk, [picture()], actor=town.actor(who))
    with refused("reason_missing"):
        sheets.set_aside(row.pk, " ", actor=desk)
    sheets.set_aside(row.pk, "写坏了", actor=desk)
    row.refresh_from_db()
    assert (row.state, str(row.words)) == (SheetState.ASIDE, "写坏了")
    with refused("sheet_aside"):
        sheets.register(row.pk, said(), actor=desk)
    assert not list(verify.verify())


@pytest.mark.django_db
def test_a_list_of_sheets_says_how_many_it_leaves_out(town: Place, monkeypatch: pytest.MonkeyPatch):
    point, desk = opened(town), town.actor("王芳")
    monkeypatch.setattr(waiting, "SHOWN", 1)
    first, second, third = printed(town, point, 3)
    for row in (second, first, third):
        sheets.add_photos(row.pk, [picture()], actor=desk)
    assert (waiting.waiting_sheets(desk).rows, waiting.waiting_sheets(desk).more) == ([second], 2)
    for row in (first, third):
        sheets.set_aside(row.pk, "写坏了", actor=desk)
    assert (waiting.aside_sheets(desk).rows, waiting.aside_sheets(desk).more) == ([third], 1)
    assert waiting.waiting_sheets(desk).more == 0


@pytest.mark.django_db
def test_a_counter_that_is_closed_shows_no_number_any_more(town: Place):
    point, desk = opened(town), town.actor("王芳")
    lane = queued(point)
    with clock.simulated(at(today() + timedelta(days=1), 9)):
        for counter in (1, 2):
            queue.draw(lane.pk, uuid4().hex, actor=desk)
            queue.call_next(lane.pk, counter, uuid4().hex, actor=desk)
        queued(point, counters=1)
        shown = waiting.standing(lane, clock.now())
    assert [(one.number, one.counter) for one in shown.called] == [(1, 1)]
    assert not list(verify.verify())
