"""Yellow and red cards: which unit was late with what, and what followed by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.filters import Option, Select
from shuoshi.desk.forms.talks import TalkForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import Page, PageData, keyset, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.matters import actions
from shuoshi.matters.actions import talks
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
    mine: bool = False  # of a talk that is due: whether this person may write it down


@dataclass(frozen=True)
class CardsPage(PageData):
    template: ClassVar[str] = "desk/cards.html"
    quarter: str
    sums: Sequence[found.Sum]
    lines: Sequence[Line]
    selects: Sequence[Select]
    page: Page[Card]
    due: Sequence[Line]
    form: TalkForm | None
    about: Line | None  # the talk the form is for


@page(access=rights.overview)
def cards(request: DeskRequest) -> HttpResponse:
    """Five statements beside the frame, whatever there is; talks that are due come first, and are written down here."""
    due = [_line(card, request.actor) for card in found.talks_due(request.actor)]
    wanted = request.POST.get("talk") or request.GET.get("talk", "")
    about = next((line for line in due if line.mine and str(line.card.pk) == wanted), None)
    form = TalkForm(posted(request), heads=_heads(about.card)) if about else None
    if about and form and posted_deed(request) and form.is_valid():
        data = form.cleaned_data
        actions.record_talk(about.card.pk, form.person_given, data["talked_at"], data["text"], actor=request.actor)
        messages.success(request, _("约谈记下了。"))
        return redirect("desk:cards")
    colour, unit = request.GET.get("colour", ""), request.GET.get("unit", "")
    units = [(str(one.pk), one.short_name) for one in organization.units() if one.active]
    colours = [(one.value, str(one.label)) for one in CardColour]
    colour, unit = (value if value in dict(pairs) else "" for value, pairs in ((colour, colours), (unit, units)))
    rows = found.cards(request.actor, colour, UUID(unit) if unit else None)
    listed = keyset(rows, request.GET.get("after", ""), found.ORDER)
    quarter, sums = found.of_the_quarter(request.actor, clock.now())
    selects = (_select("colour", _("牌"), colours, colour), _select("unit", _("单位"), units, unit))
    lines = [_line(card) for card in listed.rows]
    words = _("%(year)s 年第 %(number)s 季度") % {"year": quarter[:4], "number": quarter[-1]}
    shown = CardsPage(
        quarter=words, sums=sums, lines=lines, selects=selects, page=listed, due=due, form=form, about=about
    )
    return show(request, shown)


def _line(card: Card, actor: Actor | None = None) -> Line:
    colour = CardColour(card.colour)
    mine = actor is not None and talks.may_record(actor, card.unit)
    return Line(card, str(colour.label), ICONS[colour], why(card), mine)


def _heads(card: Card) -> list[tuple[str, str]]:
    return [(str(one.actor.person_id), one.name) for one in talks.heads(card.unit)]


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
