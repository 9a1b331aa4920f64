"""不计入的件 (domain.md §9, 11): what a figure leaves out stands in the list, with the figure and the reason, in words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.test import Client

from shuoshi.desk.views.left_out import WORDS
from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.left_out import Reason, how_many, left_out, matters
from shuoshi.matters.queries.overview import overview, satisfied
from shuoshi.matters.vocabulary import Action, Exit, Kind, Naming, Satisfaction, Solved, Status
from shuoshi.portal import institution
from tests.matters import divided
from tests.matters.test_drills import practised
from tests.support.attempts import sample
from tests.support.statements import Statements
from tests.support.village import Place, default_profile

Desk = Callable[[str], Client]
PAGE = "/desk/left-out/"


def rate(town: Place, matter: Matter, level: Satisfaction = Satisfaction.GOOD) -> Matter:
    answers = terms.Answers(contacted=True, solved=Solved.YES, result=level, attitude=level)
    return town.run(town.speaker(matter), terms.Rate(answers=answers), matter)


def passed_on(town: Place, naming: Naming = Naming.NAMED) -> Matter:
    matter = town.raise_matter(by="王芳", naming=naming)
    given = terms.AnswerOnTheSpot(kind=Kind.PRAISE, title="表扬修路灯的师傅", answer="已经转告")
    return town.run("王芳", given, matter)


def of_every_reason(town: Place) -> dict[Reason, Matter]:
    """One matter for each reason; some are left out elsewhere as well."""
    whole = divided.divide(town)
    returned = town.assign(town.classify(town.accept(town.raise_matter())))
    asked = terms.RequestReturn(
        reason=default_profile().return_reasons[0].code, text="不归我们", proper_unit=town.units["水利站"].pk
    )
    returned = town.run("周建国", asked, returned)
    returned = town.run("刘敏", terms.RuleReturn(granted=True, text="是不归"), returned)
    said = {"on_behalf_of": PersonSaid(name="李奶奶", phone="13800000099")}
    for_another = rate(town, town.matter_in(Status.IN_FOLLOW_UP, by="王芳", **said))
    closed = town.matter_in(Status.CLOSED)
    return {
        Reason.DRILL: practised(town),
        Reason.PART: divided.part(whole, 1),
        Reason.NO_UNIT: whole,
        Reason.WITHOUT_LIMIT: passed_on(town),
        Reason.LIMIT_VOID: returned,
        Reason.UNRATED: passed_on(town),
        Reason.RATED_FOR_ANOTHER: for_another,
        Reason.UNSORTED: town.raise_matter(),
        Reason.SCREENED_OUT: town.matter_in(Status.SCREENED_OUT),
        Reason.BACK: town.run(town.speaker(closed), terms.Reopen(text="又坏了"), closed),
        Reason.NOBODY_TO_ASK: passed_on(town, Naming.ANONYMOUS),
        Reason.NOT_LISTED: town.accept(town.raise_matter(), Kind.DISPUTE),
        Reason.OTHER_KIND: passed_on(town),
    }


def test_what_each_figure_leaves_out_is_listed_with_its_reason(town: Place, at_desk: Desk) -> None:
    expected = of_every_reason(town)
    assert set(expected) == set(Reason) == set(WORDS)
    counted = town.matter_in(Status.CLOSED)
    with clock.simulated(clock.now() + timedelta(days=60)):
        now, actor = clock.now(), town.actor("马镇长")
        found = {row.matter.pk: set(row.reasons) for row in left_out(actor, now).rows}
        for reason, matter in expected.items():
            assert reason in found[matter.pk], reason
        assert found[expected[Reason.DRILL].pk] == {Reason.DRILL}
        assert Reason.PART in found[expected[Reason.PART].pk]
        assert counted.pk not in found, "it is in every figure"
        counts = how_many(actor, now)
        client = at_desk("马镇长")
        for reason in Reason:
            assert counts[reason] == matters(actor, now, reason).count() > 0, reason
            page = client.get(f"{PAGE}?why={reason}")
            assert len(page.context["lines"]) == counts[reason]
            assert str(WORDS[reason].why) in page.content.decode()


def test_who_spoke_for_another_is_counted_apart(town: Place) -> None:
    said = {"on_behalf_of": PersonSaid(name="李奶奶", phone="13800000099")}
    apart = rate(town, town.matter_in(Status.IN_FOLLOW_UP, by="王芳", **said))
    own = town.matter_in(Status.CLOSED)
    actor, now = town.actor("马镇长"), clock.now()
    seen = overview(actor, now).satisfied
    assert (seen.n, seen.of) == (1, 1)
    assert list(satisfied(actor, now)) == [own]
    assert list(matters(actor, now, Reason.RATED_FOR_ANOTHER)) == [apart]


def test_what_one_must_not_know_of_is_not_in_the_list_either(town: Place, at_desk: Desk) -> None:
    kept = town.raise_matter(concerns_people=(town.persons["马镇长"],))
    body = at_desk("马镇长").get(PAGE).content.decode()
    assert kept.number not in body and "近 12 个月登记的事，每个数字里都计了" in body
    assert not any(how_many(town.actor("马镇长"), clock.now()).values())


def test_a_year_later_it_is_gone(town: Place) -> None:
    town.raise_matter()
    actor = town.actor("马镇长")
    assert len(left_out(actor, clock.now()).rows) == 1
    assert not left_out(actor, clock.now() + timedelta(days=366)).rows


def test_it_is_for_those_who_see_the_overview_and_linked_from_it(town: Place, at_desk: Desk) -> None:
    assert at_desk("孙丽").get(PAGE).status_code == 403
    assert f'href="{PAGE}"' in at_desk("马镇长").get("/desk/overview/").content.decode()
    assert at_desk("马镇长").get(f"{PAGE}?why=nothing").status_code == 200


def test_the_page_costs_the_same_with_one_and_with_many(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    def cost() -> Statements:
        client = at_desk("马镇长")
        client.get(PAGE)
        institution.forget()  # else a slow machine reads it anew in one of the two
        with statements() as seen:
            assert client.get(PAGE).status_code == 200
        return seen

    with clock.simulated(clock.now()):
        town.raise_matter()
        one = cost()
        for _each in range(4):
            town.raise_matter()
        practised(town)
        town.run("王芳", sample(town, Action.ANSWER_ON_THE_SPOT, matter := town.raise_matter()), matter)
        many = cost()
    assert many.count == one.count, f"{one}\n---\n{many}"


def test_an_end_without_an_answer_is_neither_good_nor_bad(town: Place) -> None:
    matter = passed_on(town)
    assert matter.exit == Exit.PASSED_ON
    (row,) = left_out(town.actor("马镇长"), clock.now()).rows
    assert Reason.UNRATED in row.reasons and overview(town.actor("马镇长"), clock.now()).satisfied.of == 0
