"""我来办: accept, classify, assign to oneself and sign for in one form, where one person may do it all (4.2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import headings
from shuoshi.desk.forms import choices, points
from shuoshi.desk.forms.base import About, choice, line, narrowed, radios, words
from shuoshi.desk.forms.likely import ClassifyingForm
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Complexity, Kind, Status
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit


class TakeOnForm(ClassifyingForm):
    """What the four steps need, asked once. `units`: for which the person handles."""

    title = line(_("标题"), help_text=_("最多 40 个字，不写姓名、电话、门牌。"), limit=60)
    demands = points.box(points.OR_TITLE)
    category = narrowed(choice(_("类别")))
    complexity = radios(_("复杂程度"), [(one.value, one.label) for one in Complexity])
    unit = choice(_("以哪个单位承办"))
    reason = words(_("不按职责清单交办的理由"), rows=2, required=False)

    def __init__(self, *args: Any, about: About, units: Iterable[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        matter = about.matter
        mine = Unit.objects.filter(pk__in=list(units)).order_by("path")
        self.offer("unit", [(str(unit.pk), unit.name) for unit in mine])
        self.offer("category", [("", "——"), *choices.categories(about.profile)])
        self.fields["title"].initial = matter.title or headings.fit_for_title(matter)
        self.fields["category"].initial = matter.category
        self.fields["complexity"].initial = matter.complexity or Complexity.SIMPLE
        if matter.status != Status.REGISTERED:
            del self.fields["title"], self.fields["demands"]
        else:
            self._demands = points.shown(points.in_force(matter))
            self.fields["demands"].initial = self._demands

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self._several = self._made(data)
            except Refused as refused:
                raise ValidationError(refused.text) from refused
        return data

    def several(self) -> list[terms.Terms]:
        """The terms of each step, in order; only after `is_valid`. Signing for follows by itself."""
        return self._several

    def _made(self, data: dict[str, Any]) -> list[terms.Terms]:
        kind, matter = Kind(self.about.profile.kind_of(data["category"]).code), self.about.matter
        lines = organization.duty(data["category"], matter.area.path if matter.area else "")
        listed = next((one.pk for one in lines if str(one.unit_id) == data["unit"]), None)
        return [
            *([self._accept(kind, data)] if "title" in self.fields else []),
            terms.Classify(
                kind=kind,
                category=data["category"],
                complexity=Complexity(data["complexity"]),
                offered=self.was_offered(data["offered"]),
            ),
            terms.Assign(unit=UUID(data["unit"]), myself=True, duty_line=listed, reason=data["reason"]),
        ]

    def _accept(self, kind: Kind, data: dict[str, Any]) -> terms.Accept:
        wanted = points.wanted(data["demands"], self._demands, data["title"])
        return terms.Accept(kind=kind, title=data["title"], demands=wanted)
