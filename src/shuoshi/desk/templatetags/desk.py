"""Words of the desk's templates: state labels with their icon, timeline lines, clock chips of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuoshi.channels.points import sheets
from shuoshi.desk import selection, words
from shuoshi.desk.disclosure import REASONS
from shuoshi.desk.filters import Select
from shuoshi.desk.forms import citing
from shuoshi.desk.forms.emergency import PARTS
from shuoshi.desk.forms.rota import NTH
from shuoshi.desk.icons import ACTION_ICONS, STATE_ICONS
from shuoshi.kernel.calendar import OfficeHours
from shuoshi.kernel.search.text import Piece, highlight
from shuoshi.kernel.templatetags.shuoshi import chip, face_of, moment
from shuoshi.knowledge.models import EntryVersion
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.queries.queues import has_date
from shuoshi.matters.vocabulary import Audience, Status

register = template.Library()

_SELECTED = SafeString(" selected")


@register.filter
def under(cells: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The cells of a row, each with the name of its column, "" where there is none."""
    return list(zip_longest(columns[: len(cells)], cells, fillvalue=""))


@register.filter
def weekday(number: int) -> str:
    """1 is 星期一, as ISO counts."""
    return str(WEEKDAYS[number - 1])


@register.filter
def nth(number: int) -> str:
    """The second, the last of a month, as the form of fixed days says it."""
    return str(dict(NTH)[str(number)])


@register.filter
def grouped(serial: str) -> str:
    """A serial number as it is printed."""
    return sheets.grouped(serial)


@register.filter
def part_name(part: tuple[str, str]) -> str:
    """What a point of a report is called."""
    return str(PARTS[part[0]])


@register.filter
def part_text(part: tuple[str, str]) -> str:
    """What was written of it; a time as one says it."""
    name, text = part
    return moment(datetime.fromisoformat(text)) if name == "happened_at" else text


@register.filter
def state_icon(matter: Matter) -> str:
    return STATE_ICONS[Status(matter.status)]


@register.filter
def tags(matter: Matter) -> list[str]:
    """Words beside the state: round, urgency, withdrawal."""
    return words.tags(matter)


@register.simple_tag(takes_context=True)
def several(context: template.Context) -> list[selection.Deed]:
    """What may be done to several rows of a list at once by whoever reads it. No statement."""
    return selection.offered(context["request"].actor)


@register.filter
def deed_icon(deed: selection.Deed) -> str:
    return selection.ICONS[deed]


@register.filter
def pick(matter: Matter) -> SafeString:
    """The box of a row: which matter, and the turn in which it is shown. No template: a list has fifty."""
    said = _("选 %(number)s") % {"number": matter.number}
    return format_html(
        '<label class="pick"><input type="checkbox" form="picks" name="rows" value="{}.{}" aria-label="{}"></label>',
        matter.pk.hex,
        matter.turn,
        said,
    )


@register.simple_tag
def cited_as(version: EntryVersion) -> str:
    """What a version of an entry rests on, as a reply names it."""
    return citing.all_cited(version)


@register.filter
def page_of(matter: Matter) -> str:
    """Where the page of a matter is. Found once: a list asks for fifty, and numbers hold letters, digits and dashes."""
    before, after = _around_number()
    return f"{before}{quote(matter.number)}{after}"


@cache
def _around_number() -> tuple[str, str]:
    before, _number, after = reverse("desk:matter", args=["NUMBER"]).partition("NUMBER")
    return before, after


@register.filter
def title_of(matter: Matter) -> str:
    """The title, before acceptance the beginning of what was said."""
    return words.title(matter)


@register.simple_tag
def marked_title(matter: Matter, typed: str) -> SafeString:
    """The title, the words that were searched marked."""
    return _marked(highlight(words.title(matter), typed))


@register.simple_tag
def excerpt(matter: Matter, typed: str) -> SafeString:
    """The place of the words in what was said; "" where only the title has them."""
    return _marked(words.excerpt(matter, typed))


def _marked(pieces: Iterable[Piece]) -> SafeString:
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", said) if hit else said,) for said, hit in pieces)
    )


@register.filter
def entry_icon(entry: Entry) -> str:
    return words.entry_icon(entry)


@register.filter
def entry_words(entry: Entry) -> str:
    """What was done, in one sentence before the words that were written."""
    return words.entry_sentence(entry)


@register.filter
def entry_by(entry: Entry) -> str:
    return words.entry_author(entry)


@register.simple_tag
def row_clock(matter: Matter) -> SafeString:
    """The chip of a row of a queue: the nearest open clock of the matter; nothing where none runs."""
    if not has_date(matter):
        return chip(None)
    nearest = SimpleNamespace(due_at=matter.next_due_at, started_at=None, limit="")
    face = face_of(nearest, OfficeHours())
    return chip(words.nearer(face, matter.next_due_at))


@register.filter
def yes_no(value: bool | None) -> str:
    return "" if value is None else _("是") if value else _("否")


@register.filter
def offer_icon(offer: Any) -> str:
    return ACTION_ICONS.get(offer.action, "check")


@register.filter
def internal(entry: Entry) -> bool:
    return entry.audience == Audience.INTERNAL


@register.filter
def of_entry(files: dict[Any, list[Any]], entry: Entry) -> list[Any]:
    """The files that came with one line."""
    return files.get(entry.pk, [])


@register.simple_tag
def options(select: Select) -> SafeString:
    """The options of a select of the filter bar. No template: a bar has more than a hundred of them."""
    lines = ((option.value, _SELECTED if option.chosen else "", option.label) for option in select.options)
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


@register.simple_tag(takes_context=True)
def without(context: template.Context, name: str) -> str:
    """This address without one filter, from the first page."""
    request = context["request"]
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("after", None)
    return str(request.path) + (f"?{query.urlencode()}" if query else "")


@register.filter
def step_label(code: str) -> str:
    """A step of the profile in words."""
    return words.step(code)


@register.filter
def looked_because(code: str) -> str:
    """Why somebody looked at a party's whole data, in the words of the form."""
    return str(REASONS.get(code, code))


@register.filter
def read_back(code: str) -> str:
    """How it was read back to somebody who does not read, in words."""
    found = {
        "signature": _("念给本人听过，本人签字。"),
        "fingerprint": _("念给本人听过，按手印，有见证人。"),
        "recording": _("念给本人听过，有录音。"),
    }
    return found.get(code, "")
