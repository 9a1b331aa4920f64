"""The other side of the ways in, played against a server that runs: as the real ones speak, and never against a real home."""

from __future__ import annotations

import urllib.parse

import pytest
from pytest_django.live_server_helper import LiveServer

from shuoshi.channels.hotline.models import Call, Exchange
from shuoshi.channels.visits.models import Device, Visit
from shuoshi.channels.wechat.models import Incoming
from shuoshi.config import playing
from shuoshi.kernel import verify
from shuoshi.matters.models import Matter
from shuoshi.notices.models import Gateway
from shuoshi.people.models import Account
from tests.support.post import PostBox, fetch
from tests.support.village import Place, build_town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Place:
    return build_town(demo=True)


@pytest.fixture
def line(town: Place, live_server: LiveServer) -> playing.Line:
    port = urllib.parse.urlsplit(live_server.url).port
    assert port is not None
    return playing.Line(port)


def test_a_call_rings_is_answered_and_ends(line: playing.Line) -> None:
    playing.call(line, "13800000017", missed=False, rings=0, talks=0)
    playing.call(line, "13800000017", missed=True, rings=0, talks=0)
    answered, missed = Call.objects.order_by("rang_at")
    assert (answered.caller, answered.extension) == ("13800000017", "demo") and answered.ended_at is not None
    assert missed.answered_at is None and missed.ended_at is not None
    assert Exchange.objects.count() == 1 and not list(verify.verify())


def test_a_follower_writes_and_reads_the_answer(line: playing.Line, capsys: pytest.CaptureFixture[str]) -> None:
    playing.follower(line, "oDemo", ["村口的路灯坏了三盏。", "村口"])
    said = capsys.readouterr().out
    assert Incoming.objects.count() == 2 and said.count("> ") == 2
    assert len([part for part in said.split("\n") if part and not part.startswith(">")]) >= 2, "both were answered"
    Gateway.objects.update(active=False)
    with pytest.raises(playing.NotPlayed, match="switched off"):
        playing.follower(line, "oDemo", ["灯"])
    assert not Gateway.objects.filter(active=True).exists(), "what somebody switched off stays so"


def test_a_phone_sends_what_was_said_on_a_visit_and_is_revoked(line: playing.Line, town: Place) -> None:
    name = Account.objects.get(person=town.persons["陈书记"]).username
    playing.visit(line, name, "陈大明", "三组水渠堵了。")
    assert Visit.objects.count() == 1 and str(Matter.objects.get().content) == "三组水渠堵了。"
    assert Device.objects.get().revoked_at is not None
    status, _body = line.ask("GET", "/desk/visits/phone/state/")
    assert status == 401, "nothing stays signed in"
    with pytest.raises(playing.NotPlayed):
        playing.visit(line, "nobody", "", "x")


def test_what_cannot_be_played_says_what_to_do(town: Place) -> None:
    with pytest.raises(playing.NotPlayed, match="mailbox"):
        playing.mail("demo@example.com", "", "路灯坏了")
    with pytest.raises(playing.NotPlayed, match="shuoshi run"):
        playing.call(playing.Line(9), "1", missed=True, rings=0, talks=0)


def test_a_mail_arrives_where_the_settings_say(town: Place, box: PostBox) -> None:
    box.connected()
    playing.mail("demo@example.com", "路灯", "村口的路灯坏了三盏。")
    assert fetch() == 1 and "村口的路灯坏了三盏。" in str(Matter.objects.get().content)
