"""Verbs on numbers for those who wait: drawn once, called by one counter, passed over, called again, done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from shuoshi.channels.points.deeds import Deed, locked, refuse_unless, story
from shuoshi.channels.points.models import FromTicket, Queue, Ticket, TicketState
from shuoshi.channels.points.policies import may_arrange, may_serve
from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake

MOST = 500  # numbers of a day


def set_up(point_id: UUID, *, counters: int, at_terminal: bool, active: bool = True, actor: Actor) -> Queue:
    """Give out numbers at a point, at so many counters, or no more. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        point = locked(point_id)
        refuse_unless(may_arrange(actor, point.unit.path) or may_serve(actor, point.unit.path), point)
        row = Queue.objects.filter(point=point).first()
        columns = {"counters": counters, "at_terminal": at_terminal, "active": active}
        if row is None:
            row = Queue(point=point, **columns)
            told = story("queue", row, Deed.SET_QUEUE, actor, now, first=True)
            told.add(row)
            told.tell()
        elif any(getattr(row, name) != value for name, value in columns.items()):
            gone = range(counters + 1, row.counters + 1)
            told = story("queue", row, Deed.SET_QUEUE, actor, now)
            told.change(row, **columns)
            told.tell()
            for counter in gone:
                _end_at(row, counter, actor, now)
    return row


def draw(queue_id: UUID, key: str, *, at_terminal: bool = False, actor: Actor) -> Ticket:
    """The next number of today. The same key again gets the same number. Raises Refused, KeyReused."""
    now = clock.now()
    today = clock.local(now).date()
    with transaction.atomic(), idempotency.once("draw_ticket", key, str(queue_id)) as once:
        if not once.first:
            return Ticket.objects.select_related("queue__point").get(pk=once.answer["ticket"])
        queue = _locked(queue_id)
        if at_terminal:
            if not queue.at_terminal:
                raise Refused("no_numbers_here", _("这个说事点的终端不取号，请到柜台。"))
        else:
            refuse_unless(may_serve(actor, queue.point.unit.path), queue.point)
        number = (queue.tickets.filter(day=today).aggregate(last=Max("number"))["last"] or 0) + 1
        if number > MOST:
            raise Refused("numbers_gone", _("今天的号取完了。"))
        row = Ticket(queue=queue, day=today, number=number, drawn_at=now, at_terminal=at_terminal)
        told = story("ticket", row, Deed.DRAW, actor, now, first=True)
        told.add(row)
        told.tell()
        once.keep({"ticket": str(row.pk)})
    return row


def call_next(queue_id: UUID, counter: int, key: str, *, actor: Actor) -> Ticket | None:
    """Call the lowest number that waits to this counter, whose last one is done by that; None where nobody waits.

    Two who press at once wait for each other and call two numbers. Raises Refused, KeyReused.
    """
    now = clock.now()
    with transaction.atomic(), idempotency.once("call_ticket", key, f"{queue_id} {counter}") as once:
        if not once.first:
            called = once.answer["ticket"]
            return Ticket.objects.get(pk=called) if called else None
        queue = _served(queue_id, actor)
        _check_counter(queue, counter)
        _end_at(queue, counter, actor, now)
        row = _of_today(queue, now).filter(state=TicketState.WAITING).order_by("number").first()
        if row is not None:
            _call(row, counter, actor, now)
        once.keep({"ticket": str(row.pk) if row else ""})
    return row


