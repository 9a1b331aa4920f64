"""What people of the registry tell by hand: calls, visits, letters; and what became of all notices of one matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, keyset, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.notices import actions, queries, wording
from shuoshi.notices.models import BY_HAND, Attempt, Message, State, Way, Why
from shuoshi.notices.queries import Telling
from shuoshi.people.masks import masked_name, masked_phone
from shuoshi.people.models import Person


@dataclass(frozen=True)
class Item:
    """One call, visit or letter as the list shows it: whom, masked, and what to say."""

    telling: Telling
    name: str
    phone: str


@dataclass(frozen=True)
class ToTellPage(PageData):
    """`now` can be told now, `later` are outside the hours in which people are told, or were not reached lately."""

    template: ClassVar[str] = "desk/to_tell.html"
    now: Sequence[Item]
    later: Sequence[Item]
    page: Page[Message]


@dataclass(frozen=True)
class LetterPage(PageData):
    """A letter to print. No name and no address stand on it: they go onto the envelope by hand."""

    template: ClassVar[str] = "desk/papers/letter.html"
    telling: Telling
    printed_at: datetime


@dataclass(frozen=True)
class Line:
    """One message of a matter as staff see it."""

    to: str
    way: str
    words: str
    at: datetime
    state: str
    why: str
    tries: Sequence[tuple[datetime, str]]
    open: bool


@dataclass(frozen=True)
class ToldPage(PageData):
    template: ClassVar[str] = "desk/told.html"
    matter: Matter
    lines: Sequence[Line]


@page(access=rights.receipts)
def to_tell(request: DeskRequest) -> HttpResponse:
    """The list; POST ticks one call off as reached or not."""
    deed = posted_deed(request)
    if deed in ("reached", "unreached"):
        seen = Message.objects.filter(about_id__in=visible_to(request.actor).values("pk"))
        row = get_object_or_404(seen, pk=posted_row(request))
        actions.tick(row.pk, reached=deed == "reached", actor=request.actor, until=_until(request))
        said = _("记下了：告知到了。") if deed == "reached" else _("记下了：没有联系上，过几个小时再试。")
        messages.success(request, said)
        return redirect("desk:to_tell")
    listed = keyset(queries.to_tell(request.actor), request.GET.get("after", ""), queries.ORDER)
    due, later = queries.ready(queries.tellings(listed.rows), clock.now())
    return show(request, ToTellPage(now=_items(due), later=_items(later), page=listed))


@page(access=rights.receipts, methods=("GET",))
def letter(request: DeskRequest, key: UUID) -> HttpResponse:
    """One letter, for paper."""
    message = get_object_or_404(queries.to_tell(request.actor), pk=key)
    also = queries.to_tell(request.actor).filter(about_id=message.about_id, way=message.way).order_by("created_at")
    [telling] = queries.tellings(list(also))
    return show(request, LetterPage(telling=telling, printed_at=clock.now()))


@page(access=staff, methods=("GET",))
def told(request: DeskRequest, number: str) -> HttpResponse:
    """Every notice of a matter: to whom, how, and what became of it."""
    matter = get_object_or_404(visible_to(request.actor), number=number)
    found = queries.about(matter.pk)
    people = {one.settled_by for one in found if one.settled_by} | {
        attempt.by for one in found for attempt in one.attempts.all() if attempt.by
    }
    names = {row.pk: str(row.name) for row in Person.objects.filter(pk__in=people)}
    return show(request, ToldPage(matter=matter, lines=[_line(one, names) for one in found]))


def _until(request: DeskRequest) -> datetime | None:
    """Up to when what waits stood on the page; None where the page did not say."""
    try:
        return datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return None


def _items(found: Sequence[Telling]) -> list[Item]:
    return [
        Item(
            telling=one,
            name=masked_name(one.party.person.name) if one.party else "",
            phone=masked_phone(one.party.contact.value) if one.party and one.party.contact else "",
        )
        for one in found
    ]


def _line(message: Message, names: dict[UUID, str]) -> Line:
    by_hand = message.way in BY_HAND
    return Line(
        to=str(message.get_to_display()),
        way=str(Way(message.way).label),
        words=wording.name_of(message.kind),
        at=message.created_at,
        state=_("等着告知") if by_hand and message.state == State.WAITING else str(State(message.state).label),
        why=str(Why(message.why).label) if message.why else "",
        tries=[(one.at, _tried(one, by_hand, names)) for one in message.attempts.all()],
        open=message.state in (State.WAITING, State.SENDING),
    )


def _tried(attempt: Attempt, by_hand: bool, names: dict[UUID, str]) -> str:
    if by_hand:
        who = names.get(attempt.by, "") if attempt.by else ""
        return _("%(who)s告知到了") % {"who": who} if attempt.reached else _("%(who)s没有联系上") % {"who": who}
    if attempt.ended_at is None:
        return _("正在发")
    return _("通道回答 %(code)s") % {"code": attempt.code or "—"}
