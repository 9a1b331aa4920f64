"""Somebody writes to the official account and has a number in the end (3.1.3); what they ask for, and what is theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shuoshi.channels.wechat import binding, late
from shuoshi.channels.wechat.models import Bound, Enclosure, Follower, Incoming, Late, Seen
from shuoshi.kernel import clock, drafts, steady, throttle, verify
from shuoshi.kernel.drafts import Draft
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Channel, Naming, Spoken, TellBy
from shuoshi.notices import circuits
from shuoshi.people.models import ContactKind, ContactPoint
from tests.portal.resident import photo
from tests.support.official import Chat, Platform, platform, set_up
from tests.support.village import Place

pytestmark = pytest.mark.django_db
WHAT, WHERE, WHO = "柳湾村三组的路灯坏了三天，晚上看不见路。", "柳湾村三组老槐树下", "陈大明 13800000017"
CUSTOM = "/cgi-bin/message/custom/send"


@pytest.fixture
def chat(town: Place) -> Chat:
    set_up()
    return Chat()


@pytest.fixture
def played(settings: Any) -> Iterator[Platform]:
    with platform() as found:
        settings.WECHAT_API = found.address
        yield found


def only() -> Matter:
    return Matter.objects.get()


def code_in(receipt: str) -> tuple[str, str]:
    number, code = re.search(r"编号：(\S+)", receipt), re.search(r"查询码：(\w{4} \w{4})", receipt)
    assert number is not None and code is not None, receipt
    return number[1], code[1]


def work(after: float = 10) -> None:
    """The rounds of the background, so many seconds later."""
    now = clock.now() + timedelta(seconds=after)
    late.catch_up(now)
    late.fetch(now)
    late.tell(now)


# ── saying something ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_short_conversation_ends_in_a_matter(chat: Chat):
    assert "事情在哪里" in chat.says(WHAT)
    assert "怎么称呼" in chat.says(WHERE)
    shown = chat.says(WHO)
    assert WHAT in shown and WHERE in shown and WHO in shown and "回复 1" in shown
    assert not Matter.objects.exists(), "nothing is registered before it was shown and confirmed"
    number, code = code_in(chat.says("1"))
    matter = only()
    assert (matter.number, matter.channel, matter.naming) == (number, Channel.WECHAT, Naming.NAMED)
    assert (str(matter.content), str(matter.place), str(matter.said_place)) == (WHAT, WHERE, "微信公众号")
    party = matter.parties.select_related("person", "contact").get()
    assert party.contact is not None
    assert f"{party.person.name} {party.contact.value}" == WHO
    opened = query_code.opens(number, code)
    assert opened is not None and opened.matter == matter
    assert not list(verify.verify())


def test_confirmed_again_it_is_the_same_receipt(chat: Chat):
    first = chat.tells(WHAT, WHERE, WHO, "1")
    assert chat.says("1") == first and Matter.objects.count() == 1
    chat.tells("第二件事：垃圾没人清。", "0", "0", "1")
    assert Matter.objects.count() == 2


def test_whoever_leaves_no_name_is_nobody(chat: Chat):
    receipt = chat.tells(WHAT, "不清楚", "0", "1")
    matter = only()
    assert (matter.naming, matter.tell_by, str(matter.place)) == (Naming.ANONYMOUS, TellBy.PAGE, "")
    assert "我们找不到您" in receipt and not matter.parties.exists() and not Bound.objects.exists()
    assert "还没有关联的事" in chat.says("我的事")


def test_the_unit_may_be_kept_from_knowing_who_it_was(chat: Chat):
    assert "保密" in chat.tells(WHAT, WHERE, WHO, "3")
    chat.says("1")
    assert only().naming == Naming.CONFIDENTIAL


def test_in_any_order_and_with_more_words_at_the_end(chat: Chat):
    assert "那里有什么事" in chat.sends("location", Location_X="22.540796", Location_Y="113.917176", Label="学府路")
    assert "怎么称呼" in chat.says(WHAT)
    assert "也坏了" in chat.tells("0", "旁边那一盏也坏了。")
    chat.says("1")
    matter = only()
    assert str(matter.content) == f"{WHAT}\n旁边那一盏也坏了。" and str(matter.place) == "学府路"
    latitude, longitude = (float(one) for one in str(matter.coordinates).split(","))
    assert abs(latitude - 22.543847) < 0.00002 and abs(longitude - 113.912316) < 0.00002, "as everybody writes degrees"


def test_again_and_cancel_forget_what_was_said(chat: Chat):
    chat.tells(WHAT, WHERE)
    assert "从头来" in chat.says("重来")
    assert "垃圾" in chat.tells("垃圾没人清。", "0", "0") and WHAT not in chat.says("帮助")
    assert "没有登记" in chat.says("取消")
    assert "怎么称呼" not in chat.says("1") and not Matter.objects.exists()


def test_a_number_that_is_none_is_asked_for_again(chat: Chat):
    assert "没有认出来" in chat.tells(WHAT, WHERE, "李大明 12345678")
    assert "李大明 13800000017" in chat.says("李大明，13800000017")


def test_danger_is_answered_with_the_numbers_first_and_seen_by_the_duty_officer(chat: Chat):
    assert chat.says("我家隔壁着火了！").startswith("有危险，请马上打电话：")
    assert "110" in chat.says("联系") and "值班员马上看" in chat.tells("三组", "0")
    chat.says("1")
    assert only().urgency_suspected


def test_a_menu_leads_and_a_welcome_greets(chat: Chat):
    assert "青禾镇群众说事" in chat.does("subscribe")
    assert "什么事" in chat.does("CLICK", "say")
    assert "事情在哪里" in chat.says(WHAT)
    assert "还没有关联" in chat.does("CLICK", "mine") and "000-8812 6600" in chat.does("CLICK", "contact")
    assert chat.does("CLICK", "unheard-of") == chat.does("LOCATION") == chat.does("VIEW", "https://x") == ""
    assert "怎么称呼" in chat.says(WHERE), "nothing of it ended the conversation"


def test_what_cannot_be_taken_is_said(chat: Chat):
    assert "只能收" in chat.sends("video", MediaId="m") and "说事：" in chat.says("[")
    assert "照片收到了" in chat.sends("image", MediaId="m1", PicUrl="http://127.0.0.1/secret")
    chat.says(WHAT)
    for n in range(8):
        assert f"现在有 {n + 2} 张" in chat.sends("image", MediaId=f"m{n}")
    assert "最多 9 张" in chat.sends("image", MediaId="m9")


def test_before_it_begins_nothing_is_taken_in(chat: Chat):
    from shuoshi.organization.models import Institution

    Institution.objects.update(opened_at=None)
    assert "还没有开始受理" in chat.tells(WHAT, WHERE, WHO, "1")
    assert "刚才的事还没有登记" in chat.says("帮助"), "what was said waits"


def test_matters_without_end_are_slowed_down(chat: Chat):
    chat.tells(WHAT, WHERE, WHO, "1")
    throttle.Tally.objects.filter(scope=throttle.FOLLOWER_MATTERS.scope).update(count=throttle.FOLLOWER_MATTERS.free)
    assert "次数太多" in chat.tells("又一件事要说", "0", "0", "1") and Matter.objects.count() == 1


def test_thanks_and_smiles_are_no_matter(chat: Chat):
    chat.tells(WHAT, WHERE, WHO, "1")
    assert chat.says("谢谢！") == "不客气。" and "说事：" in chat.says("[微笑][玫瑰]")
    chat.says("垃圾没人清。")
    assert "事情在哪里" in chat.says("好的") and Matter.objects.count() == 1


# ── pictures and voices ──────────────────────────────────────────────────────────────────────────────────────────


AMR = b"#!AMR\n" + b"\x3c" * 600


def test_pictures_and_voices_are_fetched_and_go_with_the_matter(chat: Chat, played: Platform):
    played.files |= {"m1": photo().read(), "v1": AMR}
    chat.says(WHAT)
    chat.sends("image", MediaId="m1", PicUrl="http://127.0.0.1:1/never")
    assert "听到的是：“灯杆也歪了”" in chat.sends("voice", MediaId="v1", Format="amr", Recognition="灯杆也歪了")
    work()
    assert not Enclosure.objects.exists()
    chat.tells(WHERE, WHO, "1")
    matter = only()
    assert str(matter.content) == f"{WHAT}\n〔语音，微信识别的〕灯杆也歪了"
    assert {one.media_type for one in matter.attachments.all()} == {"image/jpeg", "audio/amr"}
    assert not Draft.objects.exists() and len(played.tokens) == 1, "one token for all"


def test_what_is_fetched_after_the_registration_is_added_to_it(chat: Chat, played: Platform):
    played.files["m1"] = photo().read()
    chat.says(WHAT)
    chat.sends("image", MediaId="m1")
    chat.tells(WHERE, WHO, "1")
    matter = only()
    assert not matter.attachments.exists()
    work()
    assert matter.attachments.count() == 1
    assert matter.entries.filter(action=Action.ADD_INFORMATION).count() == 1
    assert not list(verify.verify())


def test_a_voice_alone_is_something_said(chat: Chat, played: Platform):
    played.files["v1"] = AMR
    assert "受理的人会听" in chat.sends("voice", MediaId="v1", Format="amr")
    work()
    chat.tells("0", "0", "1")
    matter = only()
    assert matter.spoken == Spoken.WAITING and matter.untyped and "还没有记成文字" in str(matter.content)
    assert [(one.media_type, one.seconds) for one in matter.attachments.all()] == [("audio/amr", 1)]


def test_a_voice_that_is_fetched_after_the_registration_waits_to_be_typed_likewise(chat: Chat, played: Platform):
    played.files["v1"] = AMR
    chat.sends("voice", MediaId="v1", Format="amr")
    chat.tells("0", "0", "1")
    assert only().untyped and not only().attachments.exists(), "nobody decides on it before it is here"
    work()
    assert only().attachments.count() == 1 and only().spoken == Spoken.WAITING
    assert not list(verify.verify())


@pytest.mark.parametrize(
    ("kind", "given", "says"),
    [
        ("image", b"GIF89a....", "只能放"),
        ("image", b"", "没有取到"),
        ("voice", b"RIFF....WAVE", "语音没有取到"),
    ],
)
def test_what_cannot_be_had_is_told_to_whoever_sent_it(
    chat: Chat, played: Platform, kind: str, given: bytes, says: str
):
    played.files["m1"] = given
    chat.says(WHAT)
    chat.sends(kind, MediaId="m1")
    work()
    [sent] = played.sent(CUSTOM)
    assert sent["touser"] == "oChen" and says in sent["text"]["content"]
    assert not Enclosure.objects.exists() and not Late.objects.exists()


def test_pictures_of_what_was_cancelled_are_not_fetched(chat: Chat, played: Platform):
    played.files["m1"] = photo().read()
    chat.says(WHAT)
    chat.sends("image", MediaId="m1")
    chat.says("取消")
    work()
    assert not played.asked and not Draft.objects.exists()


def test_a_platform_that_lets_us_in_no_more_is_seen_and_asked_rarely(chat: Chat, played: Platform):
    played.files["m1"] = photo().read()
    played.errors["/cgi-bin/stable_token"] = [40164] * 3
    chat.says(WHAT)
    chat.sends("image", MediaId="m1")
    for minutes in (0, 10, 30):
        work(minutes * 60 + 10)
    steady.forget()
    assert circuits.down()["wechat"].code == "40164"
    assert steady.Kind.GATEWAY_DOWN in [one.kind for one in steady.alarms()]
    work(7200)
    assert not circuits.down() and not Enclosure.objects.exists()


def test_a_token_that_ended_early_is_renewed_once(chat: Chat, played: Platform):
    played.files |= {"m1": photo().read(), "m2": photo("b.jpg").read()}
    chat.says(WHAT)
    chat.sends("image", MediaId="m1")
    work()
    played.tokens.append("somebody else's")
    chat.sends("image", MediaId="m2")
    work()
    assert not Enclosure.objects.exists() and not circuits.down()


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_number_and_code_open_a_matter_and_nothing_else_does(town: Place, chat: Chat):
    matter = town.accept(town.raise_matter())
    assert "请发事情的编号" in chat.says("进度")
    assert "查询码" in chat.says(matter.number.lower())
    wrong = chat.says("ABCD 2345")
    assert chat.says("SS-QH-20200101-0001 ABCD 2345") == wrong, "whether it exists or not"
    assert not Bound.objects.exists()
    shown = chat.says(f"{matter.number} {query_code.in_fours(query_code.code_of(matter))}")
    assert matter.get_status_display() in shown and "回复 1" in shown
    assert "还没有关联" in chat.says("我的事"), "asked for once, it is not theirs yet"


def test_once_proved_a_matter_is_theirs_until_they_let_go(town: Place, chat: Chat):
    matter = town.raise_matter()
    pair = f"{matter.number} {query_code.code_of(matter)}"
    assert "回复 1" in chat.says(pair) and "关联好了" in chat.says("1")
    assert matter.number in chat.says("我的事") and "回复 1" not in chat.says(pair)
    assert Matter.objects.get().tell_by == TellBy.WECHAT
    assert matter.number not in Chat("oWang").says("我的事")
    assert "解开了" in chat.says("解绑") and "还没有关联" in chat.says("我的事")
    assert Matter.objects.get().tell_by != TellBy.WECHAT
    assert not ContactPoint.objects.filter(kind=ContactKind.WECHAT, valid=True).exists()
    assert not list(verify.verify())


def test_with_a_new_code_it_has_to_be_proved_again(town: Place, chat: Chat):
    matter = town.raise_matter()
    chat.says(f"{matter.number} {query_code.code_of(matter)}")
    Matter.objects.update(query_generation=2)
    assert "查询码换过了" in chat.says("1")
    matter.refresh_from_db()
    chat.tells(f"{matter.number} {query_code.code_of(matter)}", "1")
    assert len(binding.own(Bound.objects.get().follower)) == 1
    Matter.objects.update(query_generation=3)
    assert "还没有关联" in chat.says("我的事")


def test_whoever_guesses_codes_is_slowed_down_and_others_are_not(town: Place, chat: Chat):
    matter = town.raise_matter()
    right = f"{matter.number} {query_code.code_of(matter)}"
    for _try in range(throttle.CODE_BY_NETWORK.free):
        assert "对不上" in chat.says(f"{matter.number} ABCD2345")
    assert "次数太多" in chat.says(right), "also the right one waits"
    assert "回复 1" in Chat("oWang").says(right)


def test_asking_in_between_loses_nothing_that_was_said(town: Place, chat: Chat):
    matter = town.raise_matter()
    chat.says(WHAT)
    chat.says(f"{matter.number} {query_code.code_of(matter)}")
    assert "刚才的事还没有登记" in chat.says("2")
    chat.tells(WHERE, "0", "1")
    assert Matter.objects.count() == 2


def test_what_somebody_wrote_here_with_a_name_is_theirs_at_once(chat: Chat):
    receipt = chat.tells(WHAT, WHERE, WHO, "1")
    assert code_in(receipt)[0] in chat.says("我的事") and only().tell_by == TellBy.WECHAT


def test_whoever_goes_away_has_nothing_any_more_and_is_told_by_hand(chat: Chat):
    chat.tells(WHAT, WHERE, WHO, "1")
    assert chat.does("unsubscribe") == ""
    assert not ContactPoint.objects.filter(kind=ContactKind.WECHAT, valid=True).exists()
    chat.does("subscribe")
    assert "还没有关联" in chat.says("我的事") and not list(verify.verify())


# ── what served ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_wiped_and_rows_go_after_their_term(chat: Chat, played: Platform):
    chat.tells(WHAT, WHERE, WHO, "1")
    assert all(not str(row.heard) for row in Incoming.objects.all())
    late.prune(clock.now() + late.REPEATED + timedelta(minutes=1))
    assert all(not str(row.answer) for row in Incoming.objects.all()) and not Seen.objects.exists()
    late.prune(clock.now() + late.WAITS + timedelta(hours=1))
    assert not Follower.objects.exists() and Incoming.objects.exists()
    late.prune(clock.now() + late.KEPT + timedelta(hours=1))
    assert not Incoming.objects.exists()


def test_nothing_of_a_follower_stands_in_the_rows_in_clear(chat: Chat):
    chat.tells(WHAT, WHERE, WHO)
    row = Follower.objects.values_list("index", "openid", "state").get()
    assert "oChen" not in str(row) and "路灯" not in str(row)
    assert drafts.Draft.objects.count() == 0
