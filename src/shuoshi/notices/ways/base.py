"""What every way out has in common: the text it is given, and the answer it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol


class Came(Enum):
    """What came of handing a message over."""

    OUT = "out"  # the other side took it
    LATER = "later"  # it certainly did not leave; again after a pause
    REFUSED = "refused"  # it did not leave and never will
    UNCERTAIN = "uncertain"  # the line broke in the middle: never sent again by itself


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text on its way. `key` names the message for the gateway, `number` and `link` are also its only variables."""

    key: str
    kind: str
    number: str
    link: str
    text: str
    subject: str = ""
    stop: str = ""  # where the recipient ends this; "" where nothing is to be ended
    token: str = ""  # the end of that address: all of it that fits where addresses are not allowed
    to_staff: bool = False
    answers: str = ""  # the id of the mail that this answers, with its < and >
    code: str = ""  # for whoever lost a receipt: then the only variable
    reply_to: str = ""  # where an answer is read; "" where the sender's own address is


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` is what the other side said in its own words for machines, never a text; `ticket` what it calls this."""

    came: Came
    code: str = ""
    ticket: str = ""
    whole_way: bool = False  # the gateway itself is out of order: nothing else is tried by it now


class Sender(Protocol):
    """A gateway that is open. Raises nothing: whatever goes wrong is an answer."""

    def send(self, to: str, out: Outgoing) -> Answer:
        """Hand one message over."""
        ...

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        """Whether it arrived; None while nobody knows, and where nobody ever will."""
        ...

    def close(self) -> None:
        """Nothing more is sent now."""
        ...
