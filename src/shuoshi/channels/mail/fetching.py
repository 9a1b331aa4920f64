"""The round of the worker: what is new in the inbox, one mail after the other, each in a transaction of its own.

A mail counts as read when its row is there; only then it is marked on the server and the number goes up. Whoever dies in
between gets it again, and finds that it is there. One that cannot be read waits for a person and keeps nobody waiting.
"""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError

from shuoshi.channels.mail import receiving
from shuoshi.channels.mail.models import Because, Inbox, Mail, Progress
from shuoshi.channels.mail.reading import LARGEST, Head, Unreadable, head_of, read
from shuoshi.channels.mail.server import Down, Standing
from shuoshi.kernel import clock, steady

if TYPE_CHECKING:
    from shuoshi.channels.mail.inbox import Inbox as OpenInbox

BATCH = 30  # mails in one round
AT_MOST = 15.0  # seconds of one round, so that deadlines are looked at in between
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

    progress, _made = Progress.objects.get_or_create(inbox=row)
    try:
        with inbox.opened(row.given) as opened:
            done = _round(opened, progress, now)
    except Down as down:
        _failed(progress, down.code, now)
        return 0
    Progress.objects.filter(pk=progress.pk).update(read_at=clock.now(), failing_since=None, code="")
    steady.keep(steady.Kind.INBOX_DOWN, wrong=False)
    return done


def _round(opened: OpenInbox, progress: Progress, now: datetime) -> int:
    until, done = time.monotonic() + AT_MOST, 0
    for uid in _new(opened, progress, now)[:BATCH]:
        if time.monotonic() > until:
            break
        try:
            _take(opened, uid)
            opened.mark(uid)
        except Down:
            _stuck(progress, uid)
            raise
        Progress.objects.filter(pk=progress.pk).update(next_uid=uid + 1, stuck=0)
        done += 1
    return done


def _stuck(progress: Progress, uid: int) -> None:
    """The line broke at this mail. Where it does so again and again it is the mail: a person looks, the others go on."""
    if progress.stuck + 1 < TRIES:
        Progress.objects.filter(pk=progress.pk).update(stuck=progress.stuck + 1)
        return
    place = f"{progress.inbox_id}:{progress.validity}:{uid}"
    receiving.set_aside(Head(), hashlib.sha256(place.encode()).hexdigest(), Because.UNREADABLE)
    Progress.objects.filter(pk=progress.pk).update(next_uid=uid + 1, stuck=0)


def _new(opened: OpenInbox, progress: Progress, now: datetime) -> list[int]:
    """Numbers to be read. What lay in the mailbox when it was connected is not ours; where the server numbers anew, what
    came of late is looked at again."""
    standing = opened.standing()
    if progress.validity == standing.validity:
        return opened.from_number(progress.next_uid)
    known = progress.validity is not None or Mail.objects.exists()
    numbers = opened.since((clock.local(progress.read_at or now) - _BACK).date()) if known else []
    _begin(progress, standing, numbers[0] if numbers else standing.next_uid)
    return numbers


def _begin(progress: Progress, standing: Standing, next_uid: int) -> None:
    Progress.objects.filter(pk=progress.pk).update(validity=standing.validity, next_uid=next_uid)


def _take(opened: OpenInbox, uid: int) -> Mail | None:
    """Fetch one mail and write it down. A fault of ours in reading it is a mail for a person, and stands in the log."""
    size = opened.size(uid)
    if size is None:
        return None
    raw = opened.fetch(uid, head=size > LARGEST)
    digest = hashlib.sha256(raw).hexdigest()
    if size > LARGEST:
        return receiving.set_aside(head_of(raw), digest, Because.TOO_BIG)
    try:
        return receiving.receive(read(raw), digest)
    except Unreadable:
        return receiving.set_aside(head_of(raw), digest, Because.UNREADABLE)
    except (DatabaseError, OSError):  # ours, and over soon: the mail is still there
        raise Down("kept") from None
    except Exception:
        _log.exception("a mail could not be taken in")
        return receiving.set_aside(head_of(raw), digest, Because.UNREADABLE)


def _failed(progress: Progress, code: str, now: datetime) -> None:
    since = progress.failing_since or now
    Progress.objects.filter(pk=progress.pk).update(failing_since=since, code=code[:20])
    _log.warning("the inbox cannot be read: %s", code)
    steady.keep(steady.Kind.INBOX_DOWN, wrong=now - since >= ALARM)
