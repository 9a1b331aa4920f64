"""Answers to what we told by mail: what they add, what they prove, and how whoever wrote learns to go on (3.1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest

from shuoshi.channels.mail import actions
from shuoshi.channels.mail.models import Because, Inbox, Mail, MailState
from shuoshi.kernel import clock, throttle, verify
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Attachment, Entry, Matter
from shuoshi.matters.vocabulary import Action, Channel, Naming, TellBy
from shuoshi.notices.models import Message, Way
from tests.browser.people import photo
from tests.notices.post_office import PostOffice
from tests.notices.told import MORNING
from tests.support.post import CHEN, OURS, answer, mail, taken, told, waits
from tests.support.village import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(db: None) -> Iterator[None]:
    """When people are told."""
    with clock.simulated(MORNING):
        yield


def added() -> list[Entry]:
    return list(Entry.objects.filter(action=Action.ADD_INFORMATION))


@pytest.fixture
def receipt(town: Place, mailing: PostOffice) -> EmailMessage:
    """The mail that somebody got from us for theirs."""
    taken(mail())
    [letter] = told(mailing)
    return letter


@pytest.mark.parametrize(
    "words",
    [
        "收到",
        "已收到，谢谢！",
        "好的。谢谢你们",
        "知道了",
        "OK, thanks.",
        "收到了\n\n发自我的iPhone",
        "您好，已阅。謝謝您",
    ],
)
def test_who_only_says_that_it_came_adds_nothing_and_proves_the_address(receipt: EmailMessage, words: str):
    taken(answer(receipt, words))
    row = Mail.objects.get(state=MailState.ADDED)
    assert row.proves and row.because == Because.RECEIPT and not added() and not list(verify.verify())


@pytest.mark.parametrize("words", ["收到，可是还没有水", "不好", "好了", "谢谢，水来了", "可以"])
def test_who_says_more_than_that_is_heard(receipt: EmailMessage, words: str):
    taken(answer(receipt, words))
    assert [str(one.text) for one in added()] == [words]


def test_a_picture_with_a_word_of_receipt_is_heard(receipt: EmailMessage):
    sent = answer(receipt, "收到")
    sent.add_attachment(photo()["buffer"], maintype="image", subtype="jpeg", filename="水管.jpg")
    taken(sent)
    assert len(added()) == 1 and Attachment.objects.count() == 1


def test_a_link_of_a_text_message_proves_no_mailbox(receipt: EmailMessage):
    Message.objects.update(way=Way.SMS)
    taken(mail(f"今天来了一点。\n\n> 进展看：/n/{Message.objects.get().token}", subject="y"))
    row = Mail.objects.get(state=MailState.ADDED)
    assert not row.proves and len(added()) == 1


def test_only_the_address_a_message_went_to_is_proved_and_while_it_is_one(receipt: EmailMessage, town: Place):
    matter = Matter.objects.get()
    speaker = town.speaker(matter)
    with clock.simulated(MORNING + timedelta(minutes=1)):
        matters.choose_notices(matter.pk, TellBy.EMAIL, address="li@example.org", actor=speaker)
    taken(answer(receipt, "水还没有来。"))
    assert not Mail.objects.filter(proves=True).exists()
    assert len(added()) == 1, "the matter was raised from there"
    taken(answer(receipt, "我是新邮箱。", sender="li@example.org"))
    assert not Mail.objects.filter(proves=True).exists(), "that message never went there"


def test_what_staff_register_of_a_mail_is_confirmed_and_says_how_to_go_on(town: Place, mailing: PostOffice):
    Inbox.objects.create(address=OURS, settings="{}")
    row = waits(Message_ID="")
    intake = Intake(
        channel=Channel.MAIL,
        key="k" * 32,
        content="路灯坏了。",
        naming=Naming.NAMED,
        speaker=PersonSaid(name="陈大明"),
        tell_by=TellBy.PAGE,
    )
    actions.register(row.pk, intake, raised=0, actor=town.actor("王芳"))
    [letter] = told(mailing)
    text = letter.get_content()
    assert letter["To"] == CHEN and "写“收到”就行" in text and "查询码不用邮件发" in text


def test_of_a_flood_of_automatic_mails_only_so_many_are_written_down(town: Place, monkeypatch: pytest.MonkeyPatch):
    rule = throttle.MAIL_IGNORED
    monkeypatch.setitem(throttle.RULES, rule.scope, throttle.Rule(rule.scope, free=2, window=rule.window))
    for n in range(4):
        taken(mail(f"自动 {n}", Precedence="bulk"))
    taken(mail("人写的。"))
    assert Mail.objects.filter(state=MailState.IGNORED).count() == 2 and Matter.objects.count() == 1
