"""Yellow and red cards: which unit was late with what, and what followed by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.filters import Option, Select
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import Page, PageData, keyset, page, show
from shuoshi.matters.models import Card
from shuoshi.matters.queries import cards as found
from shuoshi.matters.vocabulary import CardCause, CardColour, DeadlineKind
from shuoshi.organization import queries as organization

ICONS = {CardColour.YELLOW: "triangle-alert", CardColour.RED: "octagon-alert", CardColour.TALK: "users"}


@dataclass(frozen=True)
class Line:
    """One card in words."""

    card: Card
    colour: str
    icon: str
    why: str


@dataclass(frozen=True)
class CardsPage(PageData):
    template: ClassVar[str] = "desk/cards.html"
    quarter: str
    sums: Sequence[found.Sum]
    lines: Sequence[Line]
    selects: Sequence[Select]
    page: Page[Card]


@page(access=rights.overview, methods=("GET",))
def cards(request: DeskRequest) -> HttpResponse:
    """Four statements beside the frame, whatever there is."""
    colour, unit = request.GET.get("colour", ""), request.GET.get("unit", "")
    units = [(str(one.pk), one.short_name) for one in organization.units() if one.active]
    colours = [(one.value, str(one.label)) for one in CardColour]
    colour, unit = (value if value in dict(pairs) else "" for value, pairs in ((colour, colours), (unit, units)))
    rows = found.cards(request.actor, colour, UUID(unit) if unit else None)
    listed = keyset(rows, request.GET.get("after", ""), found.ORDER)
    quarter, sums = found.of_the_quarter(request.actor, clock.now())
    selects = (_select("colour", _("牌"), colours, colour), _select("unit", _("单位"), units, unit))
    lines = [
        Line(card, str(CardColour(card.colour).label), ICONS[CardColour(card.colour)], why(card))
        for card in listed.rows
    ]
    words = _("%(year)s 年第 %(number)s 季度") % {"year": quarter[:4], "number": quarter[-1]}
    return show(request, CardsPage(quarter=words, sums=sums, lines=lines, selects=selects, page=listed))


def why(card: Card) -> str:
    """The cause of a card in a sentence."""
    what = {"what": DeadlineKind(card.kind).label, "due": moment(card.due_at), "reds": card.reds, "given": card.given}
    match CardCause(card.cause):
        case CardCause.NEAR:
            return _("%(what)s：%(due)s到期，到了预警时间还没有做。") % what
        case CardCause.PASSED:
            return _("%(what)s：最晚%(due)s，到期没有做。") % what
        case CardCause.LONG:
            return _("%(what)s：%(due)s到期，超期太久，请分管领导约谈单位负责人。") % what
        case CardCause.OFTEN:
            return _("这个季度承办 %(given)s 件，其中 %(reds)s 件有红牌，请分管领导约谈单位负责人。") % what


def _select(name: str, label: str, pairs: Sequence[tuple[str, str]], value: str) -> Select:
    options = tuple(Option(code, words, code == value) for code, words in pairs)
    return Select(name=name, label=label, options=options, value=value)
