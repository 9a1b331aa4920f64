"""The platform waits five seconds: with a slow database it is answered all the same, and what was acknowledged is not lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from shuoshi.channels.wechat import answering, late
from shuoshi.channels.wechat.models import Incoming, Late
from shuoshi.kernel import clock, steady
from shuoshi.matters.models import Matter
from tests.support.official import Chat, message, platform, posted, set_up, words
from tests.support.village import build_town

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "路灯坏了三天，晚上看不见路"
PATIENCE = 5.0  # of the platform
CUSTOM = "/cgi-bin/message/custom/send"


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes, and does not end: on SQLite nobody may, on PostgreSQL not to these tables."""
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("LOCK TABLE channels_incoming, channels_follower IN ACCESS EXCLUSIVE MODE")
            held.set()
            over.wait(30)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(10)
    try:
        yield
    finally:
        over.set()
        other.join()


def timed(sent: Any) -> tuple[Any, float]:
    began = time.monotonic()
    answer = sent.send()
    return answer, time.monotonic() - began


@pytest.fixture
def chat() -> Chat:
    build_town()
    set_up()
    return Chat()


def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(chat: Chat):
    sent = posted(message(Content=SAID))
    with locked():
        answer, took = timed(sent)
    assert answer.status_code == 503 and took < PATIENCE
    assert not Incoming.objects.exists()
    assert "事情在哪里" in words(sent.send()) and Incoming.objects.count() == 1


def test_what_cannot_be_answered_in_time_is_answered_afterwards(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    chat.tells(SAID, "三组", "0")
    whole = answering.answer

    def while_somebody_writes(*given: Any, **named: Any) -> str:
        with locked():
            return whole(*given, **named)

    with monkeypatch.context() as slow:
        slow.setattr(answering, "answer", while_somebody_writes)
        confirmed = posted(message(Content="1"))
        answer, took = timed(confirmed)
    assert (answer.content, took < PATIENCE) == (b"success", True)
    assert not Matter.objects.exists() and Incoming.objects.filter(answered_at=None).count() == 1
    later = posted(message(Content="还有一件事"))
    assert words(later.send()) == "", "in the order they were written"
    soon = clock.now() + timedelta(seconds=10)
    late.catch_up(soon)
    late.catch_up(soon)
    matter = Matter.objects.get()
    with platform() as played:
        settings.WECHAT_API = played.address
        late.tell(soon)
        first, second = (one["text"]["content"] for one in played.sent(CUSTOM))
    assert matter.number in first and "事情在哪里" in second
    assert words(confirmed.send()) == "" and Matter.objects.count() == 1 and not Late.objects.exists()


def test_an_account_that_may_not_write_says_it_with_the_next_answer(chat: Chat, settings: Any):
    chat.tells(SAID, "三组", "0")
    Incoming.objects.all().delete()
    first = posted(message(Content="1"))
    with locked():
        assert first.send().status_code == 503
    words(first.send())
    said = chat.says("1")
    Late.objects.create(
        follower=Incoming.objects.first().follower, text="有一张照片没有收下。", at=clock.now(), not_before=clock.now()
    )
    with platform() as played:
        settings.WECHAT_API = played.address
        played.errors[CUSTOM] = [48001]
        late.tell(clock.now())
        late.tell(clock.now() + timedelta(days=1))
        assert len(played.sent(CUSTOM)) == 1, "it is not asked again"
    assert chat.says("1") == f"有一张照片没有收下。\n\n{said}" and chat.says("1") == said


def test_a_message_that_never_can_be_answered_is_left_to_people(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    def broken(*given: Any) -> Any:
        raise ValueError("a fault of ours")

    monkeypatch.setattr("shuoshi.channels.wechat.dialogue.turn", broken)
    assert chat.says(SAID) == ""
    for n in range(late.TRIES):
        late.catch_up(clock.now() + timedelta(hours=n + 1))
    assert Incoming.objects.get().answered_at is not None and "请打热线" in str(Late.objects.get().text)
    steady.forget()
    assert steady.Kind.TASK_FAILED in [one.kind for one in steady.alarms()]
