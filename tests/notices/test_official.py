"""Notices to followers of the official account: number, state and link, by the platform's template, and by hand where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shuoshi.kernel import clock
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import circuits, delivering, wechat
from shuoshi.notices.models import Attempt, Message, State, Way, Why
from tests.notices.told import MORNING, carried, of_speaker
from tests.support.official import TEMPLATE, Chat, Platform, platform, set_up
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("morning")
SEND = "/cgi-bin/message/template/send"


@pytest.fixture
def played(settings: Any) -> Iterator[Platform]:
    with platform() as found:
        settings.WECHAT_API = found.address
        yield found


@pytest.fixture
def matter(town: Place) -> Matter:
    """One whose speaker follows the account and proved it."""
    set_up(template_replied="of-replies")
    found = town.raise_matter()
    Chat().tells(f"{found.number} {query_code.code_of(found)}", "1")
    found.refresh_from_db()
    assert found.tell_by == TellBy.WECHAT
    return found


def sent_of(town: Place, matter: Matter) -> Message:
    """The notice that it was accepted, after a round of the worker."""
    town.accept(matter)
    [message] = [one for one in of_speaker(carried()) if one.kind == "accepted"]
    delivering.deliver(clock.now())
    message.refresh_from_db()
    return message


def test_a_follower_is_told_number_state_and_link_and_nothing_else(town: Place, matter: Matter, played: Platform):
    message = sent_of(town, matter)
    assert (message.way, message.state) == (Way.WECHAT, State.SENT)
    [said] = played.sent(SEND)
    assert said == {
        "touser": "oChen",
        "template_id": TEMPLATE,
        "url": f"http://localhost:8000/n/{message.token}/",
        "data": {"character_string1": {"value": matter.number}, "thing2": {"value": "受理了"}},
    }


@pytest.mark.parametrize("code", [43004, 40003, 43019])
def test_who_cannot_be_told_by_it_is_told_by_hand(town: Place, matter: Matter, played: Platform, code: int):
    played.errors[SEND] = [code]
    message = sent_of(town, matter)
    assert (message.state, message.why) == (State.FAILED, Why.REFUSED)
    [call] = Message.objects.filter(way=Way.CALL, occasion=message.occasion)
    assert call.state == State.WAITING and Attempt.objects.get(message=message).code == str(code)


@pytest.mark.parametrize("code", [48001, 45009, 40037])
def test_an_account_that_may_not_send_stops_the_way_and_loses_nothing(
    town: Place, matter: Matter, played: Platform, code: int
):
    played.errors[SEND] = [code]
    message = sent_of(town, matter)
    assert (message.state, message.tries) == (State.WAITING, 0)
    assert circuits.down()["wechat"].code == str(code)
    delivering.deliver(clock.now() + timedelta(minutes=20))
    message.refresh_from_db()
    assert message.state == State.SENT and not circuits.down()


def test_a_stale_token_is_renewed_and_the_notice_goes(town: Place, matter: Matter, played: Platform):
    account = wechat.account()
    assert account is not None
    account.api.look()
    played.errors[SEND] = [40001]
    assert sent_of(town, matter).state == State.SENT
    assert len(played.sent(SEND)) == 2 and len(played.tokens) == 2


def test_a_platform_that_is_not_there_is_waited_for(town: Place, matter: Matter, settings: Any):
    settings.WECHAT_API = "http://127.0.0.1:9"
    message = sent_of(town, matter)
    assert message.state == State.WAITING and circuits.down()["wechat"].code == "connect"


def test_without_a_template_or_an_account_people_tell(town: Place, matter: Matter):
    set_up(template="")
    message = sent_of(town, matter)
    assert (message.state, message.why) == (State.FAILED, Why.REFUSED)
    assert Message.objects.filter(way=Way.CALL, occasion=message.occasion).exists()


def test_whoever_went_away_is_called(town: Place, matter: Matter):
    Chat().does("unsubscribe")
    town.accept(matter)
    [message] = [one for one in of_speaker(carried()) if one.kind == "accepted"]
    assert (message.way, message.why) == (Way.CALL, Why.NO_ADDRESS)


def test_a_follower_of_one_matter_hears_nothing_of_another(town: Place, matter: Matter):
    other = town.raise_matter(key="other")
    Matter.objects.filter(pk=other.pk).update(tell_by=TellBy.WECHAT)
    town.accept(other)
    [message] = [one for one in of_speaker(carried()) if one.about_id == other.pk]
    assert message.way == Way.CALL


def test_it_waits_for_the_morning(town: Place, matter: Matter):
    with clock.simulated(MORNING.replace(hour=23)):
        town.accept(matter)
        [message] = [one for one in of_speaker(carried()) if one.kind == "accepted"]
    assert clock.local(message.not_before).strftime("%H:%M") == "08:00"
