"""Personal data in one room: persons, ways to reach them, accounts, and who looked. Who may look is decided elsewhere.

Names, numbers and addresses are encrypted under the person's own key; a phone or id number is found again only by its
blind index. Two rows of Person may be one human being: a shared number never joins people by itself.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id


class Person(KeyHolder):
    """Somebody: a resident, a member of staff, or both. Staff is who holds a post (organization.Post)."""

    history = History.PROJECTION
    gone = _("已删除")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = EncryptedText(owner="self")
    id_number = EncryptedText(owner="self")
    id_index = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")  # who it is, of a stone
    joined_here = models.PositiveIntegerField(default=0)  # how many stones point here

    class Meta:
        constraints = [
            CheckConstraint(name="person_not_joined_into_itself", condition=~Q(joined_into=F("id"))),
            # joining changes both rows, so that this alone makes chains and rings impossible
            CheckConstraint(name="person_stone_holds_none", condition=Q(joined_into__isnull=True) | Q(joined_here=0)),
            CheckConstraint(
                name="person_id_number_with_index",
                condition=Q(id_number__isnull=True, id_index="") | (Q(id_number__isnull=False) & ~Q(id_index="")),
            ),
        ]
        indexes = [
            Index(name="person_by_id_number", fields=["id_index"], condition=~Q(id_index="")),  # queries.by_id_number
        ]


class ContactKind(models.TextChoices):
    PHONE = "PHONE", _("电话")
    ADDRESS = "ADDRESS", _("住址")
    EMAIL = "EMAIL", _("电子邮箱")
    WECHAT = "WECHAT", _("微信")


class ContactPoint(models.Model):
    """A way to reach a person. The same number may stand with several people: a family, a shop, a neighbour."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=ContactKind)
    value = EncryptedText(owner="person")
    index = models.CharField(max_length=64, blank=True)  # of the normalised number; phones only
    shared = models.BooleanField(default=False)  # others use it too, so a call may reach somebody else
    valid = models.BooleanField(default=True)
    given_for = models.UUIDField(null=True)  # what an e-mail address was left for, and is used for alone (a matter)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="contact_kind_known", condition=Q(kind__in=ContactKind.values)),
            CheckConstraint(
                name="contact_phone_has_index",
                condition=(Q(kind=ContactKind.PHONE) & ~Q(index="")) | (~Q(kind=ContactKind.PHONE) & Q(index="")),
            ),
        ]
        indexes = [
            Index(name="contact_by_phone", fields=["index"], condition=~Q(index="")),  # queries.by_phone
            Index(name="contact_by_person", fields=["person", "kind"]),  # the party card
        ]


class Account(KeyHolder, AbstractBaseUser):
    """A way to sign in, apart from the person: one natural person may have two. Permissions come from posts only."""

    history = History.PROJECTION
    unverified = frozenset({"totp_last_step", "last_seen"})  # what every sign-in moves
    digested = frozenset({"password"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=40, unique=True)  # case-folded
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    totp_secret = EncryptedText(owner="self")
    totp_confirmed = models.BooleanField(default=False)  # asked for at sign-in only once a first code was right
    totp_last_step = models.PositiveBigIntegerField(default=0)  # the last 30-second step whose code was accepted
    epoch = models.PositiveIntegerField(default=1)  # rises to end all sessions at their next request
    last_seen = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    last_login = None  # Django's column; last_seen is ours
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            CheckConstraint(name="account_has_username", condition=~Q(username="")),
            CheckConstraint(
                name="account_confirmed_factor_has_secret",
                condition=Q(totp_confirmed=False) | Q(totp_secret__isnull=False),
            ),
            CheckConstraint(name="account_epoch_from_one", condition=Q(epoch__gte=1)),
        ]

    def __str__(self) -> str:
        return self.username


class RecoveryCode(models.Model):
    """One of the codes on paper that stand in for a lost authenticator; works once."""

    history = History.WORKING

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)  # SHA-256 of account and code: 80 random bits need no slow hash
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="recovery_code_once_per_account", fields=["account", "digest"]),
        ]


