"""Forms of home visits: a plan, and the rescue file of a phone that cannot send."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.visits import rescue
from shuoshi.channels.visits.keeping import PlanGiven
from shuoshi.channels.visits.models import Plan
from shuoshi.channels.visits.policies import VISITORS, may_plan
from shuoshi.channels.visits.records import LINE
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, day, words
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web.forms import Form
from shuoshi.organization import queries as organization


class PlanForm(Form):
    area = choice(_("走访哪个村、社区"), first=_("请选"))
    visitor = choice(_("谁去"), first=_("请选"))
    begins = day(_("从哪天开始"))
    ends = day(_("到哪天为止"))
    target = forms.IntegerField(label=_("要走访几户"), min_value=1, max_value=999)
    route = words(
        _("路线"),
        rows=6,
        required=False,
        help_text=_("一行写一家，按走的顺序。会带到走访人的手机上，也可以打印。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("area", lambda: [("", _now("请选")), *_areas()])
        self.offer("visitor", lambda: [("", _now("请选")), *_visitors(actor)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("begins") and data.get("ends") and data["ends"] < data["begins"]:
            self.add_error("ends", _now("结束的日子要在开始之后。"))
        if any(len(line.strip()) > LINE for line in data.get("route", "").splitlines()):
            self.add_error("route", _now("一家最多写 %(n)d 个字。") % {"n": LINE})
        return data

    def given(self) -> PlanGiven:
        data = self.cleaned_data
        return PlanGiven(
            area_id=UUID(data["area"]),
            visitor_id=UUID(data["visitor"]),
            begins=data["begins"],
            ends=data["ends"],
            target=data["target"],
            route=data["route"],
        )

    @staticmethod
    def first_of(row: Plan) -> dict[str, Any]:
        first = {name: getattr(row, name) for name in ("begins", "ends", "target")}
        return first | {"area": str(row.area_id), "visitor": str(row.visitor_id), "route": str(row.route)}


class RescueForm(Form):
    file = forms.FileField(label=_("应急文件"), help_text=_("走访人在手机上导出的，名字以 .json 结尾。"))

    holder_of = choice(
        _("手机原来是谁的"),
        required=False,
        first=_("不用选"),
        help_text=_("导入时说手机没有登记过的，才要选。恢复过备份的，那以后登记的手机会这样。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("holder_of", lambda: [("", _now("不用选")), *choices.staff(VISITORS)])

    def holder(self) -> UUID | None:
        given = self.cleaned_data["holder_of"]
        return UUID(given) if given else None

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given.size > rescue.largest():
            raise ValidationError(_now("文件太大。手机导出的不会这样大，请看看选的是不是走访应急文件。"))
        return bytes(given.read())


def _areas() -> choices.Pairs:
    return [(str(area.pk), choices.indented(area)) for area in organization.areas()]


def _visitors(actor: Actor) -> choices.Pairs:
    """Everybody who visits, for those who plan for others; else oneself."""
    found = choices.staff(VISITORS)
    return found if may_plan(actor) else [(key, label) for key, label in found if key == str(actor.person_id)]
