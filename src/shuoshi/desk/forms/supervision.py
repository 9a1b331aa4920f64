"""Forms of urging and supervising (6.1.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import ActionForm, words
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action


class RemindForm(ActionForm):
    action = Action.REMIND
    happens = _("承办人和负责人马上会看到，期限不变。群众看不到。一天只能催一次。")
    verb = _("催办")
    text = words(_("催办的话"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Remind(text=data["text"])


class OrderSupervisionForm(ActionForm):
    action = Action.ORDER_SUPERVISION
    happens = _("单位负责人要在期限以内书面答复：办到哪里、为什么慢、哪天办完。群众看不到。")
    verb = _("发督办")
    text = words(_("督办的要求"), rows=3)
    days = forms.IntegerField(
        label=_("几个工作日内答复"), help_text=_("不填就按规定。"), required=False, min_value=1, max_value=10
    )

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.OrderSupervision(text=data["text"], days=data["days"])


class AnswerSupervisionForm(ActionForm):
    action = Action.ANSWER_SUPERVISION
    happens = _("分办员和领导会看到。群众看不到。")
    verb = _("答复督办")
    text = words(_("办到哪里、为什么慢、哪天办完"), rows=4)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AnswerSupervision(text=data["text"])
