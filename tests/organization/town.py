"""A small institution made through the real verbs: county, town with registry and two departments, a village."""

from __future__ import annotations

from dataclasses import dataclass

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Story, Stream
from shuoshi.organization import actions
from shuoshi.organization.actions import InstitutionGiven, UnitGiven
from shuoshi.organization.models import Area, Institution, ProfileVersion, Unit, UnitKind
from shuoshi.organization.profile.load import load
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Person


@dataclass(frozen=True)
class Town:
    county: Unit
    town: Unit
    registry: Unit
    water: Unit
    roads: Unit
    village: Unit
    area: Area
    village_area: Area
    institution: Institution
    profile: ProfileVersion


def unit(name: str, kind: UnitKind, parent: Unit | None, code: str) -> Unit:
    given = UnitGiven(name=name, short_name=name, code=code)
    return actions.create_unit(given, kind, parent.pk if parent else None, actor=SYSTEM)


def person(name: str, phone: str = "") -> Person:
    row = Person(name=name, created_at=clock.now())
    story = Story(Stream.of("person", row), "keep", by=SYSTEM, at=row.created_at)
    story.add(row)
    if phone:
        people.keep(story, PersonGiven(phone=phone, person_id=row.pk))
    story.tell()
    return row


def build() -> Town:
    county = unit("青河县", UnitKind.COUNTY, None, "QHX")
    seat = unit("清河镇", UnitKind.TOWN, county, "QH")
    village = unit("柳湾村", UnitKind.VILLAGE, seat, "QH-LW")
    area = actions.create_area("清河镇", None, actor=SYSTEM, unit_id=seat.pk)
    return Town(
        county=county,
        town=seat,
        registry=unit("受理中心", UnitKind.REGISTRY, seat, "QH-SL"),
        water=unit("水利站", UnitKind.DEPARTMENT, seat, "QH-SLZ"),
        roads=unit("村镇建设办", UnitKind.DEPARTMENT, seat, "QH-JS"),
        village=village,
        area=area,
        village_area=actions.create_area("柳湾村", area.pk, actor=SYSTEM, unit_id=village.pk),
        institution=actions.set_up_institution(
            InstitutionGiven(
                name="清河镇群众说事中心",
                short_name="清河镇",
                code="QH",
                hotline="000-12345678",
                address="清河镇中心路 1 号",
            ),
            root_id=seat.pk,
            demo=True,
            actor=SYSTEM,
        ),
        profile=actions.publish_profile(load(), note="默认规则", actor=SYSTEM),
    )
