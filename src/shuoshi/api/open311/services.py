"""The categories of the profile as services, their questions as attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.api.open311.written import Value
from shuoshi.organization.profile import Category, Profile, Question

GENERAL = "general"  # the service of what fits none, or whoever sends it cannot tell

_DATATYPE = {
    "choice": "singlevaluelist",
    "yes_no": "singlevaluelist",
    "number": "number",
    "date": "datetime",
    "text": "text",
}


@dataclass(frozen=True)
class Service:
    """A category that can be chosen, with the kind and the group it stands in; none of them for the general one."""

    code: str
    name: str
    description: str
    group: str
    category: Category | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.category.questions if self.category else ()

    def listed(self) -> dict[str, Value]:
        """As GET services has it."""
        spoken = self.category.spoken if self.category else ()
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": self.description,
            "metadata": bool(self.questions),
            "type": "realtime",
            "keywords": ", ".join(spoken),
            "group": self.group,
        }

    def defined(self) -> dict[str, Value]:
        """As GET services/<code> has it."""
        return {
            "service_code": self.code,
            "attributes": [_attribute(self, n, one) for n, one in enumerate(self.questions, start=1)],
        }


def services(profile: Profile) -> Iterator[Service]:
    """All that can be chosen: the general one, then every category of the kinds that are worked on."""
    yield Service(GENERAL, _("说不清是哪一类"), _("写下是什么事就行，受理中心来分类。"), "")
    for kind in profile.kinds:
        for group in kind.categories if kind.in_loop else ():
            for category in group.children or (group,):
                above = _("：").join([str(kind), str(group)]) if group.children else str(kind)
                yield Service(category.code, str(category), above, str(group), category)


def service(profile: Profile, code: str) -> Service | None:
    return next((one for one in services(profile) if one.code == code), None)


def _attribute(service: Service, order: int, question: Question) -> dict[str, Value]:
    shown: dict[str, Value] = {
        "variable": True,
        "code": question.code,
        "datatype": _DATATYPE[question.type],
        "required": question.required and question.visible_when is None,
        "datatype_description": _how(service, question),
        "order": order,
        "description": str(question.text),
    }
    if question.type == "yes_no":
        return shown | {"values": [{"key": "yes", "name": _("是")}, {"key": "no", "name": _("否")}]}
    if question.type == "choice":
        return shown | {"values": [{"key": one.code, "name": str(one)} for one in question.options]}
    return shown


def _how(service: Service, question: Question) -> str | None:
    """What a client must know that the datatype does not say: when it is asked at all, and how a date is written."""
    if (condition := question.visible_when) is not None:
        earlier = next(one for one in service.questions if one.code == condition.question)
        meant = _("、").join(_named(earlier, value) for value in condition.any_of)
        return _("“%(question)s”回答%(answer)s时才问。") % {"question": earlier.text, "answer": meant}
    return _("日期，像 2026-11-23。") if question.type == "date" else None


def _named(question: Question, value: str) -> str:
    if question.type == "yes_no":
        return _("是") if value == "yes" else _("否")
    return next((str(one) for one in question.options if one.code == value), value)
