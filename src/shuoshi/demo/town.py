"""Builds the invented town through the verbs of organization and people, and finds its parts by their short keys."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from typing import Any
from uuid import UUID

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction

from shuoshi.demo.stories import CONTENT
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.organization import actions as organization
from shuoshi.organization import actors
from shuoshi.organization.actions import InstitutionGiven, OpeningGiven, PointGiven, UnitGiven
from shuoshi.organization.models import Area, Point, PointTier, Unit, UnitKind
from shuoshi.organization.profile.load import load
from shuoshi.organization.profile.sampling import Sampling
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account

HANDLES = ("handler", "grid_worker")
_LEVELS = {"COUNTY": "county", "TOWN": "town", "VILLAGE": "village", "COMMUNITY": "village"}


ALL = Sampling(share=100, one_in=1)  # every end that nobody decided is looked at: a day gives the same demo again


@dataclass
class Town:
    """The town by key: `units["water"]`, `persons["liguoqiang"]`, `areas[("柳湾村", "三组")]`."""

    units: dict[str, Unit] = field(default_factory=dict)
    persons: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    areas: dict[tuple[str, ...], Area] = field(default_factory=dict)
    points: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))  # by village or community
    holders: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))  # (unit, role)
    successors: dict[str, str] = field(default_factory=dict)  # who left a post, and who came
    password: str = ""  # the same for all; kept for who comes later
    digest: str = ""  # of the password: once, for it takes a quarter of a second
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """This person, with the posts held; who comes or leaves meanwhile is nobody who acted before, or acts after."""
        if key not in self._actors:
            self._actors[key] = actors.of(self.accounts[key])
        return self._actors[key]

    def unit_key(self, pk: UUID | None) -> str:
        return next(key for key, unit in self.units.items() if unit.pk == pk)

    def handlers(self, unit: str) -> list[str]:
        """Who handles for a unit, the designated person first; where nobody else does, its head."""
        found = list(dict.fromkeys(key for role in HANDLES for key in self.holders[unit, role]))
        return found or self.holders[unit, "department_head"]

    def head(self, unit: str) -> str:
        return self.holders[unit, "department_head"][0]

    def name_of(self, key: str) -> str:
        return str(
            next(person["name"] for person in [*content()["people"], *content()["came"]] if person["key"] == key)
        )


@cache
def content() -> dict[str, Any]:
    """`content/town.yaml` as it stands."""
    found: dict[str, Any] = yaml.safe_load((CONTENT / "town.yaml").read_text("utf-8"))
    return found


def build_town(password: str) -> Town:
    """Found the institution, demo for ever, at the time the clock shows. Needs an empty database."""
    town = Town()
    organization.publish_profile(load().model_copy(update={"sampling": ALL}), actor=SYSTEM)
    for given in content()["units"]:
        above = town.units[given["in"]].pk if "in" in given else None
        said = UnitGiven(
            name=given["name"],
            short_name=given["short"],
            code=given["code"],
            level=_LEVELS.get(given["kind"], ""),
            phone=given.get("phone", ""),
            address=given.get("address", ""),
            **_hours(given),
        )
        town.units[given["key"]] = organization.create_unit(said, UnitKind(given["kind"]), above, actor=SYSTEM)
    organization.set_up_institution(
        InstitutionGiven(**content()["institution"]), root_id=town.units["town"].pk, demo=True, actor=SYSTEM
    )
    organization.open_institution(actor=SYSTEM)
    town.password, town.digest = password, make_password(password)
    for given in content()["people"]:
        take_in(town, given)
    _places(town)
    _duties(town)
    return town


def _hours(given: dict[str, Any]) -> dict[str, time]:
    """Only the topmost unit says its hours; the others have those of the unit above."""
    if "in" in given:
        return {}
    return {
        "morning_from": time(8, 30),
        "morning_to": time(12),
        "afternoon_from": time(14),
        "afternoon_to": time(17, 30),
    }


def take_in(town: Town, given: dict[str, Any], by: Actor = SYSTEM) -> None:
    """A person with posts and an account, appointed by `by`."""
    key = given["key"]
    with transaction.atomic():
        story = Story(Stream("person", key), "create_person", by=SYSTEM, at=clock.now())
        number = f"1380000{9000 + len(town.persons):04d}"
        kept = people.keep(story, PersonGiven(name=given["name"], phone=number))
        story.tell()
    town.persons[key] = kept.person.pk
    for post in given["posts"]:
        unit, role, title = post.split()
        organization.appoint(kept.person.pk, town.units[unit].pk, Role(role), title=title, actor=by)
        town.holders[unit, role].append(key)
    town.accounts[key], _first = people.create_account(
        kept.person.pk, key, actor=SYSTEM, password=town.password, digest=town.digest
    )
    if "designated" in given:
        organization.designate_person(town.units[given["designated"]].pk, kept.person.pk, actor=SYSTEM)


def _places(town: Town) -> None:
    root = organization.create_area("青禾镇", None, unit_id=town.units["town"].pk, actor=SYSTEM)
    town.areas[()] = root
    for name, given in content()["areas"].items():
        unit = town.units[given["unit"]].pk
        town.areas[name,] = organization.create_area(name, root.pk, unit_id=unit, actor=SYSTEM)
        for group in given["groups"]:
            area = organization.create_area(group, town.areas[name,].pk, unit_id=unit, actor=SYSTEM)
            town.areas[name, group] = area
    for given in content()["points"]:
        path = tuple(given["area"].split("/"))
        said = PointGiven(
            name=given["name"],
            unit_id=town.units[given["unit"]].pk,
            area_id=town.areas[path].pk,
            address=given["address"],
            tier=PointTier(given["tier"]),
            phone=given["phone"],
            opening_times=tuple(opening for line in given["hours"] for opening in _openings(line)),
        )
        town.points[path[0]].append(organization.create_point(said, actor=SYSTEM))


def _openings(line: str) -> list[OpeningGiven]:
    """ "1-5 08:30-17:00": the same hours on each of these days of the week."""
    days, hours = line.split()
    first, _dash, last = days.partition("-")
    opens, closes = (time.fromisoformat(part) for part in hours.split("-"))
    return [OpeningGiven(opens, closes, weekday=day) for day in range(int(first), int(last or first) + 1)]


def _duties(town: Town) -> None:
    for given in content()["duty"]:
        if "by_area" not in given:
            organization.add_duty_line(given["category"], town.units[given["unit"]].pk, actor=SYSTEM)
            continue
        for name, area in content()["areas"].items():
            organization.add_duty_line(
                given["category"], town.units[area["unit"]].pk, area_id=town.areas[name,].pk, actor=SYSTEM
            )
