"""What a telephone exchange pushes (3.2.1): once, in whatever order, from where it may, and never more than it is."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuoshi.channels.hotline.models import Call
from shuoshi.config.logs import scrub
from shuoshi.kernel import throttle, verify
from shuoshi.kernel.throttle import Tally
from tests.support.calls import NUMBER, connected, push, rang
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(21)]


@pytest.fixture
def key(town: Place) -> str:
    return connected()[1]


def test_a_call_rings_is_answered_and_ends(key: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("django.conf.settings.PUBLIC_ADDRESS", "http://testserver")
    answer = push(key, "newCall")
    assert answer.status_code == 200 and f'onAnswer="http://testserver/pbx/{key}/"' in answer.content.decode()
    assert push(key, "answer", user="王芳").status_code == push(key, "hangup").status_code == 204
    call = Call.objects.get()
    assert (str(call.caller), call.extension) == ("13800000017", "王芳")
    assert call.answered_at is not None and call.ended_at is not None
    assert not list(verify.verify())


def test_told_again_or_out_of_order_it_is_one_call(town: Place):
    _row, key = connected()
    for event in ("hangup", "newCall", "answer", "newCall", "answer", "hangup"):
        assert push(key, event, user="王芳").status_code in (200, 204)
    call = Call.objects.get()
    assert call.answered_at is not None and call.ended_at is not None
    assert not list(verify.verify())


@pytest.mark.parametrize("withheld", ["", "anonymous", "Unknown", "restricted"])
def test_a_withheld_number_is_taken_as_none(town: Place, withheld: str):
    _row, key = connected()
    call = rang(key, **{"from": withheld})
    assert (str(call.caller), call.caller_index) == ("", "")


@pytest.mark.parametrize(
    ("came", "kept"), [("+8613800000017", "13800000017"), ("057188880000", "057188880000"), ("ext 7", "ext 7")]
)
def test_numbers_are_written_as_everywhere(town: Place, came: str, kept: str):
    _row, key = connected()
    assert str(rang(key, **{"from": came}).caller) == kept


def test_a_machine_that_answers_is_nobody_and_our_own_calls_are_none(town: Place):
    _row, key = connected()
    push(key, "newCall")
    push(key, "answer", user="voicemail")
    assert Call.objects.get().answered_at is None
    assert push(key, "newCall", "out", direction="out").status_code == 204 and Call.objects.count() == 1


def test_a_flood_fills_no_disk(town: Place):
    row, key = connected()
    throttle.hit(throttle.EXCHANGE_PUSHES.scope, str(row.pk))
    Tally.objects.update(count=throttle.EXCHANGE_PUSHES.free)
    answer = push(key, "newCall")
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0 and not Call.objects.exists()


def test_a_push_is_a_plain_form_without_anything_of_ours(town: Place):
    _row, key = connected()
    body = f"event=newCall&from={NUMBER}&to=4957&direction=in&callId=u-1&user%5B%5D=Alice"
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/pbx/{key}/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200 and not answer.cookies and Call.objects.get().call_id == "u-1"


def test_the_key_stands_in_no_log():
    assert scrub("fault at POST /pbx/qpeccitjpj6cimljcwzu3pqfrnzijyzf/") == "fault at POST /pbx/‹key›/"


def test_nobody_else_pushes(town: Place):
    row, key = connected("10.0.0.0/24")
    assert push("x" * 32, "newCall").status_code == push(key, "newCall").status_code == 404
    assert push(key, "newCall", at="10.0.0.7").status_code == 200
    type(row).objects.update(active=False)
    assert push(key, "hangup", at="10.0.0.7").status_code == 404
    assert Client().get(f"/pbx/{key}/").status_code == 405
    assert Call.objects.count() == 1


def test_what_is_too_large_or_no_push_is_not_read(town: Place):
    _row, key = connected()
    assert push(key, "newCall", **{"from": "1" * 20_000}).status_code == 413
    for event, call in (("ring", "c"), ("newCall", ""), ("newCall", "c" * 81)):
        assert push(key, event, call).status_code == 400
    cut_off = Client().generic("POST", f"/pbx/{key}/", b"--x\r\nbroken", "multipart/form-data; boundary=x")
    assert cut_off.status_code == 400 and not cut_off.cookies and not Call.objects.exists()


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pushed=st.dictionaries(
        st.sampled_from(["event", "callId", "from", "user", "to"]),
        st.one_of(st.text(max_size=30), st.sampled_from(["newCall", "answer", "hangup", "\x00", NUMBER])),
    )
)
@pytest.mark.once
def test_anything_may_be_pushed(key: str, pushed: dict[str, str]):
    assert Client().post(f"/pbx/{key}/", pushed).status_code < 500
