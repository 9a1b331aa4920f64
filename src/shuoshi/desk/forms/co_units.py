"""Forms of asking another unit to help, and of its opinion (4.2.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import ActionForm, choice, day, words
from shuoshi.desk.forms.files import Photos
from shuoshi.kernel.clock import local
from shuoshi.kernel.templatetags.shuoshi import day as day_of
from shuoshi.matters import terms
from shuoshi.matters.actions.co_units import asked
from shuoshi.matters.vocabulary import Action, DeadlineKind


class AddCoUnitForm(ActionForm):
    action = Action.ADD_CO_UNIT
    verb = _("请它协办")
    unit = choice(_("请哪个单位"))
    task = words(_("请它做什么"), rows=3)
    until = day(_("最晚哪天答复"))

    def fill_choices(self) -> None:
        matter = self.about.matter
        others = [pair for pair in choices.units(matter) if pair[0] != str(matter.lead_unit_id)]
        self.offer("unit", [("", "——"), *others])
        limit = matter.deadlines.filter(kind=DeadlineKind.COMPLETION, outcome="OPEN").first()
        self.happens = _now("那个单位的负责人和承办人马上会看到。主办单位的期限不变，答复说事人以前要等它的意见。")
        if limit is not None:
            self.fields["until"].help_text = _now("不能晚于主办单位的期限 %(day)s。") % {
                "day": day_of(local(limit.due_at))
            }

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AddCoUnit(unit=UUID(data["unit"]), task=data["task"], until=data["until"])


class GiveCoOpinionForm(ActionForm):
    action = Action.GIVE_CO_OPINION
    happens = _("主办单位的承办人和负责人会看到。群众看不到。")
    verb = _("答复协办意见")
    template = "desk/_fields_ruling.html"
    text = words(_("查明的情况和意见"), rows=4)
    photos = Photos()

    def fill_choices(self) -> None:
        matter = self.about.matter
        owing = matter.deadlines.filter(kind=DeadlineKind.CO_OPINION, outcome="OPEN").values_list("about", flat=True)
        rows = asked(matter, [UUID(unit) for unit in owing])
        for row in rows:
            row.matter = matter
        self.asked = [(row.unit.short_name, row.task) for row in rows]

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.GiveCoOpinion(text=data["text"], files=data["photos"])
