"""That a receipt was lost: who got another code, and what showed that it was theirs to get."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.group import Spokesperson
from shuoshi.matters.models.matter import Matter


class ReissuedBy(models.TextChoices):
    COUNTER = "counter", _("在柜台")
    PHONE = "phone", _("凭手机验证码")


class ShownDocument(models.TextChoices):
    ID_CARD = "id_card", _("身份证")
    HOUSEHOLD = "household", _("户口簿")
    SOCIAL_CARD = "social_card", _("社会保障卡")
    DRIVING = "driving", _("驾驶证")
    PASSPORT = "passport", _("护照、通行证")


class KnownFact(models.TextChoices):
    """What somebody said right who lost the receipt, asked without reading it out to them first."""

    NAME = "name", _("登记的姓名")
    PHONE = "phone", _("登记的电话")
    WHEN = "when", _("大概哪天说的")
    WHERE = "where", _("在哪里说的")
    WHAT = "what", _("说的是什么事，细节对得上")


class Reissue(models.Model):
    """Another code in the place of one that was lost. The one before opens nothing any more."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="reissues")
    part = models.ForeignKey(Spokesperson, models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=8, choices=ReissuedBy)
    document = models.CharField(max_length=12, choices=ShownDocument, blank=True)
    last_four = EncryptedText(owner="matter")
    facts = models.CharField(max_length=60, blank=True)  # codes of KnownFact
    words = EncryptedText(owner="matter")
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="reissue_by_staff_says_what_was_shown",
                condition=Q(way=ReissuedBy.PHONE, by__isnull=True)
                | Q(way=ReissuedBy.COUNTER, by__isnull=False) & ~Q(document="") & ~Q(facts=""),
            ),
        ]
        indexes = [Index(name="reissue_by_day", fields=["at"])]  # queries.overview

    def __str__(self) -> str:
        return f"{self.way} {self.matter_id}"

    @property
    def known(self) -> list[str]:
        """What was said right, in words."""
        return [str(KnownFact(code).label) for code in self.facts.split()]
