"""What was said on either side, as the speaker reads it: in the words that were written, or in words made from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters.models import Attachment, Entry
from shuoshi.matters.queries import in_a_group, in_parts, kind_words, outside
from shuoshi.matters.vocabulary import (
    Action,
)

_L = gettext_lazy

SPEAKS_FOR_ITSELF = {  # steps without words of their own that the speaker reads about all the same
    Action.DECLARE_CONFLICT: _L("写的理由只给裁定的人看。"),
    Action.REFER: _L(
        "您还不满意，这里也没有上一级可以交。领导会裁定是就此办结，还是再办一次；到期没有裁定，就再办一次。"
    ),
    Action.RAISE_TIER: _L("超过期限五个工作日还没有办好，已经由上一级过问。"),
    Action.REARRANGE: _L("原来承办的人岗位有变动，正在换人接着办。"),
    Action.COMPLETE_PAPERS: _L("先前是急着派人去的，现在受理、交办的手续补好了。"),
    Action.RESUME: _L("要等的等到了，或者到了最晚的日期，从现在起接着计时。"),
    Action.LAPSE_REVIEW: _L(
        "复核到期没有作出决定。上面还有一级的，交上一级接着复核；没有的，恢复到复核以前，您可以评价，也可以再请复核。"
    ),
    Action.SPONSOR: _L("有一位领导包案，盯着这件事办到底。"),
    Action.INSTRUCT: _L("有一位领导作了批示，要求抓紧办。"),
    Action.CONFER: _L("有关单位一起商量过，定下了由谁来办。"),
    Action.REWORD_DEMANDS: _L("要求的写法改了，按新写的逐条答复。"),
    Action.UNMERGE: _L("一起办的那件没有答复就结束了，您这件接着单独办，答应您的日期不变。"),
    **dict.fromkeys(outside.SPEAKS, ""),  # worded from their facts
    **dict.fromkeys(kind_words.ACTIONS, ""),  # worded from their facts
    Action.CHECK_CONCERNED: "",  # likewise
    Action.TELL_MAIN: "",  # likewise
    **dict.fromkeys(in_parts.ACTIONS, ""),  # worded from their facts
    Action.TRANSFER_DUTIES: "",  # its reason, and from its facts who goes on with it
    Action.REGISTER_LINKED: "",  # likewise
    Action.ADD_SPOKESPERSON: "",  # likewise
    Action.CONSENT_TO_PUBLICATION: "",
    Action.WITHDRAW_CONSENT: "",
}


@dataclass(frozen=True)
class Said:
    """Something said on either side, newest first on the page."""

    who: str
    mine: bool
    label: str
    text: str
    at: datetime
    files: Sequence[Attachment] = field(default_factory=tuple)


def said_by(entry: Entry, files: Sequence[Attachment]) -> Said:
    label = in_parts.labelled(entry)
    told_in_call = entry.action == Action.RECORD_FOLLOW_UP and "result" in entry.facts
    if entry.by_speaker or told_in_call:
        who = _("您")
        label = _("回访时说的") if told_in_call else label
    elif entry.person is not None:
        unit = entry.unit.short_name if entry.unit else ""
        name = str(entry.person.name)
        if entry.in_place_of is not None:
            name = _("%(name)s代%(absent)s") % {"name": name, "absent": entry.in_place_of.name}
        who = _("%(name)s（%(unit)s）") % {"name": name, "unit": unit} if unit else name
    else:
        who = _("按规则")
    if entry.action in outside.SPEAKS:
        return Said(who, entry.by_speaker, label, outside.worded(entry), entry.at, files)
    if entry.action == Action.TRANSFER_DUTIES:
        return Said(who, entry.by_speaker, label, f"{entry.words}\n{_worded(entry)}", entry.at, files)
    said = "\n".join(part for part in (kind_words.sentence(entry), entry.words) if part)
    return Said(who, entry.by_speaker, label, said or _worded(entry), entry.at, files)


def _worded(entry: Entry) -> str:
    if entry.action == Action.TELL_MAIN:
        until = entry.facts.get("until")
        earlier = _("最晚答复您的日期提前到%(day)s。") % {"day": day(date.fromisoformat(until))} if until else ""
        return _("还有人说了同一件事，并到您这件里一起办。") + earlier
    if entry.action == Action.REFER and entry.facts.get("mediated"):
        return _(
            "您还不满意。这件纠纷调解过，由承办单位以外的人裁定是就此办结，还是再办一次；到期没有裁定，就再办一次。"
        )
    if entry.action == Action.TRANSFER_DUTIES:
        unit, facts = entry.facts.get("unit"), {"number": entry.facts.get("number", "")}
        if not unit:
            return _("按%(number)s，这类事换了单位负责，正在确定由谁接着办。答复您的日期不变。") % facts
        return _("按%(number)s，从现在起由%(unit)s接着办。答复您的日期不变。") % {**facts, "unit": unit}
    if entry.action in in_parts.ACTIONS:
        return in_parts.worded(entry)
    if entry.action in in_a_group.WORDED:
        return in_a_group.worded(entry)
    if entry.action == Action.REGISTER_LINKED:
        said = _("您说的另外的要求另行登记了，编号 %(number)s，有它自己的回执和日期。这一件照旧办。")
        return said % {"number": entry.facts["number"]}
    if entry.action != Action.CHECK_CONCERNED:
        return str(SPEAKS_FOR_ITSELF.get(Action(entry.action), ""))
    units, people = str(entry.facts.get("units", "")), int(entry.facts.get("people", 0) or 0)
    staff = ngettext("%(n)d 位工作人员", "%(n)d 位工作人员", people) % {"n": people} if people else ""
    kept = _("、").join(part for part in (units, staff) if part)
    if not kept:
        return _("核对过了，您说到的不是这里的单位和工作人员。")
    return _("核对过了，这件事不给%(kept)s看，也不交给他们办。") % {"kept": kept}
