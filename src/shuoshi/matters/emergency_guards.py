"""When an emergency may be dispatched, reported on and ended, and what waits until it is over (4.1.2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import EMERGENCIES, DeadlineKind


@guard(_("这件事没有启动应急，或者应急已经解除。"), hides=True)
def emergency_open(case: Case) -> bool:
    return case.matter.duty_since is not None and case.matter.urgency in EMERGENCIES


@guard(_("应急还没有解除。先写终报、解除应急，再做这一步。"))
def emergency_over(case: Case) -> bool:
    """A reply says what became of the matter; as long as people are at the scene nobody knows that."""
    return not emergency_open(case)


@guard(_("说事人勾了有危险，还没有核实。先核实，再答复。"))
def danger_looked_at(case: Case) -> bool:
    """Nobody answers a danger away, and whoever is called about it can always end the calling."""
    return not case.matter.urgency_suspected


@guard(_("还没有到叫下一个人的时候。"))
def nobody_acted_in_time(case: Case) -> bool:
    clock = case.clocks.get(DeadlineKind.DUTY)
    return case.matter.duty_since is not None and clock is not None and clock.due_at <= case.now


@guard(_("没有要补的单。"), hides=True)
def papers_owed(case: Case) -> bool:
    return case.matter.papers_owed


@guard(_("这件事是先处置的，还没有补单。补了单，再做这一步。"))
def papers_made(case: Case) -> bool:
    """Before anybody said of which kind it is, nobody knows what is owed for it."""
    return not case.matter.papers_owed
