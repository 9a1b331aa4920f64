"""Verbs on exchanges: letting one push, changing it, giving it another address, ending it. An administrator's."""

from __future__ import annotations

import unicodedata
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels import keys
from shuoshi.channels.changes import change
from shuoshi.channels.hotline.models import Exchange
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.policies import require_arranger

_MOST = 200  # signs, as the column has


class Deed(models.TextChoices):
    """Names of the events of exchanges, with the words of their history."""

    CONNECT = "connect_exchange", gettext_lazy("接入电话交换机")
    EDIT = "edit_exchange", gettext_lazy("修改电话交换机")
    NEW_KEY = "new_exchange_key", gettext_lazy("换推送地址")
    END = "end_exchange", gettext_lazy("停用电话交换机")


def connect(name: str, networks: str, *, actor: Actor) -> tuple[Exchange, str]:
    """A new exchange and its key, which is known to nobody afterwards. Raises Refused."""
    key = keys.new_key()
    with transaction.atomic():
        require_arranger(actor)
        row = Exchange(name=name, networks=written(networks), **keys.kept(key))
        story = Story(Stream.of("exchange", row), Deed.CONNECT, by=actor, at=clock.now(), first=True)
        story.add(row)
        story.tell()
    return row, key


def edit(exchange_id: UUID, name: str, networks: str, *, actor: Actor) -> Exchange:
    with transaction.atomic():
        row = _in_use(exchange_id, actor)
        values = {"name": name, "networks": written(networks)}
        change("exchange", row, Deed.EDIT, actor, **values)
    return row


def renew(exchange_id: UUID, *, actor: Actor) -> tuple[Exchange, str]:
    """Another address in the place of the one before, which takes nothing from now on. Raises Refused."""
    key = keys.new_key()
    with transaction.atomic():
        row = _in_use(exchange_id, actor)
        change("exchange", row, Deed.NEW_KEY, actor, **keys.kept(key))
    return row, key


def end(exchange_id: UUID, *, actor: Actor) -> Exchange:
    with transaction.atomic():
        row = _in_use(exchange_id, actor)
        change("exchange", row, Deed.END, actor, active=False)
    return row


def written(networks: str) -> str:
    """As it is kept: addresses or networks by commas. Raises Refused for what is none."""
    found = [part.strip() for part in unicodedata.normalize("NFKC", networks).split(",") if part.strip()]
    try:
        whole = ",".join(str(ip_network(part, strict=False)) for part in found)
        if len(whole) > _MOST:
            raise ValueError
        return whole
    except ValueError:
        raise Refused(
            "no_network", _("要写成 192.168.1.10 或者 192.168.1.0/24，几个用逗号隔开，最多 200 个字符。")
        ) from None


def of_key(key: str, address: str) -> Exchange | None:
    """The exchange that pushes with this key from this address; None for anybody else. One statement."""
    row = Exchange.objects.filter(key_digest=keys.digest(key), active=True).first()
    if row is None or not row.networks:
        return row
    try:
        here = ip_address(address)
    except ValueError:
        return None
    return row if any(here in ip_network(one) for one in row.networks.split(",")) else None


def _in_use(exchange_id: UUID, actor: Actor) -> Exchange:
    require_arranger(actor)
    row = Exchange.objects.select_for_update().get(pk=exchange_id)
    if not row.active:
        raise Refused("exchange_ended", _("这台交换机已经停用。"))
    return row
