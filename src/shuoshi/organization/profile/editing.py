"""A profile being changed: plain data that forms write into, what differs from the version in force, and the check.

Pure functions; where the data waits meanwhile is the page's affair, and publishing is actions.publish_profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shuoshi.organization.profile import check
from shuoshi.organization.profile.faults import said
from shuoshi.organization.profile.schema import Profile

Data = dict[str, Any]
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class NotAProfile(Exception):
    """What was typed does not make a profile yet: every problem, in words with the place."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Difference:
    """One piece that differs: the way to it in words, and what it was and is ("" where it was not or is no more)."""

    where: str
    before: str
    after: str


def opened(profile: Profile) -> Data:
    """The data of a profile, to be changed."""
    data: Data = profile.model_dump(mode="json", by_alias=True)
    return data


def checked(data: Data) -> Profile:
    """The profile these data make. Raises NotAProfile."""
    try:
        profile = Profile.model_validate(data)
    except ValidationError as problem:
        raise NotAProfile([_at(data, error["loc"], said(error)) for error in problem.errors()]) from None
    found = [_at(data, place, text) for place, text in check.faults(profile)]
    if found:
        raise NotAProfile(found)
    return profile


def differences(before: Data, after: Data) -> list[Difference]:
    """Everything that differs, in the order of the rules; lists are compared by the codes of their items."""
    return list(_differing((), before, after))


def find(data: Data, code: str) -> Data:
    """A group or category by its code. Raises KeyError."""
    for kind in data["kinds"]:
        for group in kind["categories"]:
            for one in (group, *group["children"]):
                if one["code"] == code:
                    found: Data = one
                    return found
    raise KeyError(code)


def add_category(data: Data, beneath: str, name: Mapping[str, str]) -> str:
    """A new group beneath a kind's code, or a category beneath a group's; returns its code, which is never used twice."""
    kind = next((kind for kind in data["kinds"] if kind["code"] == beneath), None)
    siblings = kind["categories"] if kind is not None else find(data, beneath)["children"]
    taken = {one["code"] for one in siblings}
    if kind is not None:
        free = (f"{kind['letter']}{letter}" for letter in _LETTERS)
    else:
        free = (f"{beneath}{number:02d}" for number in range(1, 100))
    code = next(code for code in free if code not in taken)
    empty: Data = {"spoken": [], "questions": [], "checklist": [], "children": [], **dict.fromkeys(FLAGS, False)}
    siblings.append({"code": code, "name": dict(name), **empty})
    return code


def remove_category(data: Data, code: str) -> None:
    """Take a group or category out of the rules; matters that carry it keep the version they were registered under."""
    for kind in data["kinds"]:
        for place in (kind["categories"], *(group["children"] for group in kind["categories"])):
            place[:] = [one for one in place if one["code"] != code]


def set_question(data: Data, category: str, question: Data, *, replaces: str = "") -> None:
    """Add a question at the end, or put it in the place of another."""
    questions = find(data, category)["questions"]
    for index, one in enumerate(questions):
        if one["code"] == replaces:
            questions[index] = question
            return
    questions.append(question)


def remove_question(data: Data, category: str, code: str) -> None:
    """Also what was asked only after it."""
    found = find(data, category)
    gone = {code}
    kept = []
    for question in found["questions"]:
        condition = question.get("visible_when")
        if question["code"] in gone or (condition and condition["question"] in gone):
            gone.add(question["code"])
        else:
            kept.append(question)
    found["questions"] = kept


def words(given: Mapping[str, str]) -> dict[str, str]:
    """Three languages from what was typed; what is left empty repeats the first."""
    first = given["zh-Hans"].strip()
    return {language: given.get(language, "").strip() or first for language in LANGUAGES}


FLAGS: Mapping[str, str | Promise] = {
    "sensitive": gettext_lazy("敏感：不进查找，只有经手的人能看"),
    "proof": gettext_lazy("答复时要附照片或材料"),
    "mandatory_report": gettext_lazy("依法必须报告（如家庭暴力）"),
    "outside_department": gettext_lazy("涉及组织自己，由有关部门以外的人办"),
    "offer_sealed": gettext_lazy("同时告诉说事人举报的途径"),
}

