"""Every situation of a matter × every action × everybody: who may do what. The answer is a table that people read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Status, Urgency
from tests.support.attempts import attempt, sample
from tests.support.village import Place

TABLE = Path(__file__).parent / "who_may.txt"

PEOPLE = (
    "王芳", "刘敏", "赵红", "何勇", "周建国", "孙丽", "赵立新", "李国强", "陈书记", "马镇长", "钱监督", "县分办",
    "县回访", "县水务", "管理员",
)  # fmt: skip


def situations(town: Place) -> dict[str, Callable[[], Matter]]:
    """By name: a matter in each status, and in each condition that lies over a status."""

    def after(status: Status, who: str | None, action: Action) -> Callable[[], Matter]:
        def made() -> Matter:
            matter = town.matter_in(status)
            actor = town.actor(who) if who else town.speaker(matter)
            return town.run(actor, sample(town, action, matter), matter)

        return made

    def recusal_asked() -> Matter:
        matter = town.matter_in(Status.IN_HANDLING)
        return town.run("刘敏", terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"]), matter)

    return {
        "待受理": lambda: town.matter_in(Status.REGISTERED),
        "待受理 工作人员登记": lambda: town.raise_matter(by="王芳"),
        "待受理 特急": lambda: town.raise_matter(by="王芳", urgency=Urgency.U1),
        "待受理 特急待核实": lambda: town.raise_matter(danger_ticked=True),
        "待受理 说到的人待核对": lambda: town.raise_matter(concerns_words="一个姓周的"),
        "待受理 作废待核定": after(Status.REGISTERED, "王芳", Action.VOID),
        "不予受理": lambda: town.matter_in(Status.SCREENED_OUT),
        "待交办 未分类": lambda: town.matter_in(Status.ACCEPTED),
        "待交办 已分类": lambda: town.classify(town.matter_in(Status.ACCEPTED)),
        "待签收": lambda: town.matter_in(Status.ASSIGNED),
        "待签收 退单待裁定": after(Status.ASSIGNED, "周建国", Action.REQUEST_RETURN),
        "办理中": lambda: town.matter_in(Status.IN_HANDLING),
        "办理中 待审签": lambda: town.prepare(town.matter_in(Status.IN_HANDLING)),
        "办理中 依规办结待裁定": after(Status.IN_HANDLING, "周建国", Action.REQUEST_EXIT),
        "办理中 回避待裁定": recusal_asked,
        "办理中 已撤回": after(Status.IN_HANDLING, None, Action.WITHDRAW),
        "待回访": lambda: town.matter_in(Status.IN_FOLLOW_UP),
        "已办结 满意": lambda: town.matter_in(Status.CLOSED),
    }


def everybody(town: Place, matter: Matter) -> dict[str, Actor]:
    """The people of the town by name, the speaker, somebody with the code of another matter, and the system."""
    found = {name: town.actor(name) for name in PEOPLE}
    found["说事人"] = town.speaker(matter)
    found["别的说事人"] = Actor(ActorKind.SPEAKER, matter_id=town.other.pk)
    found["规则"] = SYSTEM
    return found


def allowed(town: Place, matter: Matter) -> dict[Action, list[str]]:
    """Who gets each action through on this matter, everything undone after each try."""
    actors = everybody(town, matter)
    found: dict[Action, list[str]] = {}
    for action in Action:
        if action == Action.REGISTER:
            continue
        names = [name for name, actor in actors.items() if attempt(town, action, matter, actor)[0]]
        if names:
            found[action] = names
    return found


def written(cells: dict[str, dict[Action, list[str]]]) -> str:
    lines = []
    for situation, actions in cells.items():
        lines.append(f"【{situation}】")
        lines += [f"  {action.label}（{action.value}）：{'、'.join(names)}" for action, names in actions.items()]
    return "\n".join(lines) + "\n"
