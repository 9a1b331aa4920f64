"""What the WeChat platform sends is taken once; what it did not send, or not now, is refused before it costs (drill 21)."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuoshi.channels.wechat.models import Incoming
from shuoshi.kernel import clock, throttle
from shuoshi.kernel.throttle import Tally
from tests.support.official import NAME, TOKEN, Posted, message, posted, sealed, set_up, signed, words, xml
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(21), pytest.mark.once]
SAID = "路灯坏了三天，晚上看不见路"
FORBIDDEN = 403


@pytest.fixture
def account(town: Place) -> None:
    set_up()


@pytest.fixture
def plain_account(town: Place) -> None:
    set_up(plain="1")


def refused(answer: Any) -> tuple[int, str]:
    assert not answer.cookies
    return answer.status_code, answer.content.decode()


def test_the_address_answers_whoever_knows_the_token_and_nobody_else(account: None):
    stamp = str(int(clock.now().timestamp()))
    asked = {"timestamp": stamp, "nonce": "n1", "echostr": "5837397"}
    answer = Client().get("/wechat/", {**asked, "signature": signed(TOKEN, stamp, "n1")})
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200, b"5837397", "text/plain; charset=utf-8",
    )  # fmt: skip
    assert Client().get("/wechat/", {**asked, "signature": signed("other", stamp, "n1")}).status_code == FORBIDDEN
    assert Client().get("/wechat/").status_code == FORBIDDEN


def test_without_an_account_there_is_nothing_there(town: Place):
    assert posted(message(Content=SAID)).send().status_code == Client().get("/wechat/").status_code == 404


def test_an_encrypted_message_is_taken_and_answered_encrypted(account: None):
    answer = posted(message(Content=SAID)).send()
    assert "事情在哪里" in words(answer) and not answer.cookies
    assert Incoming.objects.get().answered_at is not None


def test_a_plain_message_is_taken_where_plain_mode_was_chosen(plain_account: None):
    assert "事情在哪里" in words(posted(message(Content=SAID), plain=True).send(), plain=True)


def test_a_plain_message_is_refused_where_it_was_not(account: None):
    assert refused(posted(message(Content=SAID), plain=True).send()) == (FORBIDDEN, "plain")
    assert not Incoming.objects.exists()


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    ("changed", "why"),
    [({"token": "guessed"}, "signature"), ({"ago": 400}, "old"), ({"ago": -400}, "old")],
)
def test_a_wrong_signature_and_an_old_one_are_refused(town: Place, plain: bool, changed: dict[str, Any], why: str):
    set_up(plain="1" if plain else "")
    assert refused(posted(message(Content=SAID), plain=plain, **changed).send()) == (FORBIDDEN, why)
    assert not Incoming.objects.exists()


def test_what_is_sealed_is_signed_by_itself(account: None):
    one, other = posted(message(Content=SAID)), posted(message(Content="别的话"))
    assert refused(Posted(one.query, other.body).send()) == (FORBIDDEN, "signature")


def test_a_message_to_another_account_is_refused(account: None):
    assert refused(posted(message(Content=SAID), app="wx0000000000000000").send()) == (FORBIDDEN, "app")
    assert refused(posted(message(Content=SAID, to="gh_other")).send()) == (FORBIDDEN, "app")


def test_what_was_sealed_under_another_key_is_refused(account: None):
    other = "A" * 42 + "E"
    assert posted(message(Content=SAID), aes_key=other).send().status_code == FORBIDDEN
    assert not Incoming.objects.exists()


def test_the_same_again_is_answered_the_same_and_does_nothing(account: None):
    first = posted(message(Content=SAID, number=7))
    said = words(first.send())
    assert words(first.send()) == said == words(posted(message(Content=SAID, number=7)).send())
    assert Incoming.objects.count() == 1
    event = message("event", Event="subscribe")
    assert words(posted(event).send()) == words(posted(event).send()) != ""
    assert Incoming.objects.count() == 2


def test_a_signed_address_serves_one_message_only(plain_account: None):
    """The signature of plain mode covers no word of it: whoever saw one could say anything."""
    seen = posted(message(Content=SAID), plain=True)
    assert words(seen.send(), plain=True)
    forged = Posted(seen.query, message(Content="取消", who="oChen").encode())
    assert refused(forged.send()) == (FORBIDDEN, "replayed")
    assert Incoming.objects.count() == 1


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "laughs": f'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY l0 "ha">{LAUGHS}]><xml><Encrypt>&l9;</Encrypt></xml>',
    "outside": '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Content>&x;</Content></xml>',
    "definition": '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml><Content>x</Content></xml>',
    "deep": "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>",
    "many": "<xml>" + "<a/>" * 9000 + "</xml>",
    "unknown": "<xml><Content>&nothing;</Content></xml>",
    "cut": "<xml><Encrypt>abc",
    "empty": "",
    "other": "<xml><MsgType>text</MsgType></xml>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_xml_is_refused_without_growing(plain_account: None, bomb: str):
    """Also where it is within what was sealed: the platform passes on what it was given."""
    outside = posted(BOMBS[bomb], plain=True)
    within = posted(BOMBS[bomb])
    within.send(), outside.send()  # what is loaded once does not count
    tracemalloc.start()
    answers = [refused(outside.send()), refused(within.send())]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answers == [(FORBIDDEN, "xml")] * 2
    assert peak < 2 * 2**20 and not Incoming.objects.exists()


class Endless:
    """A body that goes on as long as somebody reads it."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "nobody asks for all of it"
        self.given += size
        return b"x" * size

    readline = read


