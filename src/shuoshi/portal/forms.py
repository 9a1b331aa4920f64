"""Forms of the residents' pages: what is asked, what is said when something is missing. Meaning is given by the views."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.web.forms import TOO_LONG, Form, Text
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Naming, Satisfaction, Solved, TellBy
from shuoshi.organization import queries
from shuoshi.organization.models import Area, Unit
from shuoshi.organization.profile import Profile, Question
from shuoshi.people import phones

_L = gettext_lazy


class What(Form):
    """Page 1: what it is about, in the resident's words or `spoken`, whom it complains about, whether there is danger."""

    what = Text(
        label=_L("您要说什么事？"),
        help_text=_L("想到什么写什么，一句话也行。能写上这三点更好：出了什么事，多久了，您希望怎么办。"),
        rows=7,
        counted=True,
    )
    danger = forms.BooleanField(label=_L("这件事现在就有危险，或者马上会出危险"), required=False)
    concerns_unit = forms.ChoiceField(label=_L("说的是哪个单位"), required=False)
    concerns_words = forms.CharField(
        label=_L("说的是哪个人"), required=False, max_length=200, help_text=_L("名字、职务，知道多少写多少。")
    )
    required_words = {"what": _L("请写下您要说的事，一句话也行。")}

    def __init__(self, *args: Any, spoken: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if spoken:
            self.fields["what"].required = False
            self.always_asked("what")
        units = [(str(unit.pk), unit.name) for unit in queries.units()]
        self._choices("concerns_unit", [("", _("不是说单位")), *units])

    def _choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class Where(Form):
    """Page 2: where it is; 不清楚 is an answer. Once a village is chosen, its groups are asked: two short lists, no long one."""

    area = forms.ChoiceField(label=_L("在哪个村、社区？"), required=False)
    group = forms.ChoiceField(label=_L("在哪一组、哪个小区？"), required=False)
    place = forms.CharField(
        label=_L("具体在哪里？"), required=False, max_length=200, help_text=_L("比如：村口水井旁，6 幢 3 单元楼道。")
    )
    latitude = forms.DecimalField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.DecimalField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any]) -> None:
        areas = queries.areas()
        villages = _villages(areas)
        said = initial["area"] if data is None else data.get("area", "")
        place = next((area for area in areas if str(area.pk) == said), None)  # as it is kept, maybe a group
        above = [one for one in villages if place is not None and place.path.startswith(one.path)]
        village = max(above, key=lambda one: len(one.path), default=None)
        inside = [area for area in areas if area not in villages and village and area.path.startswith(village.path)]
        group = (said if place in inside else "") if data is None else data.get("group")
        self.asks_group = group not in ("", *(str(area.pk) for area in inside)) and bool(inside)
        if data is not None:
            data = data.copy()
            data["group"] = "" if self.asks_group else group or ""  # not asked before, or of another village
        super().__init__(data, initial={**initial, "area": str(village.pk) if village else "", "group": group})
        self.offer("area", [("", _("不清楚")), *((str(one.pk), one.name) for one in villages)])
        self.offer("group", [("", _("不清楚")), *((str(one.pk), one.name) for one in inside)])
        for name in ("area", "group"):
            self.always_asked(name)
        if not inside:
            del self.fields["group"]

    @property
    def where(self) -> str:
        """Key of the smallest area that was chosen, "" for none."""
        return str(self.cleaned_data.get("group") or self.cleaned_data["area"])


