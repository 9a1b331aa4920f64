"""A matter with several demands, and the same divided among the units of the town, each with its own people."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Outcome, Status, Way
from tests.support.attempts import sample, shares
from tests.support.looking import fresh
from tests.support.village import Place, picture

ASKED = ("修好路灯", "疏通水渠", "清走村口的垃圾")
PEOPLE = {"城建办": ("周建国", "孙丽"), "水利站": ("赵立新", "李国强"), "柳湾村": ("陈书记", "陈书记")}


def to_divide(town: Place, *asked: str, **said: object) -> Matter:
    """Accepted and classified, with three demands or these."""
    return town.classify(town.accept(town.raise_matter(demands=asked or ASKED, **said)))


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


def _reworked(town: Place) -> Matter:
    return part(town.follow_up(answered(town), 1), 1)


def _returned(town: Place) -> Matter:
    asked = part(divide(town), 1)
    asked = town.run("周建国", sample(town, Action.REQUEST_RETURN, asked), asked)
    return town.run("刘敏", terms.RuleReturn(granted=True, text="不归"), asked)


def _prepared(town: Place) -> Matter:
    return town.prepare(take_on(town, part(divide(town), 1)))


SITUATIONS = {
    "待交办 几条要求": to_divide,
    "分项办理中": divide,
    "分项办理中 还剩一项": lambda town: fresh(all_but_one(town)),
    "待回访 分项答复": answered,
    "分项 待签收": lambda town: part(divide(town), 1),
    "分项 办理中": lambda town: take_on(town, part(divide(town), 1)),
    "分项 待审签": _prepared,
    "分项 待交办": _returned,
    "分项 待签收 重新办理": _reworked,
    "分项已结": lambda town: answer(town, part(divide(town), 1)),
}


def all_but_one(town: Place) -> Matter:
    whole = divide(town)
    for place in (1, 2):
        answer(town, part(whole, place))
    return whole
