"""Signing in, staying signed in, and being out at once. What somebody may do then, posts and policies say.

Wrong name, wrong password, wrong code and closed account get one answer after one time. Nobody is locked out: unknown
devices share a slowed-down counter per user name, a device that signed in before has its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import UUIDField
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, throttle
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.prepared import Prepared
from shuoshi.kernel.refusal import Refused
from shuoshi.people import devices, passkeys, passwords, sessions, totp
from shuoshi.people.actions.accounts import FIRST_LASTS, WRONG_CODE, folded
from shuoshi.people.actions.accounts import set_by_code as set_by_code_verb
from shuoshi.people.actions.passkeys import note_use
from shuoshi.people.models import Account, CeremonyFor, Passkey, RecoveryCode
from shuoshi.people.sessions import IDLE, LONGEST

FRESH = timedelta(minutes=5)  # how long a proof of who one is stands, for deeds that ask for one

_SEEN_EVERY = timedelta(minutes=1)  # how often a session writes down that it is in use


@dataclass(frozen=True)
class Failed:
    """Not signed in: `wrong` (something of what was typed), `passkey` (its answer) or `wait`, and how long then."""

    reason: str
    wait: timedelta | None = None

    @property
    def text(self) -> str:
        """What the page says; never which part was wrong."""
        if self.reason == "passkey":
            return _("通行密钥没有认出来：等得太久，或者这个账号不认它。请再试一次，或者用密码登录。")
        if self.wait is None:
            return _("账号、密码或动态口令不对。绑定了动态口令的，也要填上。")
        minutes = max(1, -(-int(self.wait.total_seconds()) // 60))
        return _("试的次数太多了。请 %(minutes)d 分钟后再试。") % {"minutes": minutes}


def authenticate(
    username: str, password: str, code: str, *, device: str, network: str, now: datetime, deed: str = "sign_in"
) -> Account | Failed:
    """Whose account this is, or why not. `device` is the cookie of that name, `network` kernel.web.network's.

    A try that must wait is not looked at at all. A right one clears its counter, gives the network its
    try back (many people sit behind one address), and leaves an event, named `deed`.
    """
    name = folded(username)[:200]
    account = Account.objects.filter(username=name).select_related("person").first()
    known = devices.known(device, account.pk) if account is not None else None
    rule, who = (throttle.SIGN_IN_DEVICE, f"{known}:{name}") if known else (throttle.SIGN_IN_UNKNOWN, name)
    left = None if known else throttle.take(throttle.SIGN_IN_NETWORK.scope, network, now)
    left = left or throttle.take(rule.scope, who, now)
    if left is not None:
        return Failed("wait", left)
    # Everything below happens for unknown names too, with a password nobody has.
    right = check_password(password[: passwords.LONGEST + 1], account.password if account else passwords.nobodys())
    if account is None or not right or not account.is_active:
        return Failed("wrong")
    if account.must_change_password and now - account.created_at > FIRST_LASTS:
        return Failed("wrong")  # a first password on paper that was never used; the administrator gives a reset code
    with transaction.atomic():
        account = Account.objects.select_related("person").select_for_update(of=("self",)).get(pk=account.pk)
        factor = _second_factor(account, code, now)
        if factor is None or not account.is_active:
            return Failed("wrong")
        _tell(account, deed, now, factor=factor, known_device=known is not None)
    throttle.clear(rule.scope, who)
    if not known:
        throttle.give_back(throttle.SIGN_IN_NETWORK.scope, network)
    return account


def by_passkey(
    request: HttpRequest, said: str, *, network: str, now: datetime, owner: Account | None = None, deed: str = "sign_in"
) -> Account | Failed:
    """Whose account this answer of a device signs in to, or why it does not; with `owner`, whether it is a key of theirs.

    Both factors in one: the device made sure of its owner. No answer can be guessed, so nobody waits for what strangers
    do to an account; what a network sends in vain is counted as at the password.
    """
    asked = passkeys.taken(request, CeremonyFor.PROVE if owner else CeremonyFor.SIGN_IN, owner)
    credential = passkeys.credential_of(said)
    found = Passkey.objects.filter(credential=credential).select_related("account").first() if credential else None
    device = request.COOKIES.get(devices.COOKIE, "")
    known = devices.known(device, found.account_id) if found else None
    rule, who = (throttle.SIGN_IN_DEVICE, f"{known}:passkey") if known else (throttle.SIGN_IN_NETWORK, network)
    left = throttle.take(rule.scope, who, now)
    if left is not None:
        return Failed("wait", left)
    if found is None or asked is None or (owner is not None and found.account_id != owner.pk):
        return Failed("passkey")
    with transaction.atomic():
        account = Account.objects.select_related("person").select_for_update(of=("self",)).get(pk=found.account_id)
        key = Passkey.objects.filter(pk=found.pk).first()  # under the lock: not one that was removed meanwhile
        signed = passkeys.right(said, asked, key) if key and account.is_active else None
        if key is None or signed is None or not (owner or passkeys.names_its_owner(said, account)):
            return Failed("passkey")
        key.account = account
        if not note_use(key, signed, now):
            return Failed("passkey")
        _tell(account, deed, now, factor="passkey", passkey=str(key.pk), known_device=known is not None)
    throttle.give_back(rule.scope, who)
    return account


def set_by_code(username: str, code: str, password: str, *, network: str, now: datetime) -> Account | Failed:
    """Set a new password with a code on paper, as slow to guess as a password. Raises Refused as the verb does.

    A right code is no guess, also with a password that is refused: the try is given back.
    """
    name = folded(username)[:200]
    left = throttle.take(throttle.SIGN_IN_NETWORK.scope, network, now)
    left = left or throttle.take(throttle.SIGN_IN_UNKNOWN.scope, f"reset\0{name}", now)
    if left is not None:
        return Failed("wait", left)
    try:
        account = set_by_code_verb(username, code, password)
    except Refused as refused:
        if refused.code != WRONG_CODE:
            throttle.give_back(throttle.SIGN_IN_UNKNOWN.scope, f"reset\0{name}")
            throttle.give_back(throttle.SIGN_IN_NETWORK.scope, network)
        raise
    throttle.clear(throttle.SIGN_IN_UNKNOWN.scope, f"reset\0{name}")
    throttle.give_back(throttle.SIGN_IN_NETWORK.scope, network)
    return account


def start(request: HttpRequest, account: Account, **noted: str) -> None:
    """Begin a session for `account` on this request, under a new key: nothing of the one before is left.

    `noted` are words the pages keep in the session, such as what the account still owes.
    """
    at = clock.now()
    now = int(at.timestamp())
    sessions.end(request)
    request.session.flush()
    listed = sessions.begin(request, account, at)
    request.session.update(
        {"account": str(account.pk), "epoch": account.epoch, "since": now, "seen": now, "listed": listed, **noted}
    )
    request.session["proved"] = now
    rotate_token(request)
    Account.objects.filter(pk=account.pk).update(last_seen=clock.now())


def renew(request: HttpRequest, account: Account, **noted: str) -> None:
    """Keep the person signed in here after an own deed that ended all sessions; the twelve hours go on."""
    kept = {name: request.session[name] for name in ("since", "proved") if name in request.session}
    start(request, Account.objects.get(pk=account.pk), **noted)
    request.session.update(kept)


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever sits here proved within FRESH who they are, at the sign-in or since."""
    return 0 <= clock.now().timestamp() - int(request.session.get("proved", 0)) < FRESH.total_seconds()


