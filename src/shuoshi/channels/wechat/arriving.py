"""A message of a follower on its way in: kept first, answered within the time the platform waits, or else afterwards.

The platform waits five seconds and then sends the same again, three times in all. So:

- Kept in one short transaction, before anything else. Where that cannot be done in time nothing is acknowledged, and the
  message comes again: what was acknowledged is never lost.
- Then answered at once, as the answer to the request. That costs the account no right and no quota, and is there when
  somebody looks at the telephone; a small account may answer in no other way.
- Where the database is too slow for that the request is acknowledged empty-handed; the background goes on with the
  conversation and writes to the follower (late), or the next answer says it first, where the account may not write.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.wechat import answering
from shuoshi.channels.wechat.models import Incoming, Late, Seen
from shuoshi.channels.wechat.wire import Heard, NotTheirs
from shuoshi.kernel import busy, clock, hurry, keys, throttle
from shuoshi.notices.wechat import Account

KEPT_WITHIN = 1.5  # seconds, and where a statement was begun at their end, one and a half more
ANSWERED_WITHIN = 3.0  # seconds since the message came, and one statement: less than the five of the platform
ANSWERED_LATER = timedelta(seconds=6)  # when the request is certainly over
GONE_AFTER = 4.5  # seconds: whether the platform still listened, nobody knows
_ASKS = frozenset({"event:subscribe", "event:unsubscribe", "event:click"})
_log = logging.getLogger(__name__)


def index_of(account: Account, openid: str) -> str:
    """What a follower is called in our rows: keyed, so that nobody who has the rows finds them."""
    key = keys.read(settings.KEYS, "network")
    return hmac.new(key, f"wechat\0{account.app_id}\0{openid}".encode(), hashlib.sha256).hexdigest()


def take(account: Account, heard: Heard, nonce: str, began: float) -> str:
    """Keep a message, and what is to be said to it now, "" for nothing. `began`: when it came, by time.monotonic.

    Raises NotTheirs for a signed address that was used for another message; what the database had no time for (busy,
    hurry.OutOfTime) only where nothing was kept.
    """
    if heard.kind.startswith("event:") and heard.kind not in _ASKS:
        return ""  # a place every five seconds, a link that was opened: nobody asked anything
    until = began + ANSWERED_WITHIN
    with hurry.within(KEPT_WITHIN), transaction.atomic():
        row = _kept(account, heard, nonce)
    if row is None:
        return _("您发得太多了，请过一会儿再发。急的请打热线。")
    if row.answered_at is not None:
        return str(row.answer)
    try:
        with hurry.within(max(0.0, until - time.monotonic())):
            said = answering.answer(row.pk, account, in_time=True)
    except hurry.OutOfTime:
        return ""
    except Exception as problem:  # it is kept: the background tries it again and tells people where it fails
        if not busy.is_busy(problem):
            _log.exception("a message of a follower was not answered")
        return ""
    if said and time.monotonic() - began > GONE_AFTER:  # told twice is better than not at all
        now = clock.now()
        Late.objects.create(follower=row.follower, text=said, at=now, not_before=now)
    return said


def _kept(account: Account, heard: Heard, nonce: str) -> Incoming | None:
    """The row of this message, also where it came before; None from somebody who sends without end."""
    now = clock.now()
    seen, fresh = Seen.objects.get_or_create(nonce=nonce, defaults={"key": heard.key, "at": now})
    if not fresh and seen.key != heard.key:
        raise NotTheirs("replayed")
    known = Incoming.objects.filter(key=heard.key).first()
    if known is not None:
        return known
    index = index_of(account, heard.follower)
    leaves = heard.kind == "event:unsubscribe"
    if not leaves and throttle.take(throttle.FOLLOWER_MESSAGES.scope, index, now) is not None:
        return None
    first = {
        "follower": index,
        "heard": json.dumps(asdict(heard), ensure_ascii=False),
        "at": now,
        "not_before": now + ANSWERED_LATER,
    }
    return Incoming.objects.get_or_create(key=heard.key, defaults=first)[0]
