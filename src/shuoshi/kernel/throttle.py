"""Slowing down who tries too often: counters in the database, so that every process counts alike.

Nobody is locked out for good: a rule only says how long the next try has to wait. What a try is, and which network a
request comes from, the callers know. Networks and names are kept as HMAC under the key `network`, never in clear.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from shuoshi.kernel import clock, keys
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Rule:
    """How often is too often, for tries of one scope.

    `free` tries cost nothing. With `delays`, each later try has to wait after the one before: the first delay, then the
    next, the last again and again; everything is forgotten when nobody tried for `window`. Without `delays` there are
    no more tries until `window` has passed since the first.
    """

    scope: str
    free: int
    window: timedelta
    delays: tuple[timedelta, ...] = ()


def _minutes(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


_HOUR = timedelta(hours=1)

# Wrong pairs of number and code. Only a network is ever refused: where it is not over its limit, a right code opens,
# whatever strangers do to the number or to the site. Once those are over theirs, each network has one wrong try left.
CODE_BY_NETWORK = Rule("tracking:network", free=5, window=_HOUR, delays=_minutes(1, 2, 5, 10))
CODE_WHEN_GUESSED = Rule("tracking:guessed", free=1, window=_HOUR, delays=_minutes(2, 10, 30))
CODE_BY_NUMBER = Rule("tracking:number", free=20, window=_HOUR)
CODE_BY_SITE = Rule("tracking:site", free=600, window=timedelta(minutes=10))
SITE = "site"  # who, where a rule counts everybody together

# Wrong checks of papers. A right one tells no more than its paper does.
PAPER_BY_NETWORK = Rule("paper:network", free=10, window=_HOUR, delays=_minutes(1, 2, 5, 10))

# One counter per user name for all devices nobody knows: 5 at once, then one in 150 s, at most 30 in any hour. A device
# that signed in before counts by itself, out of reach of strangers. A network with many wrong tries, whatever the
# names, is slowed down too; right ones do not count: a town hall signs in from one address.
SIGN_IN_UNKNOWN = Rule("sign_in:unknown", free=5, window=_HOUR, delays=_minutes(2.5))
SIGN_IN_DEVICE = Rule("sign_in:device", free=10, window=_HOUR, delays=_minutes(0.5, 1, 2, 5))
SIGN_IN_NETWORK = Rule("sign_in:network", free=60, window=_HOUR, delays=_minutes(0.5, 1, 2))

# Questions for passkeys before a sign-in, each a row for minutes; of those that end in one the try is given back.
PASSKEY_QUESTIONS = Rule("passkey:questions", free=300, window=_HOUR)

# A village office or a service point sends for many people from one address.
SUBMIT_BY_NETWORK = Rule("submit:network", free=60, window=_HOUR)

# Numbers drawn at terminals of one address: a crowded matter day, not a finger that stays on the button.
NUMBERS_BY_NETWORK = Rule("numbers:network", free=120, window=_HOUR)

# Forms of the staff whose session had ended when they were sent: kept apart, so that neither uses up what the other has.
STAFF_DRAFTS_BY_NETWORK = Rule("staff:drafts", free=60, window=_HOUR)

# A person of the staff asking whose number this is, and finding nobody: a busy hotline meets that many new callers.
PHONE_MISSES = Rule("staff:phone_misses", free=60, window=_HOUR)

# What a program of others sends for its residents: a city's platform on a bad day, not a loop gone wild.
PLATFORM_POSTS = Rule("platform:posts", free=3000, window=_HOUR)

# What a telephone exchange tells: a hotline with a hundred calls at once, not a flood that fills the disk.
EXCHANGE_PUSHES = Rule("exchange:pushes", free=20_000, window=_HOUR)

# What one follower of the official account writes, and how many matters come of it: a family's phone, not a machine.
FOLLOWER_MESSAGES = Rule("follower:messages", free=200, window=_HOUR)
FOLLOWER_MATTERS = Rule("follower:matters", free=12, window=_HOUR)

# Mail that comes: what a sender, or a thread of messages, may mean in a day; the rest waits for a person. And what leaves as
# an answer to it, so that nobody is flooded through us.
_DAY = timedelta(days=1)
MAIL_BY_SENDER = Rule("mail:sender", free=20, window=_DAY)
MAIL_BY_THREAD = Rule("mail:thread", free=20, window=_DAY)
MAIL_BY_SITE = Rule("mail:site", free=1000, window=_DAY)
MAIL_IGNORED = Rule("mail:ignored", free=1000, window=_DAY)  # written down of what programs wrote
MAIL_ANSWERS = Rule("mail:answers", free=5, window=_DAY)
MAIL_ANSWERS_BY_SITE = Rule("mail:answers_site", free=300, window=_DAY)

# Meetings: topics people propose from home, and a hall that checks in through one network.
TOPICS_BY_NETWORK = Rule("meeting:topics", free=10, window=_HOUR)
TOPICS_BY_SITE = Rule("meeting:topics_site", free=300, window=_DAY)
CHECK_INS_BY_NETWORK = Rule("meeting:check_ins", free=400, window=_HOUR)

# Codes to a telephone for whoever lost the receipt: how many are asked for, by whom and to what number, known or not.
LOST_BY_NETWORK = Rule("lost:network", free=20, window=_DAY)
LOST_BY_NUMBER = Rule("lost:number", free=5, window=_DAY)
LOST_BY_SITE = Rule("lost:site", free=500, window=_DAY)
LOST_WRONG = Rule("lost:wrong", free=15, window=_HOUR, delays=_minutes(1, 2, 5, 10))  # wrong codes of one network

RULES: dict[str, Rule] = {
    rule.scope: rule
    for rule in (
        CODE_BY_NETWORK,
        CODE_WHEN_GUESSED,
        CODE_BY_NUMBER,
        CODE_BY_SITE,
        PAPER_BY_NETWORK,
        SIGN_IN_UNKNOWN,
        SIGN_IN_DEVICE,
        SIGN_IN_NETWORK,
        PASSKEY_QUESTIONS,
        SUBMIT_BY_NETWORK,
        NUMBERS_BY_NETWORK,
        STAFF_DRAFTS_BY_NETWORK,
        PHONE_MISSES,
        PLATFORM_POSTS,
        EXCHANGE_PUSHES,
        FOLLOWER_MESSAGES,
        FOLLOWER_MATTERS,
        MAIL_BY_SENDER,
        MAIL_BY_THREAD,
        MAIL_BY_SITE,
        MAIL_IGNORED,
        MAIL_ANSWERS,
        MAIL_ANSWERS_BY_SITE,
        TOPICS_BY_NETWORK,
        TOPICS_BY_SITE,
        CHECK_INS_BY_NETWORK,
        LOST_BY_NETWORK,
        LOST_BY_NUMBER,
        LOST_BY_SITE,
        LOST_WRONG,
    )
}


class Tally(models.Model):
    """The tries of one `who` in one scope since they were last forgotten."""

    history = History.WORKING
    copied = False  # who tried too often is forgotten with the machine
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=40)
    who = models.CharField(max_length=64)  # HMAC-SHA-256, hex
    window_start = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="tally_one_per_who", fields=["scope", "who"])]
        indexes = [models.Index(name="tally_old", fields=["scope", "last_at"])]  # prune


def wait(scope: str, who: str, now: datetime | None = None) -> timedelta | None:
    """How long the next try has to wait; None when it may come now. Counts nothing."""
    tally = Tally.objects.filter(scope=scope, who=_hashed(scope, who)).first()
    return _left(RULES[scope], tally, now or clock.now())


def hit(scope: str, who: str, now: datetime | None = None) -> int:
    """Count one try; how many there are now. Lost when the caller's transaction is rolled back: count outside it."""
    with transaction.atomic():
        at = now or clock.now()
        tally = _locked(scope, who, at)
        _add(tally, at)
        return tally.count


