"""procedure.md, Honesty: where one person did several duties, or somebody stood in, the resident reads it."""

from __future__ import annotations

import pytest
from django.utils import translation

from shuoshi.kernel import clock
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Complexity, FollowUpBy, Kind, Status
from shuoshi.organization.roles import Role
from tests.matters.offices import company_of_four
from tests.support.village import Place, picture


def told(place: Place, matter: Matter) -> list[str]:
    with translation.override("zh-hans"):
        return list(promises.told(queries.tracking(place.speaker(matter), clock.now())).honest)


def test_where_everybody_does_one_thing_nothing_is_said(town: Place):
    assert told(town, town.matter_in(Status.CLOSED)) == []


def test_who_registered_and_handled_it_is_named_with_who_asks(town: Place):
    town.person("王强", ("受理中心", Role.REGISTRAR), ("城建办", Role.HANDLER))
    matter = town.assign(town.classify(town.accept(town.raise_matter(by="王强"))))
    matter = town.sign_for(matter, "王强")
    assert told(town, matter) == ["本件由王强登记并办理。"]
    matter = town.sign(town.prepare(matter, by="王强"))
    assert matter.follow_up_by == FollowUpBy.REGISTRY
    assert told(town, matter) == ["本件由王强登记并办理，回访由受理中心没有经手的人做。"]


def test_who_handles_and_signs_is_named(town: Place):
    matter = town.classify(town.accept(town.raise_matter()), complexity=Complexity.SIMPLE)
    matter = town.sign_for(town.assign(matter), "周建国")
    points = tuple(
        terms.PointAnswer(demand=demand.pk, outcome="SOLVED", text="换好了") for demand in town.demands(matter)
    )
    given = terms.PrepareResult(points=points, reply="修好了", report="换了灯", form="short", proofs=(picture(),))
    matter = town.sign(town.run("周建国", given, matter), by="周建国")
    assert told(town, matter) == ["本件由周建国办理并签发答复，回访由受理中心没有经手的人做。"]


def test_an_answer_on_the_spot_of_whoever_registered_it(town: Place):
    matter = town.raise_matter(by="王芳", demands=())
    given = terms.AnswerOnTheSpot(kind=Kind.INTEREST_CLAIM, title="路灯", answer="今天已经换好")
    matter = town.run("王芳", given, matter)
    assert told(town, matter)[0].startswith("本件由王芳登记并答复")


def test_a_registry_above_and_a_leader_who_stand_in_are_named(town: Place):
    matter = town.raise_matter(concerns_units=(town.units["受理中心"].pk,))
    assert "受理中心的人都要回避，由上一级受理中心受理和答复。" in told(town, matter)


@pytest.mark.django_db
def test_in_a_company_of_four_the_page_says_who_did_what_and_that_nobody_is_left_to_ask():
    place = company_of_four()
    kept = place.raise_matter(concerns_people=(place.persons["白文"],))
    assert told(place, kept) == ["受理中心的人都要回避，由领导代办。"]
    matter = place.raise_matter(by="白文")
    for given in (
        terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯不亮"),
        terms.Classify(kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.STANDARD),
        terms.Assign(unit=place.units["青禾纸业"].pk, reason="归这里管"),
        terms.SignFor(handler=place.persons["白文"]),
    ):
        matter = place.run("白文", given, matter)
    matter = place.sign(place.prepare(matter, by="白文"), by="孟总")
    assert matter.follow_up_by == FollowUpBy.SPEAKER
    assert told(place, matter) == ["本件由白文登记、交办并办理。", "能回访的人都经手过，所以只由您自己评价。"]
