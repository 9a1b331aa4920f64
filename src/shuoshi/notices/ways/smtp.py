"""E-mail by SMTP, through Django's backend. What leaves says that a program wrote it (RFC 3834), and how to end it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from shuoshi.kernel.outgoing.places import NotSent
from shuoshi.notices.ways.base import Answer, Came, Outgoing
from shuoshi.notices.ways.hosts import is_inside
from shuoshi.notices.ways.line import PARTING, Line, Patience, SealedLine

PERMANENT = 500  # what a server says from here on it will say again
CLOSING = 421  # the server has no time for anybody


class _Backend(EmailBackend):
    """Django's, on lines that know their end."""

    patience: Patience

    @property
    def connection_class(self) -> Any:
        return partial(SealedLine if self.use_ssl else Line, self.patience)


class Smtp:
    """One connection, opened with the first message and kept for the next ones of the same round."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._sender = given.get("sender", "")
        self._patience = Patience()
        host, port = given.get("host", ""), int(given.get("port") or 465)
        self._open_text = given.get("security") == "none" and not is_inside(host, port)
        self._backend = _Backend(
            host=host,
            port=port,
            username=given.get("user", ""),
            password=given.get("password", ""),
            use_ssl=given.get("security", "ssl") == "ssl",
            use_tls=given.get("security") == "starttls",
            fail_silently=False,
        )
        self._backend.patience = self._patience

    def send(self, to: str, out: Outgoing) -> Answer:
        try:
            letter = self._written(to, out)
            letter.message()
        except ValueError:
            return Answer(Came.REFUSED, "address")  # no address a header may hold
        self._patience.begin()
        return self._opened() or self._handed_over(letter)

    def _opened(self) -> Answer | None:
        """Why nothing can be sent; None once the line is open. All of it is the server's or the settings' fault."""
        if self._open_text:
            return Answer(Came.LATER, "open", whole_way=True)
        try:
            self._backend.open()
        except NotSent as problem:
            return Answer(Came.LATER, problem.code, whole_way=True)
        except smtplib.SMTPResponseException as problem:
            return Answer(Came.LATER, str(problem.smtp_code), whole_way=True)
        except (OSError, ssl.SSLError, smtplib.SMTPException, UnicodeError, ValueError):
            return Answer(Came.LATER, "connect", whole_way=True)
        return None

    def _handed_over(self, letter: EmailMessage) -> Answer:
        try:
            self._backend.send_messages([letter])
        except smtplib.SMTPRecipientsRefused as problem:
            self.close()
            return _of_this_one(next(iter(problem.recipients.values()))[0])
        except smtplib.SMTPSenderRefused as problem:
            self.close()
            return Answer(Came.LATER, str(problem.smtp_code), whole_way=True)  # our own address, not theirs
        except smtplib.SMTPResponseException as problem:
            self.close()
            return _of_this_one(problem.smtp_code)
        except ValueError:
            return Answer(Came.REFUSED, "address")
        except (OSError, smtplib.SMTPException):
            self._forget()
            return Answer(Came.UNCERTAIN if self._patience.begun else Came.LATER, "broken", whole_way=True)
        return Answer(Came.OUT, "250")

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return None

    def close(self) -> None:
        self._patience.begin(PARTING)
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._forget()

    def _forget(self) -> None:
        """Not even a goodbye: the line is cut."""
        if self._backend.connection is not None:
            self._backend.connection.close()
        self._backend.connection = None

    def _written(self, to: str, out: Outgoing) -> EmailMessage:
        domain = self._sender.rpartition("@")[2] or "localhost"
        headers = {
            "Message-ID": f"<{out.key}@{domain}>",
            "Auto-Submitted": "auto-replied" if out.answers else "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Precedence": "bulk",
        }
        if out.stop:
            headers["List-Unsubscribe"] = f"<{out.stop}>"  # a page with a button: opening it changes nothing
        if out.answers:
            headers |= {"In-Reply-To": out.answers, "References": out.answers}
        reply_to = [out.reply_to] if out.reply_to else None
        return EmailMessage(out.subject, out.text, self._sender, [to], headers=headers, reply_to=reply_to)


def _of_this_one(code: int) -> Answer:
    """What the server said of one letter or its recipient; a server that closes means everybody."""
    came = Came.REFUSED if code >= PERMANENT else Came.LATER
    return Answer(came, str(code), whole_way=code == CLOSING)
