"""What is printed and projected of a meeting: the notice, the sheet people sign, and the screen in the hall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from shuoshi.desk import rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, qr, show
from shuoshi.meetings import door, queries
from shuoshi.meetings.models import Attendance
from shuoshi.meetings.queries import Whole
from shuoshi.meetings.vocabulary import Presence, State

_EVERY = 20  # seconds
_LINES, _MOST = 25, 400  # of an empty sheet


@dataclass(frozen=True)
class NoticePage(PageData):
    template: ClassVar[str] = "desk/meetings/notice.html"
    whole: Whole
    short: bool  # called later than its kind demands


@dataclass(frozen=True)
class SheetPage(PageData):
    template: ClassVar[str] = "desk/meetings/sheet.html"
    whole: Whole
    people: Sequence[Attendance]
    lines: Sequence[int]


@dataclass(frozen=True)
class ScreenPage(PageData):
    """`code`: what people read with their phones, None where nobody checks in now. `address` says the same in letters.

    `still`: it was asked not to renew itself.
    """

    template: ClassVar[str] = "desk/meetings/screen.html"
    whole: Whole
    code: SafeString | None
    address: str
    still: bool


@page(access=rights.meetings, methods=("GET",))
def notice(request: DeskRequest, key: UUID) -> HttpResponse:
    whole = _whole(request, key)
    row = whole.meeting
    return show(request, NoticePage(whole=whole, short=row.is_short))


@page(access=rights.meetings, methods=("GET",))
def sheet(request: DeskRequest, key: UUID) -> HttpResponse:
    """Names of those who are entered, and empty lines for the others."""
    whole = _whole(request, key)
    if not whole.sees_people:
        raise Http404
    people = [one for one in whole.people if one.state == Presence.PRESENT]
    wanted = min(max(whole.meeting.due or 0, _LINES), _MOST)
    return show(request, SheetPage(whole=whole, people=people, lines=range(len(people) + 1, wanted + 1)))


@page(access=rights.screen, methods=("GET",))
def screen(request: DeskRequest, key: UUID) -> HttpResponse:
    """Minutes as they are written, and the code; it asks anew by itself, which keeps no session alive."""
    whole = _whole(request, key)
    if not whole.holds:
        raise Http404
    row, code, address = whole.meeting, None, ""
    if row.state == State.OPEN:
        place = reverse("portal:meeting-here", args=[key, door.code(row, clock.now())])
        address = request.build_absolute_uri(place)
        code = qr.drawn(address)
    still = "still" in request.GET
    answer = show(request, ScreenPage(whole=whole, code=code, address=address, still=still))
    if not still:
        answer["Refresh"] = f"{_EVERY}; url=?again=1"
    return answer


def _whole(request: DeskRequest, key: UUID) -> Whole:
    found = queries.meeting(key, request.actor)
    if found is None:
        raise Http404
    return found