def take(scope: str, who: str, now: datetime | None = None) -> timedelta | None:
    """Count one try if it may come now (None), or say how long it has to wait and count nothing.

    In one step, so that a hundred tries at once are not all let through before the first is counted.
    """
    at = now or clock.now()
    with transaction.atomic():
        tally = _locked(scope, who, at)
        left = _left(RULES[scope], tally, at)
        if left is None:
            _add(tally, at)
        return left


def clear(scope: str, who: str) -> None:
    """Forget the tries: the right code or password was given."""
    Tally.objects.filter(scope=scope, who=_hashed(scope, who)).delete()


def give_back(scope: str, who: str) -> None:
    """Undo one `take`: this try was a right one. Wrong tries stay counted, other than with `clear`: where many share
    a counter, nobody wipes it with a code of their own."""
    Tally.objects.filter(scope=scope, who=_hashed(scope, who), count__gt=0).update(count=F("count") - 1)


def prune(now: datetime) -> int:
    """Delete what counts no longer; how many rows."""
    gone = 0
    for scope, rule in RULES.items():
        gone += Tally.objects.filter(scope=scope, last_at__lt=now - rule.window).delete()[0]
    return gone


def _locked(scope: str, who: str, at: datetime) -> Tally:
    """The row, made if need be, locked until the transaction ends."""
    fresh = {"window_start": at, "last_at": at, "count": 0}
    tally, _ = Tally.objects.select_for_update().get_or_create(scope=scope, who=_hashed(scope, who), defaults=fresh)
    return tally


def _add(tally: Tally, at: datetime) -> None:
    if _forgotten(RULES[tally.scope], tally, at):
        tally.window_start, tally.count = at, 0
    tally.count += 1
    tally.last_at = at
    tally.save(update_fields=["window_start", "last_at", "count"])


def _forgotten(rule: Rule, tally: Tally, at: datetime) -> bool:
    since = tally.last_at if rule.delays else tally.window_start
    return at - since >= rule.window


def _left(rule: Rule, tally: Tally | None, at: datetime) -> timedelta | None:
    if tally is None or _forgotten(rule, tally, at) or tally.count < rule.free:
        return None
    if rule.delays:
        until = tally.last_at + rule.delays[min(tally.count - rule.free, len(rule.delays) - 1)]
    else:
        until = tally.window_start + rule.window
    return until - at if until > at else None


def _hashed(scope: str, who: str) -> str:
    key = keys.read(settings.KEYS, "network")
    return hmac.new(key, f"{scope}\0{who}".encode(), hashlib.sha256).hexdigest()
