"""The inbox, how far it was read, the mails, and which matters came of them."""

from __future__ import annotations

import json

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Inbox(KeyHolder):
    """The mailbox that is read; what opens it is sealed. `address` is the one residents write to."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.CharField(max_length=120)
    settings = EncryptedText(owner="self")  # JSON
    active = models.BooleanField(default=True)
    only = models.BooleanField(default=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="inbox_only_one", fields=["only"]),
            CheckConstraint(name="inbox_is_the_only", condition=Q(only=True)),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def given(self) -> dict[str, str]:
        return dict(json.loads(self.settings or "{}"))


class Progress(models.Model):
    """How far the inbox was read, and since when it cannot be. The server numbers mails upwards within a `validity`."""

    history = History.WORKING
    copied = False  # of the server this machine talks to: after a restore everything of late is looked at again

    inbox = models.OneToOneField(Inbox, models.CASCADE, primary_key=True, related_name="progress")
    validity = models.BigIntegerField(null=True)
    next_uid = models.BigIntegerField(default=1)
    stuck = models.PositiveSmallIntegerField(default=0)  # how often the next mail could not be had, one after the other
    read_at = models.DateTimeField(null=True)  # the last time it went well
    failing_since = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True)  # at which step it fails


class MailState(models.TextChoices):
    REGISTERED = "registered", _("登记了")
    ADDED = "added", _("加到原来的事里了")
    WAITING = "waiting", _("等人看")
    ASIDE = "aside", _("不登记")
    IGNORED = "ignored", _("没有收")


class Because(models.TextChoices):
    """Why a mail waits for a person, was ignored, or added nothing."""

    FOREIGN = "foreign", _("回的是别人的事，发件人对不上")
    CLOSED = "closed", _("回的这件事现在加不进去")
    CAPPED = "capped", _("来得太多，先放着")
    SPAM = "spam", _("邮件服务器说像垃圾邮件")
    TOO_BIG = "too_big", _("太大，没有取下来，请到邮箱里看")
    UNREADABLE = "unreadable", _("看不出写了什么，请到邮箱里看")
    SAME_ID = "same_id", _("和另一封信的邮件标识相同，内容不同")
    REFUSED = "refused", _("没有登记成")
    AUTOMATIC = "automatic", _("自动回复")
    BOUNCE = "bounce", _("退信")
    LIST = "list", _("群发的邮件")
    OWN = "own", _("自己发的")
    SAME = "same", _("和前面一封一模一样")
    RECEIPT = "receipt", _("只说收到了，没有别的话")


class Aside(models.TextChoices):
    """Why a person lets a mail become nothing."""

    NOT_OURS = "not_ours", _("不是写给我们的")
    ADVERT = "advert", _("广告、垃圾邮件")
    SAME = "same", _("和另一封说的一样")
    UNREADABLE = "unreadable", _("看不出写了什么")
    THANKS = "thanks", _("只是客气话，没有事")


class Mail(KeyHolder):
    """One mail that came. What stands in it is sealed under its own key; digests are keyed, nobody finds out by trying.

    `text` is what was written now, `whole` with all that was quoted. `about`: the matter whose thread it is on.
    `answered`: whether the matter it became may be told of at this address. `proves`: it answers a message of ours from
    the address that message went to, so that somebody reads there.
    """

    history = History.PROJECTION
    gone = _("已销毁")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    id_digest = models.CharField(max_length=64, unique=True)  # of its Message-ID, else of all of it
    said_digest = models.CharField(max_length=64)  # of sender, subject and words: the same again
    sender_digest = models.CharField(max_length=64, blank=True)
    message_id = EncryptedText(owner="self", blank=True)
    sender = EncryptedText(owner="self", blank=True)
    sender_name = EncryptedText(owner="self", blank=True)
    subject = EncryptedText(owner="self", blank=True)
    text = EncryptedText(owner="self", blank=True)
    whole = EncryptedText(owner="self", blank=True)
    left_out = EncryptedText(owner="self", blank=True)  # attachments that were not taken and why, one a line
    left_out_count = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MailState)
    because = models.CharField(max_length=10, choices=Because, blank=True)
    about = models.ForeignKey("matters.Matter", models.PROTECT, null=True, related_name="+")
    answered = models.BooleanField(default=False)
    proves = models.BooleanField(default=False)
    aside = models.CharField(max_length=10, choices=Aside, blank=True)
    words = EncryptedText(owner="self", blank=True)
    settled_at = models.DateTimeField(null=True)  # by a person
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(name="mail_aside_says_why", condition=Q(state=MailState.ASIDE) ^ Q(aside="")),
            CheckConstraint(name="mail_ignored_says_why", condition=~Q(state=MailState.IGNORED, because="")),
            CheckConstraint(
                name="mail_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
        indexes = [
            Index(name="mail_waiting", fields=["received_at", "id"], condition=Q(state=MailState.WAITING)),
            Index(name="mail_by_time", fields=["-received_at", "-id"]),  # queries: the last ones
            Index(name="mail_same", fields=["said_digest", "received_at"]),
            Index(name="mail_of_sender", fields=["sender_digest", "received_at"], condition=~Q(sender_digest="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MailPhoto(models.Model):
    """A picture that came with a mail which waits for a person, sealed under the mail's key."""

    history = History.RECORD
    stored_in = frozenset({"stored", "thumbnail"})
    sealed_by = "mail"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mail = models.ForeignKey(Mail, models.PROTECT, related_name="photos")
    name = EncryptedText(owner="mail", blank=True)
    stored = models.CharField(max_length=80, unique=True)
    thumbnail = models.CharField(max_length=80, blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes = [Index(name="photo_of_mail", fields=["mail", "id"])]

    def __str__(self) -> str:
        return self.stored


class FromMail(models.Model):
    """That a matter was raised by a mail: one of them may raise several."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mail = models.ForeignKey(Mail, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="mail")

    def __str__(self) -> str:
        return f"{self.mail_id} → {self.matter_id}"
