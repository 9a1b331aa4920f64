"""The round of the worker: what is new in the inbox, one mail after the other, each in a transaction of its own.

A mail counts as read when its row is there; only then the number goes up, and it is marked on the server. Whoever dies in
between gets it again, and finds that it is there. One that cannot be read waits for a person and keeps nobody waiting.
"""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, DataError

from shuoshi.channels.mail import receiving
from shuoshi.channels.mail.models import Because, Inbox, Mail, Progress
from shuoshi.channels.mail.reading import LARGEST, Head, Unreadable, head_of, read
from shuoshi.channels.mail.server import Down, Standing
from shuoshi.kernel import clock, steady

if TYPE_CHECKING:
    from shuoshi.channels.mail.inbox import Inbox as OpenInbox

BATCH = 30  # mails in one round
AT_MOST = 15.0  # seconds after which a round begins no other mail, so that deadlines are looked at in between
END = 30.0  # seconds after which its line is cut, whatever the server does
TRIES = 3  # of a mail at which the line breaks
ALARM = timedelta(hours=1)  # that it cannot be read
_BACK = timedelta(days=2)  # looked at again where the server numbers anew, or after a restore
_log = logging.getLogger(__name__)


def fetch(now: datetime) -> int:
    """Read what is new; how many mails. What fails is kept beside the inbox, for whoever looks at the ways in."""
    row = Inbox.objects.filter(active=True).first()
    if row is None:
        steady.keep(steady.Kind.INBOX_DOWN, wrong=False)
        return 0
    from shuoshi.channels.mail import inbox  # with its library, for institutions that have one

    progress, made = Progress.objects.get_or_create(inbox=row)
    began = time.monotonic()
    try:
        with inbox.opened(row.given, began + END) as opened:
            done = _round(opened, _new(opened, progress, made, now), progress, began + AT_MOST)
    except Down as down:
        _failed(progress, down.code, now)
        return 0
    except Exception:  # whatever it is, somebody has to hear that nothing is read
        _log.exception("the inbox cannot be read")
        _failed(progress, "fault", now)
        return 0
    Progress.objects.filter(pk=progress.pk).update(read_at=clock.now(), failing_since=None, code="")
    steady.keep(steady.Kind.INBOX_DOWN, wrong=False)
    return done


def _round(opened: OpenInbox, numbers: list[int], progress: Progress, until: float) -> int:
    done = 0
    for uid in numbers[:BATCH]:
        if time.monotonic() > until:
            break
        head = b""
        try:
            if progress.stuck + 1 == TRIES:  # the last time: so that whoever looks into the mailbox knows for what
                head = opened.fetch(uid, head=True)
            _take(opened, uid)
        except Down as down:
            if down.code != "kept":  # ours: not for this mail
                _stuck(progress, uid, head)
            raise
        _reached(progress, uid + 1)
        done += 1
        opened.mark(uid)
    return done


def _stuck(progress: Progress, uid: int, head: bytes) -> None:
    """The line broke at this mail. Where it does so again and again it is the mail: a person looks, the others go on."""
    if progress.stuck + 1 < TRIES:
        progress.stuck += 1
        progress.save(update_fields=["stuck"])
        return
    place = f"{progress.inbox_id}:{progress.validity}:{uid}"
    _aside(head, hashlib.sha256(place.encode()).hexdigest(), Because.UNREADABLE)
    _reached(progress, uid + 1)


def _reached(progress: Progress, next_uid: int) -> None:
    progress.next_uid, progress.stuck = next_uid, 0
    progress.save(update_fields=["next_uid", "stuck"])


def _new(opened: OpenInbox, progress: Progress, made: bool, now: datetime) -> list[int]:
    """Numbers to be read. What lay in the mailbox when it was connected is not ours; where the server numbers anew, or
    after a restore, what came of late is looked at again. `made`: nothing was known of this mailbox until now."""
    standing = opened.standing()
    if progress.validity == standing.validity:
        return opened.from_number(progress.next_uid)
    known = progress.validity is not None or (made and Mail.objects.exists())
    numbers = opened.since((clock.local(progress.read_at or now) - _BACK).date()) if known else []
    _begin(progress, standing, numbers[0] if numbers else standing.next_uid)
    return numbers


def _begin(progress: Progress, standing: Standing, next_uid: int) -> None:
    progress.validity, progress.next_uid, progress.stuck = standing.validity, next_uid, 0
    progress.save(update_fields=["validity", "next_uid", "stuck"])


def _take(opened: OpenInbox, uid: int) -> Mail | None:
    """Fetch one mail and write it down. A fault of ours in reading it is a mail for a person, and stands in the log."""
    size = opened.size(uid)
    if size is None:
        return None
    raw = opened.fetch(uid, head=size > LARGEST)
    digest = hashlib.sha256(raw).hexdigest()
    if size > LARGEST:
        return _aside(raw, digest, Because.TOO_BIG)
    try:
        return receiving.receive(read(raw), digest)
    except Unreadable:
        return _aside(raw, digest, Because.UNREADABLE)
    except Exception as problem:
        _check_over_soon(problem)
        _log.exception("a mail could not be taken in")
        return _aside(raw, digest, Because.UNREADABLE)


def _aside(raw: bytes, digest: str, because: Because) -> Mail | None:
    """For a person, with what its headers say; where even those are at fault, without them."""
    try:
        return receiving.set_aside(head_of(raw), digest, because)
    except Exception as problem:
        _check_over_soon(problem)
        _log.exception("the headers of a mail could not be taken in")
        return receiving.set_aside(Head(), digest, because)


def _check_over_soon(problem: Exception) -> None:
    """Raise Down for what is ours, and not this mail's: it is still there."""
    if isinstance(problem, (DatabaseError, OSError)) and not isinstance(problem, DataError):
        raise Down("kept") from problem


def _failed(progress: Progress, code: str, now: datetime) -> None:
    since = progress.failing_since or now
    Progress.objects.filter(pk=progress.pk).update(failing_since=since, code=code[:20])
    _log.warning("the inbox cannot be read: %s", code)
    steady.keep(steady.Kind.INBOX_DOWN, wrong=now - since >= ALARM)
