"""A line to a mail server: to an address that was looked at, with so much time and so many bytes for one letter in all.

smtplib gives every read its own patience, so that a server that sends a letter of its answer now and then would hold
the worker for hours. Here a letter has one end, whatever is waited for.
"""

from __future__ import annotations

import io
import smtplib
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from shuoshi.kernel.outgoing.places import NotSent, resolved
from shuoshi.notices.ways.hosts import PORTS, is_inside

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

SECONDS = 20.0  # for one letter, from the first connection to the last answer
PARTING = 2.0  # to say goodbye
LARGEST = 64 * 1024  # of all answers to one letter


@dataclass
class Patience:
    """What is left of the time and the bytes of one letter."""

    until: float = 0.0
    bytes: int = 0
    begun: bool = False  # the letter itself is on the line: whether it is taken, nobody knows until the answer

    def begin(self, seconds: float = SECONDS, *, bytes_: int = LARGEST) -> None:
        self.until, self.bytes, self.begun = time.monotonic() + seconds, bytes_, False

    def left(self) -> float:
        """Seconds. Raises TimeoutError when none are left."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the letter took too long")
        return seconds


class Answers(io.RawIOBase):
    """What the server says, read with the patience that is left."""

    def __init__(self, line: socket.socket, patience: Patience) -> None:
        self._line, self._patience = line, patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._line.settimeout(self._patience.left())
        count = self._line.recv_into(cast("Any", buffer))
        self._patience.bytes -= count
        if self._patience.bytes < 0:
            raise OSError("the server says too much")
        return count


class Line(smtplib.SMTP):
    """smtplib's conversation over a line that knows its end."""

    def __init__(self, patience: Patience, *args: Any, **given: Any) -> None:
        self.patience = patience
        super().__init__(*args, **given)

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        """Raises NotSent where no line may go."""
        inside = is_inside(host, port)
        if port not in PORTS and not inside:
            raise NotSent("port")
        self._at = resolved(host, port, inside=inside)
        return super().connect(host, port, source_address)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._at, port), self.patience.left())
        plain.settimeout(self.patience.left())
        return plain

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(Answers(self.sock, self.patience))
        answer = super().getreply()
        if self.sock is not None:
            self.sock.settimeout(self.patience.left())  # of what follows without us, such as a handshake
        return answer

    def send(self, s: ReadableBuffer | str) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.patience.left())
        super().send(s)

    def data(self, msg: ReadableBuffer | str) -> tuple[int, bytes]:
        self.patience.begun = True
        return super().data(msg)


class SealedLine(Line, smtplib.SMTP_SSL):
    """The same, sealed from the first byte on; the certificate is that of the host that was asked for."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)
