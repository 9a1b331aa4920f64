"""Drill 19: copies of one form at once, some cut off in between: one matter, one receipt."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from shuoshi.kernel.events import Event
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Naming
from shuoshi.people.models import Person
from tests.support.village import ONLINE, Place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(19)]


class CutOff(Exception):
    """The connection or the process went away before the commit."""


@pytest.mark.parametrize("copies", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_copies_with_cuts_between_are_one_matter_with_one_receipt(town: Place, copies: int):
    people = Person.objects.count()
    intake = Intake(
        channel=Channel.ONLINE,
        key="pressed many times",
        content="路灯坏了。",
        naming=Naming.NAMED,
        speaker=PersonSaid(name="陈大明", phone="13800000017"),
    )
    together = threading.Barrier(8)

    def send(number: int) -> tuple[str, str] | None:
        try:
            if number < together.parties:
                together.wait(30)
            with transaction.atomic():
                receipt = actions.register(intake, actor=ONLINE)
                if number % 5 == 0:
                    raise CutOff
            return receipt.number, receipt.event_hash
        except CutOff:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(together.parties) as pool:
        answers = list(pool.map(send, range(copies)))
    assert len({answer for answer in answers if answer}) == 1
    assert sum(answer is None for answer in answers) == copies // 5
    matter = Matter.objects.get()
    assert Event.objects.filter(stream_id=str(matter.pk), action="register").count() == 1
    assert Notice.objects.filter(about_id=matter.pk, kind="registered").count() == 1
    assert Person.objects.count() == people + 1
    assert list(verify()) == []
