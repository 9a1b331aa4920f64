"""Forms that change rules: words in three languages, categories, questions, limits, numbers. They write into plain data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import words as said
from shuoshi.desk.forms.base import choice, line, tick, words
from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.templatetags.shuoshi import limit as limit_words
from shuoshi.kernel.web.forms import Form
from shuoshi.organization.profile import editing
from shuoshi.organization.profile.editing import LANGUAGES, Data

TYPES = [
    ("choice", _("从几项里选一项")),
    ("yes_no", _("是或否")),
    ("number", _("数字")),
    ("date", _("日期")),
    ("text", _("自己写")),
]
_SPOKEN = re.compile(r"(\d{1,4})\s*(个?工作日|个?工作小时|个?小时|天|日|个?自然日|分钟|wd|wh|cd|min)")
_UNITS = {"工作日": "wd", "工作小时": "wh", "天": "cd", "日": "cd", "自然日": "cd", "分钟": "min"}


class LimitField(forms.CharField):
    """A limit as people write it: 7 个工作日, 4 个工作小时, 60 日, 30 分钟, 当天."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "size": "12"}))
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        try:
            return limit_words(value) if value else value
        except ValueError:
            return value  # as it was typed

    def to_python(self, value: Any) -> str:
        plain = unicodedata.normalize("NFKC", super().to_python(value) or "").strip()
        if not plain:
            return ""
        if plain in ("当天", _now("当天"), "当日"):
            return "0wd"
        found = _SPOKEN.fullmatch(plain)
        if found is None:
            raise ValidationError(_now("请写成“7 个工作日”“4 个工作小时”“60 日”“30 分钟”或“当天”。"))
        amount, unit = found[1], found[2].removeprefix("个")
        if unit == "小时":
            amount, unit = str(int(amount) * 60), "分钟"
        return str(Limit.parse(f"{amount}{_UNITS.get(unit, unit)}"))


class WordsForm(Form):
    """The same words in three languages; the other two may be left to repeat the first."""

    def three(self, name: str, label: Any, standing: Mapping[str, str] | None = None) -> None:
        names = {"zh-Hans": label, "zh-Hant": _now("繁体"), "en": _now("英文")}
        for language in LANGUAGES:
            field = line(names[language], required=language == "zh-Hans", limit=300)
            field.initial = (standing or {}).get(language, "")
            self.fields[f"{name}:{language}"] = field

    def given(self, name: str) -> dict[str, str]:
        return editing.words({language: self.cleaned_data[f"{name}:{language}"] for language in LANGUAGES})


