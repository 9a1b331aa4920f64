"""4.2.2 at the desk: a unit for each demand, the parts on every page that is about them, one matter in the figures."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import papers, query_code, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.ledger import ledger
from shuoshi.matters.queries import visible_to
from shuoshi.matters.queries.find import search_matters
from shuoshi.matters.queries.overview import overview
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.organization import actions as organization
from tests.matters.divided import all_but_one, answer, answered, divide, part, take_on, to_divide
from tests.support.looking import fresh, offered
from tests.support.village import Place

Desk = Callable[[str], Client]


def read(client: Client, number: str, page: str = "") -> str:
    answer = client.get(f"/desk/matters/{number}/{page}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_unit_is_chosen_for_each_demand(town: Place, at_desk: Desk) -> None:
    organization.add_duty_line("B604", town.units["城建办"].pk, actor=SYSTEM)
    matter, client = to_divide(town), at_desk("刘敏")
    body = read(client, matter.number, "divide/")
    assert "第 1 条：修好路灯" in body and "职责清单上的单位" in body
    units = [str(town.units[name].pk) for name in ("城建办", "城建办", "城建办")]
    given = {"turn": str(matter.turn), **{f"unit_{n}": pk for n, pk in enumerate(units, start=1)}}
    path = f"/desk/matters/{matter.number}/divide/"
    assert "几条要求都由一个单位办" in client.post(path, given).content.decode()
    given["unit_2"] = str(town.units["水利站"].pk)
    assert "有的单位不在职责清单上" in client.post(path, given).content.decode()
    assert client.post(path, {**given, "reason": "水利站管渠"}).status_code == 302
    whole = fresh(matter)
    assert whole.status == Status.DIVIDED and whole.parts.count() == 2
    lines = [one.assignment.duty_line_id for one in whole.parts.select_related("assignment") if one.assignment]
    assert sorted(line is not None for line in lines) == [False, True]


def test_one_demand_is_not_to_be_divided(town: Place) -> None:
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    assert Action.DIVIDE not in offered(town, "刘敏", matter)
    assert Action.DIVIDE in offered(town, "刘敏", to_divide(town))


def test_the_whole_lists_its_parts_and_a_part_its_siblings(town: Place, at_desk: Desk) -> None:
    whole = divide(town)
    second = take_on(town, part(whole, 2))
    body = read(at_desk("刘敏"), whole.number)
    for n in (1, 2, 3):
        assert f"/desk/matters/{whole.number}-{n}/" in body
    assert "李国强" in body and "办理中" in body
    body = read(at_desk("李国强"), second.number)
    assert whole.number in body and "城建办" in body and f"/desk/matters/{whole.number}-1/" not in body
    assert "告知说事人" in body and "催办" not in str(offered(town, "李国强", second))


def test_what_they_heard_of_each_other_is_read_on_both_pages(town: Place, at_desk: Desk) -> None:
    whole = all_but_one(town)
    town.run(town.speaker(whole), terms.AddInformation(text="渠也堵了"), whole)
    client = at_desk("刘敏")
    body = read(client, whole.number)
    assert "第 1 分项" in body and "分项办完" in body
    assert "说事人补充了情况" in read(client, part(whole, 3).number)
    answer(town, part(whole, 3))
    town.follow_up(fresh(whole), 1)
    for one in (whole, *whole.parts.all()):
        assert read(client, one.number)
    assert "重新办理" in read(client, part(whole, 1).number)


def test_a_part_has_the_papers_of_its_unit_and_no_code(town: Place, at_desk: Desk) -> None:
    whole = answered(town)
    first = part(whole, 1)
    kinds = {ref.kind for ref in papers.refs(first)}
    assert kinds == {PaperKind.ORDER, PaperKind.REPORT}
    order = papers.content_of(first, Ref(PaperKind.ORDER, 1))
    assert order["主送"] == "城建办"
    reply = papers.content_of(whole, Ref(PaperKind.REPORT, 1))
    assert all(f"{whole.number}-{n}" in reply["交办单编号"] for n in (1, 2, 3))
    assert query_code.opens(first.number, query_code.code_of(first)) is None
    assert read(at_desk("周建国"), first.number, "documents/")


def test_a_divided_matter_is_one_in_the_figures_and_its_parts_are_work(town: Place) -> None:
    whole = divide(town)
    actor, now = town.actor("马镇长"), clock.now()
    found = overview(actor, now)
    assert found.open.n == 1 and sum(found.ages) == 1 and sum(n for _week, n in found.weeks) == 1
    assert sum(n for _way, n in found.ways) == 1 and sum(n for _hot, n in found.hot) == 1
    assert len(ledger(visible_to(actor), "台账", (), now).rows) == 1
    found_by_tail = search_matters(actor, whole.tail).page.rows
    assert {one.number for one in found_by_tail} == {whole.number, *(f"{whole.number}-{n}" for n in (1, 2, 3))}
    late = max(one.next_due_at for one in Matter.objects.all())
    with clock.simulated(late.replace(year=late.year + 1)):
        found = overview(actor, clock.now())
    assert found.overdue.n == 1
    assert {name: n for _pk, name, n in found.overdue_by_unit} == {"城建办": 1, "水利站": 1, "柳湾村": 1}
