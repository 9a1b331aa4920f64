"""A matter with several demands, and the same divided among the units of the town, each with its own people."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Outcome, Status, Way
from tests.support.attempts import sample
from tests.support.village import Place, picture

ASKED = ("修好路灯", "疏通水渠", "清走村口的垃圾")
PEOPLE = {"城建办": ("周建国", "孙丽"), "水利站": ("赵立新", "李国强"), "柳湾村": ("陈书记", "陈书记")}


def to_divide(town: Place, *asked: str, **said: object) -> Matter:
    """Accepted and classified, with three demands or these."""
    return town.classify(town.accept(town.raise_matter(demands=asked or ASKED, **said)))


def shares(town: Place, matter: Matter, *units: str) -> terms.Divide:
    given = zip(town.demands(matter), units, strict=True)
    return terms.Divide(
        shares=tuple(terms.Share(demand=one.pk, unit=town.units[unit].pk) for one, unit in given),
        reason="各有各的职责",
    )


def divide(town: Place, *units: str, **said: object) -> Matter:
    """Divided among these units, a demand each; without any among all three."""
    units = units or tuple(PEOPLE)
    matter = to_divide(town, *ASKED[: len(units)], **said)
    return town.run("刘敏", shares(town, matter, *units), matter)


def part(whole: Matter, place: int) -> Matter:
    return Matter.objects.select_related("lead_unit").get(part_of=whole, part=place)


def people(matter: Matter) -> tuple[str, str]:
    """Who heads the unit of a part, and who handles for it."""
    assert matter.lead_unit is not None
    return PEOPLE[matter.lead_unit.short_name]


def take_on(town: Place, matter: Matter) -> Matter:
    return town.sign_for(matter, people(matter)[1])


def answer(town: Place, matter: Matter, text: str = "办好了。") -> Matter:
    """Signed for, prepared and signed by its own people."""
    head, handler = people(matter)
    if matter.status == Status.ASSIGNED:
        matter = take_on(town, matter)
    points = tuple(
        terms.PointAnswer(demand=demand.pk, outcome=Outcome.SOLVED, text=text) for demand in town.demands(matter)
    )
    given = terms.PrepareResult(points=points, reply=text, report=f"报告：{text}", proofs=(picture(),))
    matter = town.run(handler, given, matter)
    today = clock.local(clock.now()).date()
    return town.run(head, terms.SignResult(delivered_by=Way.CALL, delivered_on=today), matter)


def answered(town: Place, *units: str, **said: object) -> Matter:
    """All its parts are answered, and its speaker is to be asked."""
    whole = divide(town, *units, **said)
    for one in whole.parts.select_related("lead_unit").order_by("part"):
        answer(town, one)
    return Matter.objects.get(pk=whole.pk)


def of_one(town: Place, who: str, action: Action, matter: Matter) -> Matter:
    return town.run(who, sample(town, action, matter), matter)
