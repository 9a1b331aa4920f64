"""Terms of emergencies: sent first and written up afterwards, reported on, ended (4.1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import Terms, check_title, needed
from shuoshi.matters.vocabulary import Action, Complexity, EmergencyReportKind, Kind


@dataclass(frozen=True, kw_only=True)
class DispatchEmergency(Terms):
    """`title`: of what nobody accepted yet."""

    action = Action.DISPATCH_EMERGENCY
    unit: UUID
    handler: UUID
    goes: str
    done: str
    title: str = ""

    def __post_init__(self) -> None:
        needed(self.goes, _("谁去现场"))
        needed(self.done, _("已经做了什么"))


@dataclass(frozen=True, kw_only=True)
class CompletePapers(Terms):
    action = Action.COMPLETE_PAPERS
    kind: Kind
    category: str
    complexity: Complexity
    title: str
    reason: str = ""
    duty_line: UUID | None = None
    demands: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        check_title(self.title)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of an emergency, point by point; what is not known yet is left out and follows."""

    happened_at: datetime | None = None
    source: str = ""
    place: str = ""
    happened: str = ""
    scope: str = ""
    losses: str = ""
    trend: str = ""
    leaders: str = ""
    measures: str = ""
    told: str = ""
    advice: str = ""

    def written(self) -> Mapping[str, str]:
        """The points that were written of."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        found = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
        return {name: value.strip() for name, value in found.items() if value and value.strip()}


@dataclass(frozen=True, kw_only=True)
class ReportEmergency(Terms):
    """The first report says what happened, each what is being done, the last what was lost and what is left to do."""

    action = Action.REPORT_EMERGENCY
    kind: EmergencyReportKind
    known: Known
    arrived: bool = False

    def __post_init__(self) -> None:
        needed(self.known.measures, _("已经采取的措施"))
        if self.kind == EmergencyReportKind.INITIAL:
            needed(self.known.happened, _("发生了什么"))
        if self.kind == EmergencyReportKind.FINAL:
            needed(self.known.losses, _("伤亡和损失"))
            needed(self.known.advice, _("善后和建议"))


@dataclass(frozen=True, kw_only=True)
class StandDown(Terms):
    action = Action.STAND_DOWN
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("为什么可以解除"))
