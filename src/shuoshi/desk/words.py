"""How rows of matters are worded on the desk: titles, tags, lines of the timeline, promises. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.desk import headings
from shuoshi.desk.icons import ACTION_ICONS
from shuoshi.kernel import calendars, clock
from shuoshi.kernel.calendar import LeftUnit, OfficeHours
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.search.text import Piece, highlight
from shuoshi.kernel.templatetags.shuoshi import Face, day
from shuoshi.matters.models import Deadline, Entry, Matter
from shuoshi.matters.queries.outside import told_of_the_speaker
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    Action,
    Adopted,
    Audience,
    BeyondUs,
    ConsentShown,
    DeadlineKind,
    Duty,
    EmergencyReportKind,
    EndsBecause,
    FromMain,
    Hears,
    Looked,
    Mediated,
    Naming,
    PaperBecame,
    Performed,
    Satisfaction,
    Shared,
    Solved,
    Status,
    TakenUp,
    Urgency,
    Way,
    WishShown,
)
from shuoshi.organization.duty import Because

_AROUND = 16  # characters before the first hit, and twice as many from it on


def title(matter: Matter) -> str:
    """The title, before acceptance the beginning of what was said."""
    return headings.of(matter)


def excerpt(matter: Matter, typed: str) -> list[Piece]:
    """Where the words that were searched stand in what was said, with a little around; nothing where only the title has
    them, nor of what somebody said in confidence."""
    if matter.naming == Naming.CONFIDENTIAL:
        return []
    text = " ".join(matter.content.split())
    pieces = highlight(text, typed)
    first = next((place for place, (_said, hit) in enumerate(pieces) if hit), None)
    if first is None or not matter.title:
        return []
    before = "".join(said for said, _hit in pieces[:first])
    found = [(f"……{before[-_AROUND:]}" if len(before) > _AROUND else before, False)]
    left = 2 * _AROUND
    for said, hit in pieces[first:]:
        found.append((said if len(said) <= left else f"{said[:left]}……", hit))
        left -= len(said)
        if left <= 0:
            break
    return found


def tags(matter: Matter) -> list[str]:
    """Words that stand beside the state label."""
    found = []
    held_for = getattr(matter, "held_for", "")
    if held_for:
        found.append(_("代%(name)s") % {"name": held_for})
    if matter.drill:
        found.append(_("演练"))
    if matter.headcount is not None:
        found.append(ngettext("集体 %(n)d 人", "集体 %(n)d 人", matter.headcount) % {"n": matter.headcount})
    if matter.round is not None and matter.round.ordinal > 1:
        found.append(_("重新办理（第 %(n)d 轮）") % {"n": matter.round.ordinal})
    if matter.urgency_suspected:
        found.append(_("特急（待核实）"))
    elif matter.urgency != Urgency.U4:
        found.append(str(Urgency(matter.urgency).label))
    if matter.duty_since is not None and matter.urgency in EMERGENCIES:
        found.append(_("应急中"))
    if matter.papers_owed:
        found.append(_("待补单"))
    if matter.supervised:
        found.append(_("督办中"))
    if matter.withdrawal_asked_at is not None:
        found.append(_("已提撤回"))
    if matter.unread_words:
        found.append(_("群众来话 %(n)d") % {"n": matter.unread_words})
    return found


def state(matter: Matter) -> str:
    """The state label, with the exit once it is closed."""
    label = str(Status(matter.status).label)
    return f"{label} · {matter.get_exit_display()}" if matter.exit else label


def nearer(face: Face, due: datetime) -> Face:
    """A row does not carry the limit of its clock: yellow begins when one working day is left."""
    left = calendars.load().remaining(clock.now(), due, OfficeHours())
    near = left.unit is not LeftUnit.WORKING_DAYS or left.amount <= 1
    return replace(face, tone="near", icon="c-near") if near and face.tone == "safe" else face


def entry_icon(entry: Entry) -> str:
    return "lock" if entry.audience == Audience.INTERNAL else ACTION_ICONS.get(Action(entry.action), "info")


def entry_author(entry: Entry) -> str:
    """Who: a name with the unit, the speaker, or the rule."""
    if entry.by_speaker:
        return _("代表 %(n)d") % {"n": entry.seat} if entry.seat else _("说事人")
    if entry.person is None:
        return _("按规则自动")
    name = str(entry.person.name)
    if entry.in_place_of is not None:
        name = _("%(name)s代%(absent)s") % {"name": name, "absent": entry.in_place_of.name}
    return _("%(name)s（%(unit)s）") % {"name": name, "unit": entry.unit.short_name} if entry.unit else name


def entry_sentence(entry: Entry) -> str:
    """The deed with its facts: 交办 镇水利站, 首次联系：电话，联系上了."""
    facts = entry.facts
    parts = []
    if entry.seat and not entry.by_speaker:
        parts.append(_("代表 %(n)d") % {"n": entry.seat})
    ticked, unticked = entry.items
    parts += ticked
    if unticked:
        parts.append(_("撤销：%(items)s") % {"items": _("、").join(unticked)})
    if facts.get("of_part"):
        parts.append(_("第 %(n)d 分项") % {"n": facts["of_part"]})
    if facts.get("what"):
        heard = {Action.TELL_MAIN: Hears, Action.TELL_MERGED: FromMain}.get(Action(entry.action), Shared)
        parts.append(str(heard(facts["what"]).label))
    if facts.get("number"):
        parts.append(str(facts["number"]))
    if facts.get("unit"):
        parts.append(str(facts["unit"]))
    if facts.get("office"):
        parts.append(str(facts["office"]))
    if facts.get("consent"):
        parts.append(str(ConsentShown(facts["consent"]).label))
    if "order_withdrawn" in facts:
        parts.append(_("上级收回") if facts["order_withdrawn"] else _("照原要求办"))
    if facts.get("papers"):
        parts.append(ngettext("%(n)d 件材料", "%(n)d 件材料", facts["papers"]) % {"n": facts["papers"]})
    if facts.get("became"):
        parts.append(str(PaperBecame(facts["became"]).label))
    if "given" in facts:
        parts.append(told_of_the_speaker(str(facts["given"]), str(facts["ground"])).rstrip(_("。")))
    if facts.get("on"):
        parts.append(day(date.fromisoformat(facts["on"])))
    if facts.get("headcount"):
        parts.append(_heads(facts.get("was"), facts["headcount"]))
    if facts.get("spokespersons"):
        parts.append(_("代表 %(n)d 位") % {"n": facts["spokespersons"]})
    if facts.get("shown_by"):
        parts.append(str(WishShown(facts["shown_by"]).label))
    if facts.get("way"):
        parts.append(str(Way(facts["way"]).label))
    if facts.get("declined"):
        parts.append(_("联系上了，不愿评价"))
    if "reached" in facts:
        parts.append(_("联系上了") if facts["reached"] else _("没有联系上"))
    if facts.get("solved"):
        result, attitude = (Satisfaction(str(facts[name])).label for name in ("result", "attitude"))
        parts += [str(Solved(facts["solved"]).label), _("对结果%(level)s") % {"level": result}]
        parts += [_("对态度%(level)s") % {"level": attitude}]
    if "upheld" in facts:
        parts.append(_("维持原答复") if facts["upheld"] else _("改变，重新办理"))
    if "granted" in facts:
        parts.append(_("同意") if facts["granted"] else _("不同意"))
    if facts.get("beyond"):
        parts.append(str(BeyondUs(facts["beyond"]).label))
    parts += _of_its_kind(facts)
    if facts.get("days"):
        parts.append(ngettext("%(n)d 个工作日", "%(n)d 个工作日", facts["days"]) % {"n": facts["days"]})
    if facts.get("until"):
        parts.append(_("到%(day)s") % {"day": day(date.fromisoformat(facts["until"]))})
    if facts.get("because"):
        why = TakenUp if entry.action == Action.TAKE_UP_PART else Because
        parts.append(str(why(facts["because"]).label))
    if facts.get("report"):
        parts.append(str(EmergencyReportKind(facts["report"]).label))
    if facts.get("level"):
        parts.append(str(Urgency(facts["level"]).label))
    if facts.get("files"):
        parts.append(ngettext("另附 %(n)d 个文件", "另附 %(n)d 个文件", facts["files"]) % {"n": facts["files"]})
    deed = str(entry.get_action_display())
    return deed + _("：") + _("，").join(parts) if parts else deed


_NAMED = {  # facts of disputes and suggestions that are codes, each with its words
    "agreed": Mediated,
    "ended": EndsBecause,
    "performed": Performed,
    "extent": Adopted,
    "sampled": Looked,
}


def _of_its_kind(facts: Mapping[str, Any]) -> list[str]:
    """What steps of disputes and suggestions say of themselves (2.2.3, 2.2.4)."""
    found = [str(words(facts[name]).label) for name, words in _NAMED.items() if facts.get(name)]
    if facts.get("obligation"):
        found.insert(0, _("第 %(n)d 条") % {"n": facts["obligation"]})
    if "none_found" in facts:
        duties = [str(Duty(code).label) for code in str(facts.get("duties", "")).split(",") if code]
        found += duties or [_("三项都没有")]
    if facts.get("held_on"):
        found.append(day(date.fromisoformat(facts["held_on"])))
    if "carried_out" in facts:
        found.append(_("落实了") if facts["carried_out"] else _("还没有落实"))
    if facts.get("other_result"):
        result, attitude = (Satisfaction(str(facts[name])).label for name in ("other_result", "other_attitude"))
        found += [_("对结果%(level)s") % {"level": result}, _("对态度%(level)s") % {"level": attitude}]
    return found


def _heads(was: object, now: int) -> str:
    if was is not None:
        return _("人数由 %(was)s 改为 %(now)d") % {"was": was, "now": now}
    return ngettext("%(n)d 人", "%(n)d 人", now) % {"n": now}


@dataclass(frozen=True)
class Promise:
    """A line of the promise list: how it stands (kept, due, missed, later), what, and when in words."""

    standing: str
    icon: str
    what: str
    due_at: datetime
    note: str
    basis: str
    provisional: bool


def promises(deadlines: Sequence[Deadline]) -> list[Promise]:
    """The clocks of a matter as promises, without what was void and what a successor goes on from."""
    followed = {one.follows_id for one in deadlines}
    return [_promise(one) for one in deadlines if one.outcome != Outcome.VOID and one.pk not in followed]


_SHAPES = {
    Outcome.OPEN: ("due", "p-due"),
    Outcome.MET: ("kept", "circle-check"),
    Outcome.MISSED: ("missed", "c-over"),
}


def _promise(one: Deadline) -> Promise:
    standing, icon = _SHAPES[Outcome(one.outcome)]
    return Promise(
        standing=standing,
        icon=icon,
        what=str(DeadlineKind(one.kind).label),
        due_at=one.due_at,
        note=_note(one),
        basis=str(one.basis),
        provisional=one.provisional,
    )


def _note(one: Deadline) -> str:
    """提前 1 个工作日, 按时, 晚了 1 个工作日, 没有做."""
    if one.outcome == Outcome.OPEN:
        return ""
    if one.done_at is None:
        return _("没有做") if one.outcome == Outcome.MISSED else ""
    days = calendars.load().working_days_between
    done, due = clock.local(one.done_at).date(), clock.local(one.due_at).date()
    if one.outcome == Outcome.MISSED:
        late = abs(days(due, done))
        words = ngettext("晚了 %(n)d 个工作日", "晚了 %(n)d 个工作日", late)
        return words % {"n": late} if late else _("当天晚了")
    early = abs(days(done, due))
    words = ngettext("提前 %(n)d 个工作日", "提前 %(n)d 个工作日", early)
    return words % {"n": early} if early else _("按时")


def step(code: str) -> str:
    """A step that has a limit, in words: the clocks' labels, and the few steps that are no clock."""
    others = {
        "return": _("退单窗口"),
        "extension": _("延期"),
        "progress_paused": _("暂停期间告知进展"),
        "progress_parked": _("挂账期间告知进展"),
        "not_solved": _("办结后还能评价"),
        "reopen": _("办结后还能再次提出"),
        "review_asked": _("答复后还能请复核"),
        "report_again": _("应急续报"),
        "mediation": _("调解"),
    }
    return others.get(code) or (str(DeadlineKind(code).label) if code in DeadlineKind.values else code)
