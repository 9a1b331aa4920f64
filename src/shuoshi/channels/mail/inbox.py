"""The line to the inbox, and the only module that knows IMAP: with so much time and so many bytes in all, to an address
that was looked at. The library reads without an end of its own; here everything that is waited for has one.
"""

from __future__ import annotations

import imaplib
import io
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from imap_tools import BaseMailBox, ImapToolsError

from shuoshi.channels.mail.reading import HEAD, LARGEST
from shuoshi.channels.mail.server import PORTS, Down, Standing
from shuoshi.kernel.outgoing.places import NotSent, resolved
from shuoshi.notices.ways.hosts import is_inside
from shuoshi.notices.ways.line import Answers, Patience

SECONDS = 20.0  # to sign in; and for each mail, whatever it weighs
FOR_EVER = float("inf")
_LINE = 1_000_000  # bytes of one line of an answer
_SLACK = 1024 * 1024  # bytes of answers beside a mail
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_PARTING = 2.0


class _Until(Patience):
    """With an end for all that is asked, beside the one of each question."""

    def __init__(self, end: float) -> None:
        super().__init__()
        self.end = end

    def begin(self, seconds: float = SECONDS, *, bytes_: int = _SLACK) -> None:
        super().begin(min(seconds, self.end - time.monotonic()), bytes_=bytes_)


class _Line(imaplib.IMAP4):
    """imaplib's conversation over a line that knows its end."""

    def __init__(self, given: Mapping[str, str], patience: Patience) -> None:
        self._given, self._patience = given, patience
        super().__init__(given["host"], int(given["port"]))

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        inside = is_inside(host, port, PORTS)
        if port not in PORTS and not inside:
            raise NotSent("port")
        if self._given["security"] == "none" and not inside:
            raise NotSent("open")
        plain = socket.create_connection((resolved(host, port, inside=inside), port), self._patience.left())
        plain.settimeout(self._patience.left())
        sealed = self._given["security"] == "ssl"
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if sealed else plain
        self._listen()

    def _listen(self) -> None:
        self._paced = io.BufferedReader(Answers(self.sock, self._patience))

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """What came in the open before is forgotten with its reader."""
        answer = super().starttls(ssl_context)
        self._listen()
        return answer

    def read(self, size: int) -> bytes:
        if size > LARGEST + _SLACK:
            raise self.abort("the server sends too much")
        return self._paced.read(size)

    def readline(self) -> bytes:
        line = self._paced.readline(_LINE + 1)
        if len(line) > _LINE:
            raise self.abort("the server says too much in one line")
        return line

    def send(self, data: Any) -> None:
        self.sock.settimeout(self._patience.left())
        self.sock.sendall(data)

    def shutdown(self) -> None:
        for one in (getattr(self, "_paced", None), getattr(self, "sock", None)):
            if one is not None:
                one.close()


class _Box(BaseMailBox):
    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._line


class Inbox:
    """A folder that is open. Whatever goes wrong is Down."""

    def __init__(self, box: _Box, patience: Patience, folder: str) -> None:
        self._box, self._patience, self._folder = box, patience, folder

    def standing(self) -> Standing:
        with _told("folder"):
            self._patience.begin()
            found = self._box.folder.status(self._folder, ["UIDVALIDITY", "UIDNEXT"])
            self._box.folder.set(self._folder)
            return Standing(int(found["UIDVALIDITY"]), int(found["UIDNEXT"]))

    def from_number(self, uid: int) -> list[int]:
        """Numbers of the mails from this one on, in their order."""
        with _told("search"):
            self._patience.begin()
            return sorted(int(one) for one in self._box.uids(f"UID {uid}:*") if int(one) >= uid)

    def since(self, day: date) -> list[int]:
        """Numbers of the mails the server got on this day or later."""
        with _told("search"):
            self._patience.begin()
            month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[day.month - 1]
            return sorted(int(one) for one in self._box.uids(f"SINCE {day.day}-{month}-{day.year}"))

    def size(self, uid: int) -> int | None:
        """Bytes of a mail; None where it is there no more."""
        with _told("size"):
            self._patience.begin()
            answer = _given(self._box.client.uid("FETCH", str(uid), "(RFC822.SIZE)"))
            found = next((_SIZE.search(_bytes(one)) for one in answer if _SIZE.search(_bytes(one))), None)
            return int(found.group(1)) if found else None

    def fetch(self, uid: int, *, head: bool = False) -> bytes:
        """The mail as it came, or so many bytes of its headers; it stays unread until it is marked."""
        with _told("mail"):
            self._patience.begin(SECONDS, bytes_=LARGEST + _SLACK)
            part = f"BODY.PEEK[HEADER]<0.{HEAD}>" if head else "BODY.PEEK[]"
            answer = _given(self._box.client.uid("FETCH", str(uid), f"({part})"))
            found = [bytes(one[1]) for one in answer if isinstance(one, tuple)]
            return found[0]  # nothing is not an empty mail: IndexError, and so Down

    def put(self, mail: bytes, at: datetime) -> None:
        """Let a mail arrive, as whoever plays the other side does."""
        with _told("mail"):
            self._patience.begin()
            _given(self._box.client.append(self._folder, "", imaplib.Time2Internaldate(at), mail))

    def mark(self, uid: int) -> None:
        """Seen: for whoever opens the mailbox beside us. Nothing is removed, also not what others marked for it."""
        with _told("mark"):
            self._patience.begin()
            _given(self._box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))


@contextmanager
def opened(given: Mapping[str, str], end: float = FOR_EVER) -> Iterator[Inbox]:
    """Sign in. `end`: of time.monotonic(), when the line is cut whatever is on it. Raises Down."""
    patience = _Until(end)
    patience.begin()
    with _told("connect"):
        box = _Box(_Line(given, patience))
    try:
        with _told("sign_in"):
            if given["security"] == "starttls":
                box.client.starttls(ssl.create_default_context())
            _sign_in(box, given)
        yield Inbox(box, patience, given["folder"] or "INBOX")
    finally:
        patience.begin(_PARTING)
        try:
            box.logout()
        except (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError):
            box.client.shutdown()


def _sign_in(box: _Box, given: Mapping[str, str]) -> None:
    """Some providers here let nobody in who does not say what program it is (RFC 2971)."""
    plain = given["user"].isascii() and given["password"].isascii()
    (box.login if plain else box.login_utf8)(given["user"], given["password"], initial_folder=None)
    if "ID" in box.client.capabilities:
        box.client.xatom("ID", '("name" "shuoshi" "version" "1" "vendor" "shuoshi")')


@contextmanager
def _told(step: str) -> Iterator[None]:
    """Whatever a server, a line or an answer that is none may do, as Down."""
    try:
        yield
    except NotSent as problem:
        raise Down(problem.code) from None
    except ssl.SSLError as problem:
        raise Down("certificate") from problem
    except (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError, KeyError, IndexError) as problem:
        raise Down(step) from problem


def _given(said: tuple[str, list[Any]]) -> list[Any]:
    """What the server answered. Raises ValueError where it refused: a mail that is not given now is not gone."""
    state, answer = said
    if state != "OK":
        raise ValueError("refused")
    return answer or []


def _bytes(one: Any) -> bytes:
    return one[0] if isinstance(one, tuple) else one if isinstance(one, bytes) else b""
