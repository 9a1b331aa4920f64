"""The follow-up call: what the resident answered, as it was said, with the proof that it was (4.4.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices, group
from shuoshi.desk.forms.base import ActionForm, choice, line, radios, tick
from shuoshi.desk.forms.base import words as in_words
from shuoshi.desk.forms.handling import REACHED
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, Proof, ResultState, Satisfaction, Solved, Way

_CONTACTED = [("yes", _("联系过")), ("no", _("没有联系"))]
_REST = [("yes", _("要继续办")), ("no", _("不用了"))]
_IF_REACHED = ("contacted", "solved", "result", "attitude", "proof", "proof_ref")  # then they must be answered
DECLINED = "declined"
_WAYS = [(way.value, way.label) for way in (Way.CALL, Way.VISIT, Way.FACE_TO_FACE)]


class RecordFollowUpForm(ActionForm):
    action = Action.RECORD_FOLLOW_UP
    happens = _("先念一遍答复，再问三个问题，照对方说的记。满意就办结，不满意就重新办理，都由规则决定。")
    verb = _("记下回访")
    template = "desk/_fields_follow_up.html"
    reads = frozenset({ResultState.SIGNED})
    aloud = True
    spokesperson = group.which(_("问的是哪一位代表"))
    way = choice(_("怎么联系的"), _WAYS)
    reached = radios(_("结果"), [*REACHED, (DECLINED, _("联系上了，不愿评价"))])
    contacted = radios("", _CONTACTED, required=False)
    solved = radios("", required=False)
    rest_wanted = radios(_("只解决了一部分：剩下的还要继续办吗"), _REST, required=False)
    result = radios("", required=False)
    attitude = radios("", required=False)
    meant = tick(_("没有解决却表示满意：又问了一遍，对方确认"))
    words = in_words("", rows=2, required=False, help_text=_("照对方的原话记。"))
    unsettled = forms.MultipleChoiceField(
        label=_("哪几条还没有解决"), required=False, widget=forms.CheckboxSelectMultiple
    )
    proof = choice(_("凭据"), [(one.value, one.label) for one in Proof], required=False)
    proof_ref = line(_("录音编号、签字单编号或者见证人姓名"), required=False)
    text = in_words(_("说明"), rows=2, required=False, help_text=_("没有联系上时写情况。"))

    def fill_choices(self) -> None:
        """The questions and their answers are the profile's, the same as on the resident's page (4.4.1)."""
        group.offer_seats(self, asking=True)
        levels = [(str(level.value), str(level)) for level in self.about.profile.satisfaction.levels]
        for question in self.about.profile.follow_up:
            self.fields[question.code].label = str(question.text)
            if question.type == "choice":
                self.offer(question.code, choices.codes(question.options))
            elif question.type == "level":
                self.offer(question.code, levels)
        for name in _IF_REACHED:
            self.always_asked(name)
        rows = self.about.matter.demands.filter(dropped=False, settled=False).order_by("ordinal")
        found = [(str(row.pk), f"{row.ordinal}. {row.heading}") for row in rows]
        self.offer("unsettled", found)

    def groups(self) -> list[dict[str, Any]]:
        """For the template: the call, the three questions, the proof."""
        parts = (
            ("", (*(["spokesperson"] if "spokesperson" in self.fields else []), "way", "reached")),
            (
                _now("联系上了，就问这三个问题"),
                ("contacted", "solved", "rest_wanted", "unsettled", "result", "attitude"),
            ),
            (_now("记录和凭据"), ("words", "meant", "proof", "proof_ref", "text")),
        )
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in parts]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("reached") == "yes":
            asked = {
                "contacted": _now("请选对方怎么回答。"),
                "solved": _now("请选对方怎么回答。"),
                "result": _now("请选对方给的评价。"),
                "attitude": _now("请选对方给的评价。"),
                "proof": _now("评价要有凭据。"),
                "proof_ref": _now("请写录音编号、签字单编号或者见证人姓名。"),
            }
            for name, sentence in asked.items():
                if not data.get(name):
                    self.add_error(name, sentence)
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        reached = data["reached"] == "yes"
        return terms.RecordFollowUp(
            spokesperson=group.chosen(data),
            way=Way(data["way"]),
            reached=reached or data["reached"] == DECLINED,
            declined=data["reached"] == DECLINED,
            text=data["text"],
            answers=self._answers(data) if reached else None,
            proof=Proof(data["proof"]) if reached else None,
            proof_ref=data["proof_ref"],
        )

    def _answers(self, data: dict[str, Any]) -> terms.Answers:
        return terms.Answers(
            contacted=data["contacted"] == "yes",
            solved=Solved(data["solved"]),
            result=Satisfaction(data["result"]),
            attitude=Satisfaction(data["attitude"]),
            words=data["words"],
            rest_wanted=data["rest_wanted"] == "yes" if data["rest_wanted"] else None,
            meant=data["meant"],
            unsettled=tuple(UUID(one) for one in data["unsettled"]),
        )
