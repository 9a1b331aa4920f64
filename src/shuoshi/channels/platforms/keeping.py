"""Verbs on platforms: letting one in, changing what it may, giving it a new key, ending it. An administrator's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels import keys
from shuoshi.channels.changes import change
from shuoshi.channels.platforms.models import Platform
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.policies import one_at_a_time, require_arranger

LONGEST = timedelta(days=2 * 366)  # until somebody has to look again whether it is still wanted


class Deed(models.TextChoices):
    """Names of the events of platforms, with the words of their history."""

    LET_IN = "let_platform_in", gettext_lazy("接入平台")
    EDIT = "edit_platform", gettext_lazy("修改平台")
    NEW_KEY = "new_platform_key", gettext_lazy("换密钥")
    END = "end_platform", gettext_lazy("停用平台")
    SET_HOOK = "set_hook", gettext_lazy("改变化通知")
    NEW_SECRET = "new_hook_secret", gettext_lazy("换签名密钥")
    TRY_HOOK = "try_hook", gettext_lazy("试发变化通知")
    TELL_AGAIN = "tell_again", gettext_lazy("让变化通知再发")


@dataclass(frozen=True, kw_only=True)
class PlatformGiven:
    name: str
    runs_it: str
    posts: bool
    reads: bool
    until: date


def let_in(given: PlatformGiven, *, actor: Actor) -> tuple[Platform, str]:
    """A new platform and its key, which is known to nobody afterwards. Raises Refused."""
    key = keys.new_key()
    with transaction.atomic():
        require_arranger(actor)
        one_at_a_time()
        check(given)
        row = Platform(**vars(given), **keys.kept(key))
        story = Story(Stream.of("platform", row), Deed.LET_IN, by=actor, at=clock.now(), first=True)
        story.add(row)
        story.tell()
    return row, key


def edit(platform_id: UUID, given: PlatformGiven, *, actor: Actor) -> Platform:
    """Change what it is called, what it may and how long. Raises Refused."""
    with transaction.atomic():
        one_at_a_time()
        row = in_use(platform_id, actor)
        check(given, row)
        change("platform", row, Deed.EDIT, actor, **vars(given))
    return row


def renew(platform_id: UUID, *, actor: Actor) -> tuple[Platform, str]:
    """Another key in the place of the one before, which opens nothing from now on. Raises Refused."""
    key = keys.new_key()
    with transaction.atomic():
        row = in_use(platform_id, actor)
        change("platform", row, Deed.NEW_KEY, actor, **keys.kept(key))
    return row, key


def end(platform_id: UUID, *, actor: Actor) -> Platform:
    """Its key opens nothing any more; what it sent goes on. Raises Refused."""
    with transaction.atomic():
        row = in_use(platform_id, actor)
        change("platform", row, Deed.END, actor, active=False)
    return row


def check(given: PlatformGiven, row: Platform | None = None) -> None:
    """Raise Refused for what cannot be; `row` is the platform that is to become so, None for a new one."""
    today = clock.local(clock.now()).date()
    if not given.posts and not given.reads:
        raise Refused("platform_may_nothing", _("代群众说事、查办理状态，至少选一项。"))
    if given.until < today:
        raise Refused("platform_over", _("有效期已经过了，请选今天以后的日子。"))
    if given.until > today + LONGEST:
        raise Refused("platform_too_long", _("有效期最多两年，到期前再延长。"))
    named = Platform.objects.filter(name=given.name, active=True)
    if (named.exclude(pk=row.pk) if row else named).exists():
        raise Refused("platform_known", _("已经有一个叫“%(name)s”的平台。") % {"name": given.name})


def in_use(platform_id: UUID, actor: Actor) -> Platform:
    """The platform, locked, for whoever may arrange. Raises Refused."""
    require_arranger(actor)
    row = Platform.objects.select_for_update().get(pk=platform_id)
    if not row.active:
        raise Refused("platform_ended", _("这个平台已经停用。要再接入，请重新登记，换一把密钥。"))
    return row
