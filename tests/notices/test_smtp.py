"""E-mail at a real server: what it says of itself, and what becomes of every answer. Drill 11, outgoing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from shuoshi.notices.ways import Answer, Came, Outgoing, line
from shuoshi.notices.ways.smtp import Smtp
from tests.notices.post_office import PostOffice, dripping, post_office
from tests.support.elsewhere import free_port

pytestmark = pytest.mark.once

OUT = Outgoing(
    "0190-1", "accepted", "SS-1", "https://x/n/a/", "您说的事受理了，编号 SS-1。", "【青禾镇】受理了", "https://x/n/a/"
)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as found:
        yield found


def door(port: int, **given: str) -> Smtp:
    return Smtp({"host": "127.0.0.1", "port": str(port), "security": "none", "sender": "shuo@qinghe.example", **given})


def test_a_letter_says_that_a_program_wrote_it_and_how_to_end_it(office: PostOffice):
    smtp = door(office.port)
    assert smtp.send("chen@example.com", OUT) == Answer(Came.OUT, "250")
    assert smtp.send("li@example.com", OUT) == Answer(Came.OUT, "250")
    smtp.close()
    [letter] = office.to("chen@example.com")
    assert letter["Auto-Submitted"] == "auto-generated" and letter["Precedence"] == "bulk"
    assert letter["List-Unsubscribe"] == "<https://x/n/a/>" and "List-Unsubscribe-Post" not in letter
    assert letter["Message-ID"] == "<0190-1@qinghe.example>"
    assert letter["To"] == "chen@example.com" and letter["Subject"] == "【青禾镇】受理了"
    assert "受理了" in letter.get_content() and len(office.letters) == 2


@pytest.mark.parametrize("bad", ["a@b.c\r\nBcc: x@y.z", "a@b.c\nSubject: x"])
def test_no_line_breaks_into_a_header(office: PostOffice, bad: str):
    smtp = door(office.port)
    assert smtp.send(bad, OUT).came is Came.REFUSED
    assert not office.letters


@pytest.mark.parametrize(
    ("code", "came", "whole"),
    [
        ("550 no such user", Came.REFUSED, False),
        ("451 greylisted", Came.LATER, False),
        ("421 closing", Came.LATER, True),
    ],
)
def test_what_the_server_says_of_an_address_is_believed(office: PostOffice, code: str, came: Came, whole: bool):
    office.refuse["chen@example.com"] = code
    assert door(office.port).send("chen@example.com", OUT) == Answer(came, code[:3], whole_way=whole)


@pytest.mark.parametrize(("said", "came"), [("554 spam", Came.REFUSED), ("452 full", Came.LATER)])
def test_and_what_it_says_of_the_letter(office: PostOffice, said: str, came: Came):
    office.answer = said
    assert door(office.port).send("chen@example.com", OUT).came is came
    assert not office.letters


def test_a_line_that_breaks_in_the_middle_leaves_it_uncertain(office: PostOffice):
    office.hang_up = True
    smtp = door(office.port)
    assert smtp.send("chen@example.com", OUT).came is Came.UNCERTAIN
    smtp.close()


def test_a_server_that_is_not_there_is_out_of_order_as_a_whole(settings: Any):
    port = free_port()
    settings.MAIL_HOSTS = [f"127.0.0.1:{port}"]
    assert door(port).send("chen@example.com", OUT) == Answer(Came.LATER, "connect", whole_way=True)


HELLO = (b"220 here\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go\r\n")


@pytest.mark.parametrize(
    ("said", "came"),
    [((), Came.LATER), (HELLO[:1], Came.LATER), (HELLO[:3], Came.LATER), (HELLO, Came.UNCERTAIN)],
    ids=["greeting", "hello", "recipient", "letter"],
)
def test_a_server_that_drips_is_cut_when_the_letter_took_too_long(
    monkeypatch: pytest.MonkeyPatch, said: tuple[bytes, ...], came: Came
):
    monkeypatch.setattr(line.Patience.begin, "__defaults__", (0.6,))
    with dripping(*said) as port:
        began = time.monotonic()
        smtp = door(port)
        answer = smtp.send("chen@example.com", OUT)
        smtp.close()
        took = time.monotonic() - began
    assert (answer.came, answer.whole_way) == (came, True)
    assert 0.5 < took < 5


def test_a_server_that_never_stops_talking_is_cut_long_before_the_time_is_over():
    with dripping(drop=b"220-" + b"x" * 4000 + b"\r\n", every=0.001) as port:
        began = time.monotonic()
        assert door(port).send("chen@example.com", OUT).came is Came.LATER
        assert time.monotonic() - began < line.SECONDS / 2


@pytest.mark.parametrize("port", [22, 80, 443, 2500, 6379])
@pytest.mark.drill(22)
def test_no_port_but_those_of_mail_is_tried(monkeypatch: pytest.MonkeyPatch, port: int):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: pytest.fail("it asked for the name"))
    smtp = Smtp({"host": "smtp.example.com", "port": str(port), "security": "ssl", "sender": "a@example.com"})
    assert smtp.send("chen@example.com", OUT) == Answer(Came.LATER, "port", whole_way=True)


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.3"])
@pytest.mark.drill(22)
def test_a_mail_server_that_lies_inside_is_not_asked_unless_it_was_named(
    monkeypatch: pytest.MonkeyPatch, settings: Any, inside: str
):
    family = socket.AF_INET6 if ":" in inside else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **named: [(family, socket.SOCK_STREAM, 6, "", (inside, 465))]
    )
    asked: list[Any] = []

    def connect(where: Any, *args: Any) -> socket.socket:
        asked.append(where)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    given = {"host": "mail.example.com", "port": "465", "security": "ssl", "sender": "a@example.com"}
    assert Smtp(given).send("chen@example.com", OUT).code == "address" and not asked
    settings.MAIL_HOSTS = ["mail.example.com"]
    assert Smtp(given).send("chen@example.com", OUT).code == "connect"
    assert asked == [(inside, 465)], "to the very address that was looked at"
    assert Smtp({**given, "port": "6379"}).send("chen@example.com", OUT).code == "port", "named without a port: of mail"


@pytest.mark.parametrize("named", [[], ["smtp.example.com"]])
def test_a_password_does_not_cross_the_net_in_the_open(
    monkeypatch: pytest.MonkeyPatch, settings: Any, named: list[str]
):
    settings.MAIL_HOSTS = named
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: [])
    smtp = Smtp({"host": "smtp.example.com", "port": "25", "security": "none", "sender": "a@example.com"})
    assert smtp.send("chen@example.com", OUT) == Answer(Came.LATER, "resolve" if named else "open", whole_way=True)
