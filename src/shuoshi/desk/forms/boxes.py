"""Forms of suggestion boxes: of the box itself, of an opening by two people, and of a letter that becomes no matter."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.boxes.actions import OpeningGiven
from shuoshi.channels.boxes.keeping import BoxGiven, check
from shuoshi.channels.boxes.models import MOST_LETTERS, Aside, Box
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, line, radios, words
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form, Moment
from shuoshi.organization import queries as organization
from shuoshi.organization.policies import whole_path


class BoxForm(Form):
    name = line(_("叫什么"), limit=40, help_text=_("例如“柳湾村委会门口意见箱”。"))
    place = line(_("挂在哪里"), limit=120, help_text=_("要挂在显眼的地方，写到别人找得到。"))
    unit = choice(_("由哪个单位开"), first=_("请选"))
    point = choice(_("挂在哪个说事点"), required=False, first=_("不在说事点"))
    every = forms.IntegerField(label=_("最多隔几天开一次"), min_value=1, max_value=92, initial=7)

    def __init__(self, *args: Any, known: Box | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.offer("unit", lambda: [("", _now("请选")), *_beneath()])
        self.offer("point", lambda: [("", _now("不在说事点")), *choices.points()])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check(self.given(), self.known)
            except Refused as refused:
                self.add_error("name", refused.text)
        return data

    def given(self) -> BoxGiven:
        data = self.cleaned_data
        return BoxGiven(
            name=data["name"],
            place=data["place"],
            unit_id=UUID(data["unit"]),
            point_id=UUID(data["point"]) if data["point"] else None,
            every=data["every"],
        )

    @staticmethod
    def first_of(row: Box) -> dict[str, Any]:
        first = {one.name.removesuffix("_id"): getattr(row, one.name) for one in fields(BoxGiven)}
        return first | {"unit": str(row.unit_id), "point": str(row.point_id or "")}


def _beneath() -> choices.Pairs:
    """The institution itself and the units beneath it."""
    root = whole_path()
    return [(str(unit.pk), choices.indented(unit)) for unit in organization.units() if unit.path.startswith(root)]


class OpeningForm(Form):
    at = Moment(label=_("什么时候开的"))
    second = choice(_("和谁一起开的"), first=_("请选"), help_text=_("他要在自己的账号里确认。"))
    found = forms.IntegerField(
        label=_("有几封信"), min_value=0, max_value=MOST_LETTERS, help_text=_("一封也没有，写 0，也算开过。")
    )
    note = words(_("要说明的"), rows=2, required=False, help_text=_("例如锁坏了、箱子被挪过。"))

    def __init__(self, *args: Any, others: choices.Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("second", [("", _now("请选")), *others])

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > clock.now():
            raise ValidationError(_now("开箱时间不能晚于现在。"))
        return at

    def given(self) -> OpeningGiven:
        data = self.cleaned_data
        return OpeningGiven(
            at=data["at"], second=UUID(data["second"]), found=data["found"], note=data["note"], key=self.key
        )


class ObjectionForm(Form):
    objection = line(_("哪里不对"), limit=200, help_text=_("例如“我数的是三封”。"))


class AsideForm(Form):
    because = radios(_("为什么不登记"), Aside.choices)
    words = line(_("要说明的"), required=False, limit=200)