def recall(ticket_id: UUID, counter: int, *, actor: Actor) -> Ticket:
    """Call a number again, or one that was passed over. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        queue, row = _ticket(ticket_id, actor, now)
        _check_counter(queue, counter)
        if row.state == TicketState.PASSED:
            _end_at(queue, counter, actor, now)
            _call(row, counter, actor, now)
        elif row.state == TicketState.CALLED:
            _call(row, row.counter or counter, actor, now)
        else:
            raise Refused("ticket_not_called", _("这个号现在不能重叫。"))
    return row


def pass_over(ticket_id: UUID, *, actor: Actor) -> Ticket:
    """Nobody came; they may still be called again. Raises Refused."""
    return _end(ticket_id, Deed.PASS, TicketState.PASSED, actor)


def finish(ticket_id: UUID, *, actor: Actor) -> Ticket:
    return _end(ticket_id, Deed.FINISH, TicketState.DONE, actor)


def register(ticket_id: UUID, intake: Intake, *, raised: int, actor: Actor) -> matters.Receipt:
    """Raise a matter for whoever holds the number, which is tied to it. Raises Refused, and all that registering raises.

    `raised`: how many matters the number had when the form was opened, so that two do not register it at once.
    """
    now = clock.now()
    with transaction.atomic():
        row = Ticket.objects.get(pk=ticket_id)
        queue = _served(row.queue_id, actor)
        here = None if intake.said_place else queue.point_id
        whole = replace(intake, said_point=intake.said_point or here, also_said=f"ticket {row.pk}")
        if not matters.registered_before(whole):
            if row.state == TicketState.WAITING:
                raise Refused("ticket_not_called", _("这个号还没有叫到。"))
            if row.raised.count() != raised:
                raise Refused("ticket_registered", _("这个号刚才已经登记过了。还有别的事，请从叫号那一页再打开。"))
        receipt = matters.register(whole, actor=actor)
        if not FromTicket.objects.filter(matter=receipt.matter_id).exists():
            told = story("ticket", row, Deed.RAISE, actor, now)
            told.add(FromTicket(ticket=row, matter_id=receipt.matter_id))
            told.tell()
    return receipt


def _locked(queue_id: UUID) -> Queue:
    """The queue, for which all that is done to its numbers waits."""
    queue = Queue.objects.select_for_update(of=("self",)).select_related("point__unit").get(pk=queue_id)
    if not queue.active or not queue.point.active:
        raise Refused("queue_closed", _("这个说事点现在不叫号。"))
    return queue


def _served(queue_id: UUID, actor: Actor) -> Queue:
    queue = _locked(queue_id)
    refuse_unless(may_serve(actor, queue.point.unit.path), queue.point)
    return queue


def _ticket(ticket_id: UUID, actor: Actor, now: datetime) -> tuple[Queue, Ticket]:
    row = Ticket.objects.get(pk=ticket_id)
    queue = _served(row.queue_id, actor)
    row.refresh_from_db()
    if row.day != clock.local(now).date():
        raise Refused("ticket_old", _("这是别的日子的号，今天的从 1 号重新开始。"))
    return queue, row


def _of_today(queue: Queue, now: datetime) -> QuerySet[Ticket]:
    return Ticket.objects.filter(queue=queue, day=clock.local(now).date())


def _check_counter(queue: Queue, counter: int) -> None:
    if not 1 <= counter <= queue.counters:
        raise Refused("no_such_counter", _("没有这个窗口。"))


def _call(row: Ticket, counter: int, actor: Actor, now: datetime) -> None:
    told = story("ticket", row, Deed.CALL, actor, now)
    told.change(
        row,
        state=TicketState.CALLED,
        counter=counter,
        called_at=row.called_at or now,
        last_called_at=now,
        calls=row.calls + 1,
        called_by_id=actor.person_id,
        ended_at=None,
    )
    told.tell()


def _end_at(queue: Queue, counter: int, actor: Actor, now: datetime) -> None:
    """Whoever sat at the counter has been heard when it calls somebody else."""
    for row in _of_today(queue, now).filter(state=TicketState.CALLED, counter=counter):
        told = story("ticket", row, Deed.FINISH, actor, now)
        told.change(row, state=TicketState.DONE, ended_at=now)
        told.tell()


def _end(ticket_id: UUID, deed: Deed, state: TicketState, actor: Actor) -> Ticket:
    now = clock.now()
    with transaction.atomic():
        _queue, row = _ticket(ticket_id, actor, now)
        if row.state == state:
            return row
        if row.state != TicketState.CALLED:
            raise Refused("ticket_not_called", _("这个号现在没有在办。"))
        told = story("ticket", row, deed, actor, now)
        told.change(row, state=state, ended_at=now)
        told.tell()
    return row
