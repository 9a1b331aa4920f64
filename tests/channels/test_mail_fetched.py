"""Reading the inbox when its server is down, or numbers its mails anew: nothing is lost, nothing comes twice (3.1.3)."""

from __future__ import annotations

import imaplib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from shuoshi.channels.mail import fetching, inbox, keeping, queries, receiving
from shuoshi.channels.mail.inbox import Inbox as OpenInbox
from shuoshi.channels.mail.models import Mail, MailState, Progress
from shuoshi.channels.mail.server import Down
from shuoshi.kernel import clock, steady
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.models import Matter
from tests.notices.told import MORNING
from tests.support.post import CHEN, OURS, PASSWORD, PostBox, fetch, mail
from tests.support.village import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(db: None) -> Iterator[None]:
    """When people are told."""
    with clock.simulated(MORNING):
        yield


def test_an_inbox_that_cannot_be_read_is_seen_and_gives_alarm(town: Place, box: PostBox):
    row = box.connected()
    now = clock.now()
    settings_of = row.given | {"password": "wrong"}
    row.settings = json.dumps(settings_of)
    row.save()
    fetching.fetch(now)
    standing = queries.standing(now)
    assert standing is not None and (standing.failing_since, standing.code) == (now, "sign_in")
    assert not _alarmed()
    fetching.fetch(now + fetching.ALARM)
    assert _alarmed() and Progress.objects.get().failing_since == now
    row.settings = json.dumps(row.given | {"password": PASSWORD})
    row.save()
    fetch()
    assert not _alarmed() and Progress.objects.get().failing_since is None


def test_where_the_server_numbers_anew_nothing_is_lost_and_nothing_twice(town: Place, box: PostBox):
    box.connected()
    box.get(mail())
    fetch()
    Progress.objects.update(validity=1, next_uid=999)
    box.get(mail("路灯坏了。", subject="路灯"))
    fetch()
    assert Matter.objects.count() == 2 and Mail.objects.count() == 2


def test_of_another_mailbox_nothing_is_read_that_lay_there_before(town: Place, box: PostBox):
    row = box.connected()
    box.get(mail())
    fetch()
    other = PostBox(box.port, f"{box.user}other")
    other.get(mail("早就写了的信。", subject="旧信"))
    keeping.keep(OURS, row.given | {"user": other.user, "password": PASSWORD}, active=True, actor=SYSTEM)
    assert fetch() == 0 and other.unseen() == 1
    other.get(mail("路灯坏了。", subject="路灯"))
    assert fetch() == 1 and Matter.objects.count() == 2


def test_after_a_restore_what_came_of_late_is_looked_at_again(town: Place, box: PostBox):
    box.connected()
    box.get(mail())
    fetch()
    Progress.objects.all().delete()  # it is in no backup
    box.get(mail("路灯坏了。", subject="路灯"))
    fetch()
    assert Matter.objects.count() == 2 and Mail.objects.count() == 2


@pytest.mark.parametrize("asked", ["RFC822.SIZE", "BODY.PEEK[]"])
def test_what_the_server_does_not_give_now_is_taken_later(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch, asked: str
):
    box.connected()
    box.get(mail())
    with monkeypatch.context() as patched:
        _refuses(patched, asked)
        assert fetch() == 0
    assert not Mail.objects.exists() and fetch() == 1 and Matter.objects.count() == 1


def test_a_server_that_lets_nobody_mark_makes_no_mail_of_its_own(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch
):
    box.connected()
    box.get(mail(), mail("路灯坏了。", subject="路灯"))
    _refuses(monkeypatch, "FLAGS")
    for _ in range(fetching.TRIES + 2):
        fetch()
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.REGISTERED} and Mail.objects.count() == 2


def test_nothing_is_removed_from_the_mailbox(town: Place, box: PostBox):
    box.get(mail("别人标了删除、还没有删的信。"))
    with box.open() as opened:
        opened.client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
    box.connected()
    box.get(mail())
    assert fetch() == 1 and box.unseen() == 1
    with box.open() as opened:
        assert len(opened.uids()) == 2


def test_a_fault_of_ours_that_is_over_soon_costs_no_mail_anything(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch
):
    box.connected()
    box.get(mail())

    def locked(*_given: Any) -> None:
        raise OperationalError("the database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "receive", locked)
        assert [fetch() for _ in range(fetching.TRIES + 1)] == [0] * (fetching.TRIES + 1)
        assert Progress.objects.get().code == "kept" and not Mail.objects.exists()
    assert fetch() == 1 and Matter.objects.count() == 1


def test_a_mail_whose_headers_are_at_fault_too_keeps_nobody_waiting(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch
):
    box.connected()
    box.get(mail(subject="broken"), mail())
    for name in ("read", "head_of"):
        monkeypatch.setattr(fetching, name, _failing_at(b"Subject: broken", getattr(fetching, name)))
    assert fetch() == 2
    waits = Mail.objects.get(state=MailState.WAITING)
    assert str(waits.sender) == "" and Matter.objects.count() == 1


def test_whatever_else_goes_wrong_is_seen_and_gives_alarm(town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch):
    box.connected()

    def fails(self: OpenInbox) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(OpenInbox, "standing", fails)
    now = clock.now()
    assert fetching.fetch(now) == 0 and Progress.objects.get().code == "fault"
    fetching.fetch(now + fetching.ALARM)
    assert _alarmed()


def test_of_a_mail_that_never_comes_whole_the_headers_are_shown(
    town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch
):
    box.connected()
    box.get(mail())
    _refuses(monkeypatch, "BODY.PEEK[]")
    for _ in range(fetching.TRIES):
        fetch()
    waits = Mail.objects.get()
    assert (waits.state, str(waits.sender), str(waits.subject)) == (MailState.WAITING, CHEN, "自来水")


def test_what_one_mail_cost_is_not_counted_against_the_next(town: Place, box: PostBox, monkeypatch: pytest.MonkeyPatch):
    box.connected()
    box.get(mail(), mail("路灯坏了。", subject="路灯"))
    Progress.objects.update(stuck=fetching.TRIES - 1)
    real, first = OpenInbox.size, []

    def breaks(self: OpenInbox, uid: int) -> int | None:
        first.append(uid)
        if uid != first[0]:
            raise Down("size")
        return real(self, uid)

    with monkeypatch.context() as patched:
        patched.setattr(OpenInbox, "size", breaks)
        fetch()
    assert fetch() == 1 and Matter.objects.count() == 2


def test_a_round_has_an_end_whatever_the_server_does(town: Place, box: PostBox):
    row = box.connected()
    box.get(mail())
    with inbox.opened(row.given, time.monotonic() + 1) as opened:
        opened.standing()
        assert opened.size(opened.from_number(1)[0])
        time.sleep(1)
        with pytest.raises(Down):
            opened.size(1)


def _refuses(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """The server says no to whatever asks for this."""
    real = imaplib.IMAP4.uid

    def uid(self: imaplib.IMAP4, command: str, *given: Any) -> Any:
        asked = any(what in str(one) for one in given)
        return ("NO", [b"try again later"]) if asked else real(self, command, *given)

    monkeypatch.setattr(imaplib.IMAP4, "uid", uid)


def _failing_at(sign: bytes, real: Any) -> Any:
    def fails(raw: bytes) -> Any:
        if sign in raw:
            raise RuntimeError("a fault of ours")
        return real(raw)

    return fails


def _alarmed() -> bool:
    return steady.Raised.objects.filter(kind=steady.Kind.INBOX_DOWN, ends_at=None).exists()
