"""Real SMTP servers on this machine: one keeps what it was given and says no where it is told to, one only drips."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings

from tests.support.elsewhere import free_port


@dataclass
class PostOffice:
    """`refuse` answers a recipient instead of 250, `answer` the letter itself; `hang_up` breaks the line after it."""

    port: int = 0
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"
    hang_up: bool = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=default)
            self.letters += [(to, letter) for to in envelope.rcpt_tos]
        if self.hang_up:
            server.transport.close()
        return self.answer

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for to, letter in self.letters if to == address]


@contextmanager
def post_office(port: int = 0) -> Iterator[PostOffice]:
    office = PostOffice(port=port or free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        with override_settings(MAIL_HOSTS=[f"127.0.0.1:{office.port}"]):
            yield office
    finally:
        controller.stop()


@contextmanager
def dripping(*first: bytes, drop: bytes = b"2", every: float = 0.05) -> Iterator[int]:
    """The port of a server that says `first`, each after a command, and then a letter now and then without end."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            line, _who = listening.accept()
            with line:
                for answer in first:
                    line.sendall(answer)
                    line.recv(4096)
                while not over.wait(every):
                    line.sendall(drop)
        except OSError:
            return

    worker = threading.Thread(target=serve, daemon=True)
    worker.start()
    port = int(listening.getsockname()[1])
    try:
        with override_settings(MAIL_HOSTS=[f"127.0.0.1:{port}"]):
            yield port
    finally:
        over.set()
        listening.close()
        worker.join(5)
