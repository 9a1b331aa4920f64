"""Forms from acceptance to assignment (4.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import headings
from shuoshi.desk.forms import choices, points
from shuoshi.desk.forms.base import ActionForm, choice, line, narrowed, radios, tick, words
from shuoshi.desk.forms.citing import CitingForm
from shuoshi.desk.forms.likely import ClassifyingForm, LikelyForm
from shuoshi.kernel.calendar import Limit
from shuoshi.matters import terms
from shuoshi.matters.actions.triage import FINALLY_REVIEWED
from shuoshi.matters.vocabulary import Action, Complexity, Kind
from shuoshi.organization import queries as organization

_TITLE_HELP = _("最多 40 个字，不写姓名、电话、门牌。")


class AcceptForm(ActionForm):
    action = Action.ACCEPT
    happens = _("受理后马上告诉说事人；接着由分办员在期限内交办。")
    verb = _("受理")
    public = True
    kind = radios(_("种类"))
    title = line(_("标题"), help_text=_TITLE_HELP, limit=60)
    demands = points.box(points.OR_TITLE)
    petition = tick(_("按信访事项办"), help_text=_("对答复不服的，可以先复查、再复核，由两级分别作出。"))

    def fill_choices(self) -> None:
        matter = self.about.matter
        self.offer("kind", choices.kinds(self.about.profile, without=[Kind.INVALID]))
        self.fields["kind"].initial = matter.kind
        self.fields["title"].initial = matter.title or headings.fit_for_title(matter)
        self._demands = points.shown(points.in_force(matter))
        self.fields["demands"].initial = self._demands

    def make(self, data: dict[str, Any]) -> terms.Terms:
        wanted = points.wanted(data["demands"], self._demands, data["title"])
        return terms.Accept(
            kind=Kind(data["kind"]), title=data["title"], demands=wanted, petition=bool(data["petition"])
        )


class ScreenOutForm(ActionForm):
    action = Action.SCREEN_OUT
    happens = _("说事人会看到原因和应走的途径，也会看到怎么再提、还可以找谁。")
    verb = _("不予受理")
    public = True
    reason = choice(_("原因"))
    text = words(_("告诉说事人的话：为什么，该找谁"), rows=4)

    def fill_choices(self) -> None:
        final = self.about.matter.finally_reviewed_at is not None
        reasons = [one for one in self.about.profile.screening_reasons if final or one.code != FINALLY_REVIEWED]
        found = [(one.code, choices.with_words(one, one.route)) for one in reasons]
        self.offer("reason", [("", "——"), *found])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ScreenOut(reason=data["reason"], text=data["text"])


class AnswerOnTheSpotForm(LikelyForm, CitingForm, ActionForm):
    action = Action.ANSWER_ON_THE_SPOT
    happens = _("答复写在这里，说事人的进度页看得到。紧急、特急和矛盾纠纷不能当场答复了结。")
    verb = _("当场答复")
    public = True
    template = "desk/knowledge/_fields_spot.html"
    kind = radios(_("种类"))
    title = line(_("标题"), help_text=_TITLE_HELP, limit=60)
    category = narrowed(choice(_("类别"), required=False))
    answer = words(_("当场怎么答复的"), rows=4)
    basis = line(_("依据"), required=False)
    clear = tick(_("问过“我说清楚了吗”，对方说清楚了"))

    def said(self) -> str:
        return f"{self.about.matter.title} {self.about.matter.content}"

    def answering(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "title", "category", "answer", "basis", "clear")]

    def fill_choices(self) -> None:
        profile, matter = self.about.profile, self.about.matter
        spoken = choices.kinds(profile, without=[Kind.INVALID, Kind.DISPUTE, Kind.SUGGESTION])
        self.offer("kind", spoken)
        self.fields["kind"].initial = matter.kind
        self.offer("category", [("", "——"), *choices.categories(profile)])
        self.fields["category"].initial = matter.category
        self.fields["title"].initial = matter.title or headings.fit_for_title(matter)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AnswerOnTheSpot(
            kind=Kind(data["kind"]),
            title=data["title"],
            answer=data["answer"],
            category=data["category"],
            basis=data["basis"],
            clear=data["clear"],
            cites=self.cited(),
        )


class ClassifyForm(ClassifyingForm, ActionForm):
    action = Action.CLASSIFY
    happens = _("类别决定由谁承办、要不要现场凭证；复杂程度决定办理期限。")
    verb = _("分类")
    category = narrowed(choice(_("类别")))
    complexity = radios(_("复杂程度"), [(one.value, one.label) for one in Complexity])
    reason = words(_("理由"), rows=2, required=False, help_text=_("已经交办的事改分类才要写。"))

    def fill_choices(self) -> None:
        four = choices.categories(self.about.profile, likely=self.about.matter.kind)
        self.offer("category", [("", "——"), *four])
        self.fields["category"].initial = self.about.matter.category
        self.fields["complexity"].initial = self.about.matter.complexity or Complexity.STANDARD

    def make(self, data: dict[str, Any]) -> terms.Terms:
        kind = self.about.profile.kind_of(data["category"])
        return terms.Classify(
            kind=Kind(kind.code),
            category=data["category"],
            complexity=Complexity(data["complexity"]),
            reason=data["reason"],
            offered=self.was_offered(data["offered"]),
        )


class AssignForm(ActionForm):
    action = Action.ASSIGN
    happens = _("交办后承办单位马上看到；说事人会知道由谁办、最晚哪天答复。")
    verb = _("交办")
    unit = choice(_("主办单位"))
    myself = tick(_("我来办（交给自己的单位，由我承办，马上签收）"))
    person = choice(_("由谁承办"), required=False, help_text=_("不选就由单位定。"))
    days = forms.IntegerField(
        label=_("几个工作日内办完"),
        help_text=_("只能比规定的期限短；不填就按规定。"),
        required=False,
        min_value=1,
        max_value=60,
    )
    co_units = forms.MultipleChoiceField(
        label=_("协办单位"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    reason = words(_("不按职责清单交办的理由"), rows=2, required=False, help_text=_("主办单位是职责清单上的，不用写。"))
    unlisted = _("这个单位不在职责清单上，请写为什么交给它。")

    def fill_choices(self) -> None:
        matter = self.about.matter
        everything = choices.units(matter)
        self.lines = (
            organization.duty(matter.category, matter.area.path if matter.area else "") if matter.category else []
        )
        offered = {value for value, _label in everything}
        listed = {str(line_.unit_id): line_ for line_ in reversed(self.lines) if str(line_.unit_id) in offered}
        self._line_of = {unit: line_.pk for unit, line_ in listed.items()}
        named = [(unit, line_.unit.name) for unit, line_ in reversed(listed.items())]
        others = [(value, label) for value, label in everything if value not in listed]
        groups = [(_now("职责清单上的单位"), named)] if named else []
        self.offer("unit", [("", "——"), *groups, (_now("其他单位（要写理由）"), others)])
        self.offer("co_units", everything)
        self.offer("person", [("", "——"), *choices.handlers(matter)])
        if self.action == Action.ASSIGN:
            self._ask_why_not_by_the_list(named)

    def _ask_why_not_by_the_list(self, named: choices.Pairs) -> None:
        """The verb refuses whoever leaves the list without a reason (triage); the form says so first."""
        if not named:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _now("职责清单里还没有写这类事由谁办，所以要写理由。")
        self.always_asked("reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        unlisted = data.get("unit") and data["unit"] not in self._line_of
        if unlisted and not data.get("reason") and not self.has_error("reason"):
            self.add_error("reason", str(self.unlisted))
        return data

    def make(self, data: dict[str, Any]) -> terms.Terms:
        made: type[terms.Assign] = terms.Designate if self.action == Action.DESIGNATE else terms.Assign
        return made(
            unit=UUID(data["unit"]),
            person=UUID(data["person"]) if data["person"] and not data.get("myself") else None,
            myself=data.get("myself", False),
            duty_line=self._line_of.get(data["unit"]),
            reason=data["reason"],
            limit=Limit.parse(f"{data['days']}wd") if data["days"] else None,
            co_units=tuple(UUID(one) for one in data["co_units"]),
        )


class DesignateForm(AssignForm):
    action = Action.DESIGNATE
    happens = _("指定之后不能再退单。说事人看得到由谁办和理由。")
    verb = _("指定承办")
    public = True
    reason = words(_("指定的理由"), rows=2)

    def fill_choices(self) -> None:
        super().fill_choices()
        del self.fields["myself"]
