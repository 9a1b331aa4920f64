"""Messages on their way to somebody, the gateways they leave by, and the words they are made of.

A message holds no words and no number of a person: whom it goes to is read when it leaves, its text is made then.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


class To(models.TextChoices):
    """To whom: whoever spoke, one of the staff, or a unit's group."""

    SPEAKER = "speaker", _("说事人")
    STAFF = "staff", _("工作人员")
    UNIT = "unit", _("单位")


class Way(models.TextChoices):
    """How somebody is told. The first four leave the machine, the others a person does and ticks off."""

    SMS = "sms", _("短信")
    EMAIL = "email", _("电子邮件")
    WECHAT = "wechat", _("微信公众号")
    ROBOT = "robot", _("群机器人")
    CALL = "call", _("打电话")
    VISIT = "visit", _("上门")
    RELAY = "relay", _("请代表转告")
    LETTER = "letter", _("书面告知")


OUTGOING = (Way.SMS, Way.EMAIL, Way.WECHAT, Way.ROBOT)
THROUGH_GATEWAYS = (Way.SMS, Way.EMAIL, Way.WECHAT)
BY_HAND = (Way.CALL, Way.VISIT, Way.RELAY, Way.LETTER)


class State(models.TextChoices):
    WAITING = "WAITING", _("等着")
    SENDING = "SENDING", _("正在发")
    SENT = "SENT", _("发出了")
    DELIVERED = "DELIVERED", _("收到了")
    TICKED = "TICKED", _("告知到了")
    FAILED = "FAILED", _("没有送到")
    DEAD = "DEAD", _("发不出去")
    STOPPED = "STOPPED", _("不用发了")


SETTLED = (State.SENT, State.DELIVERED, State.TICKED, State.FAILED, State.DEAD, State.STOPPED)


class Why(models.TextChoices):
    """Why a message is where it is, where that is not plain."""

    NO_GATEWAY = "no_gateway", _("没有配短信、邮件或公众号的通道")
    NO_ADDRESS = "no_address", _("没有能收短信的号码、邮箱，或者不再关注公众号")
    UNCERTAIN = "uncertain", _("发的时候断了，不知道收到没有，不再重发")
    REFUSED = "refused", _("通道不收这个号码或地址")
    OUT_OF_ORDER = "out_of_order", _("通道反复出错")
    UNDELIVERED = "undelivered", _("运营商说没有送到")
    ASKED_NOT_TO = "asked_not_to", _("本人不要通知")
    OVER = "over", _("事情已经办过了")
    NOT_ALLOWED = "not_allowed", _("这个人已经不管这件事了")
    GATEWAY_DOWN = "gateway_down", _("通道一直连不上，等得太久了")
    ENOUGH = "enough", _("这个号码今天收的短信够多了")
    FULL = "full", _("全站的短信发满了限量")
    UNREACHED = "unreached", _("几次没有联系上")
    BY_HAND = "by_hand", _("管理员改成由人告知")
    UNPROVEN = "unproven", _("来信的邮箱还没有回过信，只发第一封")


