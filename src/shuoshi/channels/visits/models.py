"""Plans, the phones that may send, visits with their pictures, and visits that came twice with other words."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

MOST_SAID = 10  # matters of one visit
MOST_FILES = 20  # of one visit


class Plan(KeyHolder):
    """Who visits how many homes of an area until when. `route`: one home a line, in the order in which one walks."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("organization.Area", models.PROTECT, related_name="+")
    visitor = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    begins = models.DateField()
    ends = models.DateField()
    target = models.PositiveSmallIntegerField()  # visits
    route = EncryptedText(owner="self", blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="plan_goes_forward", condition=Q(ends__gte=F("begins"))),
            CheckConstraint(name="plan_of_some_visits", condition=Q(target__gte=1, target__lte=999)),
        ]
        indexes = [
            Index(name="plan_of_visitor", fields=["visitor", "ends"], condition=Q(active=True)),
            Index(name="plan_by_end", fields=["ends"], condition=Q(active=True)),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.begins} – {self.ends}"


class Device(models.Model):
    """A phone that may send what somebody wrote down on it. Of its key only the digest is kept."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    key_digest = models.CharField(max_length=64, unique=True)
    key_tail = models.CharField(max_length=4)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(
                name="device_revoked_once", condition=Q(revoked_by__isnull=True) | Q(revoked_at__isnull=False)
            )
        ]
        indexes = [Index(name="device_of_person", fields=["person", "-enrolled_at"])]

    def __str__(self) -> str:
        return self.name


class Held(models.TextChoices):
    """Why what was said at a visit is no matter yet."""

    FILES = "files", _("照片还没有到齐")
    REFUSED = "refused", _("自动登记没有成功")
    RESCUED = "rescued", _("从应急文件导入，等登记")


class Visit(KeyHolder):
    """One visit, or one entry of the collection book. `id` is made on the phone, and so are its two times.

    `said` is what the phone wrote, as JSON (records.Record). Somebody who was not at home was visited, too.
    """

    history = History.PROJECTION
    gone = _("已销毁")

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="visits")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")  # for which they went
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="visits")
    area = models.ForeignKey("organization.Area", models.PROTECT, related_name="+")
    book = models.BooleanField(default=False)  # of a representative: collected on behalf of somebody
    met = models.BooleanField()
    household = EncryptedText(owner="self", blank=True)
    beside = EncryptedText(owner="self", blank=True)  # with whom they went
    said = EncryptedText(owner="self", blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)  # of what the phone wrote
    held = models.CharField(max_length=10, choices=Held, blank=True)
    settled_at = models.DateTimeField(null=True)  # what was said is registered, or nothing was

    class Meta:
        constraints = [
            CheckConstraint(name="visit_goes_forward", condition=Q(ended_at__gte=F("begun_at"))),
            CheckConstraint(name="visit_held_or_settled", condition=Q(settled_at__isnull=True) ^ Q(held="")),
        ]
        indexes = [
            Index(name="visit_of_area", fields=["area", "-begun_at"]),  # queries.coverage
            Index(name="visit_by_time", fields=["-received_at", "-id"]),
            Index(name="visit_of_person", fields=["by", "-received_at"]),
            Index(name="visit_held", fields=["received_at"], condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.begun_at:%Y-%m-%d}"


class FileKind(models.TextChoices):
    PHOTO = "photo", _("照片")
    SIGNATURE = "signature", _("签字")


class VisitFile(models.Model):
    """A picture of a visit, cleaned, sealed under the visit's key. `sent`: SHA-256 of what the phone sent."""

    history = History.RECORD
    stored_in = frozenset({"stored", "thumbnail"})
    sealed_by = "visit"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind)
    sent = models.CharField(max_length=64)
    stored = models.CharField(max_length=80, unique=True)
    thumbnail = models.CharField(max_length=80, blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(name="visit_file_once", fields=["visit", "sent"])]

    def __str__(self) -> str:
        return self.stored


class Differing(models.Model):
    """The same visit with other words: both are kept, and a person says what becomes of these."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="differing")
    said = EncryptedText(owner="visit", blank=True)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    registered = models.BooleanField(null=True)  # false: it said nothing that the first one does not

    class Meta:
        constraints = [
            UniqueConstraint(name="differing_once", fields=["visit", "sha256"]),
            CheckConstraint(
                name="differing_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, registered__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, registered__isnull=False),
            ),
        ]
        indexes = [Index(name="differing_open", fields=["received_at"], condition=Q(settled_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.sha256[:8]}"


class FromVisit(models.Model):
    """That a matter was raised at a visit: one of them may raise several."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="visit")

    def __str__(self) -> str:
        return f"{self.visit_id} → {self.matter_id}"
