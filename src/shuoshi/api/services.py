"""What a program may choose from: the categories of the profile that are worked on, each with its questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.organization.profile import Category, Profile, Question

GENERAL = "general"  # the service of what fits none, or whoever sends it cannot tell


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

    def missing(self, given: Mapping[str, str]) -> list[str]:
        """Codes of the questions that must be answered and are not."""
        return [one.code for one in self.questions if one.required and one.asked(given) and one.code not in given]

    def when(self, question: Question) -> str:
        """In words, when it is asked at all; "" always."""
        if (condition := question.visible_when) is None:
            return ""
        earlier = next(one for one in self.questions if one.code == condition.question)
        meant = _("、").join(_named(earlier, value) for value in condition.any_of)
        return _("“%(question)s”回答%(answer)s时才问。") % {"question": earlier.text, "answer": meant}


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


def choices(question: Question) -> list[tuple[str, str]]:
    """What may be answered, as value and words; [] where it is written."""
    if question.type == "yes_no":
        return [("yes", _("是")), ("no", _("否"))]
    return [(one.code, str(one)) for one in question.options] if question.type == "choice" else []


def _named(question: Question, value: str) -> str:
    return dict(choices(question)).get(value, value)