class Message(models.Model):
    """One person told of one event by one way. At most one of a kind, whatever dies in between."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    occasion = models.UUIDField()  # the event, or the day's list
    recipient = models.UUIDField()  # a person; of a group its unit
    way = models.CharField(max_length=8, choices=Way)
    to = models.CharField(max_length=8, choices=To)
    kind = models.CharField(max_length=30)  # which words
    about_kind = models.CharField(max_length=20)
    about_id = models.UUIDField()
    number = models.CharField(max_length=40, blank=True)
    facts_json = models.TextField(default="{}")  # counts of the day's list
    unit_id = models.UUIDField(null=True)  # whose people tell by hand
    contact_id = models.UUIDField(null=True)  # a number that is the person's no longer, which is told of that once
    notice_id = models.UUIDField(null=True)  # the line on a desk; what is done there is told no more
    urgent = models.BooleanField(default=False)
    token = models.CharField(max_length=20, unique=True)  # of the page its link leads to; opens nothing but that
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(max_length=16, choices=Why, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    ticket = models.CharField(max_length=80, blank=True)  # what the gateway calls it
    handed_at = models.DateTimeField(null=True)  # to a gateway; from then on it may have left, and counts
    number_index = models.CharField(max_length=64, blank=True)  # blind, of the number a text message went to
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="message_once", fields=["occasion", "recipient", "way"]),
            CheckConstraint(name="message_way_known", condition=Q(way__in=Way.values)),
            CheckConstraint(
                name="message_sending_is_leased",
                condition=Q(state=State.SENDING, leased_until__isnull=False)
                | (~Q(state=State.SENDING) & Q(leased_until__isnull=True)),
            ),
            CheckConstraint(
                name="message_settled_has_time",
                condition=Q(state__in=[State.WAITING, State.SENDING], settled_at__isnull=True)
                | (Q(state__in=SETTLED) & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            Index(name="message_due", fields=["way", "not_before", "id"], condition=Q(state=State.WAITING)),
            Index(name="message_by_hand", fields=["unit_id", "not_before", "id"], condition=Q(state=State.WAITING)),
            Index(
                name="message_oldest",
                fields=["created_at"],
                condition=Q(state=State.WAITING, way__in=[Way.CALL, Way.VISIT, Way.RELAY, Way.LETTER]),
            ),  # queries.oldest_by_hand
            Index(name="message_leased", fields=["leased_until"], condition=Q(state=State.SENDING)),
            Index(name="message_dead", fields=["-settled_at", "-id"], condition=Q(state=State.DEAD)),
            Index(name="message_about", fields=["about_id", "-created_at"]),  # the page of a matter
            Index(name="message_old", fields=["settled_at"], condition=Q(settled_at__isnull=False)),  # prune
            # limits: what a person, a number and the whole site got
            Index(name="message_of_recipient", fields=["recipient", "handed_at"]),
            Index(name="message_of_number", fields=["number_index", "handed_at"], condition=~Q(number_index="")),
            Index(name="message_handed", fields=["way", "handed_at"], condition=Q(handed_at__isnull=False)),
            Index(
                name="message_reported", fields=["settled_at", "id"], condition=Q(state=State.SENT) & ~Q(ticket="")
            ),  # delivery reports
        ]

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.facts_json))


class LostCode(models.Model):
    """That somebody who lost a receipt asked for a code to this number, known or not: the row is the same for both.

    The code itself is made of the key and stands nowhere; whether anything is sent, the worker sees.
    """

    history = History.WORKING
    copied = False  # ten minutes are over by then

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number_index = models.CharField(max_length=64)  # blind
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)  # by the worker
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [CheckConstraint(name="lost_code_few_tries", condition=Q(tries__lte=5))]
        indexes = [
            Index(name="lost_code_to_send", fields=["id"], condition=Q(looked_at__isnull=True)),  # codes.send_due
            Index(name="lost_code_old", fields=["expires_at"]),  # codes.forget
        ]


class Attempt(models.Model):
    """One try to tell: by whom, and what came of it. Written before anything leaves, completed after."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)  # a person; the worker is nobody
    ended_at = models.DateTimeField(null=True)
    reached = models.BooleanField(null=True)
    code = models.CharField(max_length=60, blank=True)  # what the gateway answered, in its own words for machines

    class Meta:
        indexes = [Index(name="attempt_of_message", fields=["message", "at"])]


class Provider(models.TextChoices):
    FILE = "file", _("写进文件（只供演示）")
    ALIYUN = "aliyun", _("阿里云短信")
    SMTP = "smtp", _("SMTP 邮件服务器")
    WECHAT = "wechat", _("微信公众平台")


class Gateway(KeyHolder):
    """How messages of one way leave, with what opens the door; its settings are sealed.

    That of WeChat is the official account as a whole: what followers write comes in by the same one (notices.wechat).
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=8, choices=[(one.value, one.label) for one in THROUGH_GATEWAYS], unique=True)
    provider = models.CharField(max_length=8, choices=Provider)
    active = models.BooleanField(default=True)
    settings = EncryptedText(owner="self")  # JSON

    class Meta:
        constraints = [CheckConstraint(name="gateway_way_known", condition=Q(way__in=THROUGH_GATEWAYS))]

    @property
    def given(self) -> dict[str, str]:
        return dict(json.loads(self.settings or "{}"))


class AccessToken(KeyHolder):
    """What opens the interface of the official account for two hours; all processes share one."""

    history = History.WORKING
    copied = False  # there is another one by then

    app_id = models.CharField(max_length=40, primary_key=True)
    token = EncryptedText(owner="self")
    until = models.DateTimeField()


class Circuit(models.Model):
    """A channel whose gateway is down: since when, how often in vain, when it is probed next. One that works has no row."""

    history = History.WORKING
    copied = False  # of the network this machine stands in

    channel = models.CharField(max_length=20, primary_key=True)  # a way, or `robot:` and its vendor
    failures = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    tried_at = models.DateTimeField()
    probe_at = models.DateTimeField()
    code = models.CharField(max_length=60, blank=True)  # as of Attempt


class Morning(models.Model):
    """A day whose lists were put together, whether there was something to tell or not."""

    history = History.WORKING

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()


class Vendor(models.TextChoices):
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    FEISHU = "feishu", _("飞书")


class Robot(KeyHolder):
    """The robot of a unit's group. Who knows its address can write there, so it is sealed like a password."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.OneToOneField("organization.Unit", models.PROTECT, related_name="+")
    vendor = models.CharField(max_length=8, choices=Vendor)
    address = EncryptedText(owner="self")
    secret = EncryptedText(owner="self")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [CheckConstraint(name="robot_vendor_known", condition=Q(vendor__in=Vendor.values))]


class Wording(models.Model):
    """One version of the words for a kind in a language; none in force means the built-in ones."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    by = models.UUIDField()
    at = models.DateTimeField()
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="wording_number_once", fields=["kind", "language", "number"]),
            UniqueConstraint(name="wording_one_in_force", fields=["kind", "language"], condition=Q(in_force=True)),
        ]


def new_token() -> str:
    """Eighty bits nobody guesses, short enough for a text message."""
    return "".join(secrets.choice(_SIGNS) for _ in range(16))