def prove_again(request: HttpRequest, password: str, code: str, *, network: str) -> Failed | None:
    """Ask the owner of this session once more for password and code; None when they were right. Throttled as signing in."""
    account, now = account_of(request), clock.now()
    if account is None:
        return Failed("wrong")
    device = request.COOKIES.get(devices.COOKIE, "")
    answer = authenticate(account.username, password, code, device=device, network=network, now=now, deed="prove_again")
    if isinstance(answer, Failed):
        return answer
    request.session["proved"] = int(now.timestamp())
    return None


def prove_by_passkey(request: HttpRequest, said: str, *, network: str) -> Failed | None:
    """The same with a passkey of the owner of this session; None when its answer was right."""
    account, now = account_of(request), clock.now()
    if account is None:
        return Failed("passkey")
    answer = by_passkey(request, said, network=network, now=now, owner=account, deed="prove_again")
    if isinstance(answer, Failed):
        return answer
    request.session["proved"] = int(now.timestamp())
    return None


def prove_by_recovery_code(request: HttpRequest, code: str, *, network: str) -> Failed | None:
    """The same with a code on paper, for whoever lost the device; as slow to guess as a password."""
    account, now = account_of(request), clock.now()
    if account is None:
        return Failed("wrong")
    guesses = f"recovery\0{account.username}"
    left = throttle.take(throttle.SIGN_IN_NETWORK.scope, network, now)
    left = left or throttle.take(throttle.SIGN_IN_UNKNOWN.scope, guesses, now)
    if left is not None:
        return Failed("wait", left)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        if not _takes_recovery_code(account, code, now):
            return Failed("wrong")
        _tell(account, "prove_again", now, factor="recovery")
    throttle.clear(throttle.SIGN_IN_UNKNOWN.scope, guesses)
    throttle.give_back(throttle.SIGN_IN_NETWORK.scope, network)
    request.session["proved"] = int(now.timestamp())
    return None


