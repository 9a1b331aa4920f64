"""Rules with a checklist that a test says."""

from __future__ import annotations

from shuoshi.organization.profile import Profile
from shuoshi.organization.profile.asked import CheckItem, Words
from tests.support.village import default_profile


def item(code: str, name: str, *, needed: bool = False) -> CheckItem:
    return CheckItem(
        code=code, name=Words.model_validate({"zh-Hans": name, "zh-Hant": name, "en": name}), needed=needed
    )


def rules(*items: CheckItem, category: str = "B604") -> Profile:
    """The default rules with this checklist of one category."""
    kinds = []
    for kind in default_profile().kinds:
        groups = []
        for group in kind.categories:
            children = tuple(
                one.model_copy(update={"checklist": items}) if one.code == category else one for one in group.children
            )
            groups.append(group.model_copy(update={"children": children}))
        kinds.append(kind.model_copy(update={"categories": tuple(groups)}))
    return default_profile().model_copy(update={"kinds": tuple(kinds)})
