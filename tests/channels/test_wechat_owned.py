"""What a follower may end or is told when codes change hands; and what is said where somebody writes otherwise (3.1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shuoshi.channels.wechat import arriving, binding, dialogue, late
from shuoshi.channels.wechat.dialogue import House, Stage, State
from shuoshi.channels.wechat.models import Bound, Enclosure, Incoming, Late
from shuoshi.channels.wechat.wire import LONGEST_TEXT, Heard
from shuoshi.kernel import clock, throttle
from shuoshi.kernel.throttle import Tally
from shuoshi.matters import actions, query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import TellBy
from shuoshi.people.models import ContactKind, ContactPoint
from tests.portal.resident import photo
from tests.support.official import Chat, Platform, platform, set_up
from tests.support.village import Place

pytestmark = pytest.mark.django_db
WHAT, WHERE, WHO = "柳湾村三组的路灯坏了三天，晚上看不见路。", "柳湾村三组老槐树下", "陈大明 13800000017"


@pytest.fixture
def chat(town: Place) -> Chat:
    set_up()
    return Chat()


@pytest.fixture
def played(settings: Any) -> Iterator[Platform]:
    with platform() as found:
        settings.WECHAT_API = found.address
        yield found


def proves(chat: Chat, matter: Matter) -> str:
    matter.refresh_from_db()
    return chat.tells(f"{matter.number} {query_code.code_of(matter)}", "1")


def told_to() -> list[str]:
    rows = ContactPoint.objects.filter(kind=ContactKind.WECHAT, valid=True).select_related("person")
    return [str(row.value) for row in rows]


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_had_the_code_before_is_told_nothing_and_ends_nothing(town: Place, chat: Chat):
    matter, stranger = town.raise_matter("王芳"), Chat("oStranger")
    proves(stranger, matter)
    assert told_to() == ["oStranger"]
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    actions.print_slip(matter.pk, again="别人看到了", actor=town.actor("王芳"))
    assert told_to() == [], "with the new code nobody is told in WeChat until it is proved"
    proves(chat, matter)
    assert told_to() == ["oChen"]
    assert "解开了" in stranger.says("解绑")
    assert told_to() == ["oChen"] and Matter.objects.get().tell_by == TellBy.WECHAT


def test_of_two_who_have_a_matter_the_one_who_lets_go_ends_only_their_own(town: Place, chat: Chat):
    matter, wife = town.raise_matter(), Chat("oWife")
    proves(chat, matter)
    proves(wife, matter)
    assert told_to() == ["oWife"]
    chat.does("unsubscribe")
    assert told_to() == ["oWife"] and matter.number in wife.says("我的事")


def test_a_new_code_can_be_proved_by_whoever_had_the_old_one(town: Place, chat: Chat):
    matter = town.raise_matter()
    proves(chat, matter)
    Matter.objects.update(query_generation=matter.query_generation + 1)
    assert "还没有关联" in chat.says("我的事")
    assert "关联好了" in proves(chat, matter) and matter.number in chat.says("我的事")
    assert Bound.objects.filter(ended_at=None).count() == 1
    assert len(binding.own(Bound.objects.filter(ended_at=None).get().follower)) == 1


# ── what is kept, and in which order ──────────────────────────────────────────────────────────────────────────────


def test_what_an_account_that_is_out_of_order_cannot_fetch_is_not_lost(chat: Chat, played: Platform):
    played.files["m1"] = photo().read()
    chat.says(WHAT)
    chat.sends("image", MediaId="m1", PicUrl="http://x/1")
    played.errors["/cgi-bin/media/get"] = [45009] * (late.TRIES + 1)
    now = clock.now()
    for n in range(late.TRIES + 1):
        now += late._LONGEST * 2
        late.fetch(now)
        assert Enclosure.objects.get().tries == 0, n
    late.fetch(now + late._LONGEST * 2)
    assert not Enclosure.objects.exists()


def test_a_message_is_not_answered_before_the_one_that_failed(chat: Chat):
    chat.says(WHAT)
    first, second = (
        Incoming.objects.create(
            key=f"k{n}",
            follower=Incoming.objects.order_by("pk")[0].follower,
            heard='{"kind": "text", "follower": "oChen", "key": "k", "text": "还有"}',
            at=clock.now(),
            not_before=clock.now(),
        )
        for n in range(2)
    )
    Incoming.objects.filter(pk=first.pk).update(not_before=clock.now() + late._LONGEST)
    assert late.catch_up(clock.now()) == 0
    assert Incoming.objects.get(pk=second.pk).answered_at is None


def test_an_answer_that_came_too_late_is_told_once_more(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arriving, "GONE_AFTER", -1.0)
    said = chat.says(WHAT)
    assert [str(row.text) for row in Late.objects.all()] == [said]


def test_events_that_ask_nothing_are_not_kept_and_leaving_always_is(chat: Chat):
    chat.says(WHAT)
    kept = Incoming.objects.count()
    for event in ("LOCATION", "VIEW", "TEMPLATESENDJOBFINISH"):
        assert chat.does(event) == ""
    assert Incoming.objects.count() == kept
    Tally.objects.filter(scope=throttle.FOLLOWER_MESSAGES.scope).update(count=throttle.FOLLOWER_MESSAGES.free)
    assert "太多" in chat.says("还有一件事") and chat.does("unsubscribe") == ""
    assert Incoming.objects.count() == kept + 1


# ── how people write ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.once
def test_a_long_answer_to_where_is_more_of_what_happened(chat: Chat):
    more = "灯杆也歪了。" * 60
    chat.tells(WHAT, more, WHERE, WHO, "1")
    matter = Matter.objects.get()
    assert more in str(matter.content) and str(matter.place) == WHERE


@pytest.mark.once
def test_yes_in_words_is_yes_and_no_asks_what(chat: Chat):
    chat.tells(WHAT, WHERE, WHO)
    assert "哪里不对" in chat.says("不对") and not Matter.objects.exists()
    assert "登记好了" in chat.says("对的。")
    assert str(Matter.objects.get().content) == WHAT


@pytest.mark.once
def test_the_button_in_the_middle_drops_nothing(chat: Chat):
    chat.tells(WHAT, WHERE)
    assert "还没有登记" in chat.says("我要说事")
    assert "登记好了" in chat.tells(WHO, "1")


@pytest.mark.once
def test_the_number_of_a_house_is_a_place(chat: Chat):
    assert "怎么称呼" in chat.tells(WHAT, "B2-3-1201")
    chat.tells("0", "1")
    assert str(Matter.objects.get().place) == "B2-3-1201"


@pytest.mark.once
def test_no_telephone_is_no_name(chat: Chat):
    chat.tells(WHAT, WHERE, "没有电话", "1")
    assert not Matter.objects.get().parties.exists()


@pytest.mark.once
@pytest.mark.parametrize("asked", ["帮助", "还有，灯杆也歪了。"])
def test_the_longest_answer_keeps_what_is_to_be_done_next(asked: str):
    state = State(
        stage=Stage.CHECK,
        key="k",
        said=("字" * 400, "字" * 400),
        pictures=9,
        voices=3,
        place="地" * 200,
        where=True,
        name="名" * 40,
        phone="13800000017",
        who=True,
        danger=True,
    )
    house = House("青禾镇", "0571-86000000", [("110", "报警"), ("119", "火警"), ("120", "急救")])
    said = dialogue.turn(state, Heard(kind="text", text=asked, follower="o", key="k"), house).says
    assert len(said) <= LONGEST_TEXT and "回复 1" in said
