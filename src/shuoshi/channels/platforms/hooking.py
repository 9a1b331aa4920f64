"""Verbs on hooks: where a platform is told of changes, with a secret that signs them. An administrator's."""

from __future__ import annotations

import base64
import secrets
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.platforms.keeping import Deed, in_use
from shuoshi.channels.platforms.models import Delivery, Hook, Platform, Silence, Telling
from shuoshi.channels.platforms.telling import PREFIX
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.outgoing.places import is_named
from shuoshi.kernel.outgoing.post import PORT
from shuoshi.kernel.refusal import Refused

LONGEST = 500  # characters of an address


def set_up(platform_id: UUID, address: str, *, actor: Actor) -> str:
    """Tell a platform of changes at this address from now on; "" ends it. The secret of the first time, else "".

    Raises Refused.
    """
    address = address.strip()
    with transaction.atomic():
        platform = _reads(in_use(platform_id, actor), address)
        check(address)
        row = Hook.objects.select_for_update().filter(platform=platform).first()
        if row is None:
            return _first(platform, address, actor) if address else ""
        if (address or str(row.address), bool(address)) != (str(row.address), row.active):
            _told(row, Deed.SET_HOOK, actor, address=address or str(row.address), active=bool(address))
            Silence.objects.filter(hook=row).delete()  # another address is tried at once
    return ""


def renew(platform_id: UUID, *, actor: Actor) -> str:
    """Another secret in the place of the one before, from the next delivery on. Raises Refused."""
    secret = _new_secret()
    with transaction.atomic():
        row = _hook(in_use(platform_id, actor))
        _told(row, Deed.NEW_SECRET, actor, secret=secret)
    return secret


def attempt(platform_id: UUID, *, actor: Actor) -> None:
    """Tell it now that telling works, whatever came of it before. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _hook(in_use(platform_id, actor))
        Silence.objects.filter(hook=row).delete()
        Delivery.objects.filter(hook=row, posted=None, state=Telling.WAITING).delete()
        Delivery.objects.create(hook=row, created_at=now, not_before=now)
        _told(row, Deed.TRY_HOOK, actor)


def again(platform_id: UUID, *, actor: Actor) -> int:
    """Have all that was given up tried anew, at once; how many. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _hook(in_use(platform_id, actor))
        dead = Delivery.objects.select_for_update().filter(hook=row, state=Telling.DEAD)
        about = set(dead.exclude(posted=None).values_list("posted", flat=True))
        dead.update(state=Telling.STOPPED, settled_at=now)
        fresh = [Delivery(hook=row, posted_id=one, created_at=now, not_before=now) for one in about]
        Delivery.objects.bulk_create(fresh, ignore_conflicts=True)  # of what waits anyway it is told once
        Silence.objects.filter(hook=row).delete()
        if about:
            _told(row, Deed.TELL_AGAIN, actor)
    return len(about)


def check(address: str) -> None:
    """Raise Refused for what is no address of https; where it leads is looked at each time it is used."""
    if not address:
        return
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        raise _no_address()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _no_address() from None
    if parts.scheme != "https" or not all(host.split(".")) or "@" in parts.netloc or "#" in address:
        raise _no_address()
    if port not in (None, PORT) and not is_named(host, port or 0, settings.HOOK_HOSTS, ()):
        raise Refused("hook_port", _("只能用 443 端口；内部网络里的平台，先请管服务器的人写进 SHUOSHI_HOOKHOSTS。"))


def _no_address() -> Refused:
    return Refused("hook_address", _("请写完整的 https 地址，例如 https://platform.example.cn/shuoshi 。"))


def _reads(platform: Platform, address: str) -> Platform:
    if address and not platform.reads:
        raise Refused("hook_may_not_read", _("这个平台不能查办理状态，变化也不能通知它。先在上面勾选。"))
    return platform


def _first(platform: Platform, address: str, actor: Actor) -> str:
    secret = _new_secret()
    row = Hook(platform=platform, address=address, secret=secret)
    story = Story(Stream.of("platform", platform), Deed.SET_HOOK, by=actor, at=clock.now())
    story.add(row)
    story.tell()
    return secret


def _hook(platform: Platform) -> Hook:
    row = Hook.objects.select_for_update().filter(platform=platform, active=True).first()
    if row is None:
        raise Refused("no_hook", _("这个平台还没有设变化通知的地址。"))
    return row


def _told(row: Hook, deed: Deed, actor: Actor, **columns: str | bool) -> None:
    story = Story(Stream("platform", str(row.platform_id)), deed, by=actor, at=clock.now())
    if columns:
        story.change(row, **columns)
    story.tell()


def _new_secret() -> str:
    """As libraries of the standard read it: 256 bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