class Passkey(models.Model):
    """A key that lies in somebody's phone, computer or security key and signs in alone: the device asked for finger, face or PIN.

    Events know credential and public key by their digests: a key put there behind the program is found.
    """

    history = History.PROJECTION
    unverified = frozenset({"counter", "backed_up", "last_used"})  # what every use moves
    digested = frozenset({"credential", "public_key"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="passkeys")
    credential = models.CharField(max_length=1400, unique=True)  # the device's name for it, base64url
    public_key = models.TextField()  # COSE, base64url
    name = EncryptedText(owner="account")  # which device it is, in the owner's words
    synced = models.BooleanField()  # may be copied to the owner's other devices by their maker
    counter = models.PositiveBigIntegerField()  # of signatures; where a device counts, it only rises
    backed_up = models.BooleanField()  # was copied so, when it was last used
    created_at = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(name="passkey_has_credential", condition=~Q(credential="") & ~Q(public_key="")),
        ]


class CeremonyFor(models.TextChoices):
    SIGN_IN = "sign_in"
    PROVE = "prove"  # who sits here, for a deed that asks, or beside the password
    ADD = "add"


class Ceremony(models.Model):
    """What a browser was asked to sign, once, within minutes, in one session. Taken by deleting it."""

    history = History.WORKING
    copied = False  # what was asked is over with the machine

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # its session knows it
    purpose = models.CharField(max_length=8, choices=CeremonyFor)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")  # none before the sign-in
    challenge = models.CharField(max_length=90)  # 64 random bytes, base64url
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="ceremony_of_an_account_but_for_sign_in",
                condition=Q(purpose="sign_in", account__isnull=True)
                | (~Q(purpose="sign_in") & Q(account__isnull=False)),
            ),
        ]
        indexes = [Index(name="ceremony_over", fields=["expires_at"])]  # passkeys.prune


class PasswordReset(models.Model):
    """The code on paper with which somebody sets a new password; works once, and only for a day."""

    history = History.WORKING
    copied = False  # a code once given must not come back to life

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, models.CASCADE, related_name="reset")
    digest = models.CharField(max_length=64)  # as of RecoveryCode
    expires_at = models.DateTimeField()


class SignedIn(models.Model):
    """A session as its owner sees it listed. Without its line a session is over."""

    history = History.WORKING
    copied = False  # sessions are not

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="sessions")
    epoch = models.PositiveIntegerField()
    device = models.CharField(max_length=60)  # browser and system, as it calls itself
    since = models.DateTimeField()
    seen = models.DateTimeField()

    class Meta:
        indexes = [
            Index(name="signed_in_of_account", fields=["account", "epoch"]),  # sessions.of
            Index(name="signed_in_old", fields=["seen"]),  # sessions.prune
        ]


class PrivilegedDeed(models.TextChoices):
    """What one administrator does not do alone: where the account or post is privileged, and what all papers come from."""

    CREATE_ACCOUNT = "create_account", _("开账号")
    ENABLE = "enable", _("恢复账号")
    RESET_PASSWORD = "reset_password", _("重设密码")
    DROP_TOTP = "drop_totp", _("解除动态口令")
    DROP_PASSKEYS = "drop_passkeys", _("解除通行密钥")
    APPOINT = "appoint", _("任职")
    END_POST = "end_post", _("免职")
    USE_TEMPLATE = "use_template", _("启用文书模板")


class ProposalState(models.TextChoices):
    OPEN = "OPEN"
    DONE = "DONE"
    DECLINED = "DECLINED"


class Proposal(models.Model):
    """A privileged deed that waits for a second administrator. `subject` is the account, unit or post it is done to."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    deed = models.CharField(max_length=20, choices=PrivilegedDeed)
    person = models.ForeignKey(Person, models.PROTECT, related_name="proposals")
    subject = models.UUIDField()
    detail = models.CharField(max_length=60, blank=True)  # user name or role
    title = models.CharField(max_length=40, blank=True)  # of the post, as it was first written
    by = models.UUIDField()  # the person who proposed
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.OPEN)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(  # seconds.seconded, seconds.waiting
                name="proposal_open_once", fields=["deed", "person", "subject", "detail"], condition=Q(state="OPEN")
            ),
            CheckConstraint(
                name="proposal_settled_has_time",
                condition=Q(state="OPEN", settled_at__isnull=True) | (~Q(state="OPEN") & Q(settled_at__isnull=False)),
            ),
        ]


class RevealedField(models.TextChoices):
    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    ID_NUMBER = "id_number", _("身份证号")
    ADDRESS = "address", _("住址")
    FILE = "file", _("所附的图片和文件")


class Reveal(models.Model):
    """That somebody looked at one unmasked field of a person, and why. The person may ask who looked."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="reveals")
    field = models.CharField(max_length=12, choices=RevealedField)
    account = models.ForeignKey(Account, models.PROTECT, related_name="reveals")
    reason_code = models.CharField(max_length=40)
    reason = EncryptedText(owner="person")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="reveal_field_known", condition=Q(field__in=RevealedField.values)),
            CheckConstraint(name="reveal_has_reason", condition=~Q(reason_code="")),
        ]
        indexes = [
            Index(name="reveal_by_account", fields=["account", "at"]),  # the daily cap
            Index(name="reveal_by_person", fields=["person", "at"]),  # who_looked
        ]


