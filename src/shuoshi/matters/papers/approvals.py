"""What stands on papers of what was asked for and ruled on: return, extension, parking, going up, exit (4.2.2, 4.4.2).

Each says what was asked, by whom, and what somebody else ruled; silence stands there as the refusal it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.calendar import Unit as Measure
from shuoshi.kernel.clocks import Clock
from shuoshi.kernel.templatetags.shuoshi import limit
from shuoshi.matters.models import Assignment, Attachment, Deadline, Entry, Matter, Request
from shuoshi.matters.papers import occasions, wording
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.subject import Content, Subject, number_of
from shuoshi.matters.queries.matter import mine
from shuoshi.matters.vocabulary import Action, BeyondUs, DeadlineKind, Exit, RequestKind, RequestState

_NOBODY = "—"


def _return(subject: Subject, ordinal: int) -> Content:
    row = occasions.ruling(subject.matter, RequestKind.RETURN, ordinal)
    reasons = {one.code: str(one.name) for one in subject.profile.return_reasons}
    return _asked(subject, row) | _ruled(subject, row) | {
        "理由": reasons.get(row.reason_code, row.reason_code),
        "建议单位": row.unit.name if row.unit else "",
    }  # fmt: skip


def _extension(subject: Subject, ordinal: int) -> Content:
    """With the dates it moved: what the unit owed, and what the speaker was promised."""
    row = occasions.ruling(subject.matter, RequestKind.EXTENSION, ordinal)
    work = occasions.clocks(subject.matter, DeadlineKind.COMPLETION, assignment=row.assignment)
    promised = occasions.clocks(subject.matter, DeadlineKind.PROMISE, round=row.round)
    moved = _moved(work, row)
    before = moved.follows if moved is not None else occasions.ran(work, row.requested_at)
    assert row.days is not None
    return _asked(subject, row) | _ruled(subject, row) | {
        "延期时间": limit(Limit(row.days, Measure.WORKING_DAYS)),
        "法定": _("超过法定期限，由领导审批") if row.reason_code else "",
        "计划": subject.said(str(row.plan)),
        "原期限": _when(before),
        "新期限": _when(moved),
        "答应说事人": _when(_moved(promised, row)),
    }  # fmt: skip


def _parking(subject: Subject, ordinal: int) -> Content:
    """With what was found each time it was looked at, and how it came off the list."""
    matter = subject.matter
    row = occasions.ruling(matter, RequestKind.PARK, ordinal)
    reasons = {one.code: str(one.name) for one in subject.profile.park_reasons}
    looks, struck = _parked(matter, row) if row.state == RequestState.GRANTED else ([], None)
    return _asked(subject, row) | _ruled(subject, row) | {
        "理由": reasons.get(row.reason_code, row.reason_code),
        "措施": subject.said(str(row.plan)),
        "目标日期": wording.full_day(row.until),
        "复核": [
            [str(place), wording.full_day(one.at), wording.staff(one.person, one.in_place_of), subject.said(one.text)]
            for place, one in enumerate(looks, start=1)
        ],
        "销号时间": wording.full_moment(struck.at) if struck else "",
        "销号人": wording.staff(struck.person, struck.in_place_of) if struck else "",
        "销号理由": subject.said(struck.text) if struck else "",
    }  # fmt: skip


def _exit(subject: Subject, ordinal: int) -> Content:
    row = occasions.ruling(subject.matter, RequestKind.EXIT, ordinal)
    return _asked(subject, row) | _ruled(subject, row) | {
        "办结方式": str(Exit(row.exit).label),
        "依据": subject.said(str(row.basis)),
        "救济": subject.said(str(row.rights_notice)),
    }  # fmt: skip


def _escalation(subject: Subject, ordinal: int) -> Content:
    """Asked for by the unit and ruled on above, decided by hand, or by rule."""
    matter, rise = subject.matter, occasions.rise(subject.matter, ordinal)
    if rise.request is not None:
        row, entry = rise.request, _entry_of(matter, rise.request)
        said = _asked(subject, row) | _ruled(subject, row)
        said |= {"方式": str(RequestKind.ESCALATION.label), "理由": str(BeyondUs(row.reason_code).label)}
    else:
        assert rise.entry is not None
        entry, said = rise.entry, _raised(subject, rise.entry)
    facts = entry.facts if entry is not None else {}
    below, above = facts.get("from_tier"), facts.get("to_tier")
    names = wording.tiers({below, above})
    went_up = rise.request is None or rise.request.state == RequestState.GRANTED
    return said | {
        "原层级": names.get(below, _NOBODY),
        "提到": names.get(above, _("上一级")) if went_up else _NOBODY,
    }


def _raised(subject: Subject, entry: Entry) -> Content:
    """Nobody asked: the second dissatisfaction at a tier, a date long over, or whoever dispatches or leads."""
    matter = subject.matter
    by_hand = entry.person is not None
    given = matter.assignments.filter(assigned_at__lte=entry.at).select_related("unit").order_by("-ordinal")
    last: Assignment | None = given.first()
    if entry.action == Action.RAISE_TIER:
        why = _("超过期限较久还没有办好，由上一级过问，原承办单位接着办")
    else:
        why = "" if by_hand else _("在本级办理两次，说事人都不满意")
    decided = wording.staff(entry.person, entry.in_place_of) if by_hand else _("按规则自动提级")
    return _whose(subject, "") | {
        "方式": _("决定提级") if by_hand else _("按规则提级"),
        "申请单位": last.unit.name if last else _NOBODY,
        "交办单编号": _order_of(subject, last),
        "理由": why,
        "情况说明": subject.said(str(entry.text)),
        "裁定结果": _("提级"),
        "裁定人": decided,
        "裁定时间": wording.full_moment(entry.at),
    }


# ── what all of them say ───────────────────────────────────────────────────────────────────────────────────────────────


def _asked(subject: Subject, row: Request) -> Content:
    by_rule = row.requester is None
    return {
        "申请单位": row.assignment.unit.name if row.assignment else _NOBODY,
        "申请人": _("按规则提请") if by_rule else wording.staff(row.requester, row.in_place_of),
        "申请时间": wording.full_moment(row.requested_at),
        "交办单编号": _order_of(subject, row.assignment),
        "情况说明": subject.said(str(row.text)),
        "附件": _evidence(subject.matter, row),
    }


def _ruled(subject: Subject, row: Request) -> Content:
    """Who ruled is never who asked; nobody at all is a refusal."""
    granted = row.state == RequestState.GRANTED
    silent = row.decided_by is None
    return _whose(subject, row.decider_path) | {
        "裁定结果": _("同意") if granted else _("不同意（到期没有裁定）") if silent else _("不同意"),
        "裁定人": _NOBODY if silent else wording.staff(row.decided_by),
        "裁定时间": wording.full_moment(row.decided_at),
        "裁定意见": subject.said(str(row.decision)),
    }


def _whose(subject: Subject, path: str) -> Content:
    """In whose name it is written: the registry of the tier that ruled."""
    name = subject.registry_at(path)
    return {"机构": wording.heading(subject.matter, name), "落款": name}


def _order_of(subject: Subject, assignment: Assignment | None) -> str:
    if assignment is None:
        return _NOBODY
    return number_of(subject.matter, subject.profile, Ref(PaperKind.ORDER, assignment.ordinal))


def _evidence(matter: Matter, row: Request) -> str:
    """How many files came with it; they lie with the matter."""
    count = Attachment.objects.filter(
        matter=matter, entry__action=_ASKING[row.kind], entry__at=row.requested_at
    ).count()
    return _("%(n)d 份，存在这件事里") % {"n": count} if count else ""


def _entry_of(matter: Matter, row: Request) -> Entry | None:
    assert row.decided_at is not None
    found = matter.entries.filter(action=Action.RULE_ESCALATION, at=row.decided_at).first()
    return None if found is None else mine(matter, [found])[0]


def _moved(chain: list[Deadline], row: Request) -> Deadline | None:
    """What it was put off to; what was broken before stays broken and moves no more."""
    for one in chain:
        if one.basis == "extension" and one.follows is not None and one.follows.settled_at == row.decided_at:
            return one
    return None


def _when(clock: Clock | None) -> str:
    return _NOBODY if clock is None else wording.full_moment(clock.due_at)


def _parked(matter: Matter, row: Request) -> tuple[list[Entry], Entry | None]:
    """The looks at it, and the striking off, between this ruling and the next one that set another target."""
    assert row.decided_at is not None
    lines = matter.entries.filter(action__in=_WHILE_PARKED, at__gt=row.decided_at).order_by("at", "pk")
    looks: list[Entry] = []
    for entry in mine(matter, lines.select_related("person", "in_place_of")):
        if entry.action == Action.RULE_PARK and not entry.facts.get("granted"):
            continue
        if entry.action == Action.REVIEW_PARKED:
            looks.append(entry)
            continue
        return looks, entry if entry.action == Action.STRIKE_OFF else None
    return looks, None


_WHILE_PARKED = (Action.REVIEW_PARKED, Action.STRIKE_OFF, Action.RULE_PARK)
_ASKING: Mapping[str, Action] = {
    RequestKind.RETURN: Action.REQUEST_RETURN,
    RequestKind.EXTENSION: Action.REQUEST_EXTENSION,
    RequestKind.PARK: Action.REQUEST_PARK,
    RequestKind.EXIT: Action.REQUEST_EXIT,
    RequestKind.ESCALATION: Action.REQUEST_ESCALATION,
}
WRITERS: Mapping[PaperKind, Callable[[Subject, int], Content]] = {
    PaperKind.RETURN: _return,
    PaperKind.EXTENSION: _extension,
    PaperKind.PARKING: _parking,
    PaperKind.ESCALATION: _escalation,
    PaperKind.EXIT: _exit,
}
