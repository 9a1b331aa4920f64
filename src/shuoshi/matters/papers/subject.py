"""A matter with what all its papers need of it, and the numbers papers bear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from shuoshi.matters import typed, veil
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.papers import wording
from shuoshi.matters.papers.kinds import SUFFIX, PaperKind, Ref
from shuoshi.matters.queries.matter import mine
from shuoshi.matters.vocabulary import Naming
from shuoshi.organization.models import Institution, Unit, UnitKind
from shuoshi.organization.profile import Profile

Content = dict[str, Any]  # texts, and lists of rows of texts


@dataclass(frozen=True)
class Subject:
    """A matter with what all its papers need of it."""

    matter: Matter
    institution: Institution
    profile: Profile
    parties: Sequence[Party]

    @cached_property
    def demands(self) -> list[list[str]]:
        rows = mine(self.matter, self.matter.demands.filter(dropped=False).order_by("ordinal"))
        return [[str(row.ordinal), self.said(row.heading)] for row in rows]

    def said(self, text: str) -> str:
        """The speaker's own words; of one who asked for confidence without name and numbers, for papers go to units."""
        if self.matter.naming != Naming.CONFIDENTIAL:
            return text
        return veil.veiled(text, veil.names_of(self.parties))

    def own_words(self, until: datetime | None = None) -> str:
        """What was written, and what was typed of recordings beside it until then."""
        return "\n".join([str(self.matter.content), *typed.texts(self.matter, until)])

    @property
    def registry(self) -> str:
        """In whose name the registry writes."""
        return wording.registry(self.institution, self.matter.registry)

    def registry_at(self, path: str) -> str:
        """The registry of a tier by its name, or the tier itself where it has none; "" is the home registry."""
        if not path or path == self.matter.home_path:
            return self.registry
        tier, registry = Q(path=path), Q(parent__path=path, kind=UnitKind.REGISTRY, active=True)
        found = list(Unit.objects.filter(tier | registry).select_related("parent").order_by("path"))
        if not found:
            return self.registry
        return wording.registry(self.institution, found[1]) if len(found) > 1 else found[0].name

    @property
    def common(self) -> Content:
        matter = self.matter
        return {
            "机构": wording.heading(matter, self.registry),
            "热线": self.institution.hotline,
            "标题": matter.title,
            "说事人": wording.names(self.parties),
            "联系电话": wording.phones(self.parties),
            "类别": self.profile.path(matter.category, matter.kind),
            "要求": self.demands,
        }


def number_of(matter: Matter, profile: Profile, ref: Ref, edition: int = 1) -> str:
    """SS-QH-20261117-0012-JB01: the matter's number and the suffix of the profile; -R2 where it was issued anew."""
    end = ends(profile)[ref.kind]
    tail = f"-{end}{ref.ordinal:02d}" if end else ""
    return f"{matter.number}{tail}{f'-R{edition}' if edition > 1 else ''}"


def ends(profile: Profile) -> dict[PaperKind, str]:
    """The end of the number of each kind of paper, of no two the same, whatever the profile leaves out or gives twice.

    The profile's where it has one; else letters of the kind. The registration bears the number of the matter itself.
    """
    given = {kind: profile.numbering.suffixes.get(name, "").lstrip("-") for kind, name in SUFFIX.items()}
    found: dict[PaperKind, str] = {PaperKind.REGISTRATION: ""}
    taken = {end for end in given.values() if end}
    for kind in PaperKind:
        own = given.get(kind, "")
        if kind in found:
            continue
        if own and own not in found.values():
            found[kind] = own
            continue
        letters = kind.value.upper().replace("_", "")
        tried = (*(letters[:length] for length in range(2, len(letters) + 1)), *(f"{letters}X{n}" for n in range(99)))
        found[kind] = next(one for one in tried if one not in taken and one not in found.values())
    return found
