"""E-mail as a way in (3.1.3), at a real mail server: each mail once, and nobody gains anything by what a header claims."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from shuoshi.channels.mail import fetching, reading, receiving
from shuoshi.channels.mail.inbox import Inbox as OpenInbox
from shuoshi.channels.mail.models import Because, Inbox, Mail, MailState
from shuoshi.channels.mail.server import Down
from shuoshi.kernel import clock, throttle, verify
from shuoshi.matters import terms
from shuoshi.matters.models import Attachment, Entry, Matter
from shuoshi.matters.vocabulary import Action, Channel, DeadlineKind, Naming, PartyRole, Status, TellBy
from shuoshi.notices.models import Message, Why
from shuoshi.people.models import ContactPoint
from tests.browser.people import photo
from tests.notices.post_office import PostOffice
from tests.notices.told import MORNING
from tests.support.looking import running
from tests.support.post import CHEN, OURS, PostBox, answer, fetch, mail, taken, told
from tests.support.village import Place, default_profile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(db: None) -> Iterator[None]:
    """When people are told."""
    with clock.simulated(MORNING):
        yield


def only(**having: Any) -> Mail:
    return Mail.objects.get(**having)


def test_a_mail_becomes_a_matter_once_and_complete(town: Place, box: PostBox):
    box.connected()
    box.get(mail())
    assert fetch() == 1
    matter = Matter.objects.get()
    assert (matter.channel, matter.status, matter.naming) == (Channel.MAIL, Status.REGISTERED, Naming.NAMED)
    assert str(matter.content) == "自来水\n柳湾村三组的自来水半个月没有水了，请来修一修。"
    party = matter.parties.select_related("person").get(role=PartyRole.SPEAKER)
    assert str(party.person.name) == "陈大明" and matter.tell_by == TellBy.EMAIL
    assert str(ContactPoint.objects.select_related("person").get(given_for=matter.pk).value) == CHEN
    assert DeadlineKind.ACCEPT in running(matter)
    assert only().state == MailState.REGISTERED and box.unseen() == 0
    assert fetch() == 0 and not list(verify.verify())


def test_what_lay_in_the_mailbox_before_is_left_alone(town: Place, box: PostBox):
    box.get(mail())
    box.connected()
    assert fetch() == 0 and not Mail.objects.exists() and box.unseen() == 1


@pytest.mark.drill(19)
def test_two_hundred_copies_are_one_matter(town: Place, box: PostBox):
    box.connected()
    one = mail()
    box.get(*[one] * 100, *[mail() for _ in range(100)])
    while fetch():
        pass
    assert Matter.objects.count() == 1
    assert set(Mail.objects.exclude(state=MailState.REGISTERED).values_list("because", flat=True)) == {Because.SAME}


def test_who_dies_between_writing_and_counting_gets_it_again_and_it_is_one(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch
):
    box.connected()
    box.get(mail())
    real = receiving.receive

    class Died(BaseException):
        pass

    def die(read: reading.Read, raw_digest: str) -> None:
        real(read, raw_digest)
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "receive", die)
        with pytest.raises(Died):
            fetch()
    assert Matter.objects.count() == 1 and box.unseen() == 1
    assert fetch() == 1 and Matter.objects.count() == 1 and box.unseen() == 0


def test_a_mail_that_cannot_be_read_waits_and_keeps_nobody_waiting(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch
):
    box.connected()
    box.get(mail(subject="broken"), mail())
    real = reading.read

    def fails(raw: bytes) -> Any:
        if b"Subject: broken" in raw:
            raise RuntimeError("a fault of ours")
        return real(raw)

    monkeypatch.setattr(fetching, "read", fails)
    assert fetch() == 2
    assert only(state=MailState.WAITING).because == Because.UNREADABLE and Matter.objects.count() == 1


def test_a_mail_at_which_the_line_breaks_each_time_keeps_nobody_waiting(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch
):
    box.connected()
    box.get(mail(subject="breaks"), mail())
    first, real = [], OpenInbox.fetch

    def breaks(self: OpenInbox, uid: int, *, head: bool = False) -> bytes:
        first.append(uid)
        if uid == first[0]:
            raise Down("mail")
        return real(self, uid, head=head)

    monkeypatch.setattr(OpenInbox, "fetch", breaks)
    assert [fetch() for _ in range(fetching.TRIES + 1)] == [0] * fetching.TRIES + [1]
    assert only(state=MailState.WAITING).because == Because.UNREADABLE and Matter.objects.count() == 1


def test_what_is_too_big_is_not_fetched(town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch):
    box.connected()
    monkeypatch.setattr(fetching, "LARGEST", 10_000)
    asked: list[bool] = []
    real = OpenInbox.fetch

    def fetched(self: OpenInbox, uid: int, *, head: bool = False) -> bytes:
        asked.append(head)
        return real(self, uid, head=head)

    monkeypatch.setattr(OpenInbox, "fetch", fetched)
    box.get(mail("字" * 20_000))
    assert fetch() == 1 and asked == [True]
    row = only()
    assert (row.state, row.because, str(row.sender)) == (MailState.WAITING, Because.TOO_BIG, CHEN)
    assert fetch() == 0 and not Matter.objects.exists()


def test_pictures_come_along_and_what_is_none_is_named(town: Place, box: PostBox):
    box.connected()
    sent = mail()
    sent.add_attachment(photo()["buffer"], maintype="image", subtype="jpeg", filename="水管.jpg")
    sent.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="../../账单.exe")
    sent.add_attachment(b"no picture", maintype="image", subtype="png", filename="b.png")
    box.get(sent)
    fetch()
    assert Attachment.objects.get().matter == Matter.objects.get()
    lines = str(only().left_out).splitlines()
    assert [line.partition(" · ")[0] for line in lines] == ["账单.exe", "b.png"] and only().left_out_count == 2


def test_what_says_all_in_a_file_that_is_not_taken_waits(town: Place):
    sent = mail("", subject="申请材料")
    sent.add_attachment(b"x", maintype="application", subtype="pdf", filename="申请表.pdf")
    taken(sent)
    assert only().because == Because.UNREADABLE and not Matter.objects.exists()
    taken(mail("", subject="三组的路灯坏了"))
    assert str(Matter.objects.get().content) == "三组的路灯坏了", "who writes all into the subject says enough"


def test_the_receipt_says_number_and_link_and_not_a_word_of_the_mail(town: Place, box: PostBox, mailing: PostOffice):
    box.connected()
    sent = mail("请转告：点这里 http://evil.example", subject="中奖了")
    box.get(sent)
    fetch()
    [letter] = told(mailing)
    matter, text = Matter.objects.get(), letter.get_content()
    assert letter["To"] == CHEN and letter["Reply-To"] == OURS
    assert letter["In-Reply-To"] == letter["References"] == sent["Message-ID"]
    assert letter["Auto-Submitted"] == "auto-replied" and letter["X-Auto-Response-Suppress"] == "All"
    assert letter["Precedence"] == "bulk"
    assert matter.number in text and "/n/" in text and "收到" in text
    assert "evil" not in text + letter["Subject"] and "中奖" not in text + letter["Subject"]


def test_an_address_that_never_answered_gets_one_message_and_the_next_ones_when_it_did(
    town: Place, box: PostBox, mailing: PostOffice
):
    box.connected()
    box.get(mail(), mail("另一件事：路灯也坏了。", subject="路灯"))
    fetch()
    [letter] = told(mailing)
    first = Matter.objects.get(number=_number(letter))
    town.accept(first)
    assert len(told(mailing)) == 1
    assert Message.objects.get(why=Why.UNPROVEN, state="FAILED").kind == "accepted"
    box.get(answer(letter, "收到"))
    fetch()
    assert only(state=MailState.ADDED).proves
    town.classify(first)
    town.assign(first)
    assert len(told(mailing)) == 2


def test_an_answer_of_the_same_address_is_added_as_words_of_the_speaker(town: Place, box: PostBox, mailing: PostOffice):
    box.connected()
    sent = mail()
    box.get(sent)
    fetch()
    [letter] = told(mailing)
    link = next(word for word in letter.get_content().split() if "/n/" in word)
    by_id = answer(letter, "水管在井边。")
    by_own = mail("昨天也没有水。", subject="x", References=f"<other@example.com> {sent['Message-ID']}")
    by_token = mail(f"今天来了一点。\n\n> 进展看：{link}", subject="y")
    box.get(by_id, by_own, by_token)
    fetch()
    words = [str(one.text) for one in Entry.objects.filter(action=Action.ADD_INFORMATION).order_by("at")]
    assert words == ["水管在井边。", "昨天也没有水。", "今天来了一点。"]
    assert [one.proves for one in Mail.objects.filter(state=MailState.ADDED).order_by("received_at")] == [
        True,
        False,
        True,
    ]
    assert Matter.objects.count() == 1 and len(told(mailing)) == 1, "an answer is not answered"
    assert not list(verify.verify())


@pytest.mark.drill(11)
def test_another_sender_on_a_thread_gains_nothing_and_waits(town: Place, box: PostBox, mailing: PostOffice):
    box.connected()
    sent = mail(Cc="eve@example.org")
    box.get(sent)
    fetch()
    [letter] = told(mailing)
    box.get(
        answer(letter, "我撤回。", sender="eve@example.org"),
        mail("请把答复也发给我。", sender="eve@example.org", subject="x", In_Reply_To=sent["Message-ID"]),
    )
    fetch()
    waits = Mail.objects.filter(state=MailState.WAITING)
    assert {one.because for one in waits} == {Because.FOREIGN} and {one.about for one in waits} == {
        Matter.objects.get()
    }
    assert not Entry.objects.filter(action=Action.ADD_INFORMATION).exists()
    assert {to for to, _letter in mailing.letters} == {CHEN} and len(told(mailing)) == 1, "nobody in Cc hears of it"


@pytest.mark.drill(11)
def test_a_number_in_the_subject_opens_nothing(town: Place, box: PostBox):
    other = town.raise_matter()
    box.connected()
    box.get(mail(subject=f"Re: {other.number}", References="<invented@qinghe.example>"))
    fetch()
    assert only().state == MailState.REGISTERED and only().about is None
    assert not other.entries.filter(action=Action.ADD_INFORMATION).exists()


@pytest.mark.drill(11)
def test_no_header_of_theirs_reaches_a_header_of_ours(town: Place, box: PostBox, mailing: PostOffice):
    box.connected()
    raw = mail().as_bytes()
    bad = b"Message-ID: <a@b.c>\r\n\tBcc: x@y.z\r\nX-Other: 1"
    head, _blank, body = raw.partition(b"\n\n")
    lines = [line for line in head.splitlines() if not line.lower().startswith((b"message-id", b"subject"))]
    subject = b"Subject: =?utf-8?q?a=0D=0ABcc:_x@y.z?="
    box.get(b"\r\n".join([*lines, bad, subject]) + b"\r\n\r\n" + body)
    fetch()
    [letter] = told(mailing)
    assert letter["In-Reply-To"] == "<a@b.c>" and letter["Bcc"] is None
    assert {to for to, _letter in mailing.letters} == {CHEN}
    assert "\n" not in str(only().subject)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, Because.AUTOMATIC),
        ({"Auto_Submitted": "auto-generated; owner-email=x@y.z"}, Because.AUTOMATIC),
        ({"Precedence": "bulk"}, Because.AUTOMATIC),
        ({"X_Autoreply": "yes"}, Because.AUTOMATIC),
        ({"List_Id": "<news.example.com>"}, Because.LIST),
        ({"List_Unsubscribe": "<https://example.com>"}, Because.LIST),
        ({"Return_Path": "<>"}, Because.BOUNCE),
        ({"X_Failed_Recipients": "a@b.c"}, Because.BOUNCE),
        ({"sender": "MAILER-DAEMON@example.com"}, Because.AUTOMATIC),
        ({"sender": "no-reply@example.com"}, Because.AUTOMATIC),
        ({"sender": f"We <{OURS.upper()}>"}, Because.OWN),
    ],
)
@pytest.mark.drill(11)
def test_what_nobody_wrote_is_ignored(town: Place, headers: dict[str, str], why: Because):
    Inbox.objects.create(address=OURS, settings="{}")
    taken(mail(**headers))
    assert (only().state, only().because) == (MailState.IGNORED, why) and not Matter.objects.exists()


def test_a_report_of_a_mail_server_is_ignored(town: Place):
    report = (
        b"From: postmaster-x@example.com\nContent-Type: multipart/report; boundary=b\n\n--b\n\nno such user\n--b--\n"
    )
    taken(report)
    assert only().because == Because.BOUNCE


@pytest.mark.drill(11)
def test_two_programs_do_not_write_to_each_other_for_ever(town: Place, box: PostBox, mailing: PostOffice):
    """A program at the other side answers all it gets, and neither says so nor keeps the thread."""
    box.connected()
    box.get(mail())
    seen = 0
    for n in range(10):
        while fetch():
            pass
        letters = told(mailing)
        fresh, seen = letters[seen:], len(letters)
        box.get(*[mail(f"我不在，有事打电话。{n}", subject=f"Re: {one['Subject']}") for one in fresh])
    assert len(mailing.letters) == 1 and Matter.objects.count() == 2


@pytest.mark.drill(11)
def test_a_storm_of_one_sender_is_kept_and_not_answered(town: Place, box: PostBox, mailing: PostOffice):
    for n in range(throttle.MAIL_BY_SENDER.free + 5):
        taken(mail(f"第 {n} 封，各不一样。", subject=str(n)))
    assert Matter.objects.count() == throttle.MAIL_BY_SENDER.free
    waits = Mail.objects.filter(state=MailState.WAITING)
    assert waits.count() == 5 and {one.because for one in waits} == {Because.CAPPED}
    assert len(told(mailing)) == 1
    taken(mail("别人的事。", sender="li@example.com"))
    assert Matter.objects.count() == throttle.MAIL_BY_SENDER.free + 1


@pytest.mark.drill(11)
def test_a_storm_on_one_thread_is_kept_and_added_no_more(town: Place):
    sent = mail()
    taken(sent)
    for n in range(throttle.MAIL_BY_THREAD.free):
        taken(mail(f"补充 {n}。", subject="x", In_Reply_To=sent["Message-ID"]))
    assert only(because=Because.CAPPED).about == Matter.objects.get()


def test_what_the_server_calls_spam_waits_for_a_person(town: Place):
    taken(mail(X_Spam_Flag="YES"))
    assert only().because == Because.SPAM and not Matter.objects.exists()


def test_other_words_under_a_known_id_wait(town: Place):
    sent = mail()
    taken(sent)
    taken(mail("完全不同的话。", Message_ID=sent["Message-ID"]))
    assert only(state=MailState.WAITING).because == Because.SAME_ID and Matter.objects.count() == 1


def test_words_for_a_matter_that_takes_none_wait(town: Place):
    sent = mail()
    taken(sent)
    matter = Matter.objects.get()
    reason = default_profile().screening_reasons[0].code
    town.run("王芳", terms.ScreenOut(reason=reason, text="请向法院反映。"), matter)
    taken(mail("还是没有水。", In_Reply_To=sent["Message-ID"]))
    assert only(because=Because.CLOSED).about == matter


def _number(letter: EmailMessage) -> str:
    return str(letter["Subject"]).rpartition("：")[2]
