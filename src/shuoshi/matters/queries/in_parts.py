"""What the speaker of a divided matter reads of its parts, in words made from the facts (4.2.2)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters.models import Entry
from shuoshi.matters.vocabulary import Action, Shared

ACTIONS = (Action.DIVIDE, Action.TELL_WHOLE)


def labelled(entry: Entry) -> str:
    """What was done, and of what was said in a part, in which."""
    label = str(Action(entry.action).label)
    return _("第 %(n)d 分项 · %(what)s") % {"n": entry.of_part, "what": label} if entry.of_part else label


def worded(entry: Entry) -> str:
    facts = entry.facts
    if entry.action == Action.DIVIDE:
        said = _("您的几条要求分成 %(n)d 个分项，由%(units)s分别办。编号、查询码还是一个，办完了一起答复您。")
        return said % {"n": facts.get("parts", 0), "units": facts.get("units", "")}
    part = {"n": facts.get("of_part", 0), "unit": facts.get("unit", "")}
    if facts.get("what") == Shared.LATER:
        until = day(date.fromisoformat(str(facts.get("until"))))
        return _("第 %(n)d 分项延期了，最晚答复您的日期推迟到%(day)s。") % {**part, "day": until}
    return _("第 %(n)d 分项，%(unit)s办完了。等其余分项办完，一起答复您。") % part
