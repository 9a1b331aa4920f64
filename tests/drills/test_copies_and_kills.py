"""Drill 19, the web form in full length: copies of a press at a real server that is killed and started again meanwhile."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.drills.phones import Phone, Press, Receipt
from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(19), pytest.mark.slow]

AT_ONCE = 16


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.mark.parametrize(("presses", "copies", "kills"), [(1, 200, 3), (20, 10, 4)])
def test_two_hundred_copies_with_kills_between_are_one_matter_a_press(
    installation: Installation, presses: int, copies: int, kills: int
):
    dice = random.Random(19)
    people = installation.count()["people"]
    made = [Phone(installation.port).fills_in(f"第{n}户门前的路灯坏了") for n in range(presses)]
    wanted = [press for press in made for _ in range(copies)]
    dice.shuffle(wanted)
    answered = threading.Semaphore(0)

    def send(press: Press) -> Receipt:
        try:
            return press.send()
        finally:
            answered.release()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(send, press) for press in wanted]
        for kill in range(kills):
            if kill:  # the first comes while the first press is still on its way
                for _ in range(len(wanted) // (kills + 1)):
                    answered.acquire()
            time.sleep(dice.uniform(0.02, 0.2))
            installation.kill()
            installation.start()
        receipts = [one.result() for one in sent]
    assert sum(receipt.cuts for receipt in receipts) >= kills, "the kills met nobody"
    told = {press.what: {(one.number, one.code) for one in receipts if one.what == press.what} for press in made}
    assert {len(different) for different in told.values()} == {1}
    counted = installation.count()
    numbers = {number for [(number, _)] in map(list, told.values())}
    assert set(counted["matters"]) == numbers and len(numbers) == presses
    for matter in counted["matters"].values():
        assert matter["registered"] == 1 and matter["told"] == 1
        assert matter["content"] in told
    assert counted["people"] == people
    assert "Traceback" not in installation.log(), installation.log()
    assert "whole" in installation.run("shuoshi", "verify")