class ChangeKind(models.TextChoices):
    """What is put right about somebody: a wrong datum, or two records of one human being."""

    NAME = "NAME", _("更正姓名")
    PHONE = "PHONE", _("更正电话")
    ADDRESS = "ADDRESS", _("更正住址")
    ID_NUMBER = "ID_NUMBER", _("更正身份证号")
    JOIN = "JOIN", _("合并同一人")
    PART = "PART", _("撤销合并")


OF_TWO = (ChangeKind.JOIN, ChangeKind.PART)


class ChangeState(models.TextChoices):
    OPEN = "OPEN", _("等第二个人核对")
    DONE = "DONE", _("已生效")
    DECLINED = "DECLINED", _("没有同意")


class Change(models.Model):
    """A correction, joining or parting, with both versions: in force at once, or when a second person agreed.

    What stood before stays readable here, under the person's own key, until the person is erased.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=ChangeKind)
    person = models.ForeignKey(Person, models.PROTECT, related_name="changes")  # of a joining the stone
    into = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # of a joining the survivor
    contact = models.ForeignKey(ContactPoint, models.PROTECT, null=True, related_name="changes")
    old_contact = models.ForeignKey(ContactPoint, models.PROTECT, null=True, related_name="+")  # keeps the old number
    before = EncryptedText(owner="person")
    after = EncryptedText(owner="person")
    reason_code = models.CharField(max_length=40)
    words = EncryptedText(owner="person")
    by = models.UUIDField()  # a person
    at = models.DateTimeField()
    second = models.BooleanField(default=False)  # another person has to agree
    staff = models.BooleanField(default=False)  # and that is an administrator: one of the two is of the staff
    shown_by = models.CharField(max_length=20, blank=True)  # how the second made sure
    state = models.CharField(max_length=8, choices=ChangeState, default=ChangeState.OPEN)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(name="change_kind_known", condition=Q(kind__in=ChangeKind.values)),
            CheckConstraint(name="change_of_two_has_both", condition=~(Q(kind__in=OF_TWO) ^ Q(into__isnull=False))),
            CheckConstraint(name="change_has_reason", condition=~Q(reason_code="")),
            CheckConstraint(
                name="change_settled_has_time",
                condition=Q(state=ChangeState.OPEN, settled_at__isnull=True)
                | (~Q(state=ChangeState.OPEN) & Q(settled_at__isnull=False)),
            ),
            CheckConstraint(
                name="change_second_is_another",
                condition=~Q(state=ChangeState.DONE) | Q(second=False) | ~Q(settled_by=F("by")),
            ),
            UniqueConstraint(name="change_open_once", fields=["person", "kind"], condition=Q(state=ChangeState.OPEN)),
        ]
        indexes = [
            Index(name="change_open", fields=["at", "id"], condition=Q(state=ChangeState.OPEN)),  # changes.waiting
            Index(name="change_of_contact", fields=["contact", "settled_at"], condition=Q(contact__isnull=False)),
        ]


class Same(models.Model):
    """That `other` is, or was, the same human being as `one`; each pair of a joined group stands here both ways.

    Separation of duty reads it. `until`: parted then; what began before stays barred to both all the same.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    one = models.ForeignKey(Person, models.PROTECT, related_name="same")
    other = models.ForeignKey(Person, models.PROTECT, related_name="same_as")
    staff = models.BooleanField(default=False)  # one of the two can sign in
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="same_once", fields=["one", "other"]),
            CheckConstraint(name="same_are_two", condition=~Q(one=F("other"))),
        ]
        indexes = [Index(name="same_of_staff", fields=["one"], condition=Q(staff=True))]  # matters.scope
