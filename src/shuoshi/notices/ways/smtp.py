"""E-mail by SMTP, through Django's backend. What leaves says that a program wrote it (RFC 3834), and how to end it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from shuoshi.notices.ways.base import Answer, Came, Outgoing

SECONDS = 10
PERMANENT = 500  # what a server says from here on it will say again


class Smtp:
    """One connection, opened with the first message and kept for the next ones of the same round."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._sender = given.get("sender", "")
        self._backend = EmailBackend(
            host=given.get("host", ""),
            port=int(given.get("port") or 465),
            username=given.get("user", ""),
            password=given.get("password", ""),
            use_ssl=given.get("security", "ssl") == "ssl",
            use_tls=given.get("security") == "starttls",
            timeout=SECONDS,
            fail_silently=False,
        )

    def send(self, to: str, out: Outgoing) -> Answer:
        try:
            self._backend.open()
        except smtplib.SMTPResponseException as problem:
            return Answer(Came.LATER, str(problem.smtp_code), whole_way=True)
        except (OSError, ssl.SSLError, smtplib.SMTPException):
            return Answer(Came.LATER, "connect", whole_way=True)
        try:
            self._backend.send_messages([self._written(to, out)])
        except smtplib.SMTPRecipientsRefused as problem:
            code = next(iter(problem.recipients.values()))[0]
            self.close()
            return Answer(Came.REFUSED if code >= PERMANENT else Came.LATER, str(code))
        except smtplib.SMTPSenderRefused as problem:
            self.close()
            return Answer(Came.LATER, str(problem.smtp_code), whole_way=True)  # our own address, not theirs
        except smtplib.SMTPResponseException as problem:
            self.close()
            return Answer(Came.REFUSED if problem.smtp_code >= PERMANENT else Came.LATER, str(problem.smtp_code))
        except ValueError:
            return Answer(Came.REFUSED, "address")  # no address a header may hold
        except (OSError, smtplib.SMTPException):
            self._forget()
            return Answer(Came.UNCERTAIN, "broken", whole_way=True)
        return Answer(Came.OUT, "250")

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return None

    def close(self) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._forget()

    def _forget(self) -> None:
        self._backend.connection = None

    def _written(self, to: str, out: Outgoing) -> EmailMessage:
        domain = self._sender.rpartition("@")[2] or "localhost"
        headers = {
            "Message-ID": f"<{out.key}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Precedence": "bulk",
        }
        if out.stop:
            headers["List-Unsubscribe"] = f"<{out.stop}>"  # a page with a button: opening it changes nothing
        return EmailMessage(out.subject, out.text, self._sender, [to], headers=headers)