def end(request: HttpRequest) -> None:
    """Sign out on this device."""
    sessions.end(request)
    request.session.flush()


def account_of(request: HttpRequest) -> Account | None:
    """Whose session this is, with the person; None when nobody's, or when it ended: idle, too old, revoked.

    One statement beside the session's own. A session that ended is destroyed; what a page asks by itself, marked
    `polled`, makes none last longer.
    """
    key = request.session.get("account")
    if key is None:
        return None
    now = clock.now().timestamp()
    since, seen = request.session.get("since", 0), request.session.get("seen", 0)
    fresh = now - seen < IDLE.total_seconds() and now - since < LONGEST.total_seconds()
    listed = request.session.get("listed")
    account = _ACCOUNT.one(key=UUID(key), listed=UUID(listed)) if fresh and listed else None
    if account is None or not account.is_active or account.epoch != request.session.get("epoch"):
        request.session.flush()
        return None
    if now - seen >= _SEEN_EVERY.total_seconds() and not getattr(request, "polled", False):
        request.session["seen"] = int(now)
        sessions.seen(request, clock.now())
    return account


_ACCOUNT = Prepared(  # with its line in the list: ended elsewhere, it is gone
    lambda key, listed: Account.objects.select_related("person").filter(pk=key, sessions=listed),
    key=UUIDField(),
    listed=UUIDField(),
)


def _second_factor(account: Account, code: str, now: datetime) -> str | None:
    """Which second factor was right: "totp", "recovery", or "" where none is asked for. None: it was wrong.

    Each code works once: the step is taken by an UPDATE that only an older step lets through.
    """
    if not account.totp_confirmed:
        return ""
    step = totp.matching_step(account.totp_secret, code, now)
    if step is not None:
        newer = Account.objects.filter(pk=account.pk, totp_last_step__lt=step).update(totp_last_step=step)
        return "totp" if newer else None
    return "recovery" if _takes_recovery_code(account, code, now) else None


def _takes_recovery_code(account: Account, code: str, now: datetime) -> bool:
    digest = totp.recovery_digest(account.pk, code)
    return bool(RecoveryCode.objects.filter(account=account, digest=digest, used_at__isnull=True).update(used_at=now))


def _tell(account: Account, deed: str, now: datetime, **facts: str | bool) -> None:
    actor = Actor(ActorKind.STAFF, person_id=account.person_id, account_id=account.pk)
    story = Story(Stream.of("account", account), deed, by=actor, at=now)
    story.fact(**facts)
    story.tell()
