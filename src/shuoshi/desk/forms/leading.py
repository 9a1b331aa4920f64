"""Forms of what leaders do on a matter: take it on, write on it, confer (7.1, 4.2.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import ActionForm, day, words
from shuoshi.matters import terms
from shuoshi.matters.actions.leading import waiting
from shuoshi.matters.vocabulary import Action, DeadlineKind


class SponsorForm(ActionForm):
    action = Action.SPONSOR
    happens = _(
        "您盯着这件事办到底，到您定的日子会提醒您。说事人看到有领导包案，看不到下面的话。您不再裁定它怎么办结。"
    )
    verb = _("包案")
    text = words(_("推进措施"), rows=3)
    until = day(_("哪天再看"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Sponsor(text=data["text"], until=data["until"])


class ReviewSponsoredForm(ActionForm):
    action = Action.REVIEW_SPONSORED
    happens = _("记下进展情况。群众看不到。")
    verb = _("记下推进")
    text = words(_("进展情况，还差什么"), rows=3)
    until = day(_("哪天再看"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ReviewSponsored(text=data["text"], until=data["until"])


class InstructForm(ActionForm):
    action = Action.INSTRUCT
    happens = _(
        "单位负责人和承办人马上会看到，到期要报告落实情况，这件事不能再退。说事人看到有领导批示，看不到批示的话。您不再裁定它怎么办结。"
    )
    verb = _("批示")
    text = words(_("批示"), rows=3)
    until = day(_("最晚哪天报告落实情况"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Instruct(text=data["text"], until=data["until"])


class AnswerInstructionForm(ActionForm):
    action = Action.ANSWER_INSTRUCTION
    happens = _("作批示的领导会看到。群众看不到。")
    verb = _("报告")
    template = "desk/_fields_ruling.html"
    text = words(_("落实情况，还差什么，哪天办完"), rows=4)

    def fill_choices(self) -> None:
        matter = self.about.matter
        rows = waiting(matter, matter.deadlines.filter(kind=DeadlineKind.INSTRUCTION, outcome="OPEN"))[:1]
        for row in rows:
            row.matter = matter
        self.asked = [(row.given_by.name, row.text) for row in rows]

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AnswerInstruction(text=data["text"])


class ConferForm(ActionForm):
    action = Action.CONFER
    happens = _("记下会商。商定以后，主办单位不能再退。说事人看到单位之间会商过，看不到下面的话。")
    verb = _("记下会商")
    units = forms.MultipleChoiceField(
        label=_("参加的单位"), widget=forms.CheckboxSelectMultiple, help_text=_("至少两个。")
    )
    text = words(_("商定的意见：谁主办，谁配合，哪天以前做什么"), rows=4)

    def fill_choices(self) -> None:
        self.offer("units", [(key, name.strip("\u3000")) for key, name in choices.units(self.about.matter)])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Confer(units=tuple(UUID(one) for one in data["units"]), text=data["text"])