_LABELS: Mapping[str, str | Promise] = {
    "kinds": gettext_lazy("种类和类别"),
    "categories": "",
    "children": "",
    "questions": gettext_lazy("小问题"),
    "checklist": gettext_lazy("核对清单"),
    "needed": gettext_lazy("写答复前一定要核对"),
    "options": gettext_lazy("选项"),
    "name": gettext_lazy("名称"),
    "text": gettext_lazy("问法"),
    "type": gettext_lazy("怎么答"),
    "required": gettext_lazy("一定要答"),
    "visible_when": gettext_lazy("什么时候问"),
    "spoken": gettext_lazy("群众怎么说"),
    "sensitive": gettext_lazy("敏感"),
    "proof": gettext_lazy("要附材料"),
    "mandatory_report": gettext_lazy("必须报告"),
    "outside_department": gettext_lazy("由部门以外的人办"),
    "offer_sealed": gettext_lazy("告诉举报途径"),
    "limits": gettext_lazy("时限"),
    "steps": "",
    "all": gettext_lazy("各种类"),
    "by_complexity": "",
    "cap": gettext_lazy("法定最长"),
    "basis": gettext_lazy("依据"),
    "intake": gettext_lazy("受理交办的天数"),
    "rework": gettext_lazy("重新办理"),
    "at_least": gettext_lazy("最短"),
    "at_most": gettext_lazy("最长"),
    "fixed": "",
    "urgencies": gettext_lazy("紧急程度"),
    "when": gettext_lazy("什么情况"),
    "first_contact": gettext_lazy("首次联系"),
    "action": gettext_lazy("处置"),
    "report": gettext_lazy("报告"),
    "unverified_contact": gettext_lazy("待核实的危险，多久联系"),
    "outcomes": gettext_lazy("办理结果"),
    "follows": gettext_lazy("接下来怎样"),
    "exits": gettext_lazy("办结方式"),
    "follow_up": gettext_lazy("回访问题"),
    "satisfaction": gettext_lazy("满意度"),
    "levels": "",
    "states": "",
    "return_reasons": gettext_lazy("退单理由"),
    "screening_reasons": gettext_lazy("不予受理的理由"),
    "route": gettext_lazy("应走的途径"),
    "pause_causes": gettext_lazy("暂停的原因"),
    "requests": gettext_lazy("申请"),
    "ruled_by": gettext_lazy("由谁裁定"),
    "reasons": gettext_lazy("理由"),
    "attempts": gettext_lazy("回访几次算联系不上"),
    "telling": gettext_lazy("什么时候通知"),
    "cards": gettext_lazy("黄牌、红牌"),
    "order_after": gettext_lazy("超期多久发督办单"),
    "order_reds": gettext_lazy("一件事几张红牌发督办单"),
    "talk_after": gettext_lazy("超期多久约谈"),
    "talk_reds": gettext_lazy("一季度几件事有红牌就约谈"),
    "talk_share": gettext_lazy("占承办件的百分比"),
    "sampling": gettext_lazy("抽查"),
    "share": gettext_lazy("抽查百分之几"),
    "one_in": gettext_lazy("每个单位多少件里至少抽一件"),
    "of": gettext_lazy("抽查哪些办结方式"),
    "retention": gettext_lazy("保管期限（年）"),
    "no_kind": gettext_lazy("没有种类的"),
    "instruction": gettext_lazy("领导批示过的"),
    "group": gettext_lazy("集体反映的"),
    "agreement": gettext_lazy("达成调解协议的"),
    "talk": gettext_lazy("问责约谈过的"),
    "from": gettext_lazy("最早"),
    "to": gettext_lazy("最晚"),
    "digest": gettext_lazy("每天的清单"),
    "sms_hour": gettext_lazy("一小时最多多少条短信"),
    "sms_day": gettext_lazy("一天最多多少条短信"),
    "calls": gettext_lazy("次数"),
    "days": gettext_lazy("天数"),
}
_AT_THE_TOP: Mapping[str, str | Promise] = {"levels": gettext_lazy("单位层级")}  # elsewhere those of satisfaction
_NAMED_BY = ("code", "value")


def _differing(way: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and not _is_words(before):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _differing((*way, _label(key, top=not way)), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and _by_code(before + after):
        old, new = _by_code(before) or {}, _by_code(after) or {}
        for code in [*old, *(code for code in new if code not in old)]:
            name = _name(new.get(code) or old[code])
            yield from _differing((*way, name), old.get(code), new.get(code))
        if list(old) != list(new) and set(old) == set(new):
            yield Difference(_joined(way), _("、").join(map(_name, before)), _("、").join(map(_name, after)))
    else:
        yield Difference(_joined(way), _written(before), _written(after))


def _by_code(items: Sequence[Any]) -> dict[str, Data] | None:
    """The items by what names each of them; None where they have no such thing."""
    found = {}
    for item in items:
        key = next((str(item[name]) for name in _NAMED_BY if isinstance(item, dict) and name in item), None)
        if key is None:
            return None
        found[key] = item
    return found


def _is_words(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == set(LANGUAGES)


def _name(item: Data) -> str:
    said_ = item.get("name") or item.get("text") or item.get("code")
    return _written(said_)


def _label(key: str, *, top: bool = False) -> str:
    return str(_AT_THE_TOP[key] if top and key in _AT_THE_TOP else _LABELS.get(key, key))


def _joined(way: Sequence[str]) -> str:
    return " › ".join(part for part in way if part)


def _written(value: Any) -> str:
    """A piece of a profile as people read it."""
    if value is None or value == [] or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if _is_words(value):
        language = (get_language() or "zh-hans").lower()
        return str(value["en" if language.startswith("en") else "zh-Hant" if "hant" in language else "zh-Hans"])
    if isinstance(value, dict):
        return (
            _name(value)
            if "name" in value or "text" in value
            else _("、").join(_written(one) for one in value.values())
        )
    if isinstance(value, list):
        return _("、").join(_written(one) for one in value)
    return str(value)


def _at(data: Data, place: Sequence[str | int], text: str) -> str:
    """A problem with the way to it in words."""
    way: list[str] = []
    here: Any = data
    for part in place:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        way.append(
            _name(here)
            if isinstance(part, int) and isinstance(here, dict)
            else ""
            if isinstance(part, int)
            else _label(part, top=not way)
        )
    return _("%(where)s：%(text)s") % {"where": _joined(way), "text": text}
