"""Mail on the desk (3.1.3): what waits is registered, added or set aside by a person; the inbox is set up and tried."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from shuoshi.channels.mail.models import Inbox, Mail, MailPhoto, MailState, Progress
from shuoshi.kernel import clock, verify
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.vocabulary import Action, Channel, TellBy
from shuoshi.people.models import ContactPoint
from tests.browser.people import photo
from tests.support.post import CHEN, OURS, PASSWORD, PostBox, mail, taken, waits
from tests.support.statements import Statements
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE, SET = "/desk/mail/", "/desk/settings/inbox/"
FORM = {
    "naming": "named",
    "name": "陈大明",
    "content": "路灯坏了。",
    "channel": "point",
    "urgency": "U4",
    "tell_by": "page",
    "raised": "0",
}


def with_photo() -> Mail:
    sent = mail("我也要说：路灯坏了。", X_Spam_Flag="YES")
    sent.add_attachment(photo()["buffer"], maintype="image", subtype="jpeg", filename="路灯.jpg")
    sent.add_attachment(b"x", maintype="application", subtype="pdf", filename="说明.pdf")
    taken(sent)
    return Mail.objects.get()


def test_a_mail_that_waits_stands_there_with_words_and_pictures(town: Place, at_desk: Desk):
    row, desk = with_photo(), at_desk("王芳")
    assert "像垃圾邮件" in desk.get(PAGE).content.decode()
    body = desk.get(f"{PAGE}{row.pk}/").content.decode()
    assert "我也要说：路灯坏了。" in body and CHEN in body and "说明.pdf · 不是照片" in body
    address = f"{PAGE}photos/{MailPhoto.objects.get().pk}/"
    assert "加进去" in body and "这封信不登记" in body
    assert address in body and desk.get(address)["Content-Type"] == "image/jpeg"
    assert desk.get(f"{address}?small").status_code == 200


def test_it_is_registered_beside_its_words_once_with_its_pictures(town: Place, at_desk: Desk):
    row, desk = with_photo(), at_desk("王芳")
    body = desk.get(f"/desk/register/?mail={row.pk}").content.decode()
    assert f'value="{row.pk}"' in body and "我也要说：路灯坏了。" in body and 'value="陈大明"' in body
    form = FORM | {"mail": str(row.pk), "key": uuid4().hex}
    for _ in range(2):
        assert desk.post("/desk/register/", form).status_code == 302
    matter = Matter.objects.get()
    assert (matter.channel, matter.mail.mail, matter.tell_by) == (Channel.MAIL, row, TellBy.EMAIL)
    assert Attachment.objects.count() == 1 and ContactPoint.objects.filter(given_for=matter.pk).count() == 1
    assert at_desk("刘敏").post("/desk/register/", form | {"key": uuid4().hex}).status_code == 409, "a colleague did"
    again = form | {"key": uuid4().hex, "raised": "1", "content": "还有一件事。", "next": "1"}
    assert desk.post("/desk/register/", again)["Location"] == PAGE
    assert Matter.objects.count() == 2 and not list(verify.verify())


def test_it_is_told_by_the_way_the_registrar_wrote_down(town: Place, at_desk: Desk):
    form = FORM | {"mail": str(waits().pk), "key": uuid4().hex, "tell_by": "call", "phone": "13800000017"}
    assert at_desk("王芳").post("/desk/register/", form).status_code == 302
    matter = Matter.objects.get()
    assert matter.tell_by == TellBy.CALL and not ContactPoint.objects.filter(given_for=matter.pk).exists()


def test_it_is_added_to_the_matter_it_is_about(town: Place, at_desk: Desk):
    row, matter, desk = waits(), town.raise_matter(), at_desk("王芳")
    assert desk.post(f"{PAGE}{row.pk}/", {"do": "add", "number": ""}).status_code == 422
    assert desk.post(f"{PAGE}{row.pk}/", {"do": "add", "number": "SS-0"}).status_code == 409
    assert desk.post(f"{PAGE}{row.pk}/", {"do": "add", "number": matter.number.lower()}).status_code == 302
    entry = matter.entries.get(action=Action.ADD_INFORMATION)
    assert "路灯坏了" in str(entry.text)
    row.refresh_from_db()
    assert (row.state, row.about) == (MailState.ADDED, matter)
    assert desk.post(f"{PAGE}{row.pk}/", {"do": "add", "number": matter.number}).status_code == 409
    assert not list(verify.verify())


def test_it_is_set_aside_with_a_reason(town: Place, at_desk: Desk):
    row, desk = waits(), at_desk("王芳")
    assert desk.post(f"{PAGE}{row.pk}/", {"do": "aside", "words": "x"}).status_code == 422
    assert desk.post(f"{PAGE}{row.pk}/", {"do": "aside", "because": "advert", "words": "卖茶叶的"}).status_code == 302
    body = desk.get(f"{PAGE}{row.pk}/").content.decode()
    assert "广告、垃圾邮件" in body and "卖茶叶的" in body and "王芳" in body
    assert desk.get(f"/desk/register/?mail={row.pk}").status_code == 409
    assert not list(verify.verify())


def test_what_was_ignored_is_listed_with_why_and_can_still_be_registered(town: Place, at_desk: Desk):
    taken(mail("我不在。", subject="自动回复", Auto_Submitted="auto-replied"))
    desk, row = at_desk("王芳"), Mail.objects.get()
    body = desk.get(PAGE).content.decode()
    assert "没有收：自动回复" in body
    form = FORM | {"mail": str(row.pk), "key": uuid4().hex}
    assert desk.post("/desk/register/", form).status_code == 302
    assert Matter.objects.get().channel == Channel.MAIL


def test_a_mail_of_a_matter_that_is_kept_from_somebody_shows_them_nothing(town: Place, at_desk: Desk):
    row = waits("刘敏态度不好。", subject="投诉")
    form = FORM | {"mail": str(row.pk), "key": uuid4().hex, "concerns_people": str(town.persons["刘敏"])}
    assert at_desk("王芳").post("/desk/register/", form).status_code == 302
    number = Matter.objects.get().number
    body = at_desk("刘敏").get(f"{PAGE}{row.pk}/").content.decode()
    assert "态度不好" not in body and "投诉" not in body and number not in body
    assert at_desk("刘敏").get(f"/desk/register/?mail={row.pk}").status_code == 404
    assert "态度不好" in at_desk("王芳").get(f"{PAGE}{row.pk}/").content.decode()


def _kept_from_liu(town: Place, at_desk: Desk) -> Mail:
    """A mail that waits and is about a matter which is kept from a registrar; the matter came by a mail, too."""
    began = mail("刘敏态度不好。", subject="投诉刘敏", X_Spam_Flag="YES")
    taken(began)
    row = Mail.objects.get()
    form = FORM | {"mail": str(row.pk), "key": uuid4().hex, "concerns_people": str(town.persons["刘敏"])}
    assert at_desk("王芳").post("/desk/register/", form).status_code == 302
    taken(mail("我也要投诉刘敏。", sender="赵小燕 <zhao@example.org>", subject="y", In_Reply_To=began["Message-ID"]))
    return Mail.objects.get(state=MailState.WAITING)


def test_whoever_a_matter_is_kept_from_does_nothing_with_its_mails(town: Place, at_desk: Desk):
    row, own, desk = _kept_from_liu(town, at_desk), town.raise_matter(), at_desk("刘敏")
    assert row.about == Mail.objects.exclude(pk=row.pk).get().raised.get().matter
    body = desk.get(f"{PAGE}{row.pk}/").content.decode()
    assert "加进去" not in body and "这封信不登记" not in body
    for deed in ({"do": "add", "number": own.number}, {"do": "aside", "because": "advert"}):
        assert desk.post(f"{PAGE}{row.pk}/", deed).status_code == 409
    assert not own.entries.filter(action=Action.ADD_INFORMATION).exists()
    assert Mail.objects.get(pk=row.pk).state == MailState.WAITING
    said = {"do": "aside", "because": "same", "words": "说的是一个人"}
    assert at_desk("王芳").post(f"{PAGE}{row.pk}/", said).status_code == 302
    assert "说的是一个人" not in desk.get(f"{PAGE}{row.pk}/").content.decode()


def test_the_list_shows_whoever_a_matter_is_kept_from_only_the_time(town: Place, at_desk: Desk):
    _kept_from_liu(town, at_desk)
    body = at_desk("刘敏").get(PAGE).content.decode()
    assert body.count("说的事您看不到") == 2
    assert not [one for one in ("陈", "赵小燕", "zhao@", "投诉刘敏") if one in body]
    assert "zhao@example.org" in at_desk("王芳").get(PAGE).content.decode()


def test_names_and_addresses_are_whole_only_while_a_mail_waits(town: Place, at_desk: Desk):
    taken(mail())
    desk, row = at_desk("王芳"), Mail.objects.get()
    for one in (PAGE, f"{PAGE}{row.pk}/"):
        body = desk.get(one).content.decode()
        assert "陈某某" in body and "陈大明" not in body and CHEN not in body
    assert "c***@example.com" in body


def test_what_is_no_address_of_a_person_is_registered_and_told_of_nowhere(town: Place, at_desk: Desk):
    desk = at_desk("王芳")
    for sender in ("u@server", "a..b@x.cn"):
        row = waits(f"{sender} 说路灯坏了。", sender=sender)
        form = FORM | {"mail": str(row.pk), "key": uuid4().hex}
        assert desk.post("/desk/register/", form).status_code == 302
        assert row.raised.get().matter.tell_by == TellBy.PAGE


def test_whoever_stands_in_for_a_registrar_gets_one_answer_everywhere(town: Place, at_desk: Desk):
    row = waits()
    town.away("王芳", "周建国")
    desk = at_desk("周建国")
    assert desk.get(PAGE).status_code == 403 and desk.get(f"/desk/register/?mail={row.pk}").status_code == 404


def test_only_the_registry_reads_mail(town: Place, at_desk: Desk):
    row = with_photo()
    picture = f"{PAGE}photos/{MailPhoto.objects.get().pk}/"
    for who in ("孙丽", "周建国", "管理员", "马镇长"):
        desk = at_desk(who)
        assert {desk.get(one).status_code for one in (PAGE, f"{PAGE}{row.pk}/", picture)} == {403}
        assert desk.post(f"{PAGE}{row.pk}/", {"do": "aside", "because": "advert"}).status_code == 403
    assert at_desk("孙丽").get(f"/desk/register/?mail={row.pk}").status_code == 404


def test_the_page_of_ways_says_what_is_wrong_with_the_inbox(town: Place, at_desk: Desk):
    assert "收信的邮箱" not in at_desk("马镇长").get("/desk/ways/").content.decode()
    inbox = Inbox.objects.create(address=OURS, settings="{}")
    Progress.objects.create(inbox=inbox, failing_since=clock.now(), code="sign_in")
    waits()
    with clock.simulated(clock.now() + timedelta(hours=25)):
        body = at_desk("马镇长").get("/desk/ways/").content.decode()
        assert OURS in body and "起读不到" in body and "1 封超过一天" in body
        assert "起读不到邮箱" in at_desk("王芳").get(PAGE).content.decode()


def test_the_inbox_is_set_up_and_tried(town: Place, at_desk: Desk, box: PostBox):
    desk = at_desk("管理员")
    form = {
        "do": "save",
        "address": OURS,
        "host": "127.0.0.1",
        "port": str(box.port),
        "security": "none",
        "user": box.user,
        "password": "wrong",
        "folder": "",
        "active": "on",
    }
    assert desk.post(SET, form | {"password": ""}).status_code == 409
    assert desk.post(SET, form).status_code == 302
    assert "授权码不对" in desk.post(SET, {"do": "try"}, follow=True).content.decode()
    desk.post(SET, form | {"password": PASSWORD})
    desk.post(SET, form | {"password": ""})
    assert "读得到" in desk.post(SET, {"do": "try"}, follow=True).content.decode()
    body = desk.get(SET).content.decode()
    assert PASSWORD not in body and "接入收信邮箱" in body
    desk.post(SET, form | {"password": "", "folder": "nowhere"})
    assert "没有这个文件夹" in desk.post(SET, {"do": "try"}, follow=True).content.decode()
    assert desk.post(SET, form | {"password": "", "user": "other"}).status_code == 409, "another account, another word"
    assert not list(verify.verify())


def test_no_inbox_stands_inside_or_in_the_open_unless_it_was_named(town: Place, at_desk: Desk, settings: Any):
    settings.MAIL_HOSTS = []
    desk = at_desk("管理员")
    form = {
        "do": "save",
        "address": OURS,
        "host": "127.0.0.1",
        "port": "143",
        "user": "u",
        "password": "p",
        "active": "on",
    }
    refused = desk.post(SET, form | {"security": "none"})
    assert refused.status_code == 422 and "SHUOSHI_MAILHOSTS" in refused.content.decode()
    assert desk.post(SET, form | {"security": "ssl", "port": "6379"}).status_code == 422
    assert desk.post(SET, form | {"security": "ssl"}).status_code == 302
    assert OURS in Client().get("/points/").content.decode(), "residents are told where to write"
    assert "在内部网络里" in desk.post(SET, {"do": "try"}, follow=True).content.decode()


def test_the_pages_cost_the_same_for_one_and_for_many(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
):
    desk = at_desk("王芳")

    def cost() -> int:
        desk.get(PAGE)
        with statements() as seen:
            assert desk.get(PAGE).status_code == 200
        return seen.count

    def some(n: int) -> None:
        waits(f"等着 {n}", sender=f"w{n}@example.com")
        taken(mail(f"自己登记 {n}", sender=f"r{n}@example.com"))
        taken(mail(f"自动 {n}", sender=f"a{n}@example.com", Precedence="bulk"))

    some(0)
    few = cost()
    for n in range(1, 10):
        some(n)
    assert cost() == few