class Who(Form):
    """Page 3: name or none, for oneself or another, how to be told."""

    naming = forms.ChoiceField(
        label=_L("您愿意留名字吗？"),
        choices=[
            (Naming.NAMED, _L("留名字，承办单位好和我联系")),
            (Naming.CONFIDENTIAL, _L("留名字，但对承办单位保密")),
            (Naming.ANONYMOUS, _L("不留名字")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_L("怎么称呼您"), required=False, max_length=40)
    phone = forms.CharField(
        label=_L("您的电话"), required=False, max_length=30, help_text=_L("手机或座机，比如 138 0000 0000。")
    )
    for_other = forms.BooleanField(label=_L("我是替别人说的"), required=False)
    other_name = forms.CharField(label=_L("替谁说（怎么称呼）"), required=False, max_length=40)
    other_phone = forms.CharField(label=_L("他的电话"), required=False, max_length=30)
    tell_by = forms.ChoiceField(
        label=_L("有了进展怎么告诉您？"),
        choices=[(TellBy.CALL, _L("打电话")), (TellBy.PAGE, _L("我自己在网上查"))],
        widget=forms.RadioSelect,
        required=False,
    )
    consent = forms.BooleanField(label=_L("办完以后，可以隐去个人信息，公开这件事和办理结果"), required=False)
    required_words = {"naming": _L("请选一项：留名字，还是不留。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("tell_by", "name", "phone"):
            self.always_asked(name)

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def clean_other_phone(self) -> str:
        return _phone(self.cleaned_data["other_phone"])

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        if data.get("naming") == Naming.ANONYMOUS:
            data |= {"name": "", "phone": "", "tell_by": TellBy.PAGE}
        elif data.get("naming") and not (data.get("name") or data.get("phone")) and "phone" not in self.errors:
            self.add_error("name", _("请写上怎么称呼您，或者留个电话；都不想留，就选不留名字。"))
        if data.get("tell_by") == TellBy.CALL and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("要我们打电话，请留下电话。"))
        if not data.get("for_other"):
            data |= {"other_name": "", "other_phone": ""}
        elif not (data.get("other_name") or data.get("other_phone")) and "other_phone" not in self.errors:
            self.add_error("other_name", _("请写上替谁说。"))
        return data


class LookUp(Form):
    """Number and code of a receipt, however they are typed."""

    number = forms.CharField(
        label=_L("编号"),
        max_length=60,
        help_text=_L("回执上以 SS 开头的一行。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_L("查询码"),
        max_length=40,
        help_text=_L("八位，大小写都行，中间的空格可以不输。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    required_words = {"number": _L("请写上回执上的编号。"), "code": _L("请写上回执上的查询码。")}

    def clean_number(self) -> str:
        """NFKC, upper case, without spaces; any dash is a hyphen."""
        plain = unicodedata.normalize("NFKC", self.cleaned_data["number"]).upper()
        return re.sub(r"[\u2010-\u2015\u2212\u30fc_—－-]+", "-", re.sub(r"\s+", "", plain))


class PaperCheck(LookUp):
    """Number and check of a paper that came from us."""

    required_words = {"number": _L("请写上纸上的编号。"), "code": _L("请写上纸上的校验码。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = _L("标题下面以 SS 开头的一行。")
        self.fields["code"].label = _L("校验码")
        self.fields["code"].help_text = _L("二维码旁边的八位，大小写都行。")


class Add(Form):
    """Something the resident adds."""

    text = Text(label=_L("要补充什么？"), rows=6, counted=True)
    required_words = {"text": _L("请写下要补充的情况，一句话也行。")}


class NotSolved(Form):
    """What is still not solved after the end, came back, or is new."""

    text = Text(label=_L("哪里没有解决，或者有什么新情况？"), rows=6, counted=True)
    required_words = {"text": _L("请写下哪里没有解决，或者有什么新情况，一句话也行。")}


class Objection(Form):
    """Why it should be accepted."""

    text = Text(label=_L("为什么应当受理？"), rows=5, max_length=2000)
    required_words = {"text": _L("请写下为什么应当受理，一句话也行。")}


class Review(Form):
    """Why the answer is not right."""

    text = Text(label=_L("您为什么不同意这个答复？"), rows=6, max_length=2000)
    required_words = {"text": _L("请写下为什么不同意，一句话也行。")}


class Conflict(Form):
    """What whoever handles it has to do with the matter."""

    text = Text(label=_L("他们和这件事有什么关系？"), rows=4, max_length=2000)
    required_words = {"text": _L("请写下是什么关系，一句话也行。")}


class Reason(Form):
    """A few words that may be left out: of a nudge, of a withdrawal."""

    text = Text(label=_L("想说的话"), rows=3, required=False, max_length=2000)


class Rate(Form):
    """The five questions of the follow-up, as the profile asks them (4.4.1)."""

    contacted = forms.ChoiceField(widget=forms.RadioSelect)
    solved = forms.ChoiceField(widget=forms.RadioSelect)
    rest_wanted = forms.ChoiceField(
        label=_L("部分解决的，剩下的要不要继续办？"),
        choices=[("yes", _L("要继续办")), ("no", _L("不用了"))],
        widget=forms.RadioSelect,
        required=False,
    )
    result = forms.ChoiceField(widget=forms.RadioSelect)
    attitude = forms.ChoiceField(widget=forms.RadioSelect)
    words = Text(rows=4, required=False)
    meant = forms.BooleanField(label=_L("没有解决，但我对结果满意，就是这个意思"), required=False)
    required_words = {
        "contacted": _L("请选一项：联系过，还是没有。"),
        "solved": _L("请选一项：解决了没有。"),
        "result": _L("请选您对结果满不满意。"),
        "attitude": _L("请选您对态度满不满意。"),
    }

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(str(level.value), str(level)) for level in profile.satisfaction.levels]
        for question in profile.follow_up:
            field = self.fields[question.code]
            field.label = str(question.text)
            if question.type == "yes_no":
                self._offer(question.code, [("yes", _("联系过")), ("no", _("没有联系"))])
            elif question.type == "choice":
                self._offer(question.code, [(option.code, str(option)) for option in question.options])
            elif question.type == "level":
                self._offer(question.code, levels)
        self.always_asked("rest_wanted")

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        if data.get("solved") == Solved.PARTLY and not data.get("rest_wanted"):
            self.add_error("rest_wanted", _("请选一项：剩下的要不要继续办。"))
        unsolved_but_content = data.get("solved") == Solved.NO and data.get("result", "") >= Satisfaction.GOOD
        if unsolved_but_content and not data.get("meant"):
            self.add_error("meant", _("您选了没有解决，又选了满意。是这个意思，请勾上；不是，请改一下。"))
        return data

    @property
    def asks_meant(self) -> bool:
        """Whether the page asks again about an answer that contradicts itself."""
        return self.is_bound and bool(self.errors.get("meant") or self.data.get("meant"))

    def terms(self) -> terms.Rate:
        data = self.cleaned_data
        return terms.Rate(
            answers=terms.Answers(
                contacted=data["contacted"] == "yes",
                solved=Solved(data["solved"]),
                result=Satisfaction(data["result"]),
                attitude=Satisfaction(data["attitude"]),
                words=data["words"],
                rest_wanted={"yes": True, "no": False}.get(data["rest_wanted"]),
                meant=data["meant"],
            )
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class Questions(Form):
    """The few questions of a category; each may be left out by the resident."""

    category = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)  # what was asked when it opened

    def __init__(
        self, *args: Any, category: str, questions: tuple[Question, ...], known: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"category": category}, **kwargs)
        hidden = {name: self.fields.pop(name) for name in ("category", "turn", "key")}
        for question in questions:
            self.fields[question.code] = _field_of(question)
            self.fields[question.code].help_text = _asked_when(question, questions)
        self.fields |= hidden
        self.questions = questions
        self.known = known  # what was answered before; later questions may depend on it

    def terms(self) -> terms.AnswerQuestions:
        return terms.AnswerQuestions(answers=self._given(self.cleaned_data))

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        given = self._given(data)
        if not self.errors and not given:
            raise forms.ValidationError(_("还没有回答任何一题。"))
        for question in self.questions:
            if question.code in given and not question.asked({**self.known, **given}):
                self.add_error(question.code, _asked_when(question, self.questions))
        return data

    def _given(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What was answered, as the matter keeps it: codes, plain numbers, ISO dates, words."""
        found = {question.code: data.get(question.code) for question in self.questions}
        kept = {code: value for code, value in found.items() if value not in (None, "")}
        return {code: f"{value:f}" if isinstance(value, Decimal) else str(value) for code, value in kept.items()}


def as_words(form: Form) -> str:
    """What stands in a form, as its resident would write it down: long words as they are, answers after their question."""
    lines = []
    for field in form.visible_fields():
        value = field.value()
        if value in (None, "", False):
            continue
        if isinstance(field.field, Text):
            lines.append(str(value))
        elif isinstance(field.field, forms.BooleanField):
            lines.append(str(field.label))
        else:
            choices = {str(code): label for code, label in getattr(field.field, "choices", ())}
            lines.append(f"{field.label}{_('：')}{choices.get(str(value), value)}")
    return "\n".join(lines)


def _villages(areas: list[Area]) -> list[Area]:
    """What the first list offers: the single area over all, if there is one, and those right beneath it."""
    top = min((area.path.count("/") for area in areas), default=0)
    several_roots = sum(area.path.count("/") == top for area in areas) > 1
    head = top if several_roots else top + 1
    return [area for area in areas if area.path.count("/") <= head]


def unit_of(value: str) -> tuple[UUID, ...]:
    """The unit complained about as keys; a unit closed meanwhile is left out."""
    return tuple(Unit.objects.filter(pk=value, active=True).values_list("pk", flat=True)) if value else ()


def _phone(typed: str) -> str:
    """The number in the one form it is kept in, or what is wrong with it."""
    plain = unicodedata.normalize("NFKC", typed or "").strip()
    if not plain:
        return ""
    digits = sum(character.isdigit() for character in plain)
    if plain.startswith("1") and digits > 6 and digits != 11:
        raise forms.ValidationError(_("手机号应是 11 位数字，例如 138 0000 0000。现在是 %(n)d 位。") % {"n": digits})
    try:
        return phones.normalise(plain)
    except phones.BadNumber as bad:
        raise forms.ValidationError(str(bad)) from None


def _asked_when(question: Question, questions: tuple[Question, ...]) -> str:
    """Which answer above a question belongs to, in words: without script it cannot hide. "" when it is for everybody."""
    condition = question.visible_when
    before = next((one for one in questions if condition and one.code == condition.question), None)
    if condition is None or before is None:
        return ""
    names = {option.code: str(option) for option in before.options} | {"yes": _("是"), "no": _("不是")}
    chosen = _("”或“").join(names.get(value, value) for value in condition.any_of)
    return _("上面选“%(chosen)s”的才答。") % {"chosen": chosen}


def _field_of(question: Question) -> forms.Field:
    label = str(question.text)
    if question.type in ("choice", "yes_no"):
        yes_no = [("yes", _("是")), ("no", _("不是"))]
        named = [(option.code, str(option)) for option in question.options]
        choices = [("", _("不清楚")), *(named or yes_no)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if question.type == "number":
        return forms.DecimalField(label=label, required=False, min_value=0, max_digits=12, decimal_places=2)
    if question.type == "date":
        return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(label=label, required=False, max_length=500, error_messages={"max_length": TOO_LONG})
