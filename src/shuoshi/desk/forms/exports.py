"""What is asked before a list leaves the house: what it is for, and as what."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import radios
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form
from shuoshi.ledgers.actions import refuse_too_long
from shuoshi.ledgers.models import FileKind
from shuoshi.ledgers.sources import most
from shuoshi.matters.purpose import Purpose


class ExportForm(Form):
    purpose = radios(_("做什么用"), Purpose.choices)
    kind = radios(_("要哪种文件"), [(one.value, one.label) for one in FileKind if one != FileKind.DOCX])

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._count = count

    def clean_kind(self) -> FileKind:
        kind = FileKind(self.cleaned_data["kind"])
        try:
            refuse_too_long(most(kind), self._count)
        except Refused as refused:
            raise ValidationError(refused.text) from refused
        return kind
