"""Verbs on accounts: opening, closing, passwords, second factors. Signing in is sign_in's."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import compare_digest
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.people import leaving, passwords, same, totp
from shuoshi.people.actions.seconds import DONE, seconded, tell_owner
from shuoshi.people.models import Account, PasswordReset, RecoveryCode, SignedIn
from shuoshi.people.models import PrivilegedDeed as Deed
from shuoshi.people.policies import require_account_arranger

RESET_LASTS = timedelta(hours=24)
FIRST_LASTS = timedelta(days=7)  # of a made-up first password that nobody has used
WRONG_CODE = "reset_wrong"  # refused because of name or code, not of the new password


def folded(username: str) -> str:
    """One spelling of a user name: narrow, lower case, no blanks around it."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def create_account(
    person_id: UUID, username: str, *, actor: Actor, password: str = "", digest: str = ""
) -> tuple[Account, str]:
    """Open an account for a person; returns it with its first password, made up unless given.

    A made-up one works for FIRST_LASTS and must be changed at the first sign-in. `digest` is the hash of `password` where it was computed before,
    for many accounts at once. Raises Refused for a name in use or a weak password.
    """
    now = clock.now()
    name = folded(username)
    with transaction.atomic():
        require_account_arranger(actor, person_id)
        second = seconded(Deed.CREATE_ACCOUNT, person_id, person_id, actor=actor, at=now, detail=name[:60])
        if not name or len(name) > 40 or any(character.isspace() for character in name):
            raise Refused("username_odd", _("账号名写 1 到 40 个字，中间不留空格。"))
        if Account.objects.filter(username=name).exists():
            raise Refused("username_taken", _("账号名“%(name)s”已经有人用了。请换一个。") % {"name": name})
        if password:
            passwords.require_good(password, username=name, second_factor=False)
        first = password or passwords.made_up()
        account = Account(
            username=name,
            person_id=person_id,
            password=digest or make_password(first),
            must_change_password=not password,
            created_at=now,
        )
        story = Story(Stream.of("account", account), "create_account", by=actor, at=now)
        story.add(account)
        same.can_sign_in_now(story, person_id)
        story.fact(**second)
        story.tell()
    return account, first


def open_account(person_id: UUID, username: str, *, actor: Actor) -> tuple[Account, str]:
    """Open an account nobody has a password for; with the code on paper with which its owner sets the first one.

    The code works once and for FIRST_LASTS, and costs no password hash: also for many accounts at once.
    """
    now = clock.now()
    with transaction.atomic():
        account, _password = create_account(person_id, username, actor=actor, digest=passwords.nobodys())
        code = totp.new_recovery_code()
        digest = totp.recovery_digest(account.pk, code)
        PasswordReset.objects.create(account=account, digest=digest, expires_at=now + FIRST_LASTS)
    return account, code


def disable(account_id: UUID, *, actor: Actor) -> Account:
    """Close an account; its sessions end at their next request.

    Raises Refused for the own account, and for the only one of somebody who holds open work (people.leaving).
    """
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_account_arranger(actor, account.person_id)
        if actor.account_id == account_id:
            raise Refused("own_account", _("不能停用自己的账号。请另一位管理员来办。"))
        if account.is_active:
            if not Account.objects.filter(person=account.person_id, is_active=True).exclude(pk=account_id).exists():
                leaving.require_nothing_held(account.person_id, None, actor=actor, at=now)
            _tell(account, "disable", actor, now, is_active=False, epoch=account.epoch + 1)
    return account


def enable(account_id: UUID, *, actor: Actor) -> Account:
    """Open a closed account again; old sessions stay dead."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_account_arranger(actor, account.person_id)
        if not account.is_active:
            second = seconded(Deed.ENABLE, account.person_id, account.pk, actor=actor, at=now)
            _tell(account, "enable", actor, now, second, is_active=True, epoch=account.epoch + 1)
    return account


def set_password(account_id: UUID, password: str, *, actor: Actor) -> Account:
    """Change the own password; all sessions end. The page asks for the old one before.

    Raises Refused for a weak password or somebody else's account.
    """
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        passwords.require_good(password, username=account.username, second_factor=account.totp_confirmed)
        _tell(
            account,
            "set_password",
            actor,
            now,
            password=make_password(password),
            must_change_password=False,
            epoch=account.epoch + 1,
        )
    return account


def reset_password(account_id: UUID, *, actor: Actor) -> tuple[Account, str]:
    """Void the password of somebody who forgot it; all sessions end. Returns the code on paper that sets a new one.

    It works once and for RESET_LASTS. The authenticator stays; passkeys go, since each signs in alone, and the owner is
    told. Never for the own account; for a privileged one another administrator has to agree (SecondNeeded).
    """
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_account_arranger(actor, account.person_id)
        if actor.account_id == account_id:
            raise Refused("own_account", _("自己的密码请在“我的账号”里修改。"))
        second = seconded(Deed.RESET_PASSWORD, account.person_id, account.pk, actor=actor, at=now)
        code = totp.new_recovery_code()
        given = {"digest": totp.recovery_digest(account.pk, code), "expires_at": now + RESET_LASTS}
        PasswordReset.objects.update_or_create(account=account, defaults=given)
        story = Story(Stream.of("account", account), "reset_password", by=actor, at=now)
        if not account.totp_confirmed:
            account.recovery_codes.all().delete()  # they stood in for the keys
        for key in account.passkeys.order_by("created_at", "id"):
            story.remove(key)
        story.change(account, password=passwords.nobodys(), epoch=account.epoch + 1)
        story.fact(**second)
        story.tell()
        if not second:
            tell_owner(DONE, Deed.RESET_PASSWORD, account.person_id, actor, now)
    return account, code


def set_by_code(username: str, code: str, password: str) -> Account:
    """Set a new password with the code an administrator handed over; the code is used up, all sessions end.

    Raises Refused, with one answer for a wrong name, a wrong code and one that is over or used; a password that is too
    weak does not use it up. Guessing is slowed down by whoever calls.
    """
    now = clock.now()
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(username=folded(username)[:40], is_active=True).first()
        reset = account and PasswordReset.objects.filter(account=account, expires_at__gt=now).first()
        if not account or not reset or not compare_digest(reset.digest, totp.recovery_digest(account.pk, code)):
            raise Refused(WRONG_CODE, _("账号或重设码不对，或者重设码已经用过、过了 24 小时。请找管理员再打印一张。"))
        passwords.require_good(password, username=account.username, second_factor=account.totp_confirmed)
        reset.delete()
        own = Actor(ActorKind.STAFF, person_id=account.person_id, account_id=account.pk)
        epoch = account.epoch + 1
        _tell(
            account, "set_by_code", own, now, password=make_password(password), must_change_password=False, epoch=epoch
        )
    return account


def enrol_totp(account_id: UUID, *, actor: Actor) -> str:
    """Begin with an authenticator: a new secret, in use only after `confirm_totp`. Raises Refused when one is in use."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        if account.totp_confirmed:
            raise Refused("totp_stands", _("已经绑定了动态口令。换手机请先由管理员解除。"))
        secret = totp.new_secret()
        _tell(account, "enrol_totp", actor, now, totp_secret=secret)
    return secret


