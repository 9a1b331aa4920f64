"""What somebody takes papers or lists out of the house for; it is asked, written down, and printed on what they take."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    REPORT = "report", _("向上级报送")
    MEETING = "meeting", _("开会研究")
    ARCHIVE = "archive", _("归档")
    CHECK = "check", _("核对工作")
