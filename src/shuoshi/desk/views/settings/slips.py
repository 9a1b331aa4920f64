"""Codes with which somebody sets the own password, on paper: one slip, or one for everybody who has not begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show
from shuoshi.organization import queries as organization
from shuoshi.organization.actions import FirstCode
from shuoshi.people import actions as people
from shuoshi.people.actions.accounts import FIRST_LASTS, RESET_LASTS
from shuoshi.people.actions.first_codes import MOST
from shuoshi.people.models import Account


@dataclass(frozen=True)
class SlipPage(PageData):
    """One code, drawn by @media print only. `first`: of an account that was just opened; `back` is where one goes on."""

    template: ClassVar[str] = "desk/papers/account.html"
    name: str
    username: str
    code: str
    first: bool
    address: str
    until: datetime
    back: str


@dataclass(frozen=True)
class NotBegunPage(PageData):
    """`left` are the privileged, who take two administrators; `most` is how many slips are made at once."""

    template: ClassVar[str] = "desk/settings/first_codes.html"
    rows: Sequence[FirstCode]
    left: Sequence[FirstCode]
    most: int


@dataclass(frozen=True)
class SlipsPage(PageData):
    template: ClassVar[str] = "desk/settings/first_codes_slips.html"
    address: str
    codes: Sequence[FirstCode]
    rest: int
    days: int


def where_codes_are_used(request: HttpRequest) -> str:
    """In full, by the name under which this very page was opened."""
    return request.build_absolute_uri(reverse("desk:reset"))


def slip(request: HttpRequest, account: Account, code: str, *, first: bool, back: str) -> HttpResponse:
    """The answer to a deed that makes a code: reloaded it asks for the deed again, which makes another."""
    shown = SlipPage(
        name=account.person.name,
        username=account.username,
        code=code,
        first=first,
        address=where_codes_are_used(request),
        until=clock.now() + (FIRST_LASTS if first else RESET_LASTS),
        back=back,
    )
    answer = show(request, shown)
    answer["Cache-Control"] = "no-store"
    return answer


@page(access=fresh(rights.administrator))
def first_codes(request: DeskRequest) -> HttpResponse:
    """GET lists who has not begun; POST makes a new code for each, and what was handed out before is void."""
    if request.method == "POST":
        given = people.new_first_codes(actor=request.actor)
        waiting, _left = people.not_begun(request.actor)
        shown = SlipsPage(
            address=where_codes_are_used(request),
            codes=_named(given),
            rest=len(waiting) - len(given),
            days=FIRST_LASTS.days,
        )
        answer = show(request, shown)
    else:
        waiting, left = people.not_begun(request.actor)
        rows = _named([(one, "") for one in waiting])
        answer = show(request, NotBegunPage(rows=rows, left=_named([(one, "") for one in left]), most=MOST))
    answer["Cache-Control"] = "no-store"
    return answer


def _named(accounts: Sequence[tuple[Account, str]]) -> list[FirstCode]:
    """As the slips say it, by unit; one statement."""
    units: dict[UUID, list[str]] = defaultdict(list)
    found = organization.posts_at().filter(person_id__in={one.person_id for one, _code in accounts})
    for post in found.order_by("unit__path", "since", "pk"):
        units[post.person_id].append(post.unit.name)
    rows = [
        FirstCode(one.person.name, next(iter(units[one.person_id]), ""), one.username, code) for one, code in accounts
    ]
    return sorted(rows, key=lambda row: (row.unit, row.username))
