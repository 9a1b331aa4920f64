"""Every situation of a matter × every action × everybody: who may do what. The answer is a table that people read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from zlib import crc32

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.matters import terms, workflow
from shuoshi.matters.actions.locking import locked, open_clocks
from shuoshi.matters.case import Case
from shuoshi.matters.models import Matter
from shuoshi.matters.permission import refusal_of
from shuoshi.matters.scope import standing
from shuoshi.matters.vocabulary import Action, Kind, Naming, Status, Urgency, Way
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters import divided, outside, reviews
from tests.support.attempts import attempt, sample
from tests.support.looking import fresh
from tests.support.sounds import spoken
from tests.support.village import Place, default_profile, group

TABLE = Path(__file__).parent / "who_may.txt"

PEOPLE = (
    "王芳", "刘敏", "赵红", "何勇", "周建国", "孙丽", "赵立新", "李国强", "陈书记", "马镇长", "钱监督", "县分办",
    "县回访", "县水务", "管理员",
)  # fmt: skip
MORE = {  # the duties nobody of the town holds otherwise
    "网格员": ("城建办", Role.GRID_WORKER),
    "中心主任": ("受理中心", Role.DEPARTMENT_HEAD),
    "督查员": ("监督委员会", Role.SUPERVISOR),
    "说事代表": ("柳湾村", Role.REPRESENTATIVE),
    "调解员": ("青禾镇", Role.MEDIATOR),
    "考核员": ("青禾镇", Role.ASSESSOR),
    "公开审核员": ("青禾镇", Role.PUBLICATION_REVIEWER),
    "举报专员": ("青禾镇", Role.SEALED_OFFICER),
    "县长": ("青禾县", Role.LEADER),
    "县登记": ("县受理中心", Role.REGISTRAR),
    "北村主任": ("北村", Role.LEADER),
    "北村干部": ("北村", Role.HANDLER),
}

MISSED = terms.DeclareConflict(text="是亲戚")


def manned(town: Place) -> Place:
    """The town with somebody for every role, and a village that has a leader and no head."""
    from shuoshi.organization.models import UnitKind

    town.unit("北村", UnitKind.VILLAGE, "青禾镇")
    for name, post in MORE.items():
        town.person(name, post)
    return town


def situations(town: Place) -> dict[str, Callable[[], Matter]]:
    """By name: a matter in each status, and in each condition that lies over a status."""
    sides = {name: partial(made, town) for name, made in (outside.SITUATIONS | divided.SITUATIONS).items()}
    return {**_on_the_straight_way(town), **sides, **_kept_from_somebody(town), **_again(town), **_over(town)}


def _after(town: Place, status: Status, who: str | None, action: Action) -> Callable[[], Matter]:
    def made() -> Matter:
        matter = town.matter_in(status)
        actor = town.actor(who) if who else town.speaker(matter)
        return town.run(actor, sample(town, action, matter), matter)

    return made


def _drill(town: Place) -> Matter:
    return town.raise_matter(by="何勇", urgency=Urgency.U1, naming=Naming.ANONYMOUS, drill=True)


def _dispatched(town: Place, matter: Matter) -> Matter:
    return town.run("何勇", sample(town, Action.DISPATCH_EMERGENCY, matter), matter)


def _after_it(town: Place, *actions: Action) -> Callable[[], Matter]:
    """A matter of life and death, after the duty officer and the registry did this."""

    def made() -> Matter:
        matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
        for action in actions:
            who = "王芳" if action == Action.COMPLETE_PAPERS else "何勇"
            matter = town.run(who, sample(town, action, matter), matter)
        return matter

    return made


def _on_the_straight_way(town: Place) -> dict[str, Callable[[], Matter]]:
    def suggested(*actions: Action) -> Matter:
        matter = town.accept(town.raise_matter(), Kind.SUGGESTION)
        matter = town.sign_for(town.assign(town.classify(matter, "C101", Kind.SUGGESTION)))
        for action in actions:
            matter = town.run("孙丽", sample(town, action, matter), matter)
        return matter

    def undecided() -> Matter:
        """A dispute whose duties nobody answered."""
        matter = town.accept(town.raise_matter(), Kind.DISPUTE)
        return town.sign_for(town.assign(town.classify(matter, "D101", Kind.DISPUTE)))

    def closed(matter: Matter) -> Matter:
        return town.follow_up(town.sign(town.prepare(matter)), 5)

    def recusal_asked() -> Matter:
        matter = town.matter_in(Status.IN_HANDLING)
        return town.run("刘敏", terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"]), matter)

    def answered_by_the_village() -> Matter:
        matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)), "北村")
        return town.prepare(town.sign_for(matter, "北村干部"), by="北村干部")

    def has_others() -> Matter:
        main = town.matter_in(Status.IN_HANDLING)
        merged = town.matter_in(Status.ACCEPTED)
        town.run("刘敏", terms.Merge(main=main.pk, why="是同一盏灯"), merged)
        return Matter.objects.get(pk=main.pk)

    def would_not_say() -> Matter:
        given = terms.RecordFollowUp(way=Way.CALL, reached=True, declined=True, text="不愿评价")
        return town.run("赵红", given, town.matter_in(Status.IN_FOLLOW_UP))

    def part_ends() -> Matter:
        matter = town.matter_in(Status.IN_HANDLING, by="王芳", group=group())
        return town.run(town.speaker(matter), terms.Withdraw(text="不参加了"), matter)

    joined = _after(town, Status.ACCEPTED, "刘敏", Action.MERGE)
    return {
        "待受理": lambda: town.matter_in(Status.REGISTERED),
        "待受理 工作人员登记": lambda: town.raise_matter(by="王芳"),
        "待受理 集体反映": lambda: town.raise_matter(by="王芳", group=group()),
        "办理中 集体反映": lambda: town.matter_in(Status.IN_HANDLING, by="王芳", group=group()),
        "待回访 集体反映": lambda: town.matter_in(Status.IN_FOLLOW_UP, by="王芳", group=group()),
        "办理中 集体反映 一位已撤回": part_ends,
        "待受理 特急": lambda: town.raise_matter(by="王芳", urgency=Urgency.U1),
        "办理中 先处置待补单": _after_it(town, Action.DISPATCH_EMERGENCY),
        "办理中 先处置已补单": _after_it(town, Action.DISPATCH_EMERGENCY, Action.COMPLETE_PAPERS),
        "办理中 应急已终报": _after_it(town, Action.DISPATCH_EMERGENCY, *[Action.REPORT_EMERGENCY] * 2),
        "办理中 应急已解除": _after_it(
            town, Action.DISPATCH_EMERGENCY, *[Action.REPORT_EMERGENCY] * 2, Action.STAND_DOWN
        ),
        "待受理 演练": lambda: _drill(town),
        "办理中 演练": lambda: _dispatched(town, _drill(town)),
        "待受理 特急待核实": lambda: town.raise_matter(danger_ticked=True),
        "待受理 录音待记": lambda: town.raise_matter(by="", content="", files=(spoken(),)),
        "待受理 说到的人待核对": lambda: town.raise_matter(concerns_words="一个姓周的"),
        "待受理 作废待核定": _after(town, Status.REGISTERED, "王芳", Action.VOID),
        "不予受理 有异议": _after(town, Status.SCREENED_OUT, None, Action.OBJECT_TO_SCREENING),
        "待交办 再次提出": _after(town, Status.CLOSED, None, Action.REOPEN),
        "不予受理": lambda: town.matter_in(Status.SCREENED_OUT),
        "待交办 未分类": lambda: town.matter_in(Status.ACCEPTED),
        "待交办 已分类": lambda: town.classify(town.matter_in(Status.ACCEPTED)),
        "待交办 表扬感谢": lambda: town.accept(town.raise_matter(), Kind.PRAISE),
        "待签收": lambda: town.matter_in(Status.ASSIGNED),
        "待签收 退单待裁定": _after(town, Status.ASSIGNED, "周建国", Action.REQUEST_RETURN),
        "待签收 只有领导的村": lambda: town.assign(town.classify(town.matter_in(Status.ACCEPTED)), "北村"),
        "办理中": lambda: town.matter_in(Status.IN_HANDLING),
        "办理中 只有领导的村 待审签": answered_by_the_village,
        "办理中 匿名": lambda: town.matter_in(Status.IN_HANDLING, naming=Naming.ANONYMOUS),
        "办理中 待审签": lambda: town.prepare(town.matter_in(Status.IN_HANDLING)),
        "办理中 等协办意见": _after(town, Status.IN_HANDLING, "孙丽", Action.ADD_CO_UNIT),
        "办理中 有批示": _after(town, Status.IN_HANDLING, "马镇长", Action.INSTRUCT),
        "办理中 领导包案": _after(town, Status.IN_HANDLING, "马镇长", Action.SPONSOR),
        "待签收 会商过": _after(town, Status.ASSIGNED, "马镇长", Action.CONFER),
        "办理中 提请上级待裁定": _after(town, Status.IN_HANDLING, "周建国", Action.REQUEST_ESCALATION),
        "办理中 延期待裁定": _after(town, Status.IN_HANDLING, "孙丽", Action.REQUEST_EXTENSION),
        "办理中 暂停待裁定": _after(town, Status.IN_HANDLING, "孙丽", Action.REQUEST_PAUSE),
        "办理中 挂账待裁定": _after(town, Status.IN_HANDLING, "周建国", Action.REQUEST_PARK),
        "办理中 督办中": _after(town, Status.IN_HANDLING, "刘敏", Action.ORDER_SUPERVISION),
        "已并入": _after(town, Status.IN_HANDLING, "刘敏", Action.MERGE),
        "已并入 已撤回": lambda: town.run(town.speaker(m := joined()), sample(town, Action.WITHDRAW, m), m),
        "办理中 有别的件并入": has_others,
        "暂停计时": lambda: town.matter_in(Status.PAUSED),
        "暂停计时 再暂停待裁定": _after(town, Status.PAUSED, "孙丽", Action.REQUEST_PAUSE),
        "挂账": lambda: town.matter_in(Status.PARKED),
        "挂账 换目标待裁定": _after(town, Status.PARKED, "周建国", Action.REQUEST_PARK),
        "办理中 纠纷没有核对": undecided,
        "办理中 纠纷可以调解": town.dispute,
        "办理中 正在调解": lambda: town.mediate(mediator="调解员"),
        "办理中 达成协议": lambda: town.agree(town.mediate(mediator="调解员")),
        "待回访 达成协议": lambda: town.sign(town.prepare(town.agree(town.mediate()))),
        "已办结 协议待回查": lambda: closed(town.agree(town.mediate())),
        "办理中 建议没有定": suggested,
        "办理中 建议采纳": lambda: suggested(Action.ADOPT),
        "办理中 建议不采纳": lambda: suggested(Action.DECLINE_SUGGESTION),
        "已办结 采纳待落实": lambda: closed(suggested(Action.ADOPT)),
        "办理中 依规办结待裁定": _after(town, Status.IN_HANDLING, "周建国", Action.REQUEST_EXIT),
        "办理中 回避待裁定": recusal_asked,
        "办理中 已撤回": _after(town, Status.IN_HANDLING, None, Action.WITHDRAW),
        "待回访": lambda: town.matter_in(Status.IN_FOLLOW_UP),
        "待回访 不愿评价": would_not_say,
        "待回访 匿名": lambda: town.matter_in(Status.IN_FOLLOW_UP, naming=Naming.ANONYMOUS),
        "待回访 依规办结待裁定": _after(town, Status.IN_FOLLOW_UP, "周建国", Action.REQUEST_EXIT),
    }


def _kept_from_somebody(town: Place) -> dict[str, Callable[[], Matter]]:
    def concerns(*names: str) -> Callable[[], Matter]:
        return lambda: town.raise_matter(concerns_people=tuple(town.persons[name] for name in names))

    def unit(name: str) -> Callable[[], Matter]:
        return lambda: town.raise_matter(concerns_units=(town.units[name].pk,))

    def declared(status: Status, *names: str) -> Callable[[], Matter]:
        """Who declared a conflict stays away at once; the ruling waits."""

        def made() -> Matter:
            matter = town.matter_in(status)
            for name in names:
                matter = town.run(name, MISSED, matter)
            return matter

        return made

    return {
        "待受理 反映分办员": concerns("刘敏"),
        "待受理 反映受理中心": unit("受理中心"),
        "待受理 反映镇里": unit("青禾镇"),
        "办理中 承办人自己回避": declared(Status.IN_HANDLING, "孙丽"),
        "待回访 由监督委员会问": declared(Status.IN_FOLLOW_UP, "赵红"),
        "待回访 由上一级问": declared(Status.IN_FOLLOW_UP, "赵红", "钱监督"),
        "待回访 只由本人评价": declared(Status.IN_FOLLOW_UP, "赵红", "钱监督", "县回访"),
    }


def _again(town: Place) -> dict[str, Callable[[], Matter]]:
    def rework(rounds: int) -> Callable[[], Matter]:
        def made() -> Matter:
            matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 1)
            for _ in range(rounds - 1):
                matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter))), 1)
            return matter

        return made

    def returned_twice() -> Matter:
        matter = town.classify(town.matter_in(Status.ACCEPTED))
        for unit, head in (("城建办", "周建国"), ("水利站", "赵立新")):
            asked = terms.RequestReturn(
                reason=default_profile().return_reasons[0].code, text="不归", proper_unit=town.units["柳湾村"].pk
            )
            matter = town.run(head, asked, town.assign(matter, unit))
            matter = town.run("刘敏", terms.RuleReturn(granted=True, text="不归"), matter)
        return matter

    def designated() -> Matter:
        return town.run(
            "马镇长",
            terms.Designate(unit=town.units["城建办"].pk, reason="就归你们"),
            town.classify(town.matter_in(Status.ACCEPTED)),
        )

    def referred() -> Matter:
        """A suggestion at the county, answered there by two persons."""
        matter = town.assign(town.classify(town.accept(town.raise_matter(), Kind.SUGGESTION), "C101", Kind.SUGGESTION))
        Matter.objects.filter(pk=matter.pk).update(tier_above_path="")
        Post.objects.filter(person=town.persons["县分办"]).update(until=clock.now())
        for name in ("孙丽", "网格员"):
            matter = town.follow_up(town.sign(town.prepare(town.sign_for(matter, name), by=name)), 1)
        Post.objects.filter(person=town.persons["县分办"]).update(until=None)
        return matter

    return {
        "待签收 重新办理": rework(1),
        "待交办 已提级": rework(2),
        "待交办 退过两次": returned_twice,
        "待签收 指定承办": designated,
        "待回访 报领导裁定": referred,
    }


def _over(town: Place) -> dict[str, Callable[[], Matter]]:
    def explained() -> Matter:
        matter = _after(town, Status.IN_FOLLOW_UP, "周建国", Action.REQUEST_EXIT)()
        return town.run("刘敏", terms.RuleExit(granted=True, text="说清了"), matter)

    def by_lapse(made: Callable[[], Matter]) -> Callable[[], Matter]:
        def lapsed() -> Matter:
            matter = made()
            with clock.simulated(clock.now() + timedelta(days=20)):
                while clocks.sweep(clock.now()):  # all that was made before is due as well
                    pass
            return fresh(matter)

        return lapsed

    def void() -> Matter:
        matter = _after(town, Status.REGISTERED, "王芳", Action.VOID)()
        return town.run("刘敏", terms.RuleVoid(granted=True, text="误登"), matter)

    def drawn(made: Callable[[], Matter]) -> Callable[[], Matter]:
        def made_and_drawn() -> Matter:
            town.look_at_ends()
            return made()

        return made_and_drawn

    def called_in_vain() -> Matter:
        """Three times, as the rules ask; the one who called does not look whether it was so."""
        matter = town.matter_in(Status.IN_FOLLOW_UP)
        for days, hour in ((1, 10), (2, 12), (3, 19)):
            at = clock.local(clock.now() + timedelta(days=days)).replace(hour=hour, minute=30)
            with clock.simulated(at):
                matter = town.run("赵红", terms.RecordFollowUp(way=Way.CALL, reached=False, text="没人接"), matter)
        return matter

    def reopened() -> Matter:
        matter = by_lapse(lambda: town.matter_in(Status.IN_FOLLOW_UP))()
        return town.run(town.speaker(matter), sample(town, Action.REOPEN, matter), matter)

    return {
        "复核中": lambda: town.matter_in(Status.UNDER_REVIEW),
        "复核中 在本级": partial(reviews.here, town),
        "待交办 复核改变": _after(town, Status.UNDER_REVIEW, "县长", Action.DECIDE_REVIEW),
        "待回访 复核维持": lambda: town.run("县长", reviews.UPHELD, town.matter_in(Status.UNDER_REVIEW)),
        "已办结 复核终结": partial(reviews.to_the_end, town),
        "已办结 满意": lambda: town.matter_in(Status.CLOSED),
        "已办结 已解释说明": explained,
        "已办结 未评价": by_lapse(lambda: town.matter_in(Status.IN_FOLLOW_UP)),
        "已办结 已撤回": by_lapse(_after(town, Status.IN_HANDLING, None, Action.WITHDRAW)),
        "已办结 已答清": _after(town, Status.REGISTERED, "王芳", Action.ANSWER_ON_THE_SPOT),
        "已办结 作废": void,
        "已办结 已答清 抽到": drawn(_after(town, Status.REGISTERED, "王芳", Action.ANSWER_ON_THE_SPOT)),
        "已办结 未评价 抽到": drawn(by_lapse(lambda: town.matter_in(Status.IN_FOLLOW_UP))),
        "已办结 联系不上 抽到": drawn(called_in_vain),
        "待交办 再次提出 抽到": drawn(reopened),
    }


def everybody(town: Place, matter: Matter, names: tuple[str, ...] = PEOPLE) -> dict[str, Actor]:
    """The people of the town by name, the speaker, somebody with the code of another matter, and the system."""
    found = {name: town.actor(name) for name in names}
    found["说事人"] = town.speaker(matter)
    found["别的说事人"] = Actor(ActorKind.SPEAKER, matter_id=town.other.pk)
    found["规则"] = SYSTEM
    return found


def allowed(
    town: Place, matter: Matter, names: tuple[str, ...], tried: set[tuple[Action, str]]
) -> dict[Action, list[str]]:
    """Who gets each action through on this matter, everything undone after each try.

    What the table of transitions refuses is tried at the door by one of those whom it refuses, once in each status:
    what was tried is kept in `tried`.
    """
    actors = everybody(town, matter, names)
    cases = {name: _case(matter, actor) for name, actor in actors.items()}
    found: dict[Action, list[str]] = {}
    for action in Action:
        if not workflow.row(action).source:  # nothing is registered yet
            continue
        row = workflow.row(action)
        may = [name for name, case in cases.items() if refusal_of(row, case) is None]
        done = [name for name in may if attempt(town, action, matter, actors[name])[0]]
        refused = [name for name in actors if name not in may]
        if refused and (action, matter.status) not in tried:
            tried.add((action, matter.status))
            probe = refused[crc32(f"{action} {matter.status}".encode()) % len(refused)]
            assert not attempt(town, action, matter, actors[probe])[0], f"{probe} got {action} past the table"
        if done:
            found[action] = done
    return found


def _case(matter: Matter, actor: Actor) -> Case:
    matter = locked(matter.pk)
    return Case(
        actor=actor,
        matter=matter,
        standing=standing(actor, matter),
        now=clock.now(),
        clocks=open_clocks(matter),
        profile=default_profile(),
    )


def written(cells: dict[str, dict[Action, list[str]]]) -> str:
    lines = []
    for situation, actions in cells.items():
        lines.append(f"【{situation}】")
        lines += [f"  {action.label}（{action.value}）：{'、'.join(names)}" for action, names in actions.items()]
    return "\n".join(lines) + "\n"
