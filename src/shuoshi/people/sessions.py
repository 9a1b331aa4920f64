"""One's own sessions as a list: where somebody is signed in, since when. Whether a session counts is sign_in's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session as Stored
from django.http import HttpRequest

from shuoshi.people import passkeys
from shuoshi.people.models import Account, SignedIn

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"))
_DESKTOPS = (("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"))


@dataclass(frozen=True, slots=True)
class Session:
    """One living session of an account, `key` its line in the list. `device` is what the browser calls itself, `here` whether it is this one."""

    key: UUID
    device: str
    since: datetime
    seen: datetime
    here: bool


def of(request: HttpRequest, account: Account, now: datetime) -> Sequence[Session]:
    """The living sessions of the own account, this one first, then the latest used; one statement.

    To end one: actions.end_own_session. To end all others: actions.end_own_sessions, then renew this one.
    """
    rows = SignedIn.objects.filter(
        account=account, epoch=account.epoch, seen__gt=now - IDLE - timedelta(minutes=1), since__gt=now - LONGEST
    )
    this = request.session.get("listed", "")
    found = [
        Session(row.pk, row.device, row.since, row.seen, str(row.pk) == this) for row in rows.order_by("-seen", "-id")
    ]
    return sorted(found, key=lambda one: not one.here)


def begin(request: HttpRequest, account: Account, now: datetime) -> str:
    """List a session that starts; its key in the list."""
    device = device_of(request.headers.get("User-Agent", ""))
    return str(SignedIn.objects.create(account=account, epoch=account.epoch, device=device, since=now, seen=now).pk)


def seen(request: HttpRequest, now: datetime) -> None:
    if "listed" in request.session:
        SignedIn.objects.filter(pk=UUID(request.session["listed"])).update(seen=now)


def end(request: HttpRequest) -> None:
    if "listed" in request.session:
        SignedIn.objects.filter(pk=UUID(request.session["listed"])).delete()


def device_of(agent: str) -> str:
    """Browser and system in two words, from a short list; nothing of what else a browser says is kept."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}", agent)), "")
    system = next((name for mark, name in (*_SYSTEMS, *_DESKTOPS) if mark in agent), "")
    return " · ".join(word for word in (browser, system) if word)


def prune(now: datetime, batch: int = 1000) -> int:
    """Delete sessions that are over, their lines in the list, and what was asked and not answered; how many lines."""
    passkeys.prune(now)
    over = Stored.objects.filter(expire_date__lt=now).values_list("pk", flat=True)
    Stored.objects.filter(pk__in=list(over[:batch])).delete()
    old = SignedIn.objects.filter(seen__lt=now - LONGEST).values_list("pk", flat=True)
    return SignedIn.objects.filter(pk__in=list(old[:batch])).delete()[0]
