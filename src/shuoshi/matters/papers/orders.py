"""What stands on papers that tell a unit, or the speaker, what was ordered or decided: urging, supervision, rework, review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from shuoshi.matters.models import Assignment, Matter, Result, Review, Supervision
from shuoshi.matters.papers import answered, occasions, wording
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.subject import Content, Subject, number_of
from shuoshi.matters.queries.matter import mine
from shuoshi.matters.vocabulary import Action, CardColour, DeadlineKind, EndedBecause
from shuoshi.organization.models import Unit, UnitKind

_NOBODY = "—"


def _reminder(subject: Subject, ordinal: int) -> Content:
    entry = occasions.reminder(subject.matter, ordinal)
    assert entry.assignment is not None  # only what lies with a unit is urged
    return _in_whose_name(subject, entry.unit) | _to_the_unit(subject, entry.assignment, entry.at) | {
        "催办人": _who(entry.unit, wording.staff(entry.person, entry.in_place_of)),
        "催办时间": wording.full_moment(entry.at),
        "催办内容": subject.said(str(entry.text)),
        "次数": _("第 %(n)d 次") % {"n": ordinal},
    }  # fmt: skip


def _supervision(subject: Subject, ordinal: int) -> Content:
    """By hand with what is wanted, by rule with why; beneath it the answer, once there is one."""
    matter = subject.matter
    related = ("unit", "ordered_by", "answered_by")
    row: Supervision = mine(matter, matter.supervisions.filter(ordinal=ordinal).select_related(*related))[0]
    ordered = matter.entries.filter(action=Action.ORDER_SUPERVISION, at=row.ordered_at)
    entry = ordered.select_related("assignment", "unit", "in_place_of").first()
    assert entry is not None and entry.assignment is not None
    entry.assignment.unit = row.unit
    by_rule = row.ordered_by is None
    return _in_whose_name(subject, entry.unit) | _to_the_unit(subject, entry.assignment, row.ordered_at) | {
        "督办人": _("按规则自动督办") if by_rule else _who(entry.unit, wording.staff(row.ordered_by, entry.in_place_of)),
        "督办时间": wording.full_moment(row.ordered_at),
        "督办要求": _by_rule(subject, row) if by_rule else subject.said(str(row.text)),
        "答复期限": wording.until(wording.full_moment(row.due_at)),
        "答复人": "" if row.answered_by is None else row.answered_by.name,
        "答复时间": wording.full_moment(row.answered_at),
        "答复内容": subject.said(str(row.answer)),
    }  # fmt: skip


def _rework(subject: Subject, ordinal: int) -> Content:
    """To whom the new round was given; what of the last answer is not settled, in the speaker's own words."""
    matter = subject.matter
    round_ = occasions.rework(matter, ordinal)
    given = matter.assignments.filter(round=round_).exclude(ended_because=EndedBecause.ESCALATED)
    row: Assignment | None = given.select_related("unit").order_by("ordinal").last()
    before = _answer(matter, round_.ordinal - 1)
    points = [] if before is None else mine(matter, before.points.select_related("demand").order_by("demand__ordinal"))
    due = [] if row is None else occasions.clocks(matter, DeadlineKind.COMPLETION, assignment=row)
    return {
        "主送": subject.registry if row is None else row.unit.name,
        "待交办": _("承办单位由受理中心另行交办。") if row is None else "",
        "本轮": _("第 %(n)d 轮") % {"n": round_.ordinal},
        "上轮": _("第 %(n)d 轮") % {"n": round_.ordinal - 1},
        "重办时间": wording.full_moment(round_.opened_at),
        "办理期限": wording.latest(due[0]) if due else _NOBODY,
        "答复书编号": _number_of_reply(subject, before),
        "原承办单位": _NOBODY if before is None else answered.units(before),
        "上轮原话": subject.said(str(round_.words)) or _NOBODY,
        "上轮逐条": [
            [str(one.demand.ordinal), subject.said(one.demand.heading), str(one.get_outcome_display())]
            for one in points
        ],
        "落款": subject.registry,
    }


