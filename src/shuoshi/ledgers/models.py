"""Exports, whose file lies sealed beside its row for a day, and the forms (报送表) that those above want filled in."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import files
from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.purpose import Purpose


class FileKind(models.TextChoices):
    XLSX = "xlsx", _("Excel 表格")
    CSV = "csv", _("CSV 文本表格")
    PDF = "pdf", _("打印用的 PDF")
    DOCX = "docx", _("Word 文档")


class ExportState(models.TextChoices):
    ASKED = "asked", _("正在做")
    MADE = "made", _("做好了")
    FAILED = "failed", _("没有做成")
    GONE = "gone", _("文件已清理")


class Failed(models.TextChoices):
    """Why a file was not made, as people read it."""

    RIGHTS = "rights", _("您的岗位现在看不到这张单子了。")
    TOO_LONG = "too_long", _("件数比申请时多了，这种文件放不下。请换一种文件，或者缩小范围。")
    FORM = "form", _("照报送表填不进去，请管理员核对这张报送表。")
    BROKEN = "broken", _("几次都没有做成，请系统管理员看运行日志。")
    LEFT = "left", _("等得太久没有做，请重新导出。")


class ReportForm(models.Model):
    """A form that somebody above wants: a name, under which its versions stand. What is dropped is offered no more."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [UniqueConstraint(name="report_form_name_once", fields=["name"], condition=Q(active=True))]

    def __str__(self) -> str:
        return self.name


class ReportFormVersion(KeyHolder):
    """The file as it came in, and what is put where in it; another choice is another version, and none is changed.

    `settings` is mapping.Mapping as JSON. A form of text (CSV) has no file.
    """

    history = History.RECORD
    stored_in = frozenset({"stored"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=FileKind)
    stored = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    settings = models.TextField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(name="report_form_version_once", fields=["form", "number"]),
            CheckConstraint(name="report_form_has_file", condition=Q(kind=FileKind.CSV) ^ ~Q(stored="")),
        ]

    def read(self) -> bytes:
        """The file as it came in. Raises FileMissing."""
        return files.read(self.stored, self.data_key())

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"


class Export(KeyHolder):
    """One list on its way out. Whose it is, of what, for what, stays; what was searched for goes with the file.

    `promised`: how many the page said there are; `rows`: how many the file holds. `written`, `worker` and `beat_at` say how
    far the work is and who does it.
    """

    history = History.PROJECTION
    unverified = frozenset({"written", "worker", "beat_at", "tries"})  # moved while it is made
    stored_in = frozenset({"stored"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)  # the intention: the same form sent twice is one export
    listed = models.CharField(max_length=60)  # queue.over, register.ended …
    asked = EncryptedText(owner="self", blank=True)  # asked.Asked as JSON; may hold a telephone that was searched for
    scope = models.CharField(max_length=300)  # in words, without what was typed
    form = models.ForeignKey(ReportFormVersion, models.PROTECT, null=True, related_name="+")  # it is filled into
    purpose = models.CharField(max_length=8, choices=Purpose)
    kind = models.CharField(max_length=4, choices=FileKind)
    promised = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    held = models.CharField(max_length=64)  # digest of the posts it was asked for with: other posts do not open it
    state = models.CharField(max_length=6, choices=ExportState, default=ExportState.ASKED)
    why = models.CharField(max_length=8, choices=Failed, blank=True)
    rows = models.PositiveIntegerField(default=0)
    stored = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # of the file
    written = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=32, blank=True)
    beat_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(name="export_intention_once", fields=["account", "key"]),
            CheckConstraint(
                name="export_made_has_file", condition=Q(state=ExportState.MADE) ^ Q(stored="", expires_at__isnull=True)
            ),
            CheckConstraint(name="export_failed_says_why", condition=Q(state=ExportState.FAILED) ^ Q(why="")),
        ]
        indexes = [
            Index(name="export_to_make", fields=["asked_at", "id"], condition=Q(state=ExportState.ASKED)),  # making
            Index(name="export_expiring", fields=["expires_at"], condition=Q(expires_at__isnull=False)),  # forget
            Index(name="export_of_person", fields=["by", "-asked_at", "-id"]),  # queries.mine
        ]

    def __str__(self) -> str:
        return f"{self.listed} {self.state}"
