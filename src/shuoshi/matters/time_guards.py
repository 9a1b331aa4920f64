"""When the time of a matter may be moved, paused or set aside: conditions beside its status (4.2.2, 4.4.2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.vocabulary import EMERGENCIES, DeadlineKind, RequestKind, Status

EXTENSIONS = 1  # in a matter, whatever its rounds


def _asked(case: Case, kind: RequestKind) -> bool:
    return kind in case.standing.pending


@guard(_("已经有一份延期申请等着裁定。"))
def no_extension_pending(case: Case) -> bool:
    return not _asked(case, RequestKind.EXTENSION)


@guard(_("没有待裁定的延期申请。"), hides=True)
def extension_pending(case: Case) -> bool:
    return _asked(case, RequestKind.EXTENSION)


@guard(_("这件事已经延期过一次，不能再延。"))
def not_extended_yet(case: Case) -> bool:
    return case.matter.extensions < EXTENSIONS


@guard(_("办理期限已经过了，或者没有在走的办理期限，不能再往后推。"))
def time_is_left(case: Case) -> bool:
    """What is over cannot be moved: it stays missed."""
    clock = case.clocks.get(DeadlineKind.COMPLETION)
    return clock is not None and case.now <= clock.due_at


@guard(_("办理期限已经过了，或者没有在走的办理期限，不能再往后推。"))
def time_is_left_or_stands_still(case: Case) -> bool:
    return case.matter.status == Status.PAUSED or time_is_left(case)


@guard(_("已经有一份暂停计时的申请等着裁定。"))
def no_pause_pending(case: Case) -> bool:
    return not _asked(case, RequestKind.PAUSE)


@guard(_("没有待裁定的暂停申请。"), hides=True)
def pause_pending(case: Case) -> bool:
    return _asked(case, RequestKind.PAUSE)


@guard(_("紧急、特急的事不能暂停，也不能挂账。"))
def not_urgent(case: Case) -> bool:
    return case.matter.urgency not in EMERGENCIES


@guard(_("有别的件并在这一件里等答复，不能暂停，也不能挂账。"))
def nobody_waits_with_it(case: Case) -> bool:
    """What others were promised does not stand still because somebody else's matter does."""
    return not case.matter.merged_here


@guard(_("已经有一份挂账申请等着裁定。"))
def no_parking_pending(case: Case) -> bool:
    return not _asked(case, RequestKind.PARK)


@guard(_("没有待裁定的挂账申请。"), hides=True)
def parking_pending(case: Case) -> bool:
    return _asked(case, RequestKind.PARK)


@guard(_("暂停还没有到期，要等的也还没有等到。"))
def pause_is_over(case: Case) -> bool:
    """By hand any time; by rule when its last day is over, or when the speaker it waited for has spoken."""
    if case.actor.kind is not ActorKind.SYSTEM or case.matter.waits_for_speaker:
        return True
    clock = case.clocks.get(DeadlineKind.PAUSE)
    return clock is not None and clock.due_at <= case.now
