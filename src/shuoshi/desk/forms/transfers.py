"""Entering a transfer of duties with its document."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, line, words
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form
from shuoshi.organization.actions import TransferGiven
from shuoshi.organization.actions.transfers import LARGEST, media_type_of
from shuoshi.organization.profile import Profile


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class TransferForm(Form):
    from_unit = choice(_("划出单位"))
    to_unit = choice(_("划入单位"))
    codes = forms.MultipleChoiceField(
        label=_("哪些类别"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("不选就是这个单位的全部职责。"),
    )
    area = choice(_("哪个地方"), required=False)
    from_day = _day(_("从哪天起"))
    document_number = line(_("文号"), limit=60, help_text=_("例如：青政发〔2026〕12 号。"))
    document_date = _day(_("文件日期"))
    document = forms.FileField(
        label=_("文件"),
        help_text=_("PDF 或者照片，不超过 10 MB。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    reason = words(_("划转的原因"), rows=2, help_text=_("说事人看得到，写清楚为什么换单位。"))

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = choices.units()
        self.offer("from_unit", [("", "——"), *every])
        self.offer("to_unit", [("", "——"), *every])
        self.offer("codes", choices.categories(profile))
        self.offer("area", [("", _now("不分地方")), *choices.areas()])
        self.fields["document"].error_messages["required"] = _now("请选文件。")

    def groups(self) -> list[Group]:
        parts = (
            Part(_now("哪些职责，划给谁"), ("from_unit", "to_unit", "codes", "area", "from_day")),
            Part(_now("依据的文件"), ("document_number", "document_date", "document")),
            Part("", ("reason",)),
        )
        return grouped(self, parts)

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if len(reason) > 200:
            raise ValidationError(_now("最多 200 个字。"))
        return reason

    def clean_document(self) -> bytes:
        upload: UploadedFile[Any] = self.cleaned_data["document"]
        self.document_name = str(upload.name or "")
        content: bytes = upload.read(LARGEST + 1)
        try:
            media_type_of(content)
        except Refused as refused:
            raise ValidationError(refused.text) from refused
        return content

    def given(self) -> TransferGiven:
        data = self.cleaned_data
        day: date = data["from_day"]
        return TransferGiven(
            from_unit=UUID(data["from_unit"]),
            to_unit=UUID(data["to_unit"]),
            from_day=day,
            document_number=data["document_number"],
            document_date=data["document_date"],
            document_name=self.document_name,
            document=data["document"],
            reason=data["reason"],
            codes=tuple(data["codes"]),
            area=UUID(data["area"]) if data["area"] else None,
        )