@pytest.mark.parametrize("length", [100 * 2**20, 65 * 2**10])
def test_a_huge_body_is_not_read(account: None, length: int):
    query = posted("").query
    for _ in range(2):
        body = Endless()
        tracemalloc.start()
        given = {"CONTENT_LENGTH": str(length), "wsgi.input": body, "CONTENT_TYPE": "text/xml"}
        answer = Client().post("/wechat/", QUERY_STRING="&".join(f"{k}={v}" for k, v in query.items()), **given)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (answer.status_code, body.given) == (413, 0)
    assert peak < 2 * 2**20


def test_a_flood_of_one_follower_fills_nothing_and_is_told(account: None):
    assert words(posted(message(Content=SAID)).send())
    Tally.objects.filter(scope=throttle.FOLLOWER_MESSAGES.scope).update(count=throttle.FOLLOWER_MESSAGES.free)
    assert "发得太多" in words(posted(message(Content=SAID)).send())
    assert words(posted(message(Content=SAID, who="oWang")).send()).startswith("记下了"), "others are heard"
    assert Incoming.objects.count() == 2


def test_words_that_end_a_section_stand_in_an_answer(account: None):
    assert "事情在哪里" in words(posted(message("voice", MediaId="m", Recognition="好]]>的<b>&amp;")).send())


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(
            ["MsgType", "MsgId", "Content", "Event", "MediaId", "Location_X", "CreateTime", "FromUserName"]
        ),
        st.one_of(
            st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20),
            st.sampled_from(["text", "event", "voice", "location", "image", "subscribe", "7"]),
        ),
    )
)
@pytest.mark.once
def test_anything_may_be_sent(account: None, fields: dict[str, str]):
    assert posted(xml(ToUserName=NAME, **fields)).send().status_code in (200, FORBIDDEN)


@pytest.mark.once
def test_ciphertext_that_is_none_is_refused(account: None):
    for closed in ("", "AAAA", "!!!!", sealed("")[:-4], sealed("x" * 40)[:44]):
        one = posted("")
        one.query["msg_signature"] = signed(TOKEN, one.query["timestamp"], one.query["nonce"], closed)
        assert Posted(one.query, xml(Encrypt=closed).encode()).send().status_code == FORBIDDEN
