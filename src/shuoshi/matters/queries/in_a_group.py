"""What a spokesperson reads of the group on the tracking page: how many they are, and what the reply still waits for."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.matters.models import Entry
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.vocabulary import Action, Heard, Status

WORDED = frozenset({Action.ADD_SPOKESPERSON})


def sentences(seen: TrackingView) -> list[str]:
    """Nothing where somebody speaks for themselves."""
    matter, part = seen.matter, seen.part
    if not matter.is_group:
        return []
    who = ngettext(
        "%(n)d 人一起说的事，推选了 %(m)d 位代表。", "%(n)d 人一起说的事，推选了 %(m)d 位代表。", matter.headcount or 0
    )
    found = [who % {"n": matter.headcount, "m": seen.spokespersons}]
    if part is not None and matter.status == Status.IN_FOLLOW_UP:
        found.append(_still_asked(seen, Heard(part.heard)))
    return found


def _still_asked(seen: TrackingView, heard: Heard) -> str:
    if heard != Heard.SATISFIED:
        return _("每位代表各评各的：有一位不满意就重新办，都满意才按满意办结。")
    others = seen.matter.answers_owed
    words = ngettext("您的评价收到了，还在等另外 %(n)d 位代表。", "您的评价收到了，还在等另外 %(n)d 位代表。", others)
    return words % {"n": others}


def worded(entry: Entry) -> str:
    """A step without words of its own."""
    facts = entry.facts
    said = _("增加了一位代表，现在有 %(m)d 位。") % {"m": facts.get("spokespersons", 0)}
    if "was" not in facts:
        return said
    return said + _("人数由 %(was)d 改为 %(now)d。") % {"was": facts["was"], "now": facts["headcount"]}
