"""Verbs on passkeys: adding and removing one's own, and an administrator's taking all of somebody's off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.people.actions.accounts import locked, require_owner
from shuoshi.people.actions.seconds import DONE, seconded, tell_owner
from shuoshi.people.models import Account, Passkey
from shuoshi.people.models import PrivilegedDeed as Deed
from shuoshi.people.passkeys import NewKey, Signed
from shuoshi.people.policies import require_account_arranger

MOST = 10  # of an account
ADDED, COPIED = "passkey_added", "passkey_copied"  # what the owner is told


def add_passkey(account_id: UUID, key: NewKey, name: str, *, actor: Actor) -> Passkey:
    """Let a key of the owner's device sign in from now on; the owner reads of it on the own desk.

    The page asks who sits there before. Raises Refused for a key that is known already, to whomever, and for too many.
    """
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        if not account.is_active:
            raise Refused("not_owner", _("只有本人可以修改。"))
        if account.passkeys.count() >= MOST:
            raise Refused("passkeys_many", _("一个账号最多 %(n)d 个通行密钥。请先删除不用的。") % {"n": MOST})
        if Passkey.objects.filter(credential=key.credential).exists():
            raise Refused("passkey_known", _("这个通行密钥已经添加过了。"))
        row = Passkey(
            account=account,
            credential=key.credential,
            public_key=key.public_key,
            name=name,
            synced=key.synced,
            counter=key.counter,
            backed_up=key.backed_up,
            created_at=now,
        )
        story = Story(Stream.of("account", account), "add_passkey", by=actor, at=now)
        story.add(row)
        story.tell()
        _notify(ADDED, account, now)
    return row


def remove_passkey(account_id: UUID, passkey_id: UUID, *, needed: bool, actor: Actor) -> None:
    """Take one key off the own account; all sessions end, and the page renews the one it was asked from.

    One that is gone already changes nothing. `needed`: a post demands a second factor, so the last one stays.
    """
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_owner(account, actor)
        row = account.passkeys.filter(pk=passkey_id).first()
        if row is None:
            return
        if needed and not account.totp_confirmed and account.passkeys.count() == 1:
            raise Refused(
                "last_factor", _("您的岗位登录时要有动态口令或者通行密钥。请先绑定动态口令，或者再添加一个通行密钥。")
            )
        story = Story(Stream.of("account", account), "remove_passkey", by=actor, at=now)
        story.remove(row)
        story.change(account, epoch=account.epoch + 1)
        story.tell()


def drop_passkeys(account_id: UUID, *, actor: Actor) -> Account:
    """Take all keys off somebody else's account, whose device was lost; all its sessions end, and the owner is told."""
    now = clock.now()
    with transaction.atomic():
        account = locked(account_id)
        require_account_arranger(actor, account.person_id)
        if actor.account_id == account_id:
            raise Refused("own_account", _("自己的通行密钥请在“我的账号”里删除。"))
        if not account.passkeys.exists():
            return account
        second = seconded(Deed.DROP_PASSKEYS, account.person_id, account.pk, actor=actor, at=now)
        story = Story(Stream.of("account", account), "drop_passkeys", by=actor, at=now)
        if not account.totp_confirmed:
            account.recovery_codes.all().delete()  # they stood in for the keys
        for row in account.passkeys.order_by("created_at", "id"):
            story.remove(row)
        story.change(account, epoch=account.epoch + 1)
        story.fact(**second)
        story.tell()
        if not second:
            tell_owner(DONE, Deed.DROP_PASSKEYS, account.person_id, actor, now)
    return account


def note_use(passkey: Passkey, signed: Signed, at: datetime) -> bool:
    """Write down that a key was used, under its account's lock; False when it signed less often than it did before.

    Then somebody copied it out of its device: it opens nothing, and the owner is told.
    """
    if (signed.counter or passkey.counter) and signed.counter <= passkey.counter:
        story = Story(Stream.of("account", passkey.account), "passkey_copied", by=SYSTEM, at=at)
        story.fact(passkey=str(passkey.pk), counter=signed.counter, before=passkey.counter)
        story.tell()
        _notify(COPIED, passkey.account, at)
        return False
    Passkey.objects.filter(pk=passkey.pk).update(counter=signed.counter, backed_up=signed.backed_up, last_used=at)
    return True


def _notify(kind: str, account: Account, at: datetime) -> None:
    notice = outbox.Notice(kind=kind, channel=outbox.Channel.DESK, to_person=account.person_id, created_at=at)
    notice.about_kind, notice.about_id, notice.facts_json = "person", account.person_id, outbox.facts_of({})
    outbox.put_all([notice])
