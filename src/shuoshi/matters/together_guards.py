"""When matters may be put together: conditions beside their status (4.2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import AFTERWARDS, EMERGENCIES, DeadlineKind, Mediated

_ASKED = AFTERWARDS | {
    DeadlineKind.CO_OPINION,
    DeadlineKind.INSTRUCTION,
    DeadlineKind.SPONSOR,
    DeadlineKind.AGENCY,
    DeadlineKind.HAND_BACK,
    DeadlineKind.ASK_BACK,
}


@guard(
    _(
        "还有申请等着裁定，或者督办、批示、协办、外单位等着答复，或者领导在包案，或者正在调解、落实、代办，办了再做这一步。"
    )
)
def nothing_pending(case: Case) -> bool:
    """What somebody waits for does not fall by putting the matter elsewhere."""
    owed = any(clock.kind in _ASKED for clock in case.clocks.values())
    mediating = case.matter.mediation == Mediated.OPEN
    return not case.standing.pending and not case.matter.supervised and not owed and not mediating


@guard(_("已经有别的件并到这一件里，它只能做主件。"))
def nothing_merged_into_it(case: Case) -> bool:
    """No chains: what others are merged into is a main matter."""
    return not case.matter.merged_here


@guard(_("重新办理的事，还有答应的日期已经了结的事，要单独办。"))
def date_still_runs(case: Case) -> bool:
    """Whose answer did not satisfy, or was late, is not put off once more with somebody else's."""
    return case.matter.promised_by is None or DeadlineKind.PROMISE in case.clocks


@guard(_("紧急、特急的事要单独办，不并到别的件里。"))
def waits_for_nobody(case: Case) -> bool:
    """An emergency is handled by the minute, by itself."""
    return case.matter.urgency not in EMERGENCIES and not case.matter.urgency_suspected


@guard(_("上级件要单独报结，不并到别的件里；别的件可以并到它里面。"))
def not_ordered_by_a_superior(case: Case) -> bool:
    return DeadlineKind.OUTSIDE_ORDER not in case.clocks
