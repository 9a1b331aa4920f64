"""One line about one thing. What stands in it, the modules beside know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class State(StrEnum):
    """In the order in which they are shown."""

    BAD = "bad"  # something is lost or not done while it lasts
    NEAR = "near"  # not yet, but it will be
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Retry:
    """Something that can be begun again by a button: its key, what it is, and what became of it."""

    key: str
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """What it is about, how it stands, what is so; then what to do: a sentence, commands to type, pages to open.

    `facts` are pairs of a label and what there is. Nothing here is secret: places, times and names, no keys, no words
    of an error.
    """

    name: str
    state: State
    says: str
    do: str = ""
    commands: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()  # label, address
    facts: Sequence[tuple[str, str]] = ()
    retries: Sequence[Retry] = ()


def restart() -> str:
    """How to start the service again; goes with RESTART."""
    return _("请重新启动服务。没有装成服务的，按 Ctrl-C 停下来，再运行 shuoshi run。")


RESTART = "sudo systemctl restart shuoshi"
LOG = "journalctl -u shuoshi --since -1h"
