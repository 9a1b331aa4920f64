"""What a speaker asked for and added beside the words of the first day, for whoever reads it in another matter (4.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.clock import local
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import typed
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.papers import wording
from shuoshi.matters.vocabulary import Action, Audience, RoundBecause

_ADDED = (Action.OBJECT_TO_SCREENING, Action.ADD_INFORMATION, Action.NUDGE, Action.TYPE_OUT)


@wording.official()
def all_of(matter: Matter) -> str:
    """The words of the first day, those it was raised with again, the points of request, and what was added since."""
    reopened = matter.round is not None and matter.round.because == RoundBecause.REOPENED
    again = str(matter.round.words) if matter.round is not None and reopened else ""
    return "\n".join(part for part in (str(matter.content), again, _points(matter), added(matter)) if part.strip())


@wording.official()
def added(matter: Matter) -> str:
    """Whoever took it down, each with its day; "" for nothing."""
    found = []
    for entry in _added(matter):
        entry.matter = matter
        told = {"day": day(local(entry.at).date()), "what": entry.get_action_display(), "text": str(entry.text)}
        if told["text"].strip():
            found.append(_("%(day)s，%(what)s：%(text)s") % told)
    return "\n".join(found)


def _added(matter: Matter) -> list[Entry]:
    """Of what was typed only what did not become the words of the matter, which are read anyway."""
    entries = list(matter.entries.filter(action__in=_ADDED, audience=Audience.PUBLIC).order_by("at", "id"))
    read = {entry.pk for entry in typed.beside(matter, entries)}
    return [entry for entry in entries if entry.action != Action.TYPE_OUT or entry.pk in read]


def _points(matter: Matter) -> str:
    """Those in force, where they are summed up or corrected in words that are not the own ones."""
    points = []
    for row in matter.demands.filter(dropped=False, settled=False).order_by("ordinal"):
        row.matter = matter
        points.append(str(row.text))
    if all(text in str(matter.content) for text in points):
        return ""
    return _("要求：%(points)s") % {"points": _("；").join(points)}
