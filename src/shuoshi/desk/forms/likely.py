"""Categories that are offered where one is chosen: never chosen beforehand, put into the choice by one press (4.2.1).

A button `pick` carries the code. A script writes it into the select; without one the form is posted and comes back
with it, to be looked at, and nothing is carried out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shuoshi.desk.forms.base import About
from shuoshi.kernel.web.forms import Form
from shuoshi.kernel.web.kept import AGAIN
from shuoshi.matters import likely as rule
from shuoshi.matters import terms
from shuoshi.matters.likely import Likely
from shuoshi.matters.queries.likely import likely
from shuoshi.organization.profile import Profile

PICK = "pick"
_WORDS = 3  # told as the reason
_SALT = "desk.likely"


@dataclass(frozen=True)
class Offer:
    """A category as it is offered: its way through the profile, and what speaks for it."""

    code: str
    name: str
    why: str


class LikelyForm(Form):
    """A form about a matter that asks for its category."""

    about: About

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(picked(data), *args, **kwargs)
        self.fields["category"].above = "desk/_likely_above.html"  # type: ignore[attr-defined]  # read by BoundField.above

    @cached_property
    def likely(self) -> list[Offer]:
        """What is offered; two statements, and only where the form is drawn."""
        return offers(self._found, self.about.profile)

    @cached_property
    def _found(self) -> list[Likely]:
        return likely(self.about.actor, self.about.matter, self.about.profile)


class ClassifyingForm(LikelyForm):
    """The same for the step that classifies: what was offered comes back with the answer, sealed by this server."""

    offered = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("offered", None)  # looked at again, it is offered anew
        self.fields["offered"].initial = self._sealed

    def was_offered(self, sealed: str) -> terms.Offered | None:
        """What stood above the choice of this matter; None where nothing did, or where it is not our seal."""
        try:
            matter, by, codes = signing.Signer(salt=_SALT).unsign_object(sealed)
        except (signing.BadSignature, ValueError):
            return None
        return terms.Offered(by, tuple(codes)) if matter == str(self.about.matter.pk) else None

    def _sealed(self) -> str:
        codes = [one.category for one in self._found]
        offered = [str(self.about.matter.pk), rule.RULE, codes]
        return str(signing.Signer(salt=_SALT).sign_object(offered)) if codes else ""


def picked(data: QueryDict | None) -> QueryDict | None:
    """The same data with the category whose button was pressed written into it, to be looked at again."""
    if data is None or PICK not in data:
        return data
    changed = data.copy()
    changed["category"] = str(changed.pop(PICK)[-1])
    changed[AGAIN] = "1"
    return changed


def by_words(said: str, profile: Profile) -> list[Offer]:
    """What the words alone speak for, while somebody is being registered; no statement at all."""
    return offers(rule.likely(profile, "", said), profile)


def offers(found: Iterable[Likely], profile: Profile) -> list[Offer]:
    return [Offer(one.category, profile.path(one.category), _why(one)) for one in found]


def _why(one: Likely) -> str:
    """说到“路灯”；近来相似的 3 件都分到这里，由城建办办理."""
    reasons = []
    if one.words:
        words = _("、").join(_("“%(word)s”") % {"word": word} for word in one.words[:_WORDS])
        reasons.append(_("说到%(words)s") % {"words": words})
    if one.alike:
        reasons.append(_decided(one))
    return pgettext("separator", "；").join(reasons)


def _decided(one: Likely) -> str:
    count = {"n": one.alike}
    if one.all_alike:
        where = _("近来相似的 %(n)d 件都分到这里") % count
    else:
        where = ngettext("近来相似的 %(n)d 件分到这里", "近来相似的 %(n)d 件分到这里", one.alike) % count
    return _("%(where)s，由%(unit)s办理") % {"where": where, "unit": one.unit} if one.unit else where
