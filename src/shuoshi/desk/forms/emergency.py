"""Forms of emergencies: send somebody first, write it up, report, end it (4.1.2). Short enough for a phone at night."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import headings
from shuoshi.desk.forms import choices, groups, points
from shuoshi.desk.forms.base import ActionForm, choice, line, narrowed, radios, tick, words
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.desk.forms.likely import LikelyForm
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import limit
from shuoshi.kernel.web.forms import Moment
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, Complexity, EmergencyReportKind, Kind
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import Profile, Step

PARTS = {  # the points of a report, in its order
    "happened_at": _("事发时间"),
    "source": _("信息来源"),
    "place": _("事发地点"),
    "happened": _("发生了什么"),
    "scope": _("影响范围"),
    "losses": _("伤亡和损失"),
    "trend": _("趋势"),
    "leaders": _("到场的领导"),
    "measures": _("已经采取的措施"),
    "told": _("已经报告给谁，几点"),
    "advice": _("善后和建议"),
}


class DispatchEmergencyForm(ActionForm):
    action = Action.DISPATCH_EMERGENCY
    verb = _("马上处置")
    public = True
    handler = choice(_("由谁承办"), help_text=_("选人就定了单位；他马上收到提醒，不用再签收。"))
    goes = words(_("谁去现场"), rows=2)
    done = words(_("已经做了什么"), rows=2, help_text=_("例如：已打 119，已请村书记封路。说事人看得到。"))
    title = line(_("标题"), required=False, limit=60, help_text=_("最多 40 个字，不写姓名、电话、门牌。"))

    def fill_choices(self) -> None:
        matter, hours = self.about.matter, limit(self.about.profile.limits.papers)
        self.happens = _now("先去人，再补单。受理、分类、交办由受理中心在%(hours)s内补上，逾期记在受理中心名下。") % {
            "hours": hours
        }
        self.offer("handler", [("", "——"), *choices.handlers_by_unit(matter)])
        if matter.title:
            del self.fields["title"]
        else:
            self.fields["title"].required = True
            self.fields["title"].initial = headings.fit_for_title(matter)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        unit, person = data["handler"].split(":")
        return terms.DispatchEmergency(
            unit=UUID(unit), handler=UUID(person), goes=data["goes"], done=data["done"], title=data.get("title", "")
        )


class CompletePapersForm(LikelyForm, ActionForm):
    action = Action.COMPLETE_PAPERS
    happens = _("单位已经在办。补上类别和复杂程度，办理期限从派人那时算起；说事人会知道受理了、最晚哪天答复。")
    verb = _("补单")
    public = True
    title = line(_("标题"), limit=60, help_text=_("最多 40 个字，不写姓名、电话、门牌。"))
    demands = points.box(points.OR_TITLE)
    category = narrowed(choice(_("类别")))
    complexity = radios(_("复杂程度"), [(one.value, one.label) for one in Complexity])
    reason = words(
        _("不按职责清单交办的理由"), rows=2, required=False, help_text=_("在办的单位是职责清单上的，不用写。")
    )

    def fill_choices(self) -> None:
        matter = self.about.matter
        self.offer("category", [("", "——"), *choices.categories(self.about.profile, likely=matter.kind)])
        self.fields["category"].initial = matter.category
        self.fields["complexity"].initial = matter.complexity or Complexity.STANDARD
        self.fields["title"].initial = matter.title
        self._demands = points.shown(points.in_force(matter))
        self.fields["demands"].initial = self._demands

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("category") and not data.get("reason") and self._line(data["category"]) is None:
            self.add_error("reason", _now("在办的单位不在职责清单上，请写为什么由它办。"))
        return data

    def _line(self, category: str) -> UUID | None:
        matter = self.about.matter
        lines = organization.duty(category, matter.area.path if matter.area else "")
        return next((one.pk for one in lines if one.unit_id == matter.lead_unit_id), None)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.CompletePapers(
            kind=Kind(self.about.profile.kind_of(data["category"]).code),
            category=data["category"],
            complexity=Complexity(data["complexity"]),
            title=data["title"],
            reason=data["reason"],
            duty_line=self._line(data["category"]),
            demands=points.wanted(data["demands"], self._demands, data["title"]),
        )


class ReportEmergencyForm(ActionForm):
    action = Action.REPORT_EMERGENCY
    verb = _("报告")
    template = groups.TEMPLATE
    kind = radios(_("哪一份"), EmergencyReportKind.choices)
    happened = words(PARTS["happened"], rows=2, required=False, help_text=_("初报必填。不清楚的先空着，续报再补。"))
    measures = words(PARTS["measures"], rows=2)
    arrived = tick(_("派去的人已经到现场"))
    losses = line(PARTS["losses"], required=False, help_text=_("终报必填；没有就写没有。"))
    told = line(PARTS["told"], required=False, help_text=_("电话先报，书面后补。例如：镇长，02:25 电话。"))
    trend = line(PARTS["trend"], required=False)
    scope = line(PARTS["scope"], required=False)
    leaders = line(PARTS["leaders"], required=False)
    source = line(PARTS["source"], required=False)
    place = line(PARTS["place"], required=False)
    happened_at = Moment(label=PARTS["happened_at"], required=False)
    advice = words(PARTS["advice"], rows=2, required=False, help_text=_("终报必填。"))

    def groups(self) -> list[Group]:
        """What every report needs stands first; the rest is folded away, for this is filled in on a phone at night."""
        first = ("kind", "happened", "measures", "arrived", "losses", "told", "advice")
        rest = ("trend", "scope", "leaders", "source", "place", "happened_at")
        return grouped(self, [Part("", first), Part(_now("还知道的，补在这里"), rest, folded=True)])

    def fill_choices(self) -> None:
        matter = self.about.matter
        self.happens = _now("领导、主办单位和受理中心马上看到，群众看不到。报出去的不能改，有变化就续报。") + _every(
            self.about.profile, matter.urgency
        )
        written = set(
            matter.emergency_reports.filter(emergency__stood_down_at__isnull=True).values_list("kind", flat=True)
        )
        first = not written
        left = [one for one in EmergencyReportKind if (one == EmergencyReportKind.INITIAL) == first]
        self.offer("kind", [(one.value, one.label) for one in left])
        self.fields["kind"].initial = left[0].value
        if first:
            self.fields["place"].initial = " ".join(
                filter(None, (matter.area.name if matter.area else "", matter.place))
            )
            self.fields["source"].initial = matter.get_channel_display()

    def clean_happened_at(self) -> Any:
        said = self.cleaned_data["happened_at"]
        if said is not None and said > clock.now():
            raise ValidationError(_now("事发时间不能晚于现在。"))
        return said

    def make(self, data: dict[str, Any]) -> terms.Terms:
        known = terms.Known(**{name: data[name] for name in PARTS})
        return terms.ReportEmergency(kind=EmergencyReportKind(data["kind"]), known=known, arrived=data["arrived"])


class StandDownForm(ActionForm):
    action = Action.STAND_DOWN
    verb = _("解除应急")
    public = True
    text = words(_("为什么可以解除"), rows=2, help_text=_("说事人看得到。例如：漏气的管子已经换好，住户都回家了。"))

    def fill_choices(self) -> None:
        self.happens = (
            _now("演练到此结束，这件事办结；不进任何统计。")
            if self.about.matter.drill
            else _now("按分钟计的时限停止，这件事转入平常的办理。要先写终报。")
        )

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.StandDown(text=data["text"])


def _every(profile: Profile, urgency: str) -> str:
    every = profile.limit(Step.REPORT_AGAIN, Kind.INTEREST_CLAIM, urgency=urgency)
    return _now("没有解除以前，每%(every)s报一次。") % {"every": limit(every)} if every else ""
