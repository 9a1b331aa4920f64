"""Verbs on the inbox itself: connecting one, changing it, ceasing to read it. An administrator's."""

from __future__ import annotations

import json

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.changes import change
from shuoshi.channels.mail.models import Inbox, Progress
from shuoshi.channels.mail.server import Down
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.policies import one_at_a_time, require_arranger

NAMES = ("host", "port", "security", "user", "password", "folder")
_OTHER_BOX = ("host", "user", "folder")  # where one of these changes it is another mailbox


class Deed(models.TextChoices):
    """Names of the events of the inbox, with the words of their history."""

    CONNECT = "connect_inbox", gettext_lazy("接入收信邮箱")
    EDIT = "edit_inbox", gettext_lazy("修改收信邮箱")


def keep(address: str, given: dict[str, str], *, active: bool, actor: Actor) -> Inbox:
    """Connect the inbox or change it; an empty password keeps the one there is. Mails are read from now on."""
    with transaction.atomic():
        require_arranger(actor)
        one_at_a_time()
        row = Inbox.objects.select_for_update().first()
        before = row.given if row else {}
        whole = {name: given.get(name, "") for name in NAMES}
        same_place = all(before.get(name) == whole[name] for name in ("host", "port", "user"))
        if not whole["password"] and same_place:
            whole["password"] = before.get("password", "")
        if not whole["password"]:
            raise Refused("no_password", _("请写密码或授权码。换了服务器或账号，密码要重新写。"))
        if row is None:
            row = Inbox(address=address, settings=json.dumps(whole), active=active)
            story = Story(Stream.of("inbox", row), Deed.CONNECT, by=actor, at=clock.now(), first=True)
            story.add(row)
            story.tell()
        else:
            columns: dict[str, object] = {"address": address, "active": active}
            if whole != before:
                columns["settings"] = json.dumps(whole)
            change("inbox", row, Deed.EDIT, actor, **columns)
        if any(
            before.get(name) != whole[name] for name in _OTHER_BOX
        ):  # of it we know nothing, so what lies there stays
            fresh = {"validity": None, "next_uid": 1, "stuck": 0, "read_at": None, "failing_since": None, "code": ""}
            Progress.objects.update_or_create(inbox=row, defaults=fresh)
    return row


def tried(row: Inbox) -> str:
    """Open it once, outside any transaction; "" where it can be read, else at which step it fails."""
    from shuoshi.channels.mail import inbox  # with its library

    try:
        with inbox.opened(row.given) as opened:
            opened.standing()
    except Down as down:
        return down.code
    return ""
