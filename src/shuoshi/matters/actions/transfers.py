"""Carrying out transfers of duties whose day has come: for the worker, every few minutes. What each matter hears is `transferred`."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import terms
from shuoshi.matters.actions.run import run
from shuoshi.matters.models import Assignment, Matter
from shuoshi.matters.vocabulary import GIVEN, Action, EndedBecause
from shuoshi.organization import actions as organization
from shuoshi.organization.transfer import DutyTransfer

BATCH = 200
_log = logging.getLogger(__name__)


def concerned_by(transfer: DutyTransfer) -> QuerySet[Matter]:
    """Open matters that a transfer takes from the old unit and that are still there."""
    found = Matter.objects.filter(status__in=GIVEN, lead_unit=transfer.from_unit, drill=False)
    if transfer.every_code:
        of_code = Q(pk__in=[])
        for code in transfer.every_code:
            of_code |= Q(category__startswith=code)
        found = found.filter(of_code)
    return found.filter(area__path__startswith=transfer.area.path) if transfer.area is not None else found


def carry_out_transfers(now: datetime, batch: int = BATCH) -> int:
    """Of every transfer whose day has come first the lines, then the matters; how many matters.

    Each matter in a transaction of its own; one that fails is logged and tried again the next time.
    """
    done = 0
    for transfer in organization.due_transfers(now):
        organization.move_lines(transfer.pk)
        found = concerned_by(transfer)
        for pk in list(found.order_by("next_due_at", "id").values_list("pk", flat=True)[:batch]):
            done += _move(pk, transfer)
        if not found.exists():
            moved = Assignment.objects.filter(unit=transfer.from_unit, ended_because=EndedBecause.TRANSFERRED)
            organization.finish_transfer(transfer.pk, moved.filter(ended_at__gte=transfer.takes_effect_at).count())
    return done


def _move(pk: UUID, transfer: DutyTransfer) -> int:
    try:
        with transaction.atomic():
            given = terms.TransferDuties(transfer=transfer.pk)
            run(Action.TRANSFER_DUTIES, pk, given, actor=SYSTEM)
    except Exception:
        _log.exception("transfer of matter %s failed", pk)
        return 0
    return 1


def left_at(unit: UUID) -> int:
    """How many open matters a unit has in hand: it is not closed over them."""
    return Matter.objects.filter(status__in=GIVEN, lead_unit=unit, drill=False).count()