class QuestionForm(WordsForm):
    """One question of a category, how it is answered, and after which answers it is asked."""

    type = choice(_("怎么答"), TYPES)
    options = words(
        _("选项，一行一个"),
        rows=4,
        required=False,
        help_text=_("只在“从几项里选一项”时写。繁体和英文写在竖线后面：没水 | 沒水 | No water。"),
    )
    required = tick(_("一定要答"))
    after = forms.MultipleChoiceField(
        label=_("只在前面这样答了才问"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, standing: Data | None, earlier: Sequence[Data], **kwargs: Any) -> None:
        self.standing = standing or {}
        super().__init__(*args, **kwargs)
        self.three("text", _now("问法"), self.standing.get("text"))
        self.fields["type"].initial = self.standing.get("type", "yes_no")
        self.fields["required"].initial = self.standing.get("required", False)
        self.fields["options"].initial = "\n".join(map(_option_line, self.standing.get("options", ())))
        condition = self.standing.get("visible_when")
        if condition:
            self.fields["after"].initial = [f"{condition['question']}={one}" for one in condition["any_of"]]
        offered = list(_answers(earlier))
        if offered:
            self.offer("after", offered)
        else:
            del self.fields["after"]
        self.order_fields([*(f"text:{language}" for language in LANGUAGES), "type", "options", "required", "after"])

    def clean_after(self) -> dict[str, Any] | None:
        chosen = [one.split("=", 1) for one in self.cleaned_data["after"]]
        if len({question for question, _answer in chosen}) > 1:
            raise ValidationError(_now("只能选同一个问题的答案。"))
        return {"question": chosen[0][0], "any_of": [answer for _question, answer in chosen]} if chosen else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        options = data.get("options", "").strip()
        if data.get("type") == "choice" and len(options.splitlines()) < 2:
            self.add_error("options", _now("选择题至少写两个选项。"))
        if data.get("type") not in ("choice", None) and options:
            self.add_error("options", _now("只有选择题写选项，别的请清空。"))
        return data

    def question(self, taken: Sequence[str]) -> Data:
        """What was typed as data; a new question gets a code none of `taken` is."""
        data = self.cleaned_data
        code = self.standing.get("code") or next(f"q{n}" for n in range(1, 100) if f"q{n}" not in taken)
        return {
            "code": code,
            "text": self.given("text"),
            "type": data["type"],
            "required": data["required"],
            "options": list(_options(data["options"], self.standing.get("options", ()))),
            "visible_when": data.get("after") or None,
        }


def _option_line(option: Data) -> str:
    name = option["name"]
    return " | ".join(name[language] for language in LANGUAGES)


def _options(typed: str, before: Sequence[Data]) -> Iterator[Data]:
    """An option that was there keeps its code, which answers hold."""
    known = {option["name"]["zh-Hans"]: option["code"] for option in before}
    taken = set(known.values())
    free = (f"o{n}" for n in range(1, 100) if f"o{n}" not in taken)
    for row in filter(str.strip, typed.splitlines()):
        parts = [part.strip() for part in row.split("|")]
        name = editing.words(dict(zip(LANGUAGES, parts, strict=False)))
        yield {"code": known.get(name["zh-Hans"]) or next(free), "name": name}


def _answers(earlier: Sequence[Data]) -> Iterator[tuple[str, str]]:
    for question in earlier:
        asked = question["text"]["zh-Hans"]
        if question["type"] == "yes_no":
            yield f"{question['code']}=yes", f"{asked} → {_now('是')}"
            yield f"{question['code']}=no", f"{asked} → {_now('否')}"
        for option in question["options"]:
            yield f"{question['code']}={option['code']}", f"{asked} → {option['name']['zh-Hans']}"


@dataclass(frozen=True)
class Cell:
    """One limit of the table of limits: the field's name, and the way to it in the data."""

    name: str
    way: tuple[str, ...]
    needed: bool


class LimitsForm(Form):
    """Every limit of the procedure: per kind, or per kind and complexity. Statutory caps stay."""

    def __init__(self, *args: Any, rules: Data, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.cells = list(_cells(rules))
        for cell in self.cells:
            self.fields[cell.name] = LimitField(
                label=_label(rules, cell.way), required=cell.needed, initial=_value(rules, cell.way)
            )

    def write(self, rules: Data) -> None:
        for cell in self.cells:
            *way, last = cell.way
            place = rules["limits"]
            for part in way:
                place = place[part]
            value = self.cleaned_data[cell.name]
            if value and value != _of_all(rules, cell.way):
                place[last] = value
            else:
                place.pop(last, None)  # as for all kinds, or nothing is promised


def _cells(rules: Data) -> Iterator[Cell]:
    kinds = [kind["code"] for kind in rules["kinds"] if kind["in_loop"]]
    complexities = [one["code"] for one in rules["complexities"]]
    for step, rule in rules["limits"]["steps"].items():
        if rule["by_complexity"]:
            for kind in kinds:
                for complexity in complexities:
                    yield _cell(("steps", step, "by_complexity", kind, complexity), needed=True)
            continue
        for kind in kinds:
            yield _cell(("steps", step, "kinds", kind), needed=rule["all"] is not None)
    for end in ("at_least", "at_most"):
        yield _cell(("rework", end), needed=True)
    yield _cell(("unverified_contact",), needed=True)


def _cell(way: tuple[str, ...], *, needed: bool) -> Cell:
    return Cell("limit:" + ":".join(way), way, needed)


def _value(rules: Data, way: tuple[str, ...]) -> str:
    here: Any = rules["limits"]
    for part in way:
        here = here.get(part) if isinstance(here, dict) else None
    return here or _of_all(rules, way)


def _of_all(rules: Data, way: tuple[str, ...]) -> str:
    """What holds for a kind that has no limit of its own in this step; "" elsewhere."""
    return rules["limits"]["steps"][way[1]]["all"] or "" if "kinds" in way else ""


def _label(rules: Data, way: tuple[str, ...]) -> str:
    """处置 › 利益诉求 › 一般: the step, the kind, the complexity."""
    names = {kind["code"]: kind["name"]["zh-Hans"] for kind in rules["kinds"]}
    names |= {one["code"]: one["name"]["zh-Hans"] for one in rules["complexities"]}
    names |= {"at_least": _now("重新办理，最短"), "at_most": _now("重新办理，最长")}
    names["unverified_contact"] = _now("说事人勾了有危险，多久联系")
    parts = [said.step(part) if part in rules["limits"]["steps"] else names.get(part, "") for part in way]
    return " › ".join(part for part in parts if part)


SECTIONS: Mapping[str, tuple[Any, tuple[tuple[str, Any], ...]]] = {
    "outcomes": (_("办理结果"), (("name", _("名称")), ("follows", _("接下来怎样")))),
    "exits": (_("办结方式"), (("name", _("名称")), ("basis", _("依据")))),
    "return_reasons": (_("退单理由"), (("name", _("名称")),)),
    "screening_reasons": (_("不予受理的理由"), (("name", _("名称")), ("route", _("应走的途径")))),
    "follow_up": (_("回访问题"), (("text", _("问法")),)),
    "urgencies": (_("紧急程度"), (("name", _("名称")), ("when", _("什么情况")))),
    "kinds": (_("事项种类"), (("name", _("名称")),)),
    "levels": (_("单位层级"), (("name", _("名称")),)),
}


class TextsForm(WordsForm):
    """The words of every item of one list; codes and rules stay as they are."""

    def __init__(self, *args: Any, rules: Data, section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        for item in rules[section]:
            for part, label in SECTIONS[section][1]:
                called = item.get("name") or item["text"]
                self.three(f"{item['code']}:{part}", f"{called['zh-Hans']} · {label}", item[part])

    def write(self, rules: Data) -> None:
        for item in rules[self.section]:
            for part, _words in SECTIONS[self.section][1]:
                item[part] = self.given(f"{item['code']}:{part}")


_COUNTS = ("order_reds", "talk_reds", "talk_share")
_SAMPLING = ("share", "one_in")
_LATE = ("order_after", "talk_after")  # in working days
_TELLING = {"told_from": "from", "told_to": "to", "digest": "digest"}
_SENT = ("sms_hour", "sms_day")


def _clock(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, help_text=help_text, widget=widget)


class NumbersForm(Form):
    """How often a resident is called, when people are told, what follows on lateness, and the days of accepting and assigning."""

    calls = forms.IntegerField(label=_("打几次算联系不上"), min_value=1, max_value=10)
    days = forms.IntegerField(label=_("至少分在几天"), min_value=1, max_value=10)
    told_from = _clock(_("最早几点发通知"), _("特急、紧急的事不分白天黑夜。"))
    told_to = _clock(_("最晚几点发通知"))
    digest = _clock(_("几点发每天的清单"), _("工作日发给设了群机器人、留了邮箱的单位。"))
    sms_hour = forms.IntegerField(
        label=_("全站一小时最多发多少条短信"),
        help_text=_("满了，多出来的由人告知。特急、紧急的事通知值班员，不受限。"),
        min_value=1,
        max_value=100_000,
    )
    sms_day = forms.IntegerField(label=_("全站一天最多发多少条短信"), min_value=1, max_value=1_000_000)
    order_after = forms.IntegerField(label=_("超期几个工作日以上发督办单"), min_value=1, max_value=60)
    order_reds = forms.IntegerField(label=_("一件事上几张红牌发督办单"), min_value=1, max_value=20)
    talk_after = forms.IntegerField(label=_("超期几个工作日以上约谈"), min_value=2, max_value=90)
    talk_reds = forms.IntegerField(label=_("一个季度几件事有红牌就约谈"), min_value=1, max_value=200)
    talk_share = forms.IntegerField(
        label=_("还要占承办件的百分之几"),
        help_text=_("两样都到了才约谈，免得承办件多的单位吃亏。"),
        min_value=0,
        max_value=100,
    )

    share = forms.IntegerField(
        label=_("没有人决定的办结，抽查百分之几"),
        help_text=_("已答清、已转达、联系不上、已答复未评价、已撤回的，由没有经手过的人再问一次。"),
        min_value=5,
        max_value=100,
    )
    one_in = forms.IntegerField(
        label=_("每个单位多少件里至少抽一件"),
        help_text=_("办结少的单位也抽得到。抽到哪一件，事先谁都不知道。"),
        min_value=1,
        max_value=20,
    )

    def __init__(self, *args: Any, rules: Data, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calls"].initial = rules["attempts"]["calls"]
        self.fields["days"].initial = rules["attempts"]["days"]
        for name, part in _TELLING.items():
            self.fields[name].initial = rules["telling"][part]
        for name in _SENT:
            self.fields[name].initial = rules["telling"][name]
        for name in _COUNTS:
            self.fields[name].initial = rules["cards"][name]
        for name in _LATE:
            self.fields[name].initial = int(rules["cards"][name].removesuffix("wd"))
        for name in _SAMPLING:
            self.fields[name].initial = rules["sampling"][name]
        for kind in rules["kinds"]:
            if kind["in_loop"]:
                label = _now("%(kind)s：受理和交办一共几个工作日") % {"kind": kind["name"]["zh-Hans"]}
                field = forms.IntegerField(label=label, min_value=0, max_value=15)
                field.initial = rules["limits"]["intake"].get(kind["code"])
                self.fields[f"intake:{kind['code']}"] = field

    def write(self, rules: Data) -> None:
        data = self.cleaned_data
        rules["attempts"] |= {"calls": data["calls"], "days": data["days"]}
        rules["telling"] |= {part: f"{data[name]:%H:%M}" for name, part in _TELLING.items()}
        rules["telling"] |= {name: data[name] for name in _SENT}
        rules["cards"] |= {name: data[name] for name in _COUNTS} | {name: f"{data[name]}wd" for name in _LATE}
        rules["sampling"] |= {name: data[name] for name in _SAMPLING}
        intake = rules["limits"]["intake"]
        intake |= {code: data[f"intake:{code}"] for code in intake if f"intake:{code}" in data}


class PublishForm(Form):
    note = line(_("这次改了什么，为什么"), limit=200)
