"""What an exchange tells of a call: it rings, it was answered, it was hung up. Told twice, or out of order, it is one call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from shuoshi.channels.hotline.models import Call, Exchange
from shuoshi.kernel import blind, clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.people.phones import BadNumber, normalise

CLAUSE = "3.2.1"
_WITHHELD = frozenset({"", "anonymous", "unknown", "restricted", "private", "withheld", "unavailable"})
_NOBODY = frozenset({"voicemail"})  # answers, and nobody was there


class What(StrEnum):
    """As common connectors of exchanges name it."""

    RINGS = "newCall"
    ANSWERED = "answer"
    HUNG_UP = "hangup"


@dataclass(frozen=True)
class Pushed:
    """One push. `caller`: the number as it came; `extension`: who answered, as the exchange calls them."""

    what: What
    call_id: str
    caller: str = ""
    extension: str = ""


def pushed(exchange: Exchange, given: Pushed) -> Call:
    """Write down what happened, once; a push that overtook another on the way still counts."""
    now = clock.now()
    with transaction.atomic():
        call = locked(exchange, given, now)
        columns = _columns(call, given, now)
        if columns:
            story = Story(Stream.of("call", call), given.what, by=SYSTEM, at=now, clause=CLAUSE)
            story.change(call, **columns)
            story.tell()
    return call


def _columns(call: Call, given: Pushed, now: datetime) -> dict[str, object]:
    at = max(now, call.rang_at)  # a clock that was set back
    if given.what is What.ANSWERED and call.answered_at is None and given.extension.lower() not in _NOBODY:
        return {"answered_at": at, "extension": given.extension[:40]}
    if given.what is What.HUNG_UP and call.ended_at is None:
        return {"ended_at": at}
    return {}


def locked(exchange: Exchange, given: Pushed, now: datetime) -> Call:
    """The call, which begins with the first that is told of it: an exchange that was restarted forgets that it rang."""
    known = {"exchange": exchange, "call_id": given.call_id[:80]}
    found = Call.objects.select_for_update().filter(**known).first()
    if found is not None:
        return found
    caller, index = number_of(given.caller)
    row = Call(id=new_id(), **known, caller=caller, caller_index=index, rang_at=now)
    Exchange.objects.select_for_update().values_list("pk").get(pk=exchange.pk)  # two pushes of one new call: in turn
    found = Call.objects.select_for_update().filter(**known).first()
    if found is not None:
        return found
    story = Story(Stream.of("call", row), What.RINGS, by=SYSTEM, at=now, clause=CLAUSE, first=True)
    story.add(row)
    story.tell()
    return row


def number_of(given: str) -> tuple[str, str]:
    """The number and its blind index; what is none, or was withheld, is as good as nothing."""
    plain = given.strip()[:40]
    if plain.lower() in _WITHHELD:
        return "", ""
    try:
        number = normalise(plain if plain.startswith("+") else _abroad(plain))
    except BadNumber:
        return plain, ""
    return number, blind.index("phone", number)


def _abroad(plain: str) -> str:
    """Connectors leave the + away: 8613800000000 is a number of this country."""
    return plain[2:] if plain.startswith("86") and len(plain) > 11 else plain
