"""A real IMAP server (Dovecot) on this machine, a mailbox of its own for each test, and mails as people send them."""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from imap_tools import MailBoxUnencrypted

from shuoshi.channels.mail import fetching, keeping, reading, receiving
from shuoshi.channels.mail.models import Inbox, Mail
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.notices import actions as notices
from shuoshi.notices.carrying import carry
from shuoshi.notices.delivering import deliver
from shuoshi.notices.models import Provider, Way
from tests.notices.post_office import PostOffice, post_office
from tests.support import lacking
from tests.support.elsewhere import free_port
from tests.support.village import Place

REMEDY = "Dovecot: not found. Remedy: apt-get install dovecot-imapd."
OURS, CHEN = "shuo@qinghe.example", "chen@example.com"
PASSWORD = "a-secret-of-the-test"
_CONF = """
base_dir = {home}/base
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{home}/mail/%u
mail_fsync = never
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
"""


@dataclass
class PostBox:
    """One mailbox at the server."""

    port: int
    user: str

    def open(self) -> MailBoxUnencrypted:
        box = MailBoxUnencrypted("127.0.0.1", self.port)
        box.login(self.user, PASSWORD)
        return box

    def get(self, *mails: bytes | EmailMessage) -> None:
        """Let mails arrive."""
        with self.open() as box:
            for mail in mails:
                box.append(mail if isinstance(mail, bytes) else mail.as_bytes(), "INBOX", dt=clock.now())

    def unseen(self) -> int:
        with self.open() as box:
            return len(box.uids("UNSEEN"))

    def connected(self) -> Inbox:
        """As the inbox of the institution, empty and looked at once."""
        given = {"host": "127.0.0.1", "port": str(self.port), "security": "none", "user": self.user, "folder": ""}
        row = keeping.keep(OURS, given | {"password": PASSWORD}, active=True, actor=SYSTEM)
        assert fetch() == 0
        return row


@contextmanager
def dovecot() -> Iterator[int]:
    """The port of a server that lets anybody in who knows the password. It does not run as root."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        lacking.skip(REMEDY)
    as_root = os.geteuid() == 0
    person = pwd.getpwnam("nobody") if as_root else pwd.getpwuid(os.getuid())
    home, port = Path(tempfile.mkdtemp(prefix="post-")), free_port()
    group = grp.getgrgid(person.pw_gid).gr_name
    conf = home / "dovecot.conf"
    conf.write_text(_CONF.format(home=home, port=port, user=person.pw_name, group=group, password=PASSWORD))
    if as_root:
        for one in (home, conf):
            os.chown(one, person.pw_uid, person.pw_gid)
    user, group_id = (person.pw_uid, person.pw_gid) if as_root else (None, None)
    groups: list[int] | None = [] if as_root else None
    command = [program, "-F", "-c", str(conf)]
    server = subprocess.Popen(command, umask=0o077, user=user, group=group_id, extra_groups=groups)
    try:
        _wait(port, home)
        yield port
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _wait(port: int, home: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            with MailBoxUnencrypted("127.0.0.1", port) as box:
                box.login("anybody", PASSWORD)
                return
        except Exception as problem:
            if time.monotonic() > until:
                log = home / "log"
                said = log.read_text() if log.exists() else ""
                raise AssertionError(f"Dovecot does not answer: {said}") from problem
            time.sleep(0.1)


@pytest.fixture(scope="session")
def post_server() -> Iterator[int]:
    with dovecot() as port:
        yield port


@pytest.fixture
def box(post_server: int, settings: Any) -> PostBox:
    """A mailbox nobody wrote to yet, at a server that may stand inside."""
    settings.MAIL_HOSTS = [*settings.MAIL_HOSTS, f"127.0.0.1:{post_server}"]
    return PostBox(post_server, f"u{uuid4().hex}")


@pytest.fixture
def mailing(town: Place, settings: Any) -> Iterator[PostOffice]:
    """A real SMTP server by which the institution sends."""
    before = list(settings.MAIL_HOSTS)
    with post_office() as office:
        settings.MAIL_HOSTS = [*before, f"127.0.0.1:{office.port}"]
        given = {"host": "127.0.0.1", "port": str(office.port), "security": "none", "sender": OURS}
        notices.set_gateway(Way.EMAIL, Provider.SMTP, given, active=True, actor=SYSTEM)
        yield office


def taken(sent: EmailMessage | bytes) -> None:
    """As if it had come, without a server."""
    raw = sent if isinstance(sent, bytes) else sent.as_bytes()
    receiving.receive(reading.read(raw), hashlib.sha256(raw).hexdigest())


def waits(text: str = "我也要说：路灯坏了。", **headers: str) -> Mail:
    """One that waits for a person."""
    taken(mail(text, X_Spam_Flag="YES", **headers))
    return Mail.objects.latest("received_at")


def fetch() -> int:
    return fetching.fetch(clock.now())


def mail(
    text: str = "柳湾村三组的自来水半个月没有水了，请来修一修。",
    *,
    sender: str = f"陈大明 <{CHEN}>",
    subject: str = "自来水",
    **headers: str,
) -> EmailMessage:
    """One that a person wrote. Further headers by name, `_` for `-`; "" takes one away."""
    made = EmailMessage()
    given = {"From": sender, "To": OURS, "Subject": subject, "Message-ID": make_msgid(domain="example.com")}
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            made[name] = value
    made.set_content(text)
    return made


def answer(letter: EmailMessage, text: str, *, sender: str = CHEN) -> EmailMessage:
    """A mail that answers one of ours."""
    return mail(text, sender=sender, subject="Re: x", In_Reply_To=letter["Message-ID"])


def told(office: PostOffice) -> list[EmailMessage]:
    """All that left, with what leaves now by the real way."""
    carry(clock.now())
    deliver(clock.now())
    return [letter for _to, letter in office.letters]