def _review(subject: Subject, ordinal: int) -> Content:
    """The decision as it is given to the speaker; of a petition under the name the law has for its stage."""
    matter = subject.matter
    rows = matter.reviews.filter(ordinal=ordinal).select_related("round", "decided_by")
    row: Review = mine(matter, rows)[0]
    before = _answer(matter, row.round.ordinal)
    body = subject.registry_at(row.body_path)
    return {
        "机构": wording.heading(matter, body),
        "落款": body,
        "文种": _title(matter, row),
        "称呼": wording.salutation(subject.parties),
        "申请日期": wording.full_day(row.asked_at),
        "复核理由": subject.said(str(row.text)),
        "答复书编号": _number_of_reply(subject, before),
        "原承办单位": "" if before is None else answered.units(before),
        "结论": _("维持原来的答复。") if row.upheld else _("改变原来的答复，重新办理。"),
        "复核意见": subject.said(str(row.decision)),
        "依据": subject.said(str(row.basis)),
        "救济": subject.said(str(row.remedies)),
        "决定人": wording.staff(row.decided_by),
        "决定时间": wording.full_day(row.decided_at),
    }


# ── what several of them say ───────────────────────────────────────────────────────────────────────────────────────────


def _in_whose_name(subject: Subject, unit: Unit | None) -> Content:
    """Those who watch over the work write in their own name, everybody else in that of the registry."""
    name = unit.name if unit is not None and unit.kind == UnitKind.OVERSIGHT else subject.registry
    return {"机构": wording.heading(subject.matter, name), "落款": name}


def _to_the_unit(subject: Subject, assignment: Assignment, at: datetime) -> Content:
    """Whom it goes to, and what they owed at that moment."""
    clock = occasions.ran(occasions.clocks(subject.matter, DeadlineKind.COMPLETION, assignment=assignment), at)
    late = clock is not None and clock.due_at < at
    return {
        "主送": assignment.unit.name,
        "交办单编号": number_of(subject.matter, subject.profile, Ref(PaperKind.ORDER, assignment.ordinal)),
        "办理期限": _NOBODY if clock is None else wording.full_moment(clock.due_at),
        "是否超期": _NOBODY if clock is None else _("已经超期") if late else _("没有超期"),
    }


def _who(unit: Unit | None, name: str) -> str:
    return name if unit is None else _("%(name)s（%(unit)s）") % {"name": name, "unit": unit.name}


def _by_rule(subject: Subject, row: Supervision) -> str:
    """Nobody wrote it: which rule it follows, and how many red cards the unit had in this matter."""
    cards = subject.matter.cards.filter(unit=row.unit, colour=CardColour.RED, at__lte=row.ordered_at)
    said = _("本件超期较久，或者在本件上红牌较多，按规则督办（到督办时红牌 %(n)d 张）。") % {"n": cards.count()}
    return said + _("请说明办到哪一步、为什么超期、最晚哪天办好。")


def _answer(matter: Matter, round_: int) -> Result | None:
    """What was answered last in a round."""
    rows = matter.results.filter(round__ordinal=round_, signed_at__isnull=False).select_related("assignment__unit")
    found = rows.order_by("ordinal").last()
    return None if found is None else mine(matter, [found])[0]


def _number_of_reply(subject: Subject, result: Result | None) -> str:
    if result is None:
        return ""
    return number_of(subject.matter, subject.profile, Ref(PaperKind.REPLY, result.ordinal))


def _title(matter: Matter, row: Review) -> str:
    """Of a petition 复查 comes first, by one body, then 复核, by another (信访工作条例 35, 36)."""
    if not matter.petition:
        return _("复核决定书")
    earlier = matter.reviews.filter(round=row.round, upheld=True, ordinal__lt=row.ordinal)
    again = earlier.exclude(body_path=row.body_path).exists()
    return _("信访事项复核意见书") if again else _("信访事项复查意见书")


WRITERS: Mapping[PaperKind, Callable[[Subject, int], Content]] = {
    PaperKind.REMINDER: _reminder,
    PaperKind.SUPERVISION: _supervision,
    PaperKind.REWORK: _rework,
    PaperKind.REVIEW: _review,
}
