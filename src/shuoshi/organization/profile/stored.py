"""The versions of the profile as they are kept: which one is in force, and each one read once per process."""

from __future__ import annotations

import copy
import json
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuoshi.kernel.prepared import Prepared
from shuoshi.organization.profile.cards import Cards
from shuoshi.organization.profile.retention import Retention
from shuoshi.organization.profile.sampling import Sampling
from shuoshi.organization.profile.schema import Profile, Telling


class NoProfile(Exception):
    """No version was published yet: the installation was not set up."""

    def __str__(self) -> str:
        return "No profile is in force yet. Run: shuoshi run"


def current_id() -> UUID:
    """Key of the version in force; one statement. Raises NoProfile."""
    found = _CURRENT.one()
    if found is None:
        raise NoProfile
    return found[0]


def _newest() -> QuerySet[Any, tuple[UUID]]:
    from shuoshi.organization.models import ProfileVersion

    return ProfileVersion.objects.order_by("-number").values_list("pk")[:1]


_CURRENT = Prepared(_newest)


def current() -> Profile:
    """The profile in force; one statement, and one more the first time a process meets this version."""
    return version(current_id())


def published_at() -> datetime:
    """When the version in force was published. Raises NoProfile."""
    from shuoshi.organization.models import ProfileVersion

    newest = ProfileVersion.objects.order_by("-number").values_list("created_at", flat=True).first()
    if newest is None:
        raise NoProfile
    return newest


def version(pk: UUID) -> Profile:
    """The profile a matter was registered under. Versions never change, so that one is read once per process."""
    return _read(pk)


@lru_cache(maxsize=32)
def _read(pk: UUID) -> Profile:
    from shuoshi.organization.models import ProfileVersion

    return parse(ProfileVersion.objects.values_list("content", flat=True).get(pk=pk))


def parse(content: str) -> Profile:
    """A stored version as a value."""
    data: dict[str, Any] = json.loads(content)
    bring_up_to_date(data)
    return Profile.model_validate(data)


def bring_up_to_date(data: dict[str, Any]) -> None:
    """Read what an earlier release laid down, or a draft begun then, as this one would have."""
    _forget_struck(data)
    _take_up_new(data)


_STEPS = frozenset({"reopen", "supervision", "review", "mediation", "sample"})  # of later releases


def _take_up_new(data: dict[str, Any]) -> None:
    """Rules for steps that came into the procedure after this version was laid down: as they come with the product."""
    known = {one["code"] for one in data["requests"]}
    data["telling"] = json.loads(Telling().model_dump_json(by_alias=True)) | data.get("telling", {})
    data.setdefault("cards", json.loads(Cards().model_dump_json()))
    _number_new_papers(data["numbering"]["suffixes"])
    data.setdefault("sampling", json.loads(Sampling().model_dump_json()))
    data.setdefault("retention", json.loads(Retention().model_dump_json()))
    _listen(data)
    if set(data["limits"]["steps"]) >= _STEPS and {"EXTENSION", "ESCALATION"} <= known:
        return
    usual = copy.deepcopy(_as_it_comes())  # a draft writes into what it is given
    data["limits"]["steps"] = usual["limits"]["steps"] | data["limits"]["steps"]
    for name in ("exits", "screening_reasons"):
        has = {one["code"] for one in data[name]}
        new = ("REVIEW_FINAL", "FINALLY_REVIEWED", "DRILL", "AGREED_MEDIATION", "MEDIATION_ENDED")
        data[name] += [one for one in usual[name] if one["code"] in new and one["code"] not in has]
    data["requests"] += [one for one in usual["requests"] if one["code"] not in known]
    if "EXTENSION" in known:
        return
    data["limits"]["steps"]["extension"] = usual["limits"]["steps"]["extension"]
    for name in ("park_reasons", "pause_causes"):
        data[name] = usual[name]


def _listen(data: dict[str, Any]) -> None:
    """Categories of a version that knew no words of residents: those that the same category of the product has."""
    every = [one for kind in data["kinds"] for group in kind["categories"] for one in (group, *group["children"])]
    silent = [one for one in every if "spoken" not in one]
    if silent:
        usual = _words_as_they_come(data["code"])
        for one in silent:
            one["spoken"] = list(usual.get((one["code"], one["name"]["zh-Hans"]), ()))


def _number_new_papers(suffixes: dict[str, str]) -> None:
    """Papers that came later: each with an end of the number that no other paper of this version has."""
    for code, letters in _LATER_PAPERS.items():
        if code not in suffixes:
            taken = {one.lstrip("-") for one in suffixes.values()}
            suffixes[code] = next(
                one for one in (letters, *(f"{letters}{n}" for n in range(2, 99))) if one not in taken
            )


_LATER_PAPERS = {
    "return": "TD",
    "extension": "YQ",
    "reminder": "CB",
    "supervision": "DB",
    "rework": "CBL",
    "parked": "GZ",
    "escalation": "TJ",
    "review": "FH",
    "exit": "BJ",
    "order_answer": "SF",
}


@lru_cache(maxsize=1)
def _as_it_comes() -> dict[str, Any]:
    from shuoshi.organization.profile.load import load

    found: dict[str, Any] = json.loads(load().model_dump_json(by_alias=True))
    return found


@lru_cache(maxsize=4)
def _words_as_they_come(code: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """What residents say, by code and name of the category, in the rules for this kind of institution."""
    from shuoshi.organization.profile.load import DEFAULT, variant, variants

    rules = variant(code if code in variants() else DEFAULT.name)
    return {(one.code, one.name.zh_hans): one.spoken for _kind, _group, one in rules.every_category()}


def _forget_struck(data: dict[str, Any]) -> None:
    """Take out what older versions, and drafts begun from them, laid down and nothing followed."""
    data.pop("returns", None)
    for part, names in {"attempts": ("within", "then"), "satisfaction": ("satisfied_from", "reported_apart")}.items():
        for name in names:
            data[part].pop(name, None)
    data["limits"]["steps"].pop("review_request", None)
    for one in data["outcomes"]:
        one.pop("needs", None)
    for one in data["exits"]:
        one.pop("returns_on_rating", None)
