"""The file of an emergency as its page shows it: who was called and when somebody acted, who went, what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import veil
from shuoshi.matters.models import Emergency, EmergencyReport
from shuoshi.matters.queries.matter import MatterView, mine
from shuoshi.matters.vocabulary import DeadlineKind
from shuoshi.organization.duty import Because


@dataclass(frozen=True)
class Called:
    """One step of the tree: who, why, when, and until when they were to act. `in_time` None: the minutes still run."""

    because: Because
    names: Sequence[str]
    at: datetime
    until: datetime | None
    in_time: bool | None


@dataclass(frozen=True)
class Reported:
    """One report, point by point; what names a speaker who is kept from the reader is not shown."""

    report: EmergencyReport
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class FileView:
    """`file` None: a danger the speaker ticked, and nobody has checked yet."""

    file: Emergency | None
    calls: Sequence[Called]
    reports: Sequence[Reported]


def file_of(view: MatterView) -> FileView | None:
    """The newest file of this matter; None where there never was one. Three statements, only where there is one."""
    matter = view.matter
    if not matter.emergencies and matter.duty_since is None:
        return None
    files = mine(
        matter, matter.emergency_files.select_related("dispatched_by", "stood_down_by").order_by("-ordinal")[:1]
    )
    file = files[0] if files else None
    reports = mine(matter, matter.emergency_reports.filter(emergency=file).select_related("by").order_by("ordinal"))
    return FileView(file, _calls(view), [_reported(view, one) for one in reports])


def _calls(view: MatterView) -> list[Called]:
    """Each step beside the clock that was running for it."""
    clocks = {one.started_at: one for one in view.deadlines if one.kind == DeadlineKind.DUTY}
    calls = view.matter.duty_calls.select_related("person").order_by("step", "id")
    found = []
    for (at, because), group in groupby(calls, key=lambda one: (one.at, one.because)):
        clock = clocks.get(at)
        in_time = None if clock is None or clock.outcome == Outcome.OPEN else clock.outcome == Outcome.MET
        names = [str(one.person.name) for one in group]
        found.append(Called(Because(because), names, at, clock.due_at if clock else None, in_time))
    return found


def _reported(view: MatterView, report: EmergencyReport) -> Reported:
    names = veil.names_of(view.parties) if view.veiled else []
    parts = [(name, veil.veiled(text, names) if view.veiled else text) for name, text in report.known.items()]
    return Reported(report, parts)
