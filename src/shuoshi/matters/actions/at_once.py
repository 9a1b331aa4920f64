"""Registration of many at once: the ledger of before. Every one of them goes through the one door, and is written together.

What it writes is what `register` writes, row for row; a test compares the two. Faster is only that the house is asked
once, that numbers are counted here, and that rows of many matters go to the database in one message.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, gathering, idempotency, numbering
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.gathering import Gathering
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters.actions.intake import Receipt, scope_of, take_in, take_in_here
from shuoshi.matters.intake import Intake
from shuoshi.people.id_numbers import BadIdNumber
from shuoshi.people.phones import BadNumber

_log = logging.getLogger(__name__)
_SAID = (Refused, KeyReused, BadNumber, BadIdNumber)  # whose words are for whoever gave the intake
Outcome = Receipt | str


def register_all(several: Sequence[Intake], *, actor: Actor) -> list[Outcome]:
    """Register them in one transaction, at one moment: for each its receipt, or the words with which it was refused.

    One that is refused leaves nothing and keeps none of the others back. Where the database contradicts what was written
    together, they are registered one by one.
    """
    now = clock.now()
    try:
        with transaction.atomic(), _uncollected(), gathering.gathered() as whole:
            for scope in {scope_of(one.channel) for one in several}:
                idempotency.foresee(whole, scope, [one.key for one in several if scope_of(one.channel) == scope])
            found = [_together(whole, one, actor, now) for one in several]
            whole.write()
            numbering.settle(whole)
        return found
    except (gathering.Spoilt, IntegrityError, DataError, ValueError):
        return [_alone(one, actor, now) for one in several]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Thousands of rows live until they are written: looking through them again and again finds nothing to collect."""
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if usual:
            gc.enable()


def _together(whole: Gathering, intake: Intake, actor: Actor, now: datetime) -> Outcome:
    try:
        with whole.part():
            return take_in_here(intake, actor=actor, now=now)
    except _SAID as fault:
        return str(fault)


def _alone(intake: Intake, actor: Actor, now: datetime) -> Outcome:
    try:
        with transaction.atomic():
            return take_in(intake, actor=actor, now=now)
    except _SAID as fault:
        return str(fault)
    except (ValueError, DataError):  # whatever it is, it must not keep the others waiting for ever
        _log.exception("an intake could not be registered")
        return _("这一行登记不了，请核对内容。")
