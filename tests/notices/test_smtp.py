"""E-mail at a real server: what it says of itself, and what becomes of every answer. Drill 11, outgoing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shuoshi.notices.ways import Answer, Came, Outgoing
from shuoshi.notices.ways.smtp import Smtp
from tests.notices.post_office import PostOffice, post_office

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
    ("code", "came"), [("550 no such user", Came.REFUSED), ("451 greylisted", Came.LATER), ("421 busy", Came.LATER)]
)
def test_what_the_server_says_of_an_address_is_believed(office: PostOffice, code: str, came: Came):
    office.refuse["chen@example.com"] = code
    assert door(office.port).send("chen@example.com", OUT) == Answer(came, code[:3])


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


def test_a_server_that_is_not_there_is_out_of_order_as_a_whole():
    from tests.support.elsewhere import free_port

    assert door(free_port()).send("chen@example.com", OUT) == Answer(Came.LATER, "connect", whole_way=True)
