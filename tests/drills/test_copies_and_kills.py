"""Drill 19, the web form in full length: copies of a press at a real server that is killed and started again meanwhile."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.elsewhere import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill(19), pytest.mark.slow]

AT_ONCE = 16
PATIENCE = 120  # seconds a resident goes on pressing
CUT = (OSError, http.client.HTTPException)
NUMBER = re.compile(r"SS-QH-\d{8}-\d{4}")
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4}\b")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Phone:
    """A resident's browser: what it keeps are cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, **typed: str) -> tuple[int, str]:
        """GET, or POST what was typed. Raises one of CUT when the connection ends before the answer does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            body = urlencode(typed) if typed else None
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST" if body else "GET", path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, text
        finally:
            connection.close()

    def fills_in(self, what: str) -> Press:
        """The four pages up to the last press."""
        for page, typed in (("what", {"what": what}), ("where", {"place": "村口"}), ("who", {"naming": "anonymous"})):
            token = TOKEN.search(self.ask(f"/submit/{page}/")[1])
            assert token is not None
            assert self.ask(f"/submit/{page}/", csrfmiddlewaretoken=token[1], **typed)[0] == 302
        token = TOKEN.search(self.ask("/submit/check/")[1])
        assert token is not None
        return Press(what, self, token[1])


@dataclass(frozen=True)
class Press:
    """One press of 提交, that may be sent many times."""

    what: str
    phone: Phone
    token: str

    def send(self) -> Receipt:
        """Press until it is answered; every refusal of a server that stands is a failure."""
        phone = replace(self.phone, cookies=dict(self.phone.cookies))
        until = time.monotonic() + PATIENCE
        cuts = 0
        while True:
            try:
                status, text = phone.ask("/submit/check/", csrfmiddlewaretoken=self.token)
                assert status == 302, f"{status}: {text[:2000]}"
                break
            except CUT:
                cuts += 1
                assert time.monotonic() < until
                time.sleep(0.1)
        while True:
            try:
                status, text = phone.ask("/submit/done/")
                assert status == 200, f"{status}: {text[:2000]}"
                break
            except CUT:
                cuts += 1
                assert time.monotonic() < until
                time.sleep(0.1)
        number, code = NUMBER.search(text), CODE.search(text)
        assert number is not None and code is not None, text
        return Receipt(self.what, number[0], code[0], cuts)


@dataclass(frozen=True)
class Receipt:
    what: str
    number: str
    code: str
    cuts: int  # how often the connection ended before an answer came


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