def confirm_totp(account_id: UUID, code: str, *, actor: Actor) -> list[str]:
    """Put the authenticator in use after a first right code; returns fresh recovery codes. Raises Refused for a wrong one."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        step = totp.matching_step(account.totp_secret, code, now) if account.totp_secret else None
        if step is None or step <= account.totp_last_step:
            raise Refused("totp_wrong", _("动态口令不对。请看手机上现在显示的 6 位数字。"))
        Account.objects.filter(pk=account.pk).update(totp_last_step=step)
        _tell(account, "confirm_totp", actor, now, totp_confirmed=True)
        return _fresh_codes(account)


def drop_totp(account_id: UUID, *, actor: Actor) -> Account:
    """Take the authenticator off somebody else's account, whose phone was lost; all its sessions end, the owner is told."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_account_arranger(actor, account.person_id)
        if actor.account_id == account_id:
            raise Refused("own_account", _("自己的动态口令要由另一位管理员解除。"))
        second = seconded(Deed.DROP_TOTP, account.person_id, account.pk, actor=actor, at=now)
        account.recovery_codes.all().delete()
        gone = {"totp_confirmed": False, "totp_secret": None, "epoch": account.epoch + 1}
        _tell(account, "drop_totp", actor, now, second, **gone)
        if not second:
            tell_owner(DONE, Deed.DROP_TOTP, account.person_id, actor, now)
    return account


def new_recovery_codes(account_id: UUID, *, actor: Actor) -> list[str]:
    """Ten fresh codes on paper; the old ones are void. Raises Refused without a factor they could stand in for."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        if not account.totp_confirmed and not account.passkeys.exists():
            raise Refused("totp_missing", _("请先绑定动态口令，或者添加通行密钥。"))
        codes = _fresh_codes(account)
        story = Story(Stream.of("account", account), "new_recovery_codes", by=actor, at=now)
        story.fact(count=len(codes))
        story.tell()
    return codes


def end_own_sessions(account_id: UUID, *, actor: Actor) -> Account:
    """End all sessions of the own account; the page renews the one it was asked from."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        _tell(account, "end_own_sessions", actor, now, epoch=account.epoch + 1)
    return account


def end_own_session(account_id: UUID, listed: UUID, *, actor: Actor) -> None:
    """End one session of the own account at its next request; one that is over already changes nothing."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        if SignedIn.objects.filter(pk=listed, account=account).delete()[0]:
            story = Story(Stream.of("account", account), "end_own_session", by=actor, at=now)
            story.fact(session=str(listed))
            story.tell()


def end_sessions(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """End all sessions of a person's accounts at their next request, inside the caller's transaction."""
    for account in Account.objects.select_for_update().filter(person_id=person_id, is_active=True).order_by("id"):
        _tell(account, "end_sessions", by, at, epoch=account.epoch + 1)


def locked(account_id: UUID) -> Account:
    return Account.objects.select_for_update().get(pk=account_id)


def require_owner(account: Account, actor: Actor) -> None:
    """The owner, or the system when an installation is set up."""
    if actor.kind is not ActorKind.SYSTEM and actor.account_id != account.pk:
        raise Refused("not_owner", _("只有本人可以修改。"))


def _tell(
    account: Account,
    action: str,
    by: Actor,
    at: datetime,
    facts: Mapping[str, str | bool] | None = None,
    **values: str | int | bool | None,
) -> None:
    story = Story(Stream.of("account", account), action, by=by, at=at)
    story.change(account, **values)
    story.fact(**(facts or {}))
    story.tell()


def _fresh_codes(account: Account) -> list[str]:
    account.recovery_codes.all().delete()
    codes = [totp.new_recovery_code() for _count in range(totp.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, digest=totp.recovery_digest(account.pk, code)) for code in codes
    )
    return codes
